-- name: enquiries
-- Enquiries under way, from the clock that runs: one row for each child, the earliest target first.
-- $1 now, $2 end of today, $3 which, $4 area, $5 limit, $6 offset. Row-level security says whose.
with running as (
  select distinct on (coalesce(e.id, k.pathway))
    k.pathway, k.area, k.force, k.started_at, k.due_at, e.id as enquiry, e.state, e.lead_social_worker
  from clock as k
  left join lateral (
    select f.id, f.state, f.body ->> 'lead_social_worker' as lead_social_worker
    from enquiry_pathway as q
    join enquiry as f on f.id = q.enquiry
    where q.pathway = k.pathway and f.state <> 'authorised'
    order by f.opened_at desc
    limit 1
  ) as e on true
  where k.standard = 'enquiry_completed' and k.rules and k.standing = 'ok' and k.stopped_at is null
    and ($4::text is null or k.area = $4)
  order by coalesce(e.id, k.pathway), k.due_at, k.pathway
), told as (
  select
    r.pathway, r.area, r.force, r.started_at, r.due_at, r.enquiry, r.state, r.lead_social_worker,
    s.due_at as seen_due_at, s.pathway is not null as unseen, h.pathway is not null as without_history,
    exists (
      select 1 from milestone_current as b
      where b.pathway = r.pathway and b.kind = 'enquiry_started'
        and coalesce(b.occurred_at >= r.started_at, b.occurred_on >= (r.started_at at time zone 'Europe/London')::date)
    ) as begun
  from running as r
  left join lateral (
    select c.pathway, min(c.due_at) as due_at from clock as c
    where c.pathway = r.pathway and c.standard = 'child_seen_enquiry' and c.standing = 'ok' and c.rules
      and c.stopped_at is null
    group by c.pathway
  ) as s on true
  left join lateral (
    select c.pathway from clock as c
    where c.pathway = r.pathway and c.standard = 'enquiry_history' and c.standing = 'ok' and c.stopped_at is null
    limit 1
  ) as h on true
)
select
  w.pathway, w.area, w.force, w.started_at, w.due_at, w.enquiry, case when w.begun then coalesce(w.state, 'not_opened') else 'not_started' end as state,
  w.lead_social_worker, w.unseen, w.seen_due_at, w.without_history, c.family_name, c.given_names, c.date_of_birth,
  c.expected_date_of_birth, i.reference, g.grade, g.urgent
from told as w
join pathway as p on p.id = w.pathway
join child as c on c.id = p.child
join incident as i on i.id = p.incident
join pathway_state as g on g.pathway = w.pathway
where case $3::text
  when 'unseen' then w.unseen
  when 'late' then w.due_at < $1
  when 'today' then w.due_at >= $1 and w.due_at <= $2
  when 'authorise' then w.state = 'completed'
  when 'without_history' then w.without_history
  else true
end
order by w.due_at, w.pathway
limit $5 offset $6;

-- name: enquiry_counts
-- The same enquiries, counted. $1 now, $2 end of today, $3 area.
with running as (
  select distinct on (coalesce(e.id, k.pathway)) k.pathway, k.due_at, e.state
  from clock as k
  left join lateral (
    select f.id, f.state
    from enquiry_pathway as q
    join enquiry as f on f.id = q.enquiry
    where q.pathway = k.pathway and f.state <> 'authorised'
    order by f.opened_at desc
    limit 1
  ) as e on true
  where k.standard = 'enquiry_completed' and k.rules and k.standing = 'ok' and k.stopped_at is null
    and ($3::text is null or k.area = $3)
  order by coalesce(e.id, k.pathway), k.due_at, k.pathway
)
select
  count(*) as everything,
  count(*) filter (where exists (
    select 1 from clock as c
    where c.pathway = r.pathway and c.standard = 'child_seen_enquiry' and c.standing = 'ok' and c.rules
      and c.stopped_at is null
  )) as unseen,
  count(*) filter (where r.due_at >= $1 and r.due_at <= $2) as today,
  count(*) filter (where r.due_at < $1) as late,
  count(*) filter (where r.state = 'completed') as authorise,
  count(*) filter (where exists (
    select 1 from clock as c
    where c.pathway = r.pathway and c.standard = 'enquiry_history' and c.standing = 'ok' and c.stopped_at is null
  )) as without_history
from running as r;

-- name: conferences
-- Conference clocks: those that run, those held late without an agreed reason, and those found not to be required
-- after the target day, which stay late and are listed apart. $1 now, $2 end of the week, $3 which, $4 area, $5 limit,
-- $6 offset.
with due as (
  select
    k.pathway, k.area, k.force, k.standard, k.started_at, k.due_at, k.stopped_at, m.kind as stopped_by
  from clock as k
  left join milestone as m on m.id = k.stop_milestone
  where k.standard in ('conference', 'transfer_in_conference') and k.rules and k.standing = 'ok'
    and (k.stopped_at is null or k.stopped_at > k.due_at)
    and ($4::text is null or k.area = $4)
), told as (
  select
    d.pathway, d.area, d.force, d.standard, d.started_at, d.due_at, d.stopped_at, d.stopped_by, b.id as conference,
    coalesce(b.state, 'not_asked') as state, b.planned_for, b.late_reason, b.agreed_manager is not null as by_manager,
    b.agreed_chair is not null as by_chair,
    exists (
      select 1 from milestone_current as a
      where a.pathway = d.pathway and a.kind = 'conference_delay_agreed'
        and (a.occurred_at is null or a.occurred_at >= d.started_at)
    ) as agreed
  from due as d
  left join lateral (
    select f.id, f.state, f.planned_for, f.late_reason, f.agreed_manager, f.agreed_chair
    from conference_child as q
    join conference as f on f.id = q.conference
    where q.pathway = d.pathway and f.state <> 'cancelled'
      and (f.kind = 'transfer_in') = (d.standard = 'transfer_in_conference')
      and (f.state = 'held') = (d.stopped_at is not null)
    order by f.opened_at desc
    limit 1
  ) as b on true
)
select
  w.pathway, w.area, w.force, w.standard, w.started_at, w.due_at, w.stopped_at, w.stopped_by, w.conference, w.state,
  w.planned_for, w.late_reason, w.by_manager, w.by_chair, w.agreed, r.required, c.family_name, c.given_names,
  c.date_of_birth, c.expected_date_of_birth, i.reference
from told as w
join pathway as p on p.id = w.pathway
join child as c on c.id = p.child
join incident as i on i.id = p.incident
left join lateral (
  select e.detail ->> 'conference_required' as required
  from milestone_current as e
  where e.pathway = w.pathway and e.kind in ('enquiry_started', 'enquiry_completed')
    and e.detail ->> 'conference_required' is not null
  order by e.recorded_at desc
  limit 1
) as r on true
where case $3::text
  when 'due' then w.stopped_at is null
  when 'week' then w.stopped_at is null and w.due_at >= $1 and w.due_at <= $2
  when 'late' then w.stopped_at is null and w.due_at < $1
  when 'unscheduled' then w.stopped_at is null and w.state <> 'scheduled'
  when 'without_reason' then
    not w.agreed and (
      (w.stopped_at is null and (w.due_at < $1 or w.planned_for > w.due_at))
      or w.stopped_by in ('conference_held', 'transfer_in_conference_held')
    )
  when 'not_required_late' then w.stopped_by in ('enquiry_completed', 'conference_not_required')
  else w.stopped_at is null
end
order by w.due_at, w.pathway
limit $5 offset $6;

-- name: conference_counts
-- The same clocks, counted. $1 now, $2 end of the week, $3 area.
with due as (
  select k.pathway, k.standard, k.started_at, k.due_at, k.stopped_at, m.kind as stopped_by
  from clock as k
  left join milestone as m on m.id = k.stop_milestone
  where k.standard in ('conference', 'transfer_in_conference') and k.rules and k.standing = 'ok'
    and (k.stopped_at is null or k.stopped_at > k.due_at)
    and ($3::text is null or k.area = $3)
), told as (
  select
    d.due_at, d.stopped_at, d.stopped_by,
    exists (
      select 1 from milestone_current as a
      where a.pathway = d.pathway and a.kind = 'conference_delay_agreed'
        and (a.occurred_at is null or a.occurred_at >= d.started_at)
    ) as agreed,
    (
      select f.planned_for
      from conference_child as q
      join conference as f on f.id = q.conference
      where q.pathway = d.pathway and f.state = 'scheduled'
        and (f.kind = 'transfer_in') = (d.standard = 'transfer_in_conference')
      order by f.opened_at desc
      limit 1
    ) as planned_for
  from due as d
)
select
  count(*) filter (where t.stopped_at is null) as due,
  count(*) filter (where t.stopped_at is null and t.due_at >= $1 and t.due_at <= $2) as week,
  count(*) filter (where t.stopped_at is null and t.due_at < $1) as late,
  count(*) filter (where t.stopped_at is null and t.planned_for is null) as unscheduled,
  count(*) filter (where not t.agreed and (
    (t.stopped_at is null and (t.due_at < $1 or t.planned_for > t.due_at))
    or t.stopped_by in ('conference_held', 'transfer_in_conference_held')
  )) as without_reason,
  count(*) filter (where t.stopped_by in ('enquiry_completed', 'conference_not_required')) as not_required_late
from told as t;
