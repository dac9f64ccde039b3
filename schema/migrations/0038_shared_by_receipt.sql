-- A notice that was received had been sent, at the latest then: where nobody recorded the sending it counts as shared at
-- its receipt, as clocks, holders and figures count it, and `sent_before` says so. Beside each time of which the day alone
-- is known stands that day, since the time is then the latest that it can have been and may lie in the day after.
-- (Milestones themselves are read, and not the view of those that stand, which reads as whoever asks.)
-- (create or replace keeps whatever stands on the view, and its columns.)
create or replace view police_pathway with (security_barrier = true) as
select
  p.id, p.incident, i.force, i.reference, i.district, p.area, p.first_seen_at, p.involvement,
  c.id as child, c.family_name, c.given_names, c.date_of_birth, c.expected_date_of_birth, c.sex,
  c.school, c.school_status,
  s.first_grade, s.grade, s.urgent, s.aware_at, s.aware_on, s.submitted_at,
  least(s.shared_at, s.received_at) as shared_at,
  s.not_shared_at, s.withdrawn,
  case
    when s.withdrawn then 'withdrawn'
    when s.not_shared_at is not null and s.shared_at is null and s.received_at is null then 'not_shared'
    when s.shared_at is null and s.received_at is null then 'not_yet_shared'
    when s.decided_at is null then 'waiting_for_decision'
    else 'decided'
  end as status,
  (s.decided_at at time zone 'Europe/London')::date as decided_on,
  case
    when s.outcome in ('no_further_action', 'advice') then 'no_further_action_or_advice'
    when s.outcome = 'early_help' then 'early_help'
    when s.outcome is not null then 'childrens_social_care'
  end as outcome_category,
  case when s.shared_at is null then s.received_at end as sent_before,
  (
    select min(m.occurred_on)
    from milestone as m
    where m.pathway = p.id and m.occurred_at is null and not m.retracted
      and m.kind = 'notice_submitted'
      and not exists (select from milestone as n where n.supersedes = m.id)
      and not exists (
        select from milestone as e
        where e.pathway = p.id and e.kind = m.kind and e.occurred_at <= s.submitted_at and not e.retracted
          and not exists (select from milestone as n where n.supersedes = e.id)
      )
  ) as submitted_on,
  (
    select min(m.occurred_on)
    from milestone as m
    where m.pathway = p.id and m.occurred_at is null and not m.retracted
      and m.kind = case
        when s.shared_at <= coalesce(s.received_at, 'infinity') then 'notice_shared' else 'notice_received'
      end
      and not exists (select from milestone as n where n.supersedes = m.id)
      and not exists (
        select from milestone as e
        where e.pathway = p.id and e.kind = m.kind and e.occurred_at <= least(s.shared_at, s.received_at) and not e.retracted
          and not exists (select from milestone as n where n.supersedes = e.id)
      )
  ) as shared_on,
  (
    select min(m.occurred_on)
    from milestone as m
    where m.pathway = p.id and m.occurred_at is null and not m.retracted
      and m.kind = 'notice_not_shared'
      and not exists (select from milestone as n where n.supersedes = m.id)
      and not exists (
        select from milestone as e
        where e.pathway = p.id and e.kind = m.kind and e.occurred_at <= s.not_shared_at and not e.retracted
          and not exists (select from milestone as n where n.supersedes = e.id)
      )
  ) as not_shared_on
from pathway as p
join incident as i on i.id = p.incident
join child as c on c.id = p.child
join pathway_state as s on s.pathway = p.id
where p.force = any ((select allowed_forces())::text[]) and not p.restricted;

create or replace function police_incidents(of_forces text[], since timestamptz) returns setof uuid
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select s.incident
  from pathway_state as s
  where s.force = any (of_forces) and s.force = any ((select allowed_forces())::text[])
    and s.shared_at is null and s.not_shared_at is null and s.received_at is null and not s.withdrawn
  union
  select s.incident
  from pathway_state as s
  where s.force = any (of_forces) and s.force = any ((select allowed_forces())::text[])
    and coalesce(s.shared_at, s.not_shared_at) >= since
  union
  select s.incident
  from pathway_state as s
  where s.force = any (of_forces) and s.force = any ((select allowed_forces())::text[])
    and s.shared_at is null and s.received_at is not null and s.received_at >= since;
end;

create or replace function police_incidents_known(of_forces text[], at timestamptz, since timestamptz) returns setof uuid
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select s.incident
  from pathway_state as s
  where s.force = any (of_forces) and s.force = any ((select allowed_forces())::text[])
    and s.shared_at is null and s.not_shared_at is null and s.received_at is null
  union
  select s.incident
  from pathway_state as s
  where s.force = any (of_forces) and s.force = any ((select allowed_forces())::text[])
    and coalesce(s.shared_at, s.not_shared_at) >= since
  union
  select s.incident
  from pathway_state as s
  where s.force = any (of_forces) and s.force = any ((select allowed_forces())::text[])
    and s.shared_at is null and s.received_at is not null and s.received_at >= since
  union
  select p.incident
  from milestone as m
  join pathway as p on p.id = m.pathway
  where m.force = any (of_forces) and m.force = any ((select allowed_forces())::text[]) and m.recorded_at > at
    and m.kind in ('notice_shared', 'notice_received', 'notice_not_shared', 'withdrawn');
end;
