-- name: head_area
select
  p.id as pathway, p.incident, p.area, p.force, p.involvement, i.reference, i.district, i.summary,
  c.id as child, c.family_name, c.given_names, c.date_of_birth, c.expected_date_of_birth, c.sex,
  c.ethnicity, c.disability, c.local_reference, c.school_status, sc.name as school_name,
  c.confidential_address, c.safe_contact, s.first_grade, s.grade, s.urgent, s.stage, s.holder,
  s.held_since, s.waiting_since, s.outcome, s.decided_at, s.withdrawn, s.next_due_at,
  s.next_due_standard, false as police_view,
  (s.decided_at at time zone 'Europe/London')::date as decided_on
from pathway as p
join incident as i on i.id = p.incident
join child as c on c.id = p.child
join pathway_state as s on s.pathway = p.id
left join school as sc on sc.id = c.school
where p.id = $1;

-- name: head_police
select
  v.id as pathway, v.incident, v.area, v.force, v.involvement, v.reference, v.district,
  null::text as summary, v.child, v.family_name, v.given_names, v.date_of_birth,
  v.expected_date_of_birth, v.sex, null::text as ethnicity, null::text as disability,
  null::text as local_reference, v.school_status, null::text as school_name,
  false as confidential_address, null::text as safe_contact, v.first_grade, v.grade, v.urgent,
  v.status as stage,
  case when v.status = 'not_yet_shared' then 'police' else '' end as holder,
  null::timestamptz as held_since,
  case when v.status = 'not_yet_shared' then v.aware_at end as waiting_since,
  v.outcome_category as outcome, null::timestamptz as decided_at, v.withdrawn,
  null::timestamptz as next_due_at, null::text as next_due_standard, true as police_view,
  v.decided_on, v.sent_before, v.shared_on
from police_pathway as v
where v.id = $1;

-- name: police_clocks
select
  k.standard, k.episode, k.version, k.calendar, k.grade, k.standing, k.why, k.started_at,
  k.start_milestone, k.warn_at, k.due_at, k.end_of_day, k.stopped_at, k.stop_milestone,
  k.stop_recorded_at, k.approximate, k.rules
from police_clock as k
where k.pathway = $1;

-- name: police_milestones
select
  m.id, m.root, m.record, m.kind, m.occurred_at, m.occurred_on, m.precision, m.recorded_at,
  m.source, m.outcome, m.detail, m.supersedes, m.retracted
from police_milestone as m
where m.pathway = $1
order by m.recorded_at, m.id;

-- name: who_area
-- Who recorded each milestone, why it corrects, and who agreed.
select
  m.id, m.recorded_by_kind, coalesce(p.name, k.name, m.recorded_by_kind) as recorded_by, m.reason,
  a.name as authorised_by
from milestone as m
left join person as p on p.id = m.recorded_by
left join client as k on k.id = m.recorded_by
left join person as a on a.id = m.authorised_by
where m.pathway = $1;

-- name: who_police
select
  m.id, m.recorded_by_kind, coalesce(p.name, k.name, m.recorded_by_kind) as recorded_by, m.reason,
  a.name as authorised_by
from police_milestone as m
left join person as p on p.id = m.recorded_by
left join client as k on k.id = m.recorded_by
left join person as a on a.id = m.authorised_by
where m.pathway = $1;

-- name: flags_area
select
  f.id, f.rule, f.subject, f.episode, f.true_from, f.noticed_at, f.holder, c.true_until, c.cause
from flag as f
left join condition as c
  on c.about = f.about and c.rule = f.rule and c.subject = f.subject and c.episode = f.episode
where f.about = $1
order by f.true_from desc, f.id;

-- name: flags_police
select
  f.id, f.rule, f.subject, f.episode, f.true_from, f.noticed_at, f.holder, f.true_until, f.cause
from police_flag as f
where f.about = $1
order by f.true_from desc, f.id;

-- name: others_area
-- Other incidents of this child, and the other children of this incident.
select
  p.id as pathway, p.child = $2 as same_child, i.reference, c.family_name, c.given_names,
  c.date_of_birth, s.grade, s.stage, s.aware_at, s.waiting_since, s.outcome
from pathway as p
join incident as i on i.id = p.incident
join child as c on c.id = p.child
join pathway_state as s on s.pathway = p.id
where (p.child = $2 or p.incident = $3) and p.id <> $1
order by s.aware_at desc nulls last, p.id
limit 100;

-- name: others_police
select
  v.id as pathway, v.child = $2 as same_child, v.reference, v.family_name, v.given_names,
  v.date_of_birth, v.grade, v.status as stage, v.aware_at, null::timestamptz as waiting_since,
  v.outcome_category as outcome
from police_pathway as v
where (v.child = $2 or v.incident = $3) and v.id <> $1
order by v.aware_at desc nulls last, v.id
limit 100;

-- name: workers
-- Practitioners of an area to whom a child may be allocated, with their team.
select p.id, p.name, r.team::text as team, t.name as team_name
from person_role as r
join person as p on p.id = r.person
left join team as t on t.id = r.team
where r.area = $1 and r.role = 'social_worker' and r.until is null and p.disabled_at is null
order by p.name;
