-- Section 47 enquiries and child protection conferences: what is written while they go on. What happened stands in
-- milestones, recorded through the one door in the same transaction.

-- One enquiry of one child; it may cover several incidents of that child. `discussion` and `initiated_by` (the shared
-- record of a `strategy_held`) say what began it, where that is known.
create table enquiry (
  id uuid primary key,
  child uuid not null references child,
  area text not null references area,
  state text not null check (state in ('open', 'completed', 'authorised')),
  discussion uuid,
  initiated_by uuid,
  started_record uuid not null,
  completed_record uuid,
  body jsonb not null,
  returned text,
  completed_by uuid references person,
  completed_at timestamptz,
  authorised_by uuid references person,
  authorised_at timestamptz,
  opened_by uuid references person,
  opened_at timestamptz not null,
  changed_by uuid references person,
  changed_at timestamptz not null,
  version integer not null default 1,
  check ((state = 'authorised') = (completed_record is not null)),
  check (state = 'open' or completed_at is not null)
);
create index enquiry_child on enquiry (child);
create index enquiry_started on enquiry (started_record);
create index enquiry_discussion on enquiry (discussion) where discussion is not null;

-- The incidents of the child that an enquiry covers.
create table enquiry_pathway (
  enquiry uuid not null references enquiry,
  pathway uuid not null references pathway,
  area text not null,
  force text not null,
  primary key (enquiry, pathway)
);
create index enquiry_pathway_pathway on enquiry_pathway (pathway);

-- Every version of what was written, so that two people writing one record lose nothing.
create table enquiry_revision (
  id uuid primary key,
  enquiry uuid not null references enquiry,
  version integer not null,
  state text not null,
  body jsonb not null,
  changed_by uuid references person,
  changed_at timestamptz not null,
  written_at timestamptz not null default clock_timestamp(),
  unique (enquiry, version)
);

-- A conference about one or several children; transfer-in conferences have a clock of their own.
create table conference (
  id uuid primary key,
  area text not null references area,
  kind text not null check (kind in ('initial', 'pre_birth', 'transfer_in')),
  state text not null check (state in ('requested', 'scheduled', 'held', 'cancelled')),
  planned_for timestamptz,
  chair text not null default '',
  cause text not null default '',
  waits_on text,
  held_record uuid,
  late_reason text,
  late_agency text,
  late_text text not null default '',
  interim_plan text not null default '',
  agreed_manager uuid references person,
  agreed_manager_at timestamptz,
  agreed_chair uuid references person,
  agreed_chair_at timestamptz,
  delay_record uuid,
  opened_by uuid references person,
  opened_at timestamptz not null,
  changed_by uuid references person,
  changed_at timestamptz not null,
  version integer not null default 1,
  check ((state = 'held') = (held_record is not null)),
  check (state <> 'scheduled' or planned_for is not null),
  check (delay_record is null or (agreed_manager is not null and agreed_chair is not null))
);
create index conference_area on conference (area, planned_for) where state in ('requested', 'scheduled');

-- The children of a conference, and what was decided for each.
create table conference_child (
  conference uuid not null references conference,
  pathway uuid not null references pathway,
  area text not null,
  force text not null,
  outcome text check (outcome in ('plan', 'no_plan')),
  category text check (category in ('neglect', 'physical_abuse', 'sexual_abuse', 'emotional_abuse', 'multiple')),
  primary key (conference, pathway)
);
create index conference_child_pathway on conference_child (pathway);
create index conference_child_area on conference_child (area);

-- Every version of a conference.
create table conference_revision (
  id uuid primary key,
  conference uuid not null references conference,
  version integer not null,
  body jsonb not null,
  changed_by uuid references person,
  changed_at timestamptz not null,
  written_at timestamptz not null default clock_timestamp(),
  unique (conference, version)
);

create trigger enquiry_revision_append_only before update or delete or truncate on enquiry_revision
  for each statement execute function refuse_change();
create trigger conference_revision_append_only before update or delete or truncate on conference_revision
  for each statement execute function refuse_change();
create trigger enquiry_audited after update or delete on enquiry
  for each row execute function audit_change();
create trigger conference_audited after update or delete on conference
  for each row execute function audit_change();
create trigger conference_child_audited after update or delete on conference_child
  for each row execute function audit_change();

-- A child is never joined to another area's enquiry or conference, so that nobody sees one by joining it.
create function joined_in_one_area() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  found_area text;
begin
  execute format('select area from %I where id = $1', tg_argv[0])
    into found_area using (to_jsonb(new) ->> tg_argv[0])::uuid;
  if found_area is distinct from new.area
    or not exists (select 1 from pathway as p where p.id = new.pathway and p.area = new.area and p.force = new.force)
  then
    raise exception 'pathway % is not in the area of this %', new.pathway, tg_argv[0]
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger enquiry_pathway_joined before insert on enquiry_pathway
  for each row execute function joined_in_one_area('enquiry');
create trigger conference_child_joined before insert on conference_child
  for each row execute function joined_in_one_area('conference');

-- What the conference service sees besides open conference clocks: the children of its conferences, and of the reviews
-- that are due after them.
create function conference_pathways() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  held_areas text[] := array(
    select distinct r.area from person_role as r
    where actor_kind() = 'person' and r.person = actor_id() and r.until is null and r.role = 'conference_service'
  );
begin
  if cardinality(held_areas) = 0 then
    return '{}'::uuid[];
  end if;
  return array(
    select k.pathway from conference_child as k where k.area = any (held_areas)
    union
    select c.pathway from clock as c
    where c.area = any (held_areas) and c.standing = 'ok' and c.stopped_at is null
      and c.standard in ('transfer_in_conference', 'first_review', 'later_review')
  );
end
$$;
grant execute on function conference_pathways() to tracker_app, tracker_reports;

do $$
declare
  t text;
begin
  for t in select unnest(array[
    'pathway:id', 'milestone:pathway', 'pathway_state:pathway', 'segment:pathway', 'clock:pathway',
    'wait:pathway', 'condition:about', 'flag:about', 'enquiry_pathway:pathway', 'conference_child:pathway'
  ]) loop
    declare
      tab text := split_part(t, ':', 1);
      col text := split_part(t, ':', 2);
    begin
      execute format(
        'create policy %I on %I to tracker_app, tracker_reports using ('
        '  %I = any ((select conference_pathways())::uuid[]) and %I <> all ((select hidden_pathways())::uuid[]))',
        tab || '_conference', tab, col, col);
      continue when tab not in ('enquiry_pathway', 'conference_child');
      execute format('alter table %I enable row level security', tab);
      execute format(
        'create policy %I on %I to tracker_app, tracker_reports using ('
        '  area = any ((select allowed_areas())::text[]) and %I <> all ((select hidden_pathways())::uuid[]))',
        tab || '_whole_area', tab, col);
      execute format(
        'create policy %I on %I to tracker_app, tracker_reports using ('
        '  %I = any ((select allowed_pathways())::uuid[]) and %I <> all ((select hidden_pathways())::uuid[]))',
        tab || '_named', tab, col, col);
      -- A council's machine takes its area's history away, lateness and agreement with it.
      execute format(
        'create policy %I on %I for select to tracker_app using (area = any ((select recording_areas())::text[]))',
        tab || '_recording', tab);
    end;
  end loop;
end
$$;

alter table enquiry enable row level security;
create policy enquiry_seen on enquiry to tracker_app, tracker_reports
  using (exists (select 1 from enquiry_pathway as p where p.enquiry = enquiry.id));
-- Its pathways come after it: whoever opens it must be who acts, and sees nothing of it without them.
create policy enquiry_opened on enquiry for insert to tracker_app
  with check (
    opened_by is not distinct from (select actor_id())
    and ((select actor_kind()) = 'system' or area in (
      select r.area from person_role as r where r.person = (select actor_id()) and r.until is null
    ))
  );
alter table enquiry_revision enable row level security;
create policy enquiry_revision_seen on enquiry_revision to tracker_app, tracker_reports
  using (exists (select 1 from enquiry_pathway as p where p.enquiry = enquiry_revision.enquiry));
alter table conference enable row level security;
create policy conference_seen on conference to tracker_app, tracker_reports
  using (exists (select 1 from conference_child as k where k.conference = conference.id));
create policy conference_opened on conference for insert to tracker_app
  with check (
    opened_by is not distinct from (select actor_id())
    and ((select actor_kind()) = 'system' or area in (
      select r.area from person_role as r where r.person = (select actor_id()) and r.until is null
    ))
  );
alter table conference_revision enable row level security;
create policy conference_revision_seen on conference_revision to tracker_app, tracker_reports
  using (exists (select 1 from conference_child as k where k.conference = conference_revision.conference));

grant select, insert on enquiry, enquiry_pathway, conference, conference_child to tracker_app;
grant select, insert on enquiry_revision, conference_revision to tracker_app;
grant update (
  state, completed_record, body, returned, completed_by, completed_at, authorised_by, authorised_at, changed_by,
  changed_at, version
) on enquiry to tracker_app;
grant update (
  kind, state, planned_for, chair, cause, waits_on, held_record, late_reason, late_agency, late_text, interim_plan,
  agreed_manager, agreed_manager_at, agreed_chair, agreed_chair_at, delay_record, changed_by, changed_at, version
) on conference to tracker_app;
grant update (outcome, category) on conference_child to tracker_app;
grant select on enquiry, enquiry_pathway, conference, conference_child to tracker_reports;

-- Conferences that are, or were, late: the list of those without an agreed reason.
-- squawk-ignore require-concurrent-index-creation
create index clock_conference_late on clock (area, due_at)
  where standard in ('conference', 'transfer_in_conference') and rules and standing = 'ok'
    and (stopped_at is null or stopped_at > due_at);
-- squawk-ignore require-concurrent-index-creation
create index clock_enquiry_open on clock (area, due_at)
  where standard = 'enquiry_completed' and rules and standing = 'ok' and stopped_at is null;
