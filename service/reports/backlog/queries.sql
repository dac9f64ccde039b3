-- name: open_notices
-- Every child's notice of these forces that has not left them, with the time it should have.
select
  v.id, v.incident, v.reference, v.area, v.district, coalesce(v.grade, 'ungraded') as grade, v.urgent,
  v.aware_at, v.aware_on, k.due_at
from police_pathway as v
left join (
  select q.pathway, min(q.due_at) as due_at
  from police_clock as q
  where q.force = any($1::text[]) and q.standard = 'police_share' and q.rules and q.stopped_at is null
  group by q.pathway
) as k on k.pathway = v.id
where v.force = any($1::text[]) and v.status = 'not_yet_shared'
order by v.id;

-- name: children
select
  v.id, v.area, v.family_name, v.given_names, v.date_of_birth, v.expected_date_of_birth, v.involvement
from police_pathway as v
where v.id = any($1::uuid[])
order by v.date_of_birth nulls last, v.id;

-- name: open_of_incidents
select v.id, v.incident
from police_pathway as v
where v.incident = any($1::uuid[]) and v.status = 'not_yet_shared'
order by v.id;

-- name: incident
-- What a regrade changes: the incident with all of its children.
select
  v.id, v.reference, v.first_grade, v.grade, v.status, v.family_name, v.given_names
from police_pathway as v
where v.incident = $1 and not v.withdrawn
order by v.id;
