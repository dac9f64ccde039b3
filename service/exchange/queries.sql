-- name: forces_of_areas
select fa.area, min(fa.force) from force_area as fa group by fa.area;

-- name: children_known
-- Children of an area by the council's reference; without one there, by exact names and date of birth.
select t.n, coalesce(
  (select c.id from child as c where c.area = t.area and c.local_reference = t.reference),
  (
    select min(c.id::text)::uuid from child as c
    where c.area = t.area and c.normal_name = t.name and c.date_of_birth = t.born
      and (t.reference is null or c.local_reference is null)
    having count(*) = 1
  )
) as child
from unnest($1::text[], $2::text[], $3::text[], $4::date[]) with ordinality as t (area, reference, name, born, n)
order by t.n;

-- name: pathways_of_incidents
select
  p.id, p.incident, p.area, c.id as child, c.normal_name, c.local_reference, c.family_name,
  c.given_names, c.date_of_birth, c.expected_date_of_birth, c.sex, c.ethnicity, c.disability,
  coalesce(t.district, i.district) as district
from pathway as p
join incident as i on i.id = p.incident
join child as c on c.id = coalesce(p.recorded_child, p.child)
left join pathway_told as t on t.pathway = p.id
where p.incident = any($1::uuid[]);

-- name: children
select
  c.id, c.normal_name, c.local_reference, c.family_name, c.given_names, c.date_of_birth,
  c.expected_date_of_birth, c.sex, c.ethnicity, c.disability
from child as c
where c.id = any($1::uuid[]);

-- name: change_child
update child set
  local_reference = $2, family_name = $3, given_names = $4, normal_name = $5, date_of_birth = $6,
  expected_date_of_birth = $7, sex = $8, ethnicity = $9, disability = $10, version = version + 1
where id = $1;

-- name: keep_name
insert into child_name (id, child, area, family_name, given_names, normal_name, recorded_at)
select $2, c.id, c.area, c.family_name, c.given_names, c.normal_name, $3 from child as c where c.id = $1;

-- name: relink
-- Under the record that stands, where that one is linked.
update pathway set child = $2, recorded_child = null where id = $1;

-- name: pathways_of_children
select p.id
from pathway as p
where p.child = any($1::uuid[]) or p.recorded_child = any($1::uuid[])
order by p.id;

-- name: proposed
-- What was proposed for these milestones before, whatever became of it.
select c.milestone, c.body from correction_proposal as c where c.milestone = any($1::uuid[]);

-- name: set_districts
insert into pathway_told (pathway, district)
select t.pathway, t.district from unnest($1::uuid[], $2::text[]) as t (pathway, district)
on conflict (pathway) do update set district = excluded.district
  where pathway_told.district is distinct from excluded.district;

-- name: drop_chunks
delete from import_chunk where import = $1;

-- name: export_pathways
select
  p.id, i.reference, p.area, coalesce(t.district, i.district) as district, c.local_reference,
  c.family_name, c.given_names, c.date_of_birth, c.expected_date_of_birth, c.sex, c.ethnicity,
  c.disability, s.holder, s.stage
from pathway as p
join incident as i on i.id = p.incident
join child as c on c.id = coalesce(p.recorded_child, p.child)
join pathway_state as s on s.pathway = p.id
left join pathway_told as t on t.pathway = p.id
where p.id > $1 and ($2::text is null or p.area = $2) and not s.withdrawn
  and ($4::boolean or not p.restricted)
order by p.id
limit $3;

-- name: export_milestones
select
  m.pathway, m.id, m.kind, m.occurred_at, m.occurred_on, m.precision, m.outcome, m.detail, m.source
from milestone_current as m
where m.pathway = any($1::uuid[]) and m.kind = any($2::text[]);

-- name: export_conferences
-- The latest conference clock of each pathway, and why it is late: as both agreed, else as it stands in the conference.
select distinct on (k.pathway)
  k.pathway, k.due_at, k.end_of_day, k.stopped_at, coalesce(a.outcome, f.late_reason) as late_reason,
  coalesce(a.detail ->> 'manager', f.manager) as agreed_manager, coalesce(a.detail ->> 'chair', f.chair) as agreed_chair
from clock as k
left join lateral (
  select m.outcome, m.detail
  from milestone_current as m
  where m.pathway = k.pathway and m.kind = 'conference_delay_agreed'
    and (m.occurred_at is null or m.occurred_at >= k.started_at)
  order by m.recorded_at desc, m.id desc
  limit 1
) as a on true
left join lateral (
  select c.late_reason, p.name as manager, q.name as chair
  from conference_child as o
  join conference as c on c.id = o.conference
  left join person as p on p.id = c.agreed_manager
  left join person as q on q.id = c.agreed_chair
  where o.pathway = k.pathway and c.kind <> 'transfer_in' and c.state <> 'cancelled' and c.late_reason is not null
    and c.opened_at >= k.started_at
  order by c.opened_at desc, c.id desc
  limit 1
) as f on true
where k.pathway = any($1::uuid[]) and k.standard = 'conference' and k.rules and k.due_at is not null
order by k.pathway, k.started_at desc;

-- name: export_waits
select w.pathway, w.since, w.until
from wait as w
where w.pathway = any($1::uuid[])
order by w.pathway, w.seq;
