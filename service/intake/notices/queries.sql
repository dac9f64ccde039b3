-- name: places
-- Areas in which an actor may log notices, with the forces that police them.
select a.code, a.name, f.code as force, f.name as force_name
from area as a
join force_area as fa on fa.area = a.code
join force as f on f.code = fa.force
where a.code = any($1::text[]) or f.code = any($2::text[])
order by a.code, f.code;

-- name: insert_notice
insert into notice (
  id, incident, force, areas, source, body, recorded_by_kind, recorded_by, recorded_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: claim_key
insert into idempotency (actor, route, key, request_hash, status, body, created_at)
values ($1, $2, $3, $4, 0, '{}', $5)
on conflict (actor, route, key) do nothing
returning key;

-- name: stored_answer
select request_hash, status, body
from idempotency
where actor = $1 and route = $2 and key = $3;

-- name: store_answer
update idempotency set status = $4, body = $5
where actor = $1 and route = $2 and key = $3;

-- name: forget_answers
delete from idempotency where created_at < $1;

-- name: incident_only
select id, created from find_or_create_incident($1, $2, $3, $4, $5, $6, $7, 'all_notices', $8);

-- name: schools
select s.id, s.area, s.name from school as s where s.area = any($1::text[]) order by s.name, s.id;

-- name: districts
select distinct d.name from district as d where d.area = any($1::text[]) order by d.name;

-- name: notice
select n.body, n.incident, n.recorded_at from notice as n where n.id = $1;

-- name: incident
select i.reference, i.force, coalesce(i.area, ''), coalesce(i.district, '') from incident as i where i.id = $1;

-- name: pathways_area
select p.id from pathway as p where p.incident = $1 and p.area = $2 order by p.id;

-- name: pathways_police
select v.id from police_pathway as v where v.incident = $1 and v.area = $2 order by v.id;

-- name: known_children
-- Children of an area whom the actor may see: one that was chosen as the same child must be among them.
select c.id from child as c where c.id = any($1::uuid[]) and c.area = $2
union
select v.child from police_pathway as v where v.child = any($1::uuid[]) and v.area = $2;
