-- name: visible
-- Pathways the actor may act on: whole records of an area, or a force's own through its view.
select p.id, p.area, p.force, p.child from pathway as p where p.id = any($1::uuid[])
union
select v.id, v.area, v.force, v.child from police_pathway as v where v.id = any($1::uuid[]);

-- name: lock
-- In id order, so that two writers never wait for each other in a circle.
select p.id, p.area, p.force from pathway as p where p.id = any($1::uuid[]) order by p.id for no key update;

-- name: of_children
select p.id from pathway as p where p.child = any($1::uuid[]);

-- name: of_same_children
-- All pathways of the children of these pathways, of which those of $2 are declined just now: a notice not
-- shared bears on other incidents, and so does what undoes it.
select distinct q.id
from pathway as p
join pathway as q on q.child = p.child
where p.id = any($1::uuid[])
  and (
    p.id = any($2::uuid[])
    or exists (select 1 from milestone as m where m.pathway = p.id and m.kind = 'notice_not_shared')
  );

-- name: children_of
select distinct p.child from pathway as p where p.id = any($1::uuid[]);

-- name: facts
select
  p.id, p.area, p.force, p.involvement, c.date_of_birth, c.expected_date_of_birth,
  c.school_status, i.coverage, p.incident, p.child
from pathway as p
join child as c on c.id = p.child
join incident as i on i.id = p.incident
where p.id = any($1::uuid[])
order by p.id;

-- name: not_shared_of_children
select n.child, n.pathway, n.at
from not_shared_of_children($1::uuid[]) as n
order by n.child, n.pathway, n.milestone;

-- name: milestones
select
  m.pathway, m.id, m.root, m.record, m.kind, m.occurred_at, m.occurred_on, m.precision,
  m.recorded_at, m.source, m.outcome, m.detail, m.supersedes, m.retracted
from milestone as m
where m.pathway = any($1::uuid[])
order by m.pathway, m.recorded_at, m.id;

-- name: flags
select f.about, f.rule, f.subject, f.episode, f.true_from, f.noticed_at
from flag as f
where f.about = any($1::uuid[]) and f.about_kind = 'pathway';

-- name: insert_milestones
insert into milestone (
  id, pathway, area, force, record, root, kind, occurred_at, occurred_on, precision, source,
  recorded_at, recorded_by_kind, recorded_by, origin, outcome, detail, supersedes, retracted,
  reason, authorised_by
)
select
  id, pathway, area, force, record, root, kind, occurred_at, occurred_on, precision, source,
  recorded_at, recorded_by_kind, recorded_by, origin, outcome, detail, supersedes, retracted,
  reason, authorised_by
from unnest(
  $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[],
  $8::timestamptz[], $9::date[], $10::text[], $11::text[], $12::timestamptz[], $13::uuid[],
  $14::text[], $15::jsonb[], $16::uuid[], $17::boolean[], $18::text[], $19::uuid[], $20::text[],
  $21::uuid[]
) as t (
  id, pathway, area, force, record, root, kind, occurred_at, occurred_on, precision, source,
  recorded_at, origin, outcome, detail, supersedes, retracted, reason, authorised_by,
  recorded_by_kind, recorded_by
);

-- name: open_pathways
insert into pathway (id, incident, child, area, force, involvement, restricted, first_seen_at)
select t.id, t.incident, t.child, t.area, t.force, t.involvement, t.restricted, t.first_seen_at
from unnest(
  $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::boolean[],
  $8::timestamptz[]
) as t (id, incident, child, area, force, involvement, restricted, first_seen_at);

-- name: chain
-- One fact and its corrections, for every pathway it covers.
select
  m.id, m.pathway, m.root, m.record, m.kind, m.occurred_at, m.occurred_on, m.precision,
  m.recorded_at, m.outcome, m.detail, m.source, m.reason, m.retracted,
  n.id as superseded_by
from milestone as m
left join milestone as n on n.supersedes = m.id
where m.record = (select o.record from milestone as o where o.id = $1)
order by m.pathway, m.recorded_at, m.id;

-- name: fact
select m.id, m.pathway, m.area, m.kind, m.record, m.occurred_at, m.occurred_on, m.outcome, m.detail
from milestone as m
where m.id = $1;

-- name: clear_derived
with a as (delete from segment where pathway = any($1::uuid[])),
  b as (delete from clock where pathway = any($1::uuid[])),
  c as (delete from wait where pathway = any($1::uuid[])),
  d as (delete from condition where about = any($1::uuid[]) and about_kind = 'pathway')
select 1;

-- name: insert_segments
insert into segment (pathway, seq, area, force, holder, stage, since, until, approximate, opened_by)
select * from unnest(
  $1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
  $8::timestamptz[], $9::boolean[], $10::uuid[]
);

-- name: insert_clocks
insert into clock (
  pathway, standard, episode, area, force, version, calendar, grade, standing, why, started_at,
  start_milestone, warn_at, due_at, end_of_day, stopped_at, stop_milestone, stop_recorded_at,
  approximate, rules
)
select * from unnest(
  $1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::integer[],
  $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::uuid[], $13::timestamptz[],
  $14::timestamptz[], $15::boolean[], $16::timestamptz[], $17::uuid[], $18::timestamptz[],
  $19::boolean[], $20::boolean[]
);

-- name: insert_waits
insert into wait (
  pathway, seq, area, force, since, since_day_precise, until, until_day_precise, exit, episode
)
select * from unnest(
  $1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::timestamptz[], $6::boolean[],
  $7::timestamptz[], $8::boolean[], $9::text[], $10::uuid[]
);

-- name: insert_conditions
insert into condition (
  about, about_kind, area, force, rule, subject, episode, true_from, true_until, cause, holder,
  evidence, flagged
)
select
  t.about, 'pathway', t.area, t.force, t.rule, t.subject, t.episode, t.true_from, t.true_until,
  t.cause, t.holder, t.evidence::uuid[], t.flagged
from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::timestamptz[],
  $8::timestamptz[], $9::text[], $10::text[], $11::text[], $12::boolean[]
) as t (
  about, area, force, rule, subject, episode, true_from, true_until, cause, holder, evidence,
  flagged
);

-- name: tell_changes
-- Whose figures changed: appended, so that writers never wait for each other.
insert into measure_change (child, incident, area, force)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]);

-- name: upsert_states
insert into pathway_state (
  pathway, area, force, incident, child, first_grade, grade, urgent, stage, holder, held_since,
  aware_at, aware_on, submitted_at, shared_at, received_at, not_shared_at, decided_at, outcome,
  allocated_to, allocated_team, allocation_wanted, closed_at, withdrawn, next_due_at,
  next_due_standard, next_due_started_at, waiting_since
)
select * from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],
  $8::boolean[], $9::text[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::date[],
  $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::timestamptz[],
  $18::timestamptz[], $19::text[], $20::text[], $21::text[], $22::boolean[], $23::timestamptz[],
  $24::boolean[], $25::timestamptz[], $26::text[], $27::timestamptz[], $28::timestamptz[]
)
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

-- name: rule_versions
select
  (select coalesce(max(s.seq), 0) from standard as s) as standards,
  (select coalesce(max(c.version), 0) from calendar as c) as calendars;

-- name: standards
select s.body::text from standard as s order by s.seq;

-- name: calendars
select c.body::text from calendar as c order by c.version;

-- name: insert_standard
insert into standard (id, key, area, effective_from, recorded_at, recorded_by, body)
values ($1, $2, $3, $4, $5, $6, $7::text::jsonb)
on conflict (id) do nothing
returning id;

-- name: insert_calendar
insert into calendar (version, recorded_at, recorded_by, body)
values ($1, $2, $3, $4::text::jsonb)
on conflict (version) do nothing;

-- name: queue
insert into outbox (id, kind, subject, queued_at, run_at) values ($1, $2, $3, $4, $4);

-- name: open_after
-- Pathways with a clock that runs, in id order: those that a new calendar may move.
select distinct c.pathway
from clock as c
where c.pathway > $1 and c.standing <> 'not_applicable' and c.stopped_at is null
order by c.pathway
limit $2;

-- name: stored_segments
select pathway, seq, area, force, holder, stage, since, until, approximate, opened_by
from segment where pathway = any($1::uuid[]) order by pathway, seq;

-- name: stored_clocks
select
  pathway, standard, episode, area, force, version, calendar, grade, standing, why, started_at,
  start_milestone, warn_at, due_at, end_of_day, stopped_at, stop_milestone, stop_recorded_at,
  approximate, rules
from clock where pathway = any($1::uuid[]);

-- name: stored_waits
select
  pathway, seq, area, force, since, since_day_precise, until, until_day_precise, exit, episode
from wait where pathway = any($1::uuid[]) order by pathway, seq;

-- name: stored_conditions
select
  about, area, force, rule, subject, episode, true_from, true_until, cause, holder,
  evidence::text, flagged
from condition where about = any($1::uuid[]) and about_kind = 'pathway';

-- name: stored_states
select
  pathway, area, force, incident, child, first_grade, grade, urgent, stage, holder, held_since,
  aware_at, aware_on, submitted_at, shared_at, received_at, not_shared_at, decided_at, outcome,
  allocated_to, allocated_team, allocation_wanted, closed_at, withdrawn, next_due_at,
  next_due_standard, next_due_started_at, waiting_since
from pathway_state where pathway = any($1::uuid[]);

-- name: pathways_after
select p.id from pathway as p where p.id > $1 order by p.id limit $2;

-- name: count_pathways
select count(*) from pathway;

-- name: next_due
select distinct on (c.pathway) c.pathway, c.standard, c.due_at, c.end_of_day
from clock as c
where c.pathway = any($1::uuid[])
  and c.standing = 'ok' and c.rules and c.stopped_at is null and c.due_at is not null
order by c.pathway, c.due_at, c.standard;

-- name: propose
insert into correction_proposal (
  id, milestone, pathway, area, force, body, standards, proposed_by_kind, proposed_by, proposed_at
)
select $1, m.id, m.pathway, $3, $4, $5, $6::text[], $7, $8, $9
from (select $2::uuid as id, $10::uuid as pathway) as m;

-- name: proposals
select
  c.id, c.milestone, c.pathway, c.body, c.standards, c.proposed_by,
  coalesce(p.name, c.proposed_by_kind) as proposed_by_name, c.proposed_at
from correction_proposal as c
left join person as p on p.id = c.proposed_by
where c.decided_at is null
order by c.proposed_at, c.id;

-- name: proposal
select c.milestone, c.area, c.body, c.proposed_by, c.decided_at
from correction_proposal as c
where c.id = $1
for update;

-- name: decide_proposal
update correction_proposal set decided_by = $2, decided_at = $3, accepted = $4 where id = $1;
