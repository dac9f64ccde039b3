-- name: touched
select police_incidents($1::text[], $2::timestamptz) as incident;

-- name: touched_as_known
select police_incidents_known($1::text[], $2::timestamptz, $3::timestamptz) as incident;

-- name: notices
-- Every child's notice of these incidents.
select
  v.id, v.incident, v.reference, v.force, v.area, v.district,
  coalesce(v.first_grade, 'ungraded') as first_grade, coalesce(v.grade, 'ungraded') as grade, v.urgent,
  v.aware_at, v.aware_on, v.submitted_at, v.shared_at, v.not_shared_at, null::text as reason, k.due_at,
  v.first_seen_at, i.first_seen_at as incident_seen_at, i.coverage, v.submitted_on, v.shared_on, v.not_shared_on
from police_pathway as v
join incident as i on i.id = v.incident
left join lateral (
  select min(q.due_at) as due_at
  from police_clock as q
  where q.pathway = v.id and q.standard = 'police_share' and q.rules and q.stopped_at is null
    and v.shared_at is null and v.not_shared_at is null
) as k on true
where v.incident = any($1::uuid[]) and not v.withdrawn
order by v.id;

-- name: candidates
select
  v.id, v.incident, v.reference, v.force, v.area, v.district, v.first_seen_at,
  i.first_seen_at as incident_seen_at, i.coverage
from police_pathway as v
join incident as i on i.id = v.incident
where v.incident = any($1::uuid[])
order by v.id;

-- name: reasons
-- What was decided not to be shared, and why, with what corrects it.
select m.pathway, m.id, m.occurred_at, m.outcome, m.supersedes, m.retracted
from police_milestone as m
where m.pathway = any($1::uuid[]) and m.kind = 'notice_not_shared'
order by m.recorded_at, m.id;

-- name: milestones
select
  m.pathway, m.id, m.root, m.record, m.kind, m.occurred_at, m.occurred_on, m.precision, m.recorded_at,
  m.source, m.outcome, m.detail, m.supersedes, m.retracted
from police_milestone as m
where m.pathway = any($1::uuid[]) and m.recorded_at <= $2
order by m.pathway, m.recorded_at, m.id;

-- name: shared_only
-- Forces of which every feed sends only what was shared.
select f.force
from feed as f
where f.force = any($1::text[])
group by f.force
having bool_and(f.coverage = 'shared_only')
order by f.force;

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

-- name: left_beside
select count(*)
from police_pathway as v
where v.incident = (select o.incident from police_pathway as o where o.id = $1) and v.status = 'not_yet_shared';

-- name: incident
-- One incident with all of its children, as the force may see them.
select
  v.id, v.reference, v.first_grade, v.grade, v.status, v.family_name, v.given_names, v.date_of_birth,
  v.expected_date_of_birth, v.involvement, v.child, v.urgent, v.area, v.district,
  v.sent_before, v.shared_on
from police_pathway as v
where v.incident = $1 and not v.withdrawn
order by v.date_of_birth nulls last, v.id;

-- name: earlier
-- Other incidents of these children that the force may see.
select
  v.child, v.id, v.reference, v.grade, v.status, v.aware_at, v.aware_on, v.outcome_category
from police_pathway as v
where v.child = any($1::uuid[]) and v.incident <> $2 and not v.withdrawn
order by v.aware_at desc nulls last, v.id
limit 200;

-- name: account
-- What the officer wrote of an incident, while no child of it has been shared: until then all of it is the police's own.
select i.summary
from incident as i
where i.id = $1
  and not exists (select from police_pathway as v where v.incident = i.id and v.shared_at is not null);
