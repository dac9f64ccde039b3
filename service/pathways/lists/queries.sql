-- name: waiting
-- Open work of areas, worst first: urgent or high first, then overdue by the share of its limit
-- used, then next due, then the longest wait. The oldest of each grade stands on the first page.
-- $9 sorts by something else instead: the longest wait, the next due time, the grade.
-- All open work is sorted by a few keys without nulls, of which the first one (lead) nearly always
-- decides; everything else is read for the page alone.
with work as (
  select
    s.pathway,
    case $9::text
      when 'waited' then coalesce(date_part('epoch', s.waiting_since), 'infinity')
      when 'due' then coalesce(date_part('epoch', s.next_due_at), 'infinity')
      when 'grade' then g.grade
      else case when f.first then -2 else 0 end - case when u.share = 'infinity' then 1 else u.share / (1 + u.share) end
    end as lead,
    u.share, coalesce(s.next_due_at, 'infinity') as due, coalesce(s.waiting_since, 'infinity') as since,
    g.grade, f.first, s.area
  from pathway_state as s
  cross join lateral (
    select coalesce(array_position(array['high', 'medium', 'standard'], s.grade), 0) as grade
  ) as g
  cross join lateral (select s.urgent or g.grade <= 1 as first) as f
  cross join lateral (
    select case
      when s.next_due_at >= $2 then 0
      when s.next_due_at > s.next_due_started_at then
        date_part('epoch', $2 - s.next_due_started_at) / date_part('epoch', s.next_due_at - s.next_due_started_at)
      when s.next_due_at < $2 then 'infinity'
      else 0
    end as share
  ) as u
  where s.area = any($1::text[])
    and (s.waiting_since is not null or s.next_due_at is not null)
    and case $3::text
      when 'deciding' then s.waiting_since is not null
      when 'late' then s.next_due_at < $2
      when 'today' then s.next_due_at >= $2 and s.next_due_at <= $4
      when 'police' then s.holder = 'police' and s.waiting_since is not null
      when 'us' then s.holder = 'childrens_social_care' and s.waiting_since is not null
      when 'meeting' then s.stage = 'convening'
      when 'unallocated' then s.allocation_wanted
      else true
    end
    and ($5::text is null or coalesce(s.grade, 'ungraded') = $5)
),
longest as (
  select w.area, w.grade, min(w.since) as since from work as w where w.since < 'infinity' group by w.area, w.grade
),
oldest as (
  select distinct on (w.area, w.grade) w.pathway
  from work as w
  join longest as l on l.area = w.area and l.grade = w.grade and l.since = w.since
  order by w.area, w.grade, w.pathway
),
page as (
  select w.pathway, w.lead, w.share, w.due, w.since, w.first, o.pathway is not null as oldest
  from work as w
  left join oldest as o on o.pathway = w.pathway
  order by
    w.lead - case when $8 and o.pathway is not null then 10 else 0 end,
    w.first desc, w.share desc, w.due, w.since, w.pathway
  limit $6 offset $7
)
select
  s.pathway, s.area, s.force, s.incident, s.child, s.first_grade, s.grade, s.urgent, s.stage,
  s.holder, s.held_since, s.aware_at, s.aware_on, s.waiting_since, s.next_due_at,
  s.next_due_standard, s.allocation_wanted, s.outcome, nullif(w.share, 0) as share_used, w.oldest as oldest_of_grade,
  i.reference, i.district, i.summary, c.family_name, c.given_names, c.date_of_birth,
  c.expected_date_of_birth, p.involvement
from page as w
join pathway_state as s on s.pathway = w.pathway
join pathway as p on p.id = w.pathway
join incident as i on i.id = s.incident
join child as c on c.id = s.child
order by w.lead, w.first desc, w.share desc, w.due, w.since, w.pathway;

-- name: waiting_counts
select
  count(*) filter (where s.waiting_since is not null) as deciding,
  count(*) filter (where s.waiting_since is not null and s.next_due_at < $2) as deciding_late,
  count(*) filter (where s.next_due_at < $2) as late,
  count(*) filter (where s.next_due_at >= $2 and s.next_due_at <= $3) as today,
  count(*) filter (where s.holder = 'police' and s.waiting_since is not null) as police,
  count(*) filter (where s.holder = 'childrens_social_care' and s.waiting_since is not null) as us,
  count(*) filter (where s.stage = 'convening') as meeting,
  count(*) filter (where s.allocation_wanted) as unallocated,
  count(*) as everything,
  min(s.waiting_since) as longest_since
from pathway_state as s
where s.area = any($1::text[]) and (s.waiting_since is not null or s.next_due_at is not null)
  and ($4::text is null or coalesce(s.grade, 'ungraded') = $4);

-- name: asked
-- What was asked of others and is not answered: the same row for both ends. Whether a row was
-- corrected is looked up one by one: joined as a whole, the corrections of everybody would be read.
select
  m.pathway, m.outcome as agency, m.occurred_at, m.occurred_on, i.reference, c.family_name,
  c.given_names
from pathway_state as s
join milestone as m on m.pathway = s.pathway and m.kind = 'information_requested' and not m.retracted
join incident as i on i.id = s.incident
join child as c on c.id = s.child
left join lateral (
  select n.id from milestone as n where n.supersedes = m.id limit 1
) as corrected on true
where s.area = any($1::text[]) and s.waiting_since is not null and corrected.id is null
  and not exists (
    select 1 from milestone_current as r
    where r.pathway = m.pathway and r.kind = 'information_returned'
      and r.outcome is not distinct from m.outcome
      and coalesce(r.occurred_at, r.occurred_on::timestamptz) >= coalesce(m.occurred_at, m.occurred_on::timestamptz)
  )
order by m.occurred_at nulls last
limit 50;

-- name: offered
-- Children whom another area sent here and whom nobody here has accepted: the sender still holds them.
select t.pathway, a.name as from_area, t.to_area, t.sent_at, i.reference, c.family_name, c.given_names
from transfer as t
join area as a on a.code = t.from_area
join pathway as p on p.id = t.pathway
join incident as i on i.id = p.incident
join child as c on c.id = p.child
where t.to_area = any($1::text[]) and t.accepted_at is null
order by t.sent_at, t.pathway
limit 50;

-- name: unshared
-- Incidents of a force not yet shared, oldest high first, then by lateness.
with open as (
  select
    v.id, v.incident, v.force, v.reference, v.district, v.area, v.family_name, v.given_names,
    v.date_of_birth, v.first_grade, v.grade, v.urgent, v.aware_at, v.aware_on, v.submitted_at,
    (v.urgent or v.grade = 'high' or v.grade is null) as first
  from police_pathway as v
  where v.force = any($1::text[]) and v.status = 'not_yet_shared'
    and ($2::text is null or coalesce(v.grade, 'ungraded') = $2)
    and ($3::text is null or v.area = $3)
    and ($4::text is null or v.district = $4)
)
select
  o.id, o.incident, o.force, o.reference, o.district, o.area, o.family_name, o.given_names,
  o.date_of_birth, o.first_grade, o.grade, o.urgent, o.aware_at, o.aware_on, o.submitted_at,
  k.due_at, k.standing
from open as o
left join lateral (
  select q.due_at, q.standing from police_clock as q
  where q.pathway = o.id and q.standard = 'police_share' and q.rules
  order by q.due_at nulls last limit 1
) as k on true
order by o.first desc, k.due_at nulls last, o.aware_at nulls first, o.id
limit $5 offset $6;

-- name: unshared_summary
select
  coalesce(v.grade, 'ungraded') as grade, v.incident, v.aware_at, v.submitted_at
from police_pathway as v
where v.force = any($1::text[]) and v.status = 'not_yet_shared'
  and ($2::text is null or v.area = $2);

-- name: police_flow
-- Incidents arriving and leaving (shared or declined) a day, in local days.
select d.day::date as day,
  count(distinct a.incident) filter (where a.day = d.day::date) as arrived,
  count(distinct a.incident) filter (where a.left_on = d.day::date) as cleared
from generate_series($2::date, $3::date, interval '1 day') as d (day)
left join (
  select
    v.incident,
    min((coalesce(v.submitted_at, v.aware_at) at time zone 'Europe/London')::date) as day,
    case
      when bool_and(v.shared_at is not null or v.not_shared_at is not null) then
        max((coalesce(v.shared_at, v.not_shared_at) at time zone 'Europe/London')::date)
    end as left_on
  from police_pathway as v
  where v.force = any($1::text[]) and not v.withdrawn
    and (
      coalesce(v.submitted_at, v.aware_at) >= ($2::date - 1)::timestamp at time zone 'Europe/London'
      or coalesce(v.shared_at, v.not_shared_at) >= ($2::date - 1)::timestamp at time zone 'Europe/London'
    )
  group by v.incident
) as a on a.day = d.day::date or a.left_on = d.day::date
group by d.day
order by d.day;

-- name: search_area
-- One way in for each kind of text, and each by an index: `like` is not leakproof, so it would have to
-- wait for row-level security, row by row. Children who moved here are found by their transfers.
with found as (
  select p.id
  from child as c
  join pathway as p on p.child = c.id
  where $2::text = 'name' and c.area = any($1::text[])
    and c.normal_name ~>=~ $3::text and c.normal_name ~<~ $6::text
  union
  select p.id
  from child as c
  join pathway as p on p.child = c.id
  where $2 = 'born' and c.area = any($1) and c.date_of_birth = $4::date
  union
  select p.id
  from force_area as f
  join incident as x on x.force = f.force and x.reference = $3
  join pathway as p on p.incident = x.id
  where $2 = 'reference' and f.area = any($1)
  union
  select t.pathway
  from transfer as t
  join pathway as p on p.id = t.pathway
  join child as c on c.id = p.child
  where t.to_area = any($1) and case $2
    when 'name' then c.normal_name ~>=~ $3 and c.normal_name ~<~ $6
    when 'born' then c.date_of_birth = $4
    else false
  end
)
select
  p.id as pathway, i.reference, i.force, p.area, c.id as child, c.family_name, c.given_names,
  c.date_of_birth, c.expected_date_of_birth, s.grade, s.stage, s.holder, s.waiting_since,
  s.aware_at, s.aware_on, s.next_due_at
from found as f
join pathway as p on p.id = f.id
join incident as i on i.id = p.incident
join child as c on c.id = p.child
join pathway_state as s on s.pathway = p.id
where p.area = any($1)
order by s.aware_at desc nulls last, p.id
limit $5;

-- name: search_police
select
  v.id as pathway, v.reference, v.force, v.area, v.child, v.family_name, v.given_names,
  v.date_of_birth, v.expected_date_of_birth, v.grade, v.status as stage, '' as holder,
  null::timestamptz as waiting_since, v.aware_at, v.aware_on, null::timestamptz as next_due_at
from police_pathway as v
where v.force = any($1::text[])
  and case $2::text
    when 'reference' then v.reference = $3
    when 'born' then v.date_of_birth = $4::date
    else lower(v.family_name || ' ' || v.given_names) like $3
  end
order by v.aware_at desc nulls last, v.id
limit $5;
