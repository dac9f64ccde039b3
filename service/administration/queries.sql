-- name: people
-- Everybody who can sign in or could, with what they hold now.
select
  p.id, p.name, p.sign_in, p.email, p.disabled_at,
  coalesce(
    array_agg(
      jsonb_build_object('role', r.role, 'place', coalesce(a.name, f.name), 'agency', r.agency, 'team', t.name)
      order by r.role, a.name, f.name
    ) filter (where r.id is not null),
    '{}'
  ) as roles,
  max(s.seen_at) as last_seen
from person as p
left join person_role as r on r.person = p.id and r.until is null
left join area as a on a.code = r.area
left join force as f on f.code = r.force
left join team as t on t.id = r.team
left join lateral (select max(x.seen_at) as seen_at from session as x where x.person = p.id) as s on true
group by p.id
order by p.disabled_at nulls first, p.name, p.id
limit 2000;

-- name: deciders
-- Every area with those whom it lists as qualified to decide contacts, also areas that list nobody.
select a.code as area, a.name as area_name, p.name, q.since
from area as a
left join qualified_decider as q on q.area = a.code and q.since <= $1 and (q.until is null or q.until > $1)
left join person as p on p.id = q.person and p.disabled_at is null
order by a.name, p.name;

-- name: areas
select a.code, a.name from area as a order by a.name;
