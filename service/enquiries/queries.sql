-- name: about
select
  p.id, p.area, p.force, p.child, c.family_name, c.given_names, c.date_of_birth, c.expected_date_of_birth,
  i.reference
from pathway as p
join child as c on c.id = p.child
join incident as i on i.id = p.incident
where p.id = any($1::uuid[])
order by c.date_of_birth nulls last, c.id, i.first_seen_at, p.id;

-- name: of_record
select distinct m.pathway from milestone_current as m where m.record = $1 and m.kind = $2;

-- name: held
select
  m.pathway, m.id, m.record, m.kind, m.occurred_at, m.occurred_on, m.precision, m.recorded_at, m.outcome, m.detail
from milestone_current as m
where m.pathway = any($1::uuid[]) and m.kind = any($2::text[])
order by
  coalesce(m.occurred_on, (m.occurred_at at time zone 'Europe/London')::date), m.occurred_at nulls last,
  m.recorded_at, m.id;

-- name: clocks
select
  k.pathway, k.standard, k.episode, k.version, k.calendar, k.grade, k.standing, k.why, k.started_at,
  k.start_milestone, k.warn_at, k.due_at, k.end_of_day, k.stopped_at, k.stop_milestone, k.stop_recorded_at,
  k.approximate, k.rules
from clock as k
where k.pathway = any($1::uuid[])
order by k.pathway, k.started_at nulls last, k.standard, k.episode;

-- name: get
select
  e.id, e.child, e.area, e.state, e.discussion, e.initiated_by, e.started_record, e.completed_record, e.body,
  e.returned, c.name, e.completed_at, a.name, e.authorised_at, o.name, e.opened_at, h.name, e.changed_at, e.version,
  (select array_agg(p.pathway order by p.pathway) from enquiry_pathway as p where p.enquiry = e.id)
from enquiry as e
left join person as c on c.id = e.completed_by
left join person as a on a.id = e.authorised_by
left join person as o on o.id = e.opened_by
left join person as h on h.id = e.changed_by
where e.id = $1;

-- name: begun_by
-- The enquiries that a discussion began, as far as their start stands, with the milestone that tells it.
select e.id, e.child, c.given_names, c.family_name, e.state, m.pathway, m.id as start
from enquiry as e
join child as c on c.id = e.child
join lateral (
  select s.pathway, s.id
  from milestone_current as s
  where s.record = e.started_record and s.kind = 'enquiry_started'
  order by s.pathway
  limit 1
) as m on true
where e.discussion = $1
order by c.date_of_birth nulls last, e.id;

-- name: completed_by
select e.id
from enquiry_pathway as p
join enquiry as e on e.id = p.enquiry
where p.pathway = $1 and e.completed_record = $2;

-- name: lock
select e.id from enquiry as e where e.id = $1 for no key update;

-- name: of_pathways
select
  e.id, e.child, e.area, e.state, e.discussion, e.initiated_by, e.started_record, e.completed_record, e.body,
  e.returned, c.name, e.completed_at, a.name, e.authorised_at, o.name, e.opened_at, h.name, e.changed_at, e.version,
  (select array_agg(p.pathway order by p.pathway) from enquiry_pathway as p where p.enquiry = e.id)
from enquiry as e
left join person as c on c.id = e.completed_by
left join person as a on a.id = e.authorised_by
left join person as o on o.id = e.opened_by
left join person as h on h.id = e.changed_by
where e.id in (select p.enquiry from enquiry_pathway as p where p.pathway = any($1::uuid[]))
order by e.opened_at desc, e.id desc;

-- name: add
insert into enquiry (
  id, child, area, state, discussion, initiated_by, started_record, body, opened_by, opened_at, changed_by, changed_at
) values ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9, $8, $9);

-- name: cover
insert into enquiry_pathway (enquiry, pathway, area, force) values ($1, $2, $3, $4)
on conflict do nothing;

-- name: save
update enquiry set
  state = $3, body = $4, returned = $5, completed_record = $6, changed_by = $7, changed_at = $8,
  completed_by = case when $9::boolean then $7 else completed_by end,
  completed_at = case when $9::boolean then $8 else completed_at end,
  authorised_by = case when $10::boolean then $7 else authorised_by end,
  authorised_at = case when $10::boolean then $8 else authorised_at end,
  version = version + 1
where id = $1 and version = $2
returning version;

-- name: revise
insert into enquiry_revision (id, enquiry, version, state, body, changed_by, changed_at)
values ($1, $2, $3, $4, $5, $6, $7);

-- name: revision
select r.version, r.state, r.body, p.name, r.changed_at
from enquiry_revision as r
left join person as p on p.id = r.changed_by
where r.enquiry = $1 and r.version = $2;

-- name: revisions
select r.version, r.state, r.body, p.name, r.changed_at
from enquiry_revision as r
left join person as p on p.id = r.changed_by
where r.enquiry = $1
order by r.version desc;
