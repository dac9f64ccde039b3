-- What the actor may see is worked out once in a transaction. A statement asks for it once for each table and policy, and
-- each time a function of its own would look at the actor's roles: that was most of what short statements cost.
--
-- What was worked out stands in settings of the transaction, with the actor for whom. It is worked out again when the actor
-- changes or a role does. What depends on records (hidden, allowed, conferences) is remembered only as long as the
-- transaction has written nothing. Whoever can set these can set the actor as well: the application's role is trusted with
-- both. And each table asks as few questions as possible: also a question that no row ever needs is prepared each time.

create or replace function actor_kind() returns text
language sql stable
return nullif(current_setting('app.actor_kind', true), '');

create or replace function actor_id() returns uuid
language sql stable
return nullif(current_setting('app.actor_id', true), '')::uuid;

-- The actor as what is remembered is marked with; null when there is none.
create function remembered_for() returns text
language sql stable
return nullif(current_setting('app.actor_kind', true), '') || ':' || current_setting('app.actor_id', true);

-- Works out and remembers the areas and forces of the actor, and gives one kind of them.
create function scope_of_actor(which text) returns text[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  areas text[] := '{}';
  forces text[] := '{}';
  recording_areas text[] := '{}';
  recording_forces text[] := '{}';
begin
  if actor_kind() = 'system' then
    select coalesce(array_agg(a.code), '{}') into areas from area as a;
    select coalesce(array_agg(f.code), '{}') into forces from force as f;
    recording_forces := forces;
  elsif actor_kind() = 'person' then
    select
      coalesce(array_agg(distinct r.area) filter (
        where r.role in ('mash_coordinator', 'mash_manager', 'out_of_hours')
      ), '{}'),
      coalesce(array_agg(distinct r.force) filter (where r.role = 'police_liaison'), '{}'),
      coalesce(array_agg(distinct r.area) filter (
        where r.area is not null and r.role in ('social_worker', 'team_manager', 'conference_service')
      ), '{}')
    into areas, forces, recording_areas
    from person_role as r
    where r.person = actor_id() and r.until is null;
    recording_forces := forces;
  elsif actor_kind() = 'client' then
    select
      coalesce(array_agg(c.area) filter (where c.area is not null), '{}'),
      coalesce(array_agg(c.force) filter (where c.force is not null), '{}')
    into recording_areas, recording_forces
    from client as c
    where c.id = actor_id() and c.revoked_at is null;
  end if;
  perform
    set_config('app.known_areas', areas::text, true),
    set_config('app.known_forces', forces::text, true),
    set_config('app.known_recording_areas', recording_areas::text, true),
    set_config('app.known_recording_forces', recording_forces::text, true),
    set_config('app.known_for', coalesce(remembered_for(), ''), true);
  return case which
    when 'areas' then areas
    when 'forces' then forces
    when 'recording_areas' then recording_areas
    else recording_forces
  end;
end
$$;

create or replace function allowed_areas() returns text[]
language plpgsql stable as $$
begin
  if pg_catalog.current_setting('app.known_for', true) = public.remembered_for() then
    return pg_catalog.current_setting('app.known_areas', true);
  end if;
  return public.scope_of_actor('areas');
end
$$;

create or replace function allowed_forces() returns text[]
language plpgsql stable as $$
begin
  if pg_catalog.current_setting('app.known_for', true) = public.remembered_for() then
    return pg_catalog.current_setting('app.known_forces', true);
  end if;
  return public.scope_of_actor('forces');
end
$$;

create or replace function recording_areas() returns text[]
language plpgsql stable as $$
begin
  if coalesce(pg_catalog.current_setting('app.scope', true), '') <> 'record' then
    return '{}'::text[];
  end if;
  if pg_catalog.current_setting('app.known_for', true) = public.remembered_for() then
    return pg_catalog.current_setting('app.known_recording_areas', true);
  end if;
  return public.scope_of_actor('recording_areas');
end
$$;

create or replace function recording_forces() returns text[]
language plpgsql stable as $$
begin
  if coalesce(pg_catalog.current_setting('app.scope', true), '') <> 'record' then
    return '{}'::text[];
  end if;
  if pg_catalog.current_setting('app.known_for', true) = public.remembered_for() then
    return pg_catalog.current_setting('app.known_recording_forces', true);
  end if;
  return public.scope_of_actor('recording_forces');
end
$$;

-- A transaction that changes who holds what asks again.
create function forget_scope() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('app.known_for', '', true);
  return null;
end
$$;
create trigger person_role_scope after insert or update or delete or truncate on person_role
  for each statement execute function forget_scope();
create trigger client_scope after insert or update or delete or truncate on client
  for each statement execute function forget_scope();
create trigger area_scope after insert or update or delete or truncate on area
  for each statement execute function forget_scope();
create trigger force_scope after insert or update or delete or truncate on force
  for each statement execute function forget_scope();

-- Restricted records that the actor, a person or a machine outside the one door, is not shown.
create function hidden_pathways_now() returns uuid[]
language sql stable security definer set search_path = public, pg_temp
return (
  select coalesce(array_agg(p.id), '{}')
  from pathway as p
  where p.restricted
    and not exists (
      select 1 from person_role as r
      where r.person = actor_id() and r.until is null
        and r.role = 'mash_manager' and r.area = p.area
    )
);

-- Single pathways that the actor may see for another reason than the area (as 0008 has it).
create function allowed_pathways_now() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  me uuid := actor_id();
  found uuid[] := '{}';
  held record;
begin
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

-- What the conference service sees besides open conference clocks (as 0017 has it).
create function conference_pathways_now() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  held_areas text[] := array(
    select distinct r.area from person_role as r
    where r.person = actor_id() and r.until is null and r.role = 'conference_service'
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

-- Works out one of the three, and remembers it unless the transaction has written something.
create function pathways_of_actor(which text) returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  found uuid[] := case which
    when 'hidden' then hidden_pathways_now()
    when 'allowed' then allowed_pathways_now()
    else conference_pathways_now()
  end;
begin
  if pg_current_xact_id_if_assigned() is null then
    perform
      set_config('app.pathways_' || which, found::text, true),
      set_config('app.pathways_' || which || '_for', coalesce(remembered_for(), ''), true);
  end if;
  return found;
end
$$;

create or replace function hidden_pathways() returns uuid[]
language plpgsql stable as $$
begin
  if public.actor_kind() = 'system' or coalesce(pg_catalog.current_setting('app.scope', true), '') = 'record' then
    return '{}'::uuid[];
  end if;
  if pg_catalog.pg_current_xact_id_if_assigned() is null
    and pg_catalog.current_setting('app.pathways_hidden_for', true) = public.remembered_for()
  then
    return pg_catalog.current_setting('app.pathways_hidden', true);
  end if;
  return public.pathways_of_actor('hidden');
end
$$;

create or replace function allowed_pathways() returns uuid[]
language plpgsql stable as $$
begin
  if public.actor_kind() is distinct from 'person' then
    return '{}'::uuid[];
  end if;
  if pg_catalog.pg_current_xact_id_if_assigned() is null
    and pg_catalog.current_setting('app.pathways_allowed_for', true) = public.remembered_for()
  then
    return pg_catalog.current_setting('app.pathways_allowed', true);
  end if;
  return public.pathways_of_actor('allowed');
end
$$;

create or replace function conference_pathways() returns uuid[]
language plpgsql stable as $$
begin
  if public.actor_kind() is distinct from 'person' then
    return '{}'::uuid[];
  end if;
  if pg_catalog.pg_current_xact_id_if_assigned() is null
    and pg_catalog.current_setting('app.pathways_conference_for', true) = public.remembered_for()
  then
    return pg_catalog.current_setting('app.pathways_conference', true);
  end if;
  return public.pathways_of_actor('conference');
end
$$;

-- Nothing is lent but while the facts of a discussion are recorded.
create function lent_pathways_now() returns uuid[]
language sql stable security definer set search_path = public, pg_temp
return array(
  select q.id
  from discussion as d
  join discussion_pathway as c on c.discussion = d.id
  join pathway as q
    on q.child = c.child and (q.id = c.pathway or coalesce(current_setting('app.scope', true), '') = 'record')
  where d.id = nullif(current_setting('app.discussion', true), '')::uuid and d.area = any (convening_areas())
);

create or replace function lent_pathways() returns uuid[]
language plpgsql stable as $$
begin
  if coalesce(pg_catalog.current_setting('app.discussion', true), '') = '' then
    return '{}'::uuid[];
  end if;
  return public.lent_pathways_now();
end
$$;

-- The same of both ways in, so that a table asks once. Outside the one door nothing is recorded, inside it nothing is
-- hidden: what the five policies on each table allowed one by one is what these allow together.
create function reachable_areas() returns text[]
language plpgsql stable as $$
begin
  if coalesce(pg_catalog.current_setting('app.scope', true), '') <> 'record' then
    return public.allowed_areas();
  end if;
  return public.allowed_areas() || public.recording_areas();
end
$$;

create function reachable_pathways() returns uuid[]
language plpgsql stable as $$
begin
  return public.allowed_pathways() || public.conference_pathways() || public.lent_pathways();
end
$$;

-- What is lent for a discussion is seen though it is restricted.
create function unreachable_pathways() returns uuid[]
language plpgsql stable as $$
begin
  if coalesce(pg_catalog.current_setting('app.discussion', true), '') = '' then
    return public.hidden_pathways();
  end if;
  return array(
    select h.id from pg_catalog.unnest(public.hidden_pathways()) as h (id)
    except
    select l.id from pg_catalog.unnest(public.lent_pathways()) as l (id)
  );
end
$$;

-- Areas whose children the actor works with while recording: its own, and those of the forces for which it records.
create function recording_child_areas() returns text[]
language plpgsql stable as $$
begin
  if coalesce(pg_catalog.current_setting('app.scope', true), '') <> 'record' then
    return '{}'::text[];
  end if;
  return public.recording_areas() || array(
    select f.area from public.force_area as f where f.force = any (public.recording_forces())
  );
end
$$;

grant execute on function remembered_for(), scope_of_actor(text), pathways_of_actor(text), lent_pathways_now(),
  reachable_areas(), reachable_pathways(), unreachable_pathways(), recording_child_areas()
  to tracker_app, tracker_reports;

do $$
declare
  tab text;
  col text;
  old text;
  t text;
begin
  for t in select unnest(array[
    'pathway:id', 'milestone:pathway', 'pathway_state:pathway', 'segment:pathway', 'clock:pathway', 'wait:pathway',
    'condition:about', 'flag:about'
  ]) loop
    tab := split_part(t, ':', 1);
    col := split_part(t, ':', 2);
    foreach old in array array['whole_area', 'named', 'recording', 'lent', 'conference'] loop
      execute format('drop policy %I on %I', tab || '_' || old, tab);
    end loop;
    execute format(
      'create policy %I on %I to tracker_app, tracker_reports using ('
      '  (area = any ((select reachable_areas())::text[]) or force = any ((select recording_forces())::text[])'
      '   or %I = any ((select reachable_pathways())::uuid[]))'
      '  and %I <> all ((select unreachable_pathways())::uuid[]))',
      tab || '_whole', tab, col, col);
  end loop;
end
$$;

drop policy incident_whole_force on incident;
drop policy incident_pathway on incident;
drop policy incident_childless on incident;
create policy incident_seen on incident for select to tracker_app, tracker_reports using (
  force = any ((select allowed_forces())::text[]) or force = any ((select recording_forces())::text[])
  or (no_child_reason is not null and area = any ((select allowed_areas())::text[]))
  or exists (select 1 from pathway as p where p.incident = incident.id)
);

drop policy child_whole_area on child;
drop policy child_pathway on child;
drop policy child_recording on child;
create policy child_seen on child for select to tracker_app, tracker_reports using (
  (area = any ((select allowed_areas())::text[]) and not restricted)
  or area = any ((select recording_child_areas())::text[])
  or exists (select 1 from pathway as p where p.child = child.id)
);
create policy child_made on child for insert to tracker_app, tracker_reports with check (
  (area = any ((select allowed_areas())::text[])
    and (not restricted or exists (select 1 from pathway as p where p.child = child.id)))
  or area = any ((select recording_child_areas())::text[])
);
create policy child_changed on child for update to tracker_app, tracker_reports using (
  (area = any ((select allowed_areas())::text[])
    and (not restricted or exists (select 1 from pathway as p where p.child = child.id)))
  or area = any ((select recording_child_areas())::text[])
);
