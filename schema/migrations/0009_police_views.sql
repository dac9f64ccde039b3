-- What police liaison officers read. They have no row of the tables themselves: after a notice is
-- shared they see its status, the date of the decision and the category of its outcome, no more.

create view police_pathway with (security_barrier = true) as
select
  p.id, p.incident, i.force, i.reference, i.district, p.area, i.first_seen_at, p.involvement,
  c.id as child, c.family_name, c.given_names, c.date_of_birth, c.expected_date_of_birth, c.sex,
  c.school, c.school_status,
  s.first_grade, s.grade, s.urgent, s.aware_at, s.aware_on, s.submitted_at, s.shared_at,
  s.not_shared_at, s.withdrawn,
  case
    when s.withdrawn then 'withdrawn'
    when s.not_shared_at is not null and s.shared_at is null then 'not_shared'
    when s.shared_at is null then 'not_yet_shared'
    when s.decided_at is null then 'waiting_for_decision'
    else 'decided'
  end as status,
  (s.decided_at at time zone 'Europe/London')::date as decided_on,
  case
    when s.outcome in ('no_further_action', 'advice') then 'no_further_action_or_advice'
    when s.outcome = 'early_help' then 'early_help'
    when s.outcome is not null then 'childrens_social_care'
  end as outcome_category
from pathway as p
join incident as i on i.id = p.incident
join child as c on c.id = p.child
join pathway_state as s on s.pathway = p.id
where p.force = any ((select allowed_forces())::text[]) and not p.restricted;

create view police_clock with (security_barrier = true) as
select
  k.pathway, k.standard, k.episode, k.area, k.force, k.version, k.calendar, k.grade, k.standing,
  k.why, k.started_at, k.start_milestone, k.warn_at, k.due_at, k.end_of_day, k.stopped_at,
  k.stop_milestone, k.stop_recorded_at, k.approximate, k.rules
from clock as k
join pathway as p on p.id = k.pathway
where k.force = any ((select allowed_forces())::text[]) and not p.restricted
  and k.standard in ('police_share', 'absent_notice', 'in_transit', 'school_notified');

create view police_milestone with (security_barrier = true) as
select
  m.id, m.pathway, m.area, m.force, m.record, m.root, m.kind, m.occurred_at, m.occurred_on,
  m.precision, m.source, m.recorded_at, m.recorded_by_kind, m.recorded_by, m.origin, m.outcome,
  m.detail, m.supersedes, m.retracted, m.reason, m.authorised_by
from milestone as m
join pathway as p on p.id = m.pathway
where m.force = any ((select allowed_forces())::text[]) and not p.restricted
  and m.kind in (
    'incident_occurred', 'police_reported', 'police_attended', 'seen_at_scene', 'risk_graded',
    'urgent_for_child', 'risk_regraded', 'notice_submitted', 'notice_shared', 'notice_received',
    'notice_not_shared', 'school_notified'
  );

create view police_flag with (security_barrier = true) as
select
  f.id, f.about, f.about_kind, f.area, f.force, f.rule, f.subject, f.episode, f.true_from,
  f.noticed_at, f.holder, c.true_until, c.cause
from flag as f
left join condition as c
  on c.about = f.about and c.rule = f.rule and c.subject = f.subject and c.episode = f.episode
where f.force = any ((select allowed_forces())::text[])
  and (
    f.about_kind = 'import_row'
    or exists (select 1 from pathway as p where p.id = f.about and not p.restricted)
  )
  and (
    f.about_kind = 'import_row' or f.holder = 'police'
    or f.subject in ('police_share', 'absent_notice', 'in_transit', 'school_notified')
  );

grant select on police_pathway, police_clock, police_milestone, police_flag to tracker_app;
