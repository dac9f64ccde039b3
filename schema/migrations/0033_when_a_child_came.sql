-- When a child came on the books, and not when its incident did: a child who was found late is told from its siblings.
-- (create or replace keeps whatever stands on the view, and its columns.)
create or replace view police_pathway with (security_barrier = true) as
select
  p.id, p.incident, i.force, i.reference, i.district, p.area, p.first_seen_at, p.involvement,
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
