-- name: people
-- Everybody who can sign in or could, with what they hold now; or one of them.
select
  p.id, p.name, p.sign_in, p.email, p.disabled_at,
  coalesce(
    jsonb_agg(
      jsonb_build_object(
        'id', r.id, 'role', r.role, 'area', r.area, 'force', r.force,
        'place', coalesce(a.name, f.name), 'agency', r.agency, 'team', t.name
      )
      order by r.role, a.name, f.name
    ) filter (where r.id is not null),
    '[]'
  ) as roles,
  max(s.seen_at) as last_seen
from person as p
left join person_role as r on r.person = p.id and r.until is null
left join area as a on a.code = r.area
left join force as f on f.code = r.force
left join team as t on t.id = r.team
left join lateral (select max(x.seen_at) as seen_at from session as x where x.person = p.id) as s on true
where $1::uuid is null or p.id = $1
group by p.id
order by p.disabled_at nulls first, p.name, p.id
limit 2000;

-- name: deciders
-- Every area with those whom it lists as qualified to decide contacts, also areas that list nobody.
select a.code as area, a.name as area_name, q.person, q.name, q.since
from area as a
left join (
  select d.area, d.person, p.name, d.since
  from qualified_decider as d
  join person as p on p.id = d.person and p.disabled_at is null
  where d.since <= $1 and (d.until is null or d.until > $1)
) as q on q.area = a.code
order by a.name, q.name, q.person;

-- name: candidates
-- Who holds a role in an area and is not on its list.
select distinct r.area, p.id as person, p.name
from person_role as r
join person as p on p.id = r.person and p.disabled_at is null
where r.until is null and r.area is not null
  and not exists (
    select 1 from qualified_decider as q
    where q.area = r.area and q.person = r.person and q.since <= $1 and (q.until is null or q.until > $1)
  )
order by r.area, p.name, p.id;

-- name: areas
select a.code, a.name from area as a order by a.name;

-- name: small_numbers
select a.code, a.name, a.small_numbers from area as a order by a.name;

-- name: forces
select f.code, f.name from force as f order by f.name;

-- name: teams
select t.id, t.area, t.name from team as t order by t.area, t.name;

-- name: hold_person
select p.id from person as p where p.id = $1 for update;

-- name: grant_role
insert into person_role (id, person, role, area, force, agency, team, since)
select $1, $2, $3, $4, $5, $6, $7, $8
where not exists (
  select 1 from person_role as r
  where r.person = $2 and r.until is null and r.role = $3
    and r.area is not distinct from $4 and r.force is not distinct from $5
    and r.agency is not distinct from $6 and r.team is not distinct from $7
);

-- name: end_role
update person_role set until = $3 where id = $2 and person = $1 and until is null;

-- name: set_disabled
update person set disabled_at = $2 where id = $1;

-- name: end_sessions
update session set revoked_at = $2 where person = $1 and revoked_at is null;

-- name: list_decider
insert into qualified_decider (area, person, since)
select $1, $2, $3
where exists (
    select 1 from person_role as r
    join person as p on p.id = r.person and p.disabled_at is null
    where r.person = $2 and r.area = $1 and r.until is null
  )
  and not exists (
    select 1 from qualified_decider as q
    where q.area = $1 and q.person = $2 and (q.until is null or q.until > $3)
  )
on conflict do nothing;

-- name: end_decider
update qualified_decider set until = $3 where area = $1 and person = $2 and (until is null or until > $3);

-- name: end_deciders_without_role
update qualified_decider as q set until = $2
where q.person = $1 and (q.until is null or q.until > $2)
  and not exists (
    select 1 from person_role as r where r.person = q.person and r.area = q.area and r.until is null
  )
returning q.area;
