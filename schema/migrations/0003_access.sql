-- People, what they may see, and how they are known.

create table person (
  id uuid primary key,
  sign_in text not null unique check (sign_in = lower(sign_in)),
  name text not null,
  email text,
  password_hash text not null,
  disabled_at timestamptz,
  created_at timestamptz not null
);

-- A role held in an area, a force, an agency or a team. Ended, never deleted.
create table person_role (
  id uuid primary key,
  person uuid not null references person,
  role text not null,
  area text references area,
  force text references force,
  agency text,
  team uuid references team,
  since timestamptz not null,
  until timestamptz,
  check (role in (
    'mash_coordinator', 'mash_manager', 'social_worker', 'team_manager', 'conference_service',
    'out_of_hours', 'senior_leader', 'police_liaison', 'partner', 'board_member',
    'administrator', 'auditor'
  )),
  check (role <> 'police_liaison' or force is not null),
  check (role in ('police_liaison', 'administrator', 'auditor') or area is not null)
);
create index person_role_person on person_role (person) where until is null;
create index person_role_area on person_role (area, role) where until is null;

-- Whom an area lists as qualified to decide contacts (design section 2, contact_decided).
create table qualified_decider (
  area text not null references area,
  person uuid not null references person,
  since timestamptz not null,
  until timestamptz,
  primary key (area, person, since)
);

-- A machine that pushes notices or pulls extracts. The token itself is never stored.
create table client (
  id uuid primary key,
  name text not null unique,
  token_hash bytea not null unique,
  scopes text[] not null,
  force text references force,
  area text references area,
  created_at timestamptz not null,
  revoked_at timestamptz
);

create table session (
  token_hash bytea primary key,
  person uuid not null references person,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index session_person on session (person) where revoked_at is null;

create table sign_in_attempt (
  id uuid primary key,
  sign_in text not null,
  address text not null,
  at timestamptz not null,
  succeeded boolean not null
);
create index sign_in_attempt_recent on sign_in_attempt (sign_in, at);
create index sign_in_attempt_address on sign_in_attempt (address, at);

grant select, insert, update on person, person_role, qualified_decider, client, session to tracker_app;
grant select, insert, delete on sign_in_attempt to tracker_app;
grant delete on session to tracker_app;

-- Areas whose records the present actor may see as a whole.
create function allowed_areas() returns text[]
language sql stable security definer set search_path = public, pg_temp
return case actor_kind()
  when 'system' then (select coalesce(array_agg(code), '{}') from area)
  when 'person' then (
    select coalesce(array_agg(distinct r.area), '{}')
    from person_role as r
    where r.person = actor_id() and r.until is null
      and r.role in ('mash_coordinator', 'mash_manager', 'out_of_hours')
  )
  else '{}'::text[]
end;

-- Forces whose incidents the present actor may see.
create function allowed_forces() returns text[]
language sql stable security definer set search_path = public, pg_temp
return case actor_kind()
  when 'system' then (select coalesce(array_agg(code), '{}') from force)
  when 'person' then (
    select coalesce(array_agg(distinct r.force), '{}')
    from person_role as r
    where r.person = actor_id() and r.until is null and r.role = 'police_liaison'
  )
  else '{}'::text[]
end;

-- Inside the one door for milestones a liaison or a feed client works on whole pathways of its
-- force, so that clocks are computed from everything; it reads nothing of them back. The scope is
-- set for one transaction only, by pathways.service.record and the notice service.
create function recording_forces() returns text[]
language sql stable security definer set search_path = public, pg_temp
return case
  when coalesce(current_setting('app.scope', true), '') <> 'record' then '{}'::text[]
  when actor_kind() = 'client' then (
    select coalesce(array_agg(c.force), '{}') from client as c
    where c.id = actor_id() and c.revoked_at is null and c.force is not null
  )
  else allowed_forces()
end;

-- A machine of a council, or an area's people, likewise for areas.
create function recording_areas() returns text[]
language sql stable security definer set search_path = public, pg_temp
return case
  when coalesce(current_setting('app.scope', true), '') <> 'record' then '{}'::text[]
  when actor_kind() = 'client' then (
    select coalesce(array_agg(c.area), '{}') from client as c
    where c.id = actor_id() and c.revoked_at is null and c.area is not null
  )
  when actor_kind() = 'person' then (
    select coalesce(array_agg(distinct r.area), '{}') from person_role as r
    where r.person = actor_id() and r.until is null and r.area is not null
      and r.role in ('social_worker', 'team_manager', 'conference_service')
  )
  else '{}'::text[]
end;

grant execute on function allowed_areas(), allowed_forces(), recording_forces(), recording_areas()
  to tracker_app, tracker_reports;
