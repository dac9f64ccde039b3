-- Strategy discussions: requests, invitations, attendance, decisions and actions.

-- One discussion, for one or many pathways. Its state follows from which of its times are set. `areas`, `forces`
-- and `invited` are kept by triggers from the pathways it covers and the agencies invited: policies look at them.
create table discussion (
  id uuid primary key,
  area text not null references area, areas text[] not null default '{}',
  forces text[] not null default '{}', invited text[] not null default '{}',
  version integer not null default 1,
  -- Grows with every change of time or place, for calendars.
  sequence integer not null default 0, kind text not null check (kind in ('initial', 'review')),
  urgency text not null check (urgency in ('immediate', 'usual')),
  form text not null check (form in ('meeting', 'video', 'telephone', 'series_of_calls')),
  reason text not null check (reason <> ''), manager uuid references person,
  manager_name text not null, threshold_at timestamptz, requested_at timestamptz not null,
  requested_by uuid, follows uuid references discussion, place text, chair text,
  scheduled_slot uuid, scheduled_from timestamptz, scheduled_until timestamptz,
  held_from timestamptz, held_until timestamptz, quorate boolean, in_hours boolean,
  initiates_enquiry boolean not null default false, cancelled_at timestamptz, issued_at timestamptz,
  recorded_at timestamptz not null,
  check (held_until is null or held_until >= held_from),
  check (held_from is null or quorate is not null),
  check (cancelled_at is null or held_from is null)
);
create index discussion_open on discussion (area, requested_at) where held_from is null and cancelled_at is null;
create index discussion_upcoming on discussion (scheduled_from) where held_from is null and cancelled_at is null;
create index discussion_held on discussion (area, held_from) where held_from is not null;
create index discussion_areas on discussion using gin (areas);
create index discussion_invited on discussion using gin (invited);

-- What a discussion covers. An incident later than the invitation is not covered until the chair adds it.
create table discussion_pathway (
  discussion uuid not null references discussion, pathway uuid not null references pathway,
  child uuid not null references child, area text not null, force text not null,
  added_at timestamptz not null, added_by uuid,
  primary key (discussion, pathway)
);
create index discussion_pathway_pathway on discussion_pathway (pathway);
create index discussion_pathway_child on discussion_pathway (child);

-- Who must take part, by area (none: everywhere) and date. The newest entry that is in effect counts.
create table required_agency (
  id uuid primary key,
  area text references area, agency text not null, required boolean not null,
  effective_from timestamptz not null, basis text not null, recorded_at timestamptz not null,
  recorded_by uuid
);
create trigger required_agency_append_only before update or delete or truncate on required_agency for each statement execute function refuse_change();
insert into required_agency (id, agency, required, effective_from, basis, recorded_at)
select
  ('5b1b9c0e-6f0b-5d4e-9a7c-00000000000' || n)::uuid, agency, true, '2015-01-01 00:00+00',
  'Working Together names social care, police and health as the least that takes part', '2026-01-01 00:00+00'
from (values (1, 'childrens_social_care'), (2, 'police'), (3, 'health')) as shipped (n, agency);

-- An agency (no person), a person with an account, or a contact with a name and an address.
create table invitee (
  id uuid primary key,
  discussion uuid not null references discussion, agency text not null,
  area text not null references area, person uuid references person, name text not null default '',
  role_title text not null default '', mail text not null default '', required boolean not null,
  invited_at timestamptz not null, invited_by uuid, withdrawn_at timestamptz
);
create index invitee_discussion on invitee (discussion);
create index invitee_person on invitee (person) where withdrawn_at is null;

-- A time at which a discussion could be held; three stand at most.
create table discussion_slot (
  id uuid primary key,
  discussion uuid not null references discussion, starts_at timestamptz not null,
  ends_at timestamptz not null, proposed_at timestamptz not null, proposed_by uuid, withdrawn_at timestamptz,
  check (ends_at > starts_at)
);
create index discussion_slot_discussion on discussion_slot (discussion);

-- One invitee's answer to one slot; the newest counts.
create table slot_answer (
  id uuid primary key,
  discussion uuid not null references discussion, slot uuid not null references discussion_slot,
  invitee uuid not null references invitee,
  answer text not null check (answer in ('accept', 'decline', 'representative', 'sends_information')),
  representative text not null default '', note text not null default '', at timestamptz not null,
  by_kind text not null, by uuid,
  check (answer <> 'representative' or representative <> '')
);
create index slot_answer_discussion on slot_answer (discussion);
create trigger slot_answer_append_only before update or delete or truncate on slot_answer for each statement execute function refuse_change();

-- Postponed or cancelled: why, and which agency it waits on. Neither stops a clock.
create table discussion_delay (
  id uuid primary key,
  discussion uuid not null references discussion,
  kind text not null check (kind in ('postponed', 'cancelled')), cause text not null,
  agency text not null, note text not null default '', was_for timestamptz, now_for timestamptz,
  at timestamptz not null, by uuid
);
create index discussion_delay_discussion on discussion_delay (discussion);
create trigger discussion_delay_append_only before update or delete or truncate on discussion_delay for each statement execute function refuse_change();

-- The record while it is written; nobody but those who convene sees it.
create table discussion_draft (
  discussion uuid primary key references discussion,
  body jsonb not null, saved_at timestamptz not null, saved_by uuid
);

-- The record of what was said and decided, whole at every correction; the highest number counts.
create table discussion_record (
  id uuid primary key,
  discussion uuid not null references discussion, number integer not null, body jsonb not null,
  recorded_at timestamptz not null, recorded_by uuid, reason text,
  unique (discussion, number),
  check (number = 1 or reason is not null)
);
create trigger discussion_record_append_only before update or delete or truncate on discussion_record for each statement execute function refuse_change();

-- Whom a record was sent to, when, and which number of it.
create table record_copy (
  id uuid primary key,
  discussion uuid not null references discussion, invitee uuid not null references invitee,
  number integer not null,
  how text not null check (how in ('tracker', 'secure_mail', 'post', 'by_hand')),
  sent_at timestamptz not null, recorded_at timestamptz not null, recorded_by uuid
);
create index record_copy_discussion on record_copy (discussion);
create trigger record_copy_append_only before update or delete or truncate on record_copy for each statement execute function refuse_change();

-- Every change by its version: which fields, from what to what, by whom. A 412 is answered from here.
create table discussion_change (
  discussion uuid not null references discussion, version integer not null, what text not null,
  changes jsonb not null, at timestamptz not null, by uuid, by_name text not null, reason text,
  primary key (discussion, version)
);
create trigger discussion_change_append_only before update or delete or truncate on discussion_change for each statement execute function refuse_change();

-- Which record of milestones tells which fact of a discussion: one for each area, so that each corrects its own.
create table discussion_fact (
  record uuid primary key,
  discussion uuid not null references discussion, kind text not null, area text not null,
  at timestamptz not null
);
create index discussion_fact_discussion on discussion_fact (discussion, kind);
create trigger discussion_fact_append_only before update or delete or truncate on discussion_fact for each statement execute function refuse_change();

-- What somebody was asked to do by when. `owner_key` is the owning agency as policies know it. What became of it is in
-- action_event, from which everything else here follows.
create table action (
  id uuid primary key,
  discussion uuid not null references discussion, area text not null references area, force text,
  pathways uuid[] not null, what text not null check (what <> ''), outcome_sought text not null,
  owner_agency text not null, owner_person uuid references person,
  owner_name text not null default '', owner_key text not null, due_at timestamptz not null,
  version integer not null default 1, accepted_at timestamptz, sent_back_at timestamptz,
  done_at timestamptz, cancelled_at timestamptz, given_at timestamptz not null,
  check (done_at is null or cancelled_at is null)
);
create index action_discussion on action (discussion);
create index action_owner on action (owner_person) where done_at is null and cancelled_at is null;
create index action_key on action (owner_key) where done_at is null and cancelled_at is null;
create index action_area on action (area, due_at) where done_at is null and cancelled_at is null;

-- What became of an action, when it happened and when it was told.
create table action_event (
  id uuid primary key,
  action uuid not null references action,
  kind text not null check (kind in (
    'given', 'accepted', 'sent_back', 'reassigned', 'due_changed', 'progress', 'done', 'cancelled', 'what_changed'
  )),
  at timestamptz not null, recorded_at timestamptz not null, by_kind text not null, by uuid,
  note text not null default '', evidence text not null default '', due_at timestamptz,
  owner_agency text, owner_name text, discussion uuid references discussion
);
create index action_event_action on action_event (action);
create trigger action_event_append_only before update or delete or truncate on action_event for each statement execute function refuse_change();

-- Areas in which the actor convenes discussions.
create function convening_areas() returns text[]
language sql stable security definer set search_path = public, pg_temp
return case actor_kind()
  when 'system' then (select coalesce(array_agg(code), '{}') from area)
  when 'person' then (
    select coalesce(array_agg(distinct r.area), '{}')
    from person_role as r
    where r.person = actor_id() and r.until is null
      and r.role in ('mash_coordinator', 'mash_manager', 'out_of_hours', 'team_manager')
  )
  else '{}'::text[]
end;

-- Agencies for which the actor takes part as a partner, as invitations name them.
create function allowed_agencies() returns text[]
language sql stable security definer set search_path = public, pg_temp
return case actor_kind()
  when 'person' then (
    select coalesce(array_agg(distinct case r.role
      when 'partner' then 'area:' || r.area || ':' || r.agency
      else 'force:' || r.force || ':police'
    end), '{}')
    from person_role as r
    where r.person = actor_id() and r.until is null
      and ((r.role = 'partner' and r.agency is not null) or r.role = 'police_liaison')
  )
  else '{}'::text[]
end;

-- Discussions of restricted records that the actor's area does not open to the actor.
create function hidden_discussions() returns uuid[]
language sql stable security definer set search_path = public, pg_temp
return (
  select coalesce(array_agg(distinct p.discussion), '{}')
  from discussion_pathway as p
  where p.pathway = any ((select hidden_pathways())::uuid[])
);

-- Single discussions that the actor may see for another reason than area or agency: invited by name, or about a child
-- allocated to them or their team.
create function allowed_discussions() returns uuid[]
language sql stable security definer set search_path = public, pg_temp
return case when actor_kind() = 'person' then (
  select coalesce(array_agg(distinct s.discussion), '{}')
  from (
    select i.discussion from invitee as i where i.person = actor_id() and i.withdrawn_at is null
    union all
    select p.discussion from discussion_pathway as p
    where p.pathway = any ((select allowed_pathways())::uuid[])
      and p.pathway <> all ((select hidden_pathways())::uuid[])
  ) as s
) else '{}'::uuid[] end;

-- While the facts of a discussion are recorded, its convenor works on the pathways that other areas put into it, and
-- inside the one door on the other incidents of those children, so that clocks are right.
create function lent_pathways() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  meeting text := coalesce(current_setting('app.discussion', true), '');
begin
  if meeting = '' then
    return '{}'::uuid[];
  end if;
  return array(
    select q.id
    from discussion as d
    join discussion_pathway as c on c.discussion = d.id
    join pathway as q
      on q.child = c.child and (q.id = c.pathway or coalesce(current_setting('app.scope', true), '') = 'record')
    where d.id = meeting::uuid and d.area = any (convening_areas())
  );
end
$$;
grant execute on function convening_areas(), allowed_agencies(), hidden_discussions(), allowed_discussions(),
  lent_pathways() to tracker_app, tracker_reports;

-- Keeps what policies look at: where the children are, which forces reported, which agencies were asked.
create function refresh_discussion() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update discussion as d set
    areas = s.areas, forces = s.forces, invited = s.invited
  from (
    select
      array(
        select d.area from discussion as d where d.id = new.discussion
        union select p.area from discussion_pathway as p where p.discussion = new.discussion
        union select i.area from invitee as i
        where i.discussion = new.discussion and i.withdrawn_at is null and i.person is null
          and i.agency = 'childrens_social_care'
        order by 1
      ) as areas,
      array(
        select distinct p.force from discussion_pathway as p where p.discussion = new.discussion order by 1
      ) as forces,
      array(
        select 'area:' || i.area || ':' || i.agency from invitee as i
        where i.discussion = new.discussion and i.withdrawn_at is null and i.person is null
        union
        select 'force:' || p.force || ':police' from discussion_pathway as p
        where p.discussion = new.discussion and exists (
          select 1 from invitee as i
          where i.discussion = new.discussion and i.withdrawn_at is null and i.person is null and i.agency = 'police'
        )
        order by 1
      ) as invited
  ) as s
  where d.id = new.discussion
    and (d.areas, d.forces, d.invited) is distinct from (s.areas, s.forces, s.invited);
  return null;
end
$$;
create trigger discussion_pathway_refresh after insert or update on discussion_pathway
  for each row execute function refresh_discussion();
create trigger invitee_refresh after insert or update on invitee
  for each row execute function refresh_discussion();

alter table discussion enable row level security;
create policy discussion_whole_area on discussion for select to tracker_app, tracker_reports
  using (areas && (select allowed_areas())::text[] and id <> all ((select hidden_discussions())::uuid[]));
create policy discussion_invited on discussion for select to tracker_app
  using (invited && (select allowed_agencies())::text[]);
create policy discussion_named on discussion for select to tracker_app
  using (id = any ((select allowed_discussions())::uuid[]));
create policy discussion_asked on discussion for select to tracker_app
  using (requested_by = (select actor_id()) and area = any ((select convening_areas())::text[]));
create policy discussion_convene on discussion for insert to tracker_app
  with check (area = any ((select convening_areas())::text[]));
create policy discussion_change on discussion for update to tracker_app
  using (areas && (select convening_areas())::text[])
  with check (areas && (select convening_areas())::text[]);
grant select on discussion to tracker_app, tracker_reports;
grant insert on discussion to tracker_app;
grant update (
  version, sequence, form, place, chair, urgency, scheduled_slot, scheduled_from, scheduled_until, held_from, held_until,
  quorate, in_hours, initiates_enquiry, cancelled_at, issued_at
) on discussion to tracker_app;

-- What belongs to a discussion is seen by whoever sees the discussion, and written by those who convene it.
alter table discussion_pathway enable row level security;
alter table invitee enable row level security;
alter table discussion_slot enable row level security;
alter table discussion_delay enable row level security;
alter table discussion_record enable row level security;
alter table record_copy enable row level security;
alter table discussion_fact enable row level security;
alter table discussion_draft enable row level security;
alter table discussion_change enable row level security;
do $$
declare
  tab text;
begin
  foreach tab in array array[
    'discussion_pathway', 'invitee', 'discussion_slot', 'discussion_delay', 'discussion_record', 'record_copy',
    'discussion_fact'
  ] loop
    execute format(
      'create policy %I on %I for select to tracker_app'
      ' using (exists (select 1 from discussion as d where d.id = %I.discussion))', tab || '_seen', tab, tab);
    execute format(
      'create policy %I on %I for insert to tracker_app with check (exists ('
      '  select 1 from discussion as d'
      '  where d.id = %I.discussion and d.areas && (select convening_areas())::text[]))', tab || '_written', tab, tab);
    execute format('grant select, insert on %I to tracker_app', tab);
  end loop;
  foreach tab in array array['invitee', 'discussion_slot'] loop
    execute format(
      'create policy %I on %I for update to tracker_app using (exists ('
      '  select 1 from discussion as d'
      '  where d.id = %I.discussion and d.areas && (select convening_areas())::text[]))', tab || '_changed', tab, tab);
  end loop;
  -- Partners never see what is being written, nor who changed what.
  foreach tab in array array['discussion_draft', 'discussion_change'] loop
    execute format(
      'create policy %I on %I to tracker_app using (exists ('
      '  select 1 from discussion as d'
      '  where d.id = %I.discussion and d.areas && (select convening_areas())::text[]))', tab || '_convene', tab, tab);
    execute format('grant select, insert on %I to tracker_app', tab);
  end loop;
end
$$;
grant update (withdrawn_at, name, role_title, mail, required) on invitee to tracker_app;
grant update (withdrawn_at) on discussion_slot to tracker_app;
grant update, delete on discussion_draft to tracker_app;

alter table slot_answer enable row level security;
create policy slot_answer_seen on slot_answer for select to tracker_app
  using (exists (select 1 from discussion as d where d.id = slot_answer.discussion));
create policy slot_answer_given on slot_answer for insert to tracker_app
  with check (
    by_kind = (select actor_kind()) and by is not distinct from (select actor_id())
    and exists (
      select 1 from invitee as i
      join discussion as d on d.id = i.discussion
      where i.id = slot_answer.invitee and i.discussion = slot_answer.discussion and i.withdrawn_at is null
        and (
          d.areas && (select convening_areas())::text[] or i.person = (select actor_id())
          or (i.person is null and 'area:' || i.area || ':' || i.agency = any ((select allowed_agencies())::text[]))
          or (i.person is null and i.agency = 'police' and d.invited && (select allowed_agencies())::text[]
              and exists (select 1 from unnest((select allowed_agencies())::text[]) as k where k like 'force:%:police'))
        )
    )
  );
grant select, insert on slot_answer to tracker_app;

alter table required_agency enable row level security;
create policy required_agency_read on required_agency for select to tracker_app, tracker_reports using (true);
create policy required_agency_set on required_agency for insert to tracker_app
  with check (
    recorded_by is not distinct from (select actor_id())
    and ((select actor_kind()) = 'system' or exists (
      select 1 from person_role as r
      where r.person = (select actor_id()) and r.until is null and r.role = 'administrator'
    ))
  );
grant select on required_agency to tracker_app, tracker_reports;
grant insert on required_agency to tracker_app;

alter table action enable row level security;
create policy action_seen on action for select to tracker_app
  using (exists (select 1 from discussion as d where d.id = action.discussion));
create policy action_owned on action for select to tracker_app
  using (owner_person = (select actor_id()) or owner_key = any ((select allowed_agencies())::text[]));
create policy action_given on action for insert to tracker_app
  with check (exists (
    select 1 from discussion as d where d.id = action.discussion and d.areas && (select convening_areas())::text[]
  ));
create policy action_changed on action for update to tracker_app
  using (
    owner_person = (select actor_id()) or owner_key = any ((select allowed_agencies())::text[])
    or exists (
      select 1 from discussion as d where d.id = action.discussion and d.areas && (select convening_areas())::text[]
    )
  )
  with check (true);
grant select, insert on action to tracker_app;
grant update (
  owner_agency, owner_person, owner_name, owner_key, force, due_at, version, accepted_at, sent_back_at, done_at,
  cancelled_at
) on action to tracker_app;
alter table action_event enable row level security;
create policy action_event_seen on action_event for select to tracker_app
  using (exists (select 1 from action as a where a.id = action_event.action));
create policy action_event_told on action_event for insert to tracker_app
  with check (
    by_kind = (select actor_kind()) and by is not distinct from (select actor_id())
    and exists (select 1 from action as a where a.id = action_event.action)
  );
grant select, insert on action_event to tracker_app;

-- Names and clocks of the children of a discussion, for those who see the discussion and nothing else of the child.
-- The predicate is that of the policies above.
create view discussion_child with (security_barrier = true) as
select
  c.discussion, c.pathway, c.area, c.force, c.child, h.family_name, h.given_names, h.date_of_birth,
  h.expected_date_of_birth, h.sex, p.involvement, i.reference, h.confidential_address, c.added_at
from discussion_pathway as c
join discussion as d on d.id = c.discussion
join pathway as p on p.id = c.pathway
join child as h on h.id = c.child
join incident as i on i.id = p.incident
where (d.areas && (select allowed_areas())::text[] and d.id <> all ((select hidden_discussions())::uuid[]))
  or d.invited && (select allowed_agencies())::text[]
  or d.id = any ((select allowed_discussions())::uuid[])
  or (d.requested_by = (select actor_id()) and d.area = any ((select convening_areas())::text[]));
-- The clocks of strategy discussions on those pathways.
create view discussion_clock with (security_barrier = true) as
select
  c.discussion, c.pathway, k.standard, k.episode, k.standing, k.why, k.started_at, k.warn_at, k.due_at, k.end_of_day,
  k.stopped_at, k.rules
from discussion_pathway as c
join discussion as d on d.id = c.discussion
join clock as k on k.pathway = c.pathway
where k.standard in ('strategy_discussion', 'strategy_quorate', 'strategy_record')
  and (
    (d.areas && (select allowed_areas())::text[] and d.id <> all ((select hidden_discussions())::uuid[]))
    or d.invited && (select allowed_agencies())::text[]
    or d.id = any ((select allowed_discussions())::uuid[])
    or (d.requested_by = (select actor_id()) and d.area = any ((select convening_areas())::text[]))
  );
grant select on discussion_child, discussion_clock to tracker_app;

do $$
declare
  tab text;
begin
  foreach tab in array array[
    'pathway:id', 'milestone:pathway', 'pathway_state:pathway', 'segment:pathway', 'clock:pathway', 'wait:pathway',
    'condition:about', 'flag:about'
  ] loop
    execute format(
      'create policy %I on %I to tracker_app using (%I = any ((select lent_pathways())::uuid[]))',
      split_part(tab, ':', 1) || '_lent', split_part(tab, ':', 1), split_part(tab, ':', 2));
  end loop;
end
$$;

-- Conditions and flags may be about an action; its owner sees and ends them. (The wider check needs no validation.)
-- squawk-ignore ban-drop-constraint
alter table condition drop constraint condition_about_kind_check;
alter table condition add constraint condition_about_kind_check
  check (about_kind in ('pathway', 'import_row', 'action')) not valid;
-- squawk-ignore ban-drop-constraint
alter table flag drop constraint flag_about_kind_check;
alter table flag add constraint flag_about_kind_check
  check (about_kind in ('pathway', 'import_row', 'action')) not valid;
create policy condition_action on condition to tracker_app
  using (about_kind = 'action' and exists (select 1 from action as a where a.id = condition.about));
create policy flag_action on flag for select to tracker_app
  using (about_kind = 'action' and exists (select 1 from action as a where a.id = flag.about));

do $$
declare
  tab text;
begin
  foreach tab in array array['discussion', 'invitee', 'discussion_slot', 'action'] loop
    execute format(
      'create trigger %I after update or delete on %I for each row execute function audit_change()',
      tab || '_audited', tab);
  end loop;
end
$$;
