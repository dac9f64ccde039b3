-- name: stage_milestone
create temporary table if not exists bulk_milestone (
  id uuid, pathway uuid, area text, force text, record uuid, root uuid, kind text,
  occurred_at timestamptz, occurred_on date, precision text, source text, recorded_at timestamptz,
  origin uuid, outcome text, detail jsonb, supersedes uuid, retracted boolean, reason text,
  authorised_by uuid, recorded_by_kind text, recorded_by uuid
) on commit delete rows;

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

-- name: clear_milestone
delete from pg_temp.bulk_milestone;

-- name: stage_segment
create temporary table if not exists bulk_segment (
  pathway uuid, seq smallint, area text, force text, holder text, stage text, since timestamptz,
  until timestamptz, approximate boolean, opened_by uuid
) on commit delete rows;

-- name: take_segment
insert into segment (pathway, seq, area, force, holder, stage, since, until, approximate, opened_by)
select pathway, seq, area, force, holder, stage, since, until, approximate, opened_by
from pg_temp.bulk_segment;

-- name: clear_segment
delete from pg_temp.bulk_segment;

-- name: stage_clock
create temporary table if not exists bulk_clock (
  pathway uuid, standard text, episode uuid, area text, force text, version uuid, calendar integer,
  grade text, standing text, why text, started_at timestamptz, start_milestone uuid,
  warn_at timestamptz, due_at timestamptz, end_of_day boolean, stopped_at timestamptz,
  stop_milestone uuid, stop_recorded_at timestamptz, approximate boolean, rules boolean
) on commit delete rows;

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

-- name: clear_clock
delete from pg_temp.bulk_clock;

-- name: stage_condition
create temporary table if not exists bulk_condition (
  about uuid, area text, force text, rule text, subject text, episode uuid, true_from timestamptz,
  true_until timestamptz, cause text, holder text, evidence text, flagged boolean
) on commit delete rows;

-- name: take_condition
insert into condition (
  about, about_kind, area, force, rule, subject, episode, true_from, true_until, cause, holder,
  evidence, flagged
)
select
  about, 'pathway', area, force, rule, subject, episode, true_from, true_until, cause, holder,
  evidence::uuid[], flagged
from pg_temp.bulk_condition;

-- name: clear_condition
delete from pg_temp.bulk_condition;
