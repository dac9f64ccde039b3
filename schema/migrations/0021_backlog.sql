-- migrate: no-transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- What the backlog report asks: when notices left the force, and what was known of them at an earlier instant.

create index concurrently if not exists pathway_state_left
  on pathway_state (force, (coalesce(shared_at, not_shared_at)))
  where coalesce(shared_at, not_shared_at) is not null;

-- That a pathway was withdrawn is told to the police already, by its status; with the milestone, what stood at an
-- earlier instant can be told too. Why it was withdrawn stays with those who withdrew it.
create or replace view police_milestone with (security_barrier = true) as
select
  m.id, m.pathway, m.area, m.force, m.record, m.root, m.kind, m.occurred_at, m.occurred_on,
  m.precision, m.source, m.recorded_at, m.recorded_by_kind, m.recorded_by, m.origin,
  case when m.kind <> 'withdrawn' then m.outcome end as outcome,
  case when m.kind <> 'withdrawn' then m.detail else '{}'::jsonb end as detail,
  m.supersedes, m.retracted,
  case when m.kind <> 'withdrawn' then m.reason end as reason, m.authorised_by
from milestone as m
join pathway as p on p.id = m.pathway
where m.force = any ((select allowed_forces())::text[]) and not p.restricted
  and m.kind in (
    'incident_occurred', 'police_reported', 'police_attended', 'seen_at_scene', 'risk_graded',
    'urgent_for_child', 'risk_regraded', 'notice_submitted', 'notice_shared', 'notice_received',
    'notice_not_shared', 'school_notified', 'withdrawn'
  );
