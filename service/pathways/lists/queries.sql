-- name: waiting
-- Open work of areas with its counts, worst first: urgent or high first, then overdue by the share of its
-- limit used, then next due, then the longest wait. The oldest of each grade stands on the first page.
-- $9 sorts by something else instead: the longest wait, the next due time, the grade.
-- A row of counts stands before each line, and alone where there is no line. Open work is read once for the counts
-- and once for the order, each time by a few columns: to keep it in between costs more. All else is read for the page.
with work as not materialized (
  select
    s.pathway, s.area, s.grade, s.waiting_since, s.next_due_at, s.holder, s.stage, s.allocation_wanted,
    case
      when $9::text = 'worst' then 0
      when $9 = 'waited' then coalesce(date_part('epoch', s.waiting_since), 'infinity')
      when $9 = 'due' then coalesce(date_part('epoch', s.next_due_at), 'infinity')
      else case s.grade when 'high' then 1 when 'medium' then 2 when 'standard' then 3 else 0 end
    end as lead,
    s.urgent or s.grade is null or s.grade = 'high' as first,
    case
      when s.next_due_at >= $2 then 0
      when s.next_due_at > s.next_due_started_at then
        date_part('epoch', $2 - s.next_due_started_at) / date_part('epoch', s.next_due_at - s.next_due_started_at)
      when s.next_due_at < $2 then 'infinity'
      else 0
    end as share,
    coalesce(s.next_due_at, 'infinity') as due, coalesce(s.waiting_since, 'infinity') as since,
    case
      when $3::text = 'deciding' then s.waiting_since is not null
      when $3 = 'late' then s.next_due_at < $2
      when $3 = 'today' then s.next_due_at >= $2 and s.next_due_at <= $4
      when $3 = 'police' then s.holder = 'police' and s.waiting_since is not null
      when $3 = 'us' then s.holder = 'childrens_social_care' and s.waiting_since is not null
      when $3 = 'meeting' then s.stage = 'convening'
      when $3 = 'unallocated' then s.allocation_wanted
      else true
    end as chosen
  from pathway_state as s
  where s.area = any($1::text[]) and (s.waiting_since is not null or s.next_due_at is not null)
    and case when $5::text is null then true else coalesce(s.grade, 'ungraded') = $5 end
),
counted as (
  select a.area, n.*
  from unnest($1::text[]) as a (area)
  cross join lateral (
    select
      count(w.waiting_since) as deciding,
      count(*) filter (where w.waiting_since is not null and w.next_due_at < $2) as deciding_late,
      count(*) filter (where w.next_due_at < $2) as late,
      count(*) filter (where w.next_due_at >= $2 and w.next_due_at <= $4) as today,
      count(*) filter (where w.holder = 'police' and w.waiting_since is not null) as police,
      count(*) filter (where w.holder = 'childrens_social_care' and w.waiting_since is not null) as us,
      count(*) filter (where w.stage = 'convening') as meeting,
      count(*) filter (where w.allocation_wanted) as unallocated,
      count(*) as everything,
      min(w.waiting_since) as longest_since,
      array[
        min(w.waiting_since) filter (where w.grade = 'high' and w.chosen),
        min(w.waiting_since) filter (where w.grade = 'medium' and w.chosen),
        min(w.waiting_since) filter (where w.grade = 'standard' and w.chosen),
        min(w.waiting_since) filter (where w.grade is null and w.chosen)
      ] as oldest_since
    from work as w
    where w.area = a.area
  ) as n
),
counts as (
  select
    coalesce(sum(n.deciding), 0)::bigint as deciding, coalesce(sum(n.deciding_late), 0)::bigint as deciding_late,
    coalesce(sum(n.late), 0)::bigint as late, coalesce(sum(n.today), 0)::bigint as today,
    coalesce(sum(n.police), 0)::bigint as police, coalesce(sum(n.us), 0)::bigint as us,
    coalesce(sum(n.meeting), 0)::bigint as meeting, coalesce(sum(n.unallocated), 0)::bigint as unallocated,
    coalesce(sum(n.everything), 0)::bigint as everything, min(n.longest_since) as longest_since
  from counted as n
),
oldest as (
  select w.pathway, w.lead, w.first, w.share, w.due, w.since
  from counted as n
  cross join lateral unnest(array['high', 'medium', 'standard', null], n.oldest_since) as g (grade, since)
  cross join lateral (
    select o.pathway, o.lead, o.first, o.share, o.due, o.since
    from work as o
    where o.area = n.area and o.waiting_since = g.since and o.grade is not distinct from g.grade and o.chosen
    order by o.pathway
    limit 1
  ) as w
),
foremost as (
  select w.pathway, w.lead, w.first, w.share, w.due, w.since
  from work as w
  where w.chosen
  order by w.lead, w.first desc, w.share desc, w.due, w.since, w.pathway
  limit $6::bigint + $7::bigint
),
page as (
  select t.pathway, t.lead, t.first, t.share, t.due, t.since, t.oldest
  from (
    select o.pathway, o.lead, o.first, o.share, o.due, o.since, true as oldest from oldest as o
    union all
    select f.pathway, f.lead, f.first, f.share, f.due, f.since, false
    from foremost as f
    where f.pathway not in (select o.pathway from oldest as o)
  ) as t
  order by t.oldest and $8 desc, t.lead, t.first desc, t.share desc, t.due, t.since, t.pathway
  limit $6 offset $7
),
lines as (
  select
    s.pathway, s.area, s.force, s.incident, s.child, s.first_grade, s.grade, s.urgent, s.stage,
    s.holder, s.held_since, s.aware_at, s.aware_on, s.waiting_since, s.next_due_at,
    s.next_due_standard, s.allocation_wanted, s.outcome, nullif(w.share, 0) as share_used, w.oldest as oldest_of_grade,
    i.reference, i.district, i.summary, c.family_name, c.given_names, c.date_of_birth,
    c.expected_date_of_birth, p.involvement, w.lead, w.first, w.share, w.due, w.since
  from page as w
  join pathway_state as s on s.pathway = w.pathway
  join pathway as p on p.id = w.pathway
  join incident as i on i.id = s.incident
  join child as c on c.id = s.child
)
select
  n.deciding, n.deciding_late, n.late, n.today, n.police, n.us, n.meeting, n.unallocated, n.everything, n.longest_since,
  l.pathway, l.area, l.force, l.incident, l.child, l.first_grade, l.grade, l.urgent, l.stage,
  l.holder, l.held_since, l.aware_at, l.aware_on, l.waiting_since, l.next_due_at,
  l.next_due_standard, l.allocation_wanted, l.outcome, l.share_used, l.oldest_of_grade,
  l.reference, l.district, l.summary, l.family_name, l.given_names, l.date_of_birth,
  l.expected_date_of_birth, l.involvement
from counts as n
left join lines as l on true
order by l.lead, l.first desc, l.share desc, l.due, l.since, l.pathway;

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
-- What was asked of others and is not answered: the same row for both ends. Requests are found by the area in which they
-- were recorded, or by the transfer that brought the child here since. Whether one was corrected is looked up one by one:
-- joined as a whole, the corrections of everybody would be read.
with asked as (
  select m.id, m.pathway, m.outcome, m.occurred_at, m.occurred_on
  from milestone as m
  where m.kind = 'information_requested' and not m.retracted and m.area = any($1::text[])
  union all
  select m.id, m.pathway, m.outcome, m.occurred_at, m.occurred_on
  from milestone as m
  where m.kind = 'information_requested' and not m.retracted and m.area <> all($1)
    and m.pathway = any(array(select t.pathway from transfer as t where t.to_area = any($1)))
),
open as (
  select a.pathway, a.outcome as agency, a.occurred_at, a.occurred_on, s.incident, s.child
  from asked as a
  join pathway_state as s on s.pathway = a.pathway
  left join lateral (
    select n.id from milestone as n where n.supersedes = a.id limit 1
  ) as corrected on true
  where s.area = any($1) and s.waiting_since is not null and corrected.id is null
    and not exists (
      select 1 from milestone_current as r
      where r.pathway = a.pathway and r.kind = 'information_returned'
        and r.outcome is not distinct from a.outcome
        and coalesce(r.occurred_at, r.occurred_on::timestamptz) >= coalesce(a.occurred_at, a.occurred_on::timestamptz)
    )
  order by a.occurred_at nulls last, a.pathway
  limit 50
)
select o.pathway, o.agency, o.occurred_at, o.occurred_on, i.reference, c.family_name, c.given_names
from open as o
join incident as i on i.id = o.incident
join child as c on c.id = o.child
order by o.occurred_at nulls last, o.pathway;

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
    min(coalesce(
      v.submitted_on, (coalesce(v.submitted_at, v.aware_at) at time zone 'Europe/London')::date, v.aware_on
    )) as day,
    case
      when bool_and(v.shared_at is not null or v.not_shared_at is not null) then
        max(coalesce(
          v.shared_on, (v.shared_at at time zone 'Europe/London')::date,
          v.not_shared_on, (v.not_shared_at at time zone 'Europe/London')::date
        ))
    end as left_on
  from police_pathway as v
  where v.incident = any(
      array(select police_incidents($1::text[], ($2::date - 1)::timestamp at time zone 'Europe/London'))
    )
    and not v.withdrawn
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
