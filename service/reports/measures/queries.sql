-- name: isolation
select current_setting('transaction_isolation');

-- name: become
select set_config('app.actor_kind', $1, true), set_config('app.actor_id', $2, true);

-- name: places
-- Areas of the present actor, of those asked for (none asked for: all); forces likewise.
select
  coalesce((select array_agg(a.code order by a.code) from area as a), '{}') as areas,
  coalesce((select array_agg(f.code order by f.code) from force as f), '{}') as forces;

-- name: changes
-- Which children and incidents have changed since they were last folded.
select c.id, c.child, c.incident from measure_change as c order by c.id limit $1;

-- name: pending
-- The same, of some areas or one force; both null: everywhere.
select distinct c.child, c.incident
from measure_change as c
where ($1::text[] is null or c.area = any($1)) and ($2::text is null or c.force = $2)
limit $3;

-- name: count_changes
select count(*) from measure_change as c
where ($1::text[] is null or c.area = any($1)) and ($2::text is null or c.force = $2);

-- name: pathways_of
-- All pathways of these children and of these incidents, with what they are counted by.
select
  p.id, p.incident, p.child, coalesce(t.district, i.district, '') as district, i.coverage,
  c.sex, c.ethnicity, c.disability
from (
  select q.id from pathway as q where q.child = any($1::uuid[])
  union
  select r.id from pathway as r where r.incident = any($2::uuid[])
) as w
join pathway as p on p.id = w.id
join incident as i on i.id = p.incident
join child as c on c.id = p.child
left join pathway_told as t on t.pathway = p.id;

-- name: authorised
select m.id from milestone as m
where m.pathway = any($1::uuid[]) and m.supersedes is not null and m.authorised_by is not null;

-- name: units
select u.unit, u.facts from measure_unit as u where u.unit = any($1::uuid[]);

-- name: recorded_after
-- Units behind which anything was recorded after an instant: they alone were reported differently then. Those of
-- transferred pathways are listed under each area they were counted in. They are found by area, since those of all areas
-- grow with the number of areas.
select u.unit
from (
  select q.child, q.incident from pathway as q
  where q.area = any(case when $2::text[] is null then array(select a.code from area as a) else $2 end)
  union
  select p.child, p.incident from transfer as t join pathway as p on p.id = t.pathway where t.from_area = any($2)
) as w
cross join lateral (values (w.child), (w.incident)) as k (unit)
join measure_unit as u on u.unit = k.unit
where u.recorded_at > $1 and ($2::text[] is null or u.areas && $2) and ($3::text is null or u.force = $3)
group by u.unit;

-- name: children_changed
-- What has been changed of children's records after an instant, the newest first: each column with what it was before.
select (a.detail ->> 'row')::uuid as child, a.detail -> 'changed' as changed
from audit as a
where a.action = 'child_changed' and a.at > $1
  and exists (
    select 1 from pathway as p
    where p.child = (a.detail ->> 'row')::uuid
      and ($2::text[] is null or p.area = any($2)) and ($3::text is null or p.force = $3)
  )
order by a.at desc, a.id;

-- name: unit_kinds
-- Which of these are children; the others are incidents.
select c.id from child as c where c.id = any($1::uuid[]);

-- name: open_units
-- Children and incidents with a clock that runs: those that a later calendar may have moved. By area and then by pathway:
-- every clock of every area takes half a minute where a million pathways are held, and an index of clocks by area would
-- cost each notice. Those sent to another area are still counted where they were.
select distinct p.child, p.incident
from (
  select q.id from pathway as q
  where q.area = any(case when $1::text[] is null then array(select a.code from area as a) else $1 end)
  union
  select t.pathway from transfer as t where t.from_area = any($1)
) as w
join pathway as p on p.id = w.id
where ($2::text is null or p.force = $2)
  and exists (
    select from clock as c
    where c.pathway = p.id and c.standing <> 'not_applicable' and c.stopped_at is null
  );

-- name: write_units
insert into measure_unit (unit, areas, force, recorded_at, facts)
select t.unit, string_to_array(t.areas, ','), t.force, t.recorded_at, t.facts
from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::bytea[])
  as t (unit, areas, force, recorded_at, facts)
on conflict (unit) do update set
  areas = excluded.areas, force = excluded.force, recorded_at = excluded.recorded_at, facts = excluded.facts;

-- name: drop_units
delete from measure_unit where unit = any($1::uuid[]);

-- name: some_bins
select b.area, b.force, b.district, b.kind, b.quarter, b.records
from measure_bin as b
join unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[])
  as k (area, force, district, kind, quarter)
  on b.area = k.area and b.force = k.force and b.district = k.district and b.kind = k.kind
  and b.quarter = k.quarter;

-- name: write_bins
insert into measure_bin (area, force, district, kind, quarter, records)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::bytea[])
on conflict (area, kind, quarter, force, district) do update set records = excluded.records;

-- name: drop_empty_bins
delete from measure_bin as b
using unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[])
  as k (area, force, district, kind, quarter)
where b.area = k.area and b.force = k.force and b.district = k.district and b.kind = k.kind
  and b.quarter = k.quarter and length(b.records) = 0;

-- name: folded
delete from measure_change where id = any($1::bigint[]);

-- name: counted_first
-- The first time, it is noted which rules count.
update measure_fold set rules = $1 where rules is null;

-- name: counted_by
update measure_fold set rules = $1;

-- name: other_rules
select exists (select from measure_fold as f where f.rules <> $1);

-- name: only_one_folds
-- Held until the transaction ends.
select pg_try_advisory_xact_lock(7264150313);

-- name: bins
-- A plan is made once for whatever may be asked, so that areas are always named: then an index finds them. By `case`, as
-- `coalesce` counts as leaky beside row-level security and keeps indexes out.
select b.area, b.force, b.district, b.kind, b.quarter, b.records
from measure_bin as b
where b.area = any(case when $1::text[] is null then array(select a.code from area as a) else $1 end)
  and ($2::text is null or b.force = $2) and ($3::text is null or b.district = $3)
order by b.kind, b.area, b.force, b.district, b.quarter;

-- name: all_units
select u.unit, u.facts from measure_unit as u where u.unit > $1 order by u.unit limit $2;

-- name: clear_bins
delete from measure_bin;

-- name: clear_units
delete from measure_unit;

-- name: clear_changes
delete from measure_change;

-- name: change_all
-- Families together: a child's incidents and an incident's children then fall into one batch and are read once.
insert into measure_change (child, incident, area, force)
select w.child, w.incident, w.area, w.force
from (
  select p.child, p.incident, p.area, p.force, min(p.incident::text) over (partition by p.child) as first
  from pathway as p
) as w
order by w.first, w.incident, w.child;

-- name: change_missing
-- Pathways that nobody has counted: written by a way that says nothing of it.
insert into measure_change (child, incident, area, force)
select w.child, w.incident, w.area, w.force
from (
  select p.child, p.incident, p.area, p.force, min(p.incident::text) over (partition by p.child) as first
  from pathway as p
  where not exists (select 1 from measure_unit as u where u.unit = p.child)
    and not exists (select 1 from measure_change as c where c.child = p.child)
) as w
order by w.first, w.incident, w.child;

-- name: oldest_transaction
select oldest_transaction();

-- name: live
-- Children's pathways that wait for a first decision, counted from the records themselves.
select count(*) from pathway_state as s
where s.waiting_since is not null and s.area = any(case when $1::text[] is null then array(select a.code from area as a) else $1 end)
  and ($2::text is null or s.force = $2) and ($3::text is null or coalesce(s.first_grade, 'ungraded') = $3)
  and ($4::text is null or $4 = (
    select coalesce(t.district, i.district, '')
    from incident as i left join pathway_told as t on t.pathway = s.pathway
    where i.id = s.incident
  ));

-- name: caseloads
-- Open pathways of each named worker, and of each team: accepted, not closed.
select s.allocated_to, s.allocated_team, tm.name as team_name, count(*) as pathways, count(distinct s.child) as children
from pathway_state as s
left join team as tm on tm.id::text = s.allocated_team
where s.closed_at is null and not s.withdrawn and (s.allocated_to is not null or s.allocated_team is not null)
  and s.stage not in ('stepped_down', 'closed', 'decided', 'not_shared')
  and s.area = any(case when $1::text[] is null then array(select a.code from area as a) else $1 end)
  and ($2::text is null or s.force = $2)
group by s.allocated_to, s.allocated_team, tm.name
order by pathways desc, s.allocated_to;

-- name: whole_caseloads
-- Workers with their teams and the newest count of all their cases between two days; none where nobody entered one.
select r.person::text as worker, r.team::text as team, c.cases
from person_role as r
left join lateral (
  select k.cases from caseload as k
  where k.area = r.area and k.worker = r.person and k.counted_on between $2 and $3
  order by k.counted_on desc, k.entered_at desc, k.id desc
  limit 1
) as c on true
where r.role = 'social_worker' and r.until is null and ($1::text[] is null or r.area = any ($1));

-- name: given
-- Actions given by an instant ($6), of areas, a force, a district, a grade (null: any): with the children and incidents of
-- these that they are about. What was due before $5 and over by the instant is left out, as far as that shows cheaply.
select a.id, c.children, c.incidents
from action as a
join lateral (
  select array_agg(p.child) as children, array_agg(p.incident) as incidents
  from pathway as p
  join incident as i on i.id = p.incident
  left join pathway_told as t on t.pathway = p.id
  left join pathway_state as s on s.pathway = p.id
  where p.id = any(a.pathways)
    and ($2::text is null or p.force = $2)
    and ($3::text is null or coalesce(t.district, i.district, '') = $3)
    and ($4::text is null or coalesce(s.first_grade, 'ungraded') = $4)
) as c on c.children is not null
where a.given_at <= $6 and ($1::text[] is null or a.area = any($1))
  and (
    a.due_at >= $5 or (a.done_at is null and a.cancelled_at is null)
    or exists (select 1 from action_event as e where e.action = a.id and e.recorded_at > $6)
  )
order by a.id;

-- name: events_of_given
-- What had been told of actions by an instant.
select e.action, e.id, e.kind, e.at, e.recorded_at, e.due_at, e.owner_agency
from action_event as e
where e.action = any($1::uuid[]) and e.recorded_at <= $2
order by e.recorded_at, e.id;

-- name: profiles
select f.force, f.profile from feed as f order by f.force, f.name;

-- name: small_numbers
-- Who sits on the boards of several areas reads the reports of each: what one of them told would tell of another, were
-- they not told by one number. So the highest of all areas that are joined by members of their boards goes for all.
with recursive joined (area) as (
  select unnest($1::text[])
  union
  select o.area
  from joined as j
  join person_role as r on r.area = j.area and r.role = 'board_member' and r.until is null
  join person_role as o on o.person = r.person and o.role = 'board_member' and o.until is null and o.area is not null
)
select coalesce(max(a.small_numbers), 5)::integer from area as a join joined as j on j.area = a.code;

-- name: known_by
-- Whether anything was on the books of areas by an instant; the oldest pathways have the lowest ids.
select exists (
  select from pathway as p
  where p.area = any ($1::text[])
    and exists (select from milestone as m where m.pathway = p.id and m.recorded_at <= $2)
)

-- name: issued
select i.told from report_issue as i
where i.area = $1 and i.first_day = $2 and i.last_day = $3
order by i.issued_at desc
limit 1
