-- name: get
select
  c.id, c.area, c.kind, c.state, c.planned_for, c.chair, c.cause, c.waits_on, c.held_record, c.late_reason,
  c.late_agency, c.late_text, c.interim_plan, c.agreed_manager, m.name, c.agreed_manager_at, c.agreed_chair, h.name,
  c.agreed_chair_at, c.delay_record, c.agreed_again, o.name, c.opened_at, p.name, c.changed_at, c.version
from conference as c
left join person as m on m.id = c.agreed_manager
left join person as h on h.id = c.agreed_chair
left join person as o on o.id = c.opened_by
left join person as p on p.id = c.changed_by
where c.id = $1;

-- name: lock
select c.id from conference as c where c.id = $1 for no key update;

-- name: children
select k.pathway, k.outcome, k.category from conference_child as k where k.conference = $1 order by k.pathway;

-- name: of_pathways
-- Conferences about any of these pathways, newest first.
select c.id, k.pathway, c.kind, c.state, c.planned_for
from conference_child as k
join conference as c on c.id = k.conference
where k.pathway = any($1::uuid[])
order by c.opened_at desc, c.id desc;

-- name: known_records
select c.held_record
from conference as c
where c.held_record is not null and c.id in (
  select k.conference from conference_child as k where k.pathway = any($1::uuid[])
);

-- name: add
insert into conference (id, area, kind, state, held_record, chair, opened_by, opened_at, changed_by, changed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $7, $8);

-- name: add_child
insert into conference_child (conference, pathway, area, force) values ($1, $2, $3, $4);

-- name: save
update conference set
  state = $3, planned_for = $4, chair = $5, cause = $6, waits_on = $7, held_record = $8, late_reason = $9,
  late_agency = $10, late_text = $11, interim_plan = $12, agreed_manager = $13, agreed_manager_at = $14,
  agreed_chair = $15, agreed_chair_at = $16, delay_record = $17, changed_by = $18, changed_at = $19,
  agreed_again = $20, version = version + 1
where id = $1 and version = $2
returning version;

-- name: of_record
select c.id
from conference_child as k
join conference as c on c.id = k.conference
where k.pathway = $1 and (c.held_record = $2 or c.delay_record = $2 or c.id::text = $3)
limit 1;

-- name: decided
update conference_child set outcome = $3, category = $4 where conference = $1 and pathway = $2;

-- name: revise
insert into conference_revision (id, conference, version, body, changed_by, changed_at)
values ($1, $2, $3, $4, $5, $6);

-- name: revision
select r.version, 'any', r.body, p.name, r.changed_at
from conference_revision as r
left join person as p on p.id = r.changed_by
where r.conference = $1 and r.version = $2;

-- name: revisions
select r.version, 'any', r.body, p.name, r.changed_at
from conference_revision as r
left join person as p on p.id = r.changed_by
where r.conference = $1
order by r.version desc;
