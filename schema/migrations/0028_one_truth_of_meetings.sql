-- A correction of what a discussion or conference told is made in its own record in the same act.

grant update (requested_at, threshold_at, reason, manager, manager_name) on discussion to tracker_app;

-- A corrected postponement, cancellation or sending is a further row that names the first one; the newest counts.
alter table discussion_delay
  add column corrects uuid, add column retracted boolean not null default false, add column reason text;
alter table record_copy
  add column corrects uuid, add column retracted boolean not null default false, add column reason text;

-- Why a conference was late is agreed again by manager and chair; what they agreed before stands until both have.
-- squawk-ignore ban-drop-constraint
alter table conference drop constraint conference_check2;
alter table conference add column agreed_again boolean not null default false;
alter table conference add constraint conference_delay_agreed
  check (delay_record is null or agreed_again or (agreed_manager is not null and agreed_chair is not null)) not valid;
grant update (agreed_again) on conference to tracker_app;
