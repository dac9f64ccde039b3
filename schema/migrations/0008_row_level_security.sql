-- Grants and row-level security for the spine, what is derived from it, and the audit.

-- Restricted records are hidden from all but managers and the system.
create function hidden_pathways() returns uuid[]
language sql stable security definer set search_path = public, pg_temp
return case
  when actor_kind() = 'system' or coalesce(current_setting('app.scope', true), '') = 'record'
    then '{}'::uuid[]
  else (
    select coalesce(array_agg(p.id), '{}')
    from pathway as p
    where p.restricted
      and not exists (
        select 1 from person_role as r
        where r.person = actor_id() and r.until is null
          and r.role = 'mash_manager' and r.area = p.area
      )
  )
end;

-- Single pathways that the actor may see for another reason than the area: allocated to them or
-- their team, moved to their area, a conference due, or behind a flag escalated to them. Asked in
-- every statement, so it costs one look at the actor's roles and one index for each that needs it.
create function allowed_pathways() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  me uuid := actor_id();
  found uuid[] := '{}';
  held record;
begin
  if actor_kind() is distinct from 'person' then
    return found;
  end if;
  for held in
    select distinct r.role, r.area, r.team
    from person_role as r
    where r.person = me and r.until is null
      and r.role in (
        'social_worker', 'team_manager', 'mash_coordinator', 'mash_manager', 'out_of_hours',
        'conference_service', 'senior_leader'
      )
  loop
    case held.role
      when 'social_worker' then
        found := found || array(select s.pathway from pathway_state as s where s.allocated_to = me::text);
      when 'team_manager' then
        found := found || array(
          select s.pathway from pathway_state as s
          where s.area = held.area and s.allocated_team = held.team::text
        );
      when 'conference_service' then
        found := found || array(
          select c.pathway from clock as c
          where c.area = held.area and c.standard = 'conference' and c.standing = 'ok' and c.stopped_at is null
        );
      when 'senior_leader' then
        found := found || array(
          select f.about from flag_event as e
          join flag as f on f.id = e.flag
          where e.kind = 'escalated' and e.role = 'senior_leader' and e.area = held.area
            and f.area = held.area and f.about_kind = 'pathway'
        );
      else
        found := found || array(select t.pathway from transfer as t where t.to_area = held.area);
    end case;
  end loop;
  return found;
end
$$;

grant execute on function hidden_pathways(), allowed_pathways() to tracker_app, tracker_reports;

-- PostgreSQL asks policies from the last name to the first, so those that nearly always answer, and
-- cost nothing, are called "whole".

-- Incidents: to their force, and through their pathways.
alter table incident enable row level security;
create policy incident_whole_force on incident for select to tracker_app, tracker_reports
  using (force = any ((select allowed_forces())::text[]) or force = any ((select recording_forces())::text[]));
create policy incident_pathway on incident for select to tracker_app, tracker_reports
  using (exists (select 1 from pathway as p where p.incident = incident.id));
create policy incident_childless on incident for select to tracker_app, tracker_reports
  using (area = any ((select allowed_areas())::text[]) and no_child_reason is not null);

-- The only way to find or create an incident: identity is (force, reference), never merged away.
create function find_or_create_incident(
  new_id uuid, of_force text, of_reference text, in_area text, in_district text, of_summary text,
  why_no_child text, feed_coverage text, at timestamptz, out id uuid, out created boolean
)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not (of_force = any (allowed_forces() || recording_forces())
          or coalesce(in_area = any (allowed_areas() || recording_areas()), false)) then
    raise exception 'the actor may not record incidents of force % in area %', of_force, in_area
      using errcode = 'insufficient_privilege';
  end if;
  insert into incident (
    id, force, reference, area, district, summary, no_child_reason, coverage, first_seen_at
  ) values (
    new_id, of_force, of_reference, in_area, in_district, of_summary, why_no_child, feed_coverage, at
  )
  on conflict (force, reference) do nothing;
  created := found;
  select i.id into find_or_create_incident.id
  from incident as i where i.force = of_force and i.reference = of_reference;
  update incident as i set
    no_child_reason = null
  where i.id = find_or_create_incident.id and not find_or_create_incident.created
    and why_no_child is null and i.no_child_reason is not null;
end
$$;
grant execute on function find_or_create_incident(
  uuid, text, text, text, text, text, text, text, timestamptz
) to tracker_app;
grant select on incident to tracker_app, tracker_reports;

do $$
declare
  t text;
begin
  -- Tables with (area, force) and a pathway column named here.
  for t in select unnest(array[
    'pathway:id', 'milestone:pathway', 'pathway_state:pathway', 'segment:pathway', 'clock:pathway',
    'wait:pathway', 'condition:about', 'flag:about'
  ]) loop
    declare
      tab text := split_part(t, ':', 1);
      col text := split_part(t, ':', 2);
    begin
      execute format('alter table %I enable row level security', tab);
      execute format(
        'create policy %I on %I to tracker_app, tracker_reports using ('
        '  area = any ((select allowed_areas())::text[]) and %I <> all ((select hidden_pathways())::uuid[]))',
        tab || '_whole_area', tab, col);
      execute format(
        'create policy %I on %I to tracker_app, tracker_reports using ('
        '  %I = any ((select allowed_pathways())::uuid[]) and %I <> all ((select hidden_pathways())::uuid[]))',
        tab || '_named', tab, col, col);
      execute format(
        'create policy %I on %I to tracker_app using ('
        '  force = any ((select recording_forces())::text[]) or area = any ((select recording_areas())::text[]))',
        tab || '_recording', tab);
      execute format('grant select on %I to tracker_app, tracker_reports', tab);
    end;
  end loop;
end
$$;

-- Import rows whose area cannot be read belong to their force alone.
create policy condition_force on condition to tracker_app, tracker_reports
  using (about_kind = 'import_row' and force = any ((select allowed_forces())::text[]));
create policy flag_force on flag to tracker_app, tracker_reports
  using (about_kind = 'import_row' and force = any ((select allowed_forces())::text[]));

alter table flag_event enable row level security;
create policy flag_event_flag on flag_event to tracker_app, tracker_reports
  using (exists (select 1 from flag as f where f.id = flag_event.flag))
  with check (exists (select 1 from flag as f where f.id = flag_event.flag));

alter table child enable row level security;
create policy child_whole_area on child to tracker_app, tracker_reports
  using (
    area = any ((select allowed_areas())::text[])
    and (not restricted or exists (select 1 from pathway as p where p.child = child.id))
  );
create policy child_pathway on child for select to tracker_app, tracker_reports
  using (exists (select 1 from pathway as p where p.child = child.id));
create policy child_recording on child to tracker_app
  using (
    area = any ((select recording_areas())::text[])
    or ((select cardinality(recording_forces())) > 0 and area in (
      select fa.area from force_area as fa where fa.force = any ((select recording_forces())::text[])
    ))
  );

alter table child_name enable row level security;
create policy child_name_child on child_name to tracker_app, tracker_reports
  using (exists (select 1 from child as c where c.id = child_name.child));

alter table transfer enable row level security;
create policy transfer_areas on transfer to tracker_app, tracker_reports
  using (
    from_area = any ((select allowed_areas())::text[]) or to_area = any ((select allowed_areas())::text[])
    or (select cardinality(recording_forces())) > 0
  );

alter table message enable row level security;
create policy message_own on message to tracker_app
  using ((select actor_kind()) = 'system' or person = (select actor_id()));

grant insert, update on child, child_name, pathway to tracker_app;
grant select on child, child_name, transfer, flag_event, message to tracker_app;
grant select on child, child_name, transfer, flag_event to tracker_reports;
grant insert (
  id, pathway, area, force, record, root, kind, occurred_at, occurred_on, precision, source,
  recorded_at, recorded_by_kind, recorded_by, origin, outcome, detail, supersedes, retracted,
  reason, authorised_by
) on milestone to tracker_app;
grant select on milestone_current to tracker_app, tracker_reports;
grant insert, update, delete on pathway_state, segment, clock, wait, condition to tracker_app;
grant insert (
  id, about, about_kind, area, force, rule, subject, episode, true_from, noticed_at, holder, evidence
) on flag to tracker_app;
grant insert (
  id, flag, kind, at, by_kind, by, note, next_action, next_due_at, role, answer, area, force
) on flag_event to tracker_app;
grant insert, update on transfer to tracker_app;
grant insert, update on message to tracker_app;
grant select, insert, update, delete on outbox to tracker_app;
grant select, insert, update on heartbeat to tracker_app;
grant select on heartbeat to tracker_reports;

-- Anyone signed in leaves a trace; only auditors and the system read it.
create function may_read_audit() returns boolean
language sql stable security definer set search_path = public, pg_temp
return actor_kind() = 'system' or exists (
  select 1 from person_role as r
  where r.person = actor_id() and r.until is null and r.role = 'auditor'
);
grant execute on function may_read_audit() to tracker_app;
alter table audit enable row level security;
create policy audit_write on audit for insert to tracker_app
  with check (actor_kind is not null and actor is not distinct from actor_id());
create policy audit_read on audit for select to tracker_app using ((select may_read_audit()));
grant insert (id, at, actor_kind, actor, actor_name, action, purpose, pathways, detail)
  on audit to tracker_app;
grant select on audit, audit_seal to tracker_app;
grant insert on audit_seal to tracker_app;
alter table audit_seal enable row level security;
create policy audit_seal_system on audit_seal to tracker_app using ((select may_read_audit()))
  with check (actor_kind() = 'system');

-- Tables whose rows change leave the change in the audit: which columns, from what to what. The
-- append-only tables are their own audit and have no such trigger.
create function audit_change() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  before jsonb := to_jsonb(old);
  after jsonb := case when tg_op = 'DELETE' then '{}'::jsonb else to_jsonb(new) end;
  changed jsonb;
begin
  select coalesce(jsonb_object_agg(
    k, case when k in ('password_hash', 'token_hash') then '"changed"'::jsonb
      else jsonb_build_array(before -> k, after -> k) end
  ), '{}') into changed
  from jsonb_object_keys(before) as k
  where (before -> k) is distinct from (after -> k) and k <> 'version';
  if changed <> '{}' then
    insert into audit (id, at, actor_kind, actor, actor_name, action, purpose, pathways, detail)
    values (
      gen_random_uuid(), clock_timestamp(), coalesce(actor_kind(), 'owner'), actor_id(),
      coalesce(actor_kind(), session_user), tg_table_name || '_changed', 'change of a record',
      case when tg_table_name = 'pathway' then array[old.id] else '{}'::uuid[] end,
      jsonb_build_object('row', before -> 'id', 'changed', changed)
    );
  end if;
  return null;
end
$$;
do $$
declare
  tab text;
begin
  foreach tab in array array[
    'child', 'child_name', 'pathway', 'person', 'person_role', 'client', 'qualified_decider', 'transfer'
  ] loop
    execute format(
      'create trigger %I after update or delete on %I for each row execute function audit_change()',
      tab || '_audited', tab);
  end loop;
end
$$;
