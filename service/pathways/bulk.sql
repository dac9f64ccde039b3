-- name: stage_milestone
create temporary table if not exists bulk_milestone (
  id uuid, pathway uuid, area text, force text, record uuid, root uuid, kind text,
  occurred_at timestamptz, occurred_on date, precision text, source text, recorded_at timestamptz,
  origin uuid, outcome text, detail jsonb, supersedes uuid, retracted boolean, reason text,
  authorised_by uuid, recorded_by_kind text, recorded_by uuid
) on commit delete rows;
truncate pg_temp.bulk_milestone;

-- name: take_milestone
insert into milestone (
  id, pathway, area, force, record, root, kind, occurred_at, occurred_on, precision, source,
  recorded_at, recorded_by_kind, recorded_by, origin, outcome, detail, supersedes, retracted,
  reason, authorised_by
)
select
  id, pathway, area, force, record, root, kind, occurred_at, occurred_on, precision, source,
  recorded_at, recorded_by_kind, recorded_by, origin, outcome, detail, supersedes, retracted,
  reason, authorised_by
from pg_temp.bulk_milestone;

-- name: stage_segment
create temporary table if not exists bulk_segment (
  pathway uuid, seq smallint, area text, force text, holder text, stage text, since timestamptz,
  until timestamptz, approximate boolean, opened_by uuid
) on commit delete rows;
truncate pg_temp.bulk_segment;

-- name: take_segment
insert into segment (pathway, seq, area, force, holder, stage, since, until, approximate, opened_by)
select pathway, seq, area, force, holder, stage, since, until, approximate, opened_by
from pg_temp.bulk_segment;

-- name: stage_clock
create temporary table if not exists bulk_clock (
  pathway uuid, standard text, episode uuid, area text, force text, version uuid, calendar integer,
  grade text, standing text, why text, started_at timestamptz, start_milestone uuid,
  warn_at timestamptz, due_at timestamptz, end_of_day boolean, stopped_at timestamptz,
  stop_milestone uuid, stop_recorded_at timestamptz, approximate boolean, rules boolean
) on commit delete rows;
truncate pg_temp.bulk_clock;

-- name: take_clock
insert into clock (
  pathway, standard, episode, area, force, version, calendar, grade, standing, why, started_at,
  start_milestone, warn_at, due_at, end_of_day, stopped_at, stop_milestone, stop_recorded_at,
  approximate, rules
)
select
  pathway, standard, episode, area, force, version, calendar, grade, standing, why, started_at,
  start_milestone, warn_at, due_at, end_of_day, stopped_at, stop_milestone, stop_recorded_at,
  approximate, rules
from pg_temp.bulk_clock;

-- name: stage_condition
create temporary table if not exists bulk_condition (
  about uuid, area text, force text, rule text, subject text, episode uuid, true_from timestamptz,
  true_until timestamptz, cause text, holder text, evidence text, flagged boolean
) on commit delete rows;
truncate pg_temp.bulk_condition;

-- name: take_condition
insert into condition (
  about, about_kind, area, force, rule, subject, episode, true_from, true_until, cause, holder,
  evidence, flagged
)
select
  about, 'pathway', area, force, rule, subject, episode, true_from, true_until, cause, holder,
  evidence::uuid[], flagged
from pg_temp.bulk_condition;

-- name: stage_state
create temporary table if not exists bulk_state (
  pathway uuid, area text, force text, incident uuid, child uuid, first_grade text, grade text,
  urgent boolean, stage text, holder text, held_since timestamptz, aware_at timestamptz,
  aware_on date, submitted_at timestamptz, shared_at timestamptz, received_at timestamptz,
  not_shared_at timestamptz, decided_at timestamptz, outcome text, allocated_to text,
  allocated_team text, allocation_wanted boolean, closed_at timestamptz, withdrawn boolean,
  next_due_at timestamptz, next_due_standard text, next_due_started_at timestamptz,
  waiting_since timestamptz
) on commit delete rows;
truncate pg_temp.bulk_state;

-- name: take_state
-- Whose figures changed is told in the same statement, as with a few (tell_changes, upsert_states).
with told as (
  insert into measure_change (child, incident, area, force)
  select child, incident, area, force from pg_temp.bulk_state
)
insert into pathway_state (
  pathway, area, force, incident, child, first_grade, grade, urgent, stage, holder, held_since,
  aware_at, aware_on, submitted_at, shared_at, received_at, not_shared_at, decided_at, outcome,
  allocated_to, allocated_team, allocation_wanted, closed_at, withdrawn, next_due_at,
  next_due_standard, next_due_started_at, waiting_since
)
select
  pathway, area, force, incident, child, first_grade, grade, urgent, stage, holder, held_since,
  aware_at, aware_on, submitted_at, shared_at, received_at, not_shared_at, decided_at, outcome,
  allocated_to, allocated_team, allocation_wanted, closed_at, withdrawn, next_due_at,
  next_due_standard, next_due_started_at, waiting_since
from pg_temp.bulk_state
on conflict (pathway) do update set
  area = excluded.area, force = excluded.force, incident = excluded.incident,
  child = excluded.child, first_grade = excluded.first_grade, grade = excluded.grade,
  urgent = excluded.urgent, stage = excluded.stage, holder = excluded.holder,
  held_since = excluded.held_since, aware_at = excluded.aware_at, aware_on = excluded.aware_on,
  submitted_at = excluded.submitted_at, shared_at = excluded.shared_at,
  received_at = excluded.received_at, not_shared_at = excluded.not_shared_at,
  decided_at = excluded.decided_at, outcome = excluded.outcome,
  allocated_to = excluded.allocated_to, allocated_team = excluded.allocated_team,
  allocation_wanted = excluded.allocation_wanted, closed_at = excluded.closed_at,
  withdrawn = excluded.withdrawn, next_due_at = excluded.next_due_at,
  next_due_standard = excluded.next_due_standard,
  next_due_started_at = excluded.next_due_started_at, waiting_since = excluded.waiting_since;
