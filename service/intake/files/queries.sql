-- name: feed
select f.name, f.profile, f.force, f.coverage from feed as f where f.name = $1;

-- name: feeds
select f.name, f.profile, f.force, f.coverage from feed as f order by f.name;

-- name: areas_of_force
select fa.area from force_area as fa where fa.force = $1;

-- name: insert_import
insert into import (
  id, kind, feed, force, area, file_name, sha256, size, dry_run, state, requested_by_kind,
  requested_by, stored_at
) values ($1, $2, $3, $4, $5, $6, '', 0, $7, 'storing', $8, $9, $10);

-- name: insert_chunk
insert into import_chunk (import, seq, bytes) values ($1, $2, $3);

-- name: claim
-- Locked for the batch's transaction: one process works on an import, a second one waits and then
-- goes on after the last row that stands.
select
  i.id, i.kind, i.feed, i.force, i.area, i.dry_run, i.state, i.last_row, i.requested_by_kind,
  i.requested_by, i.stored_at, i.size, i.file_name
from import as i
where i.id = $1
for update;

-- name: job
select
  i.id, i.kind, i.feed, i.force, i.area, i.dry_run, i.state, i.last_row, i.requested_by_kind,
  i.requested_by, i.stored_at, i.size, i.file_name
from import as i
where i.id = $1;

-- name: unfinished
select i.id from import as i
where i.feed is not distinct from $1 and i.sha256 = $2 and i.dry_run = $3 and i.state in ('waiting', 'running')
  and i.requested_by_kind = 'system'
order by i.stored_at desc, i.id desc
limit 1;

-- name: chunks
select c.bytes from import_chunk as c where c.import = $1 order by c.seq;

-- name: start
update import set
  state = 'running', started_at = coalesce(started_at, $2), columns = $3::text[]
where id = $1;

-- name: advance
update import set
  last_row = $2, accepted = accepted + $3, repeated = repeated + $4, held = held + $5,
  refused = refused + $6, updated = updated + $7, created = created + $8,
  unchanged = unchanged + $9
where id = $1;

-- name: finish
update import set state = $2, finished_at = $3, error = $4 where id = $1;

-- name: insert_rows
insert into import_row (
  id, import, number, outcome, updated, reasons, cells, proposal, identity, subject_key, reference,
  area, force, pathway, aged_from, grade, urgent, dry_run, settled_at, settled_by, settled_as, settled_note
)
select
  t.id, $1, t.number, t.outcome, t.updated, t.reasons::jsonb, t.cells, t.proposal::jsonb,
  t.identity, t.subject_key, t.reference, t.area, t.force, t.pathway,
  t.aged_from, t.grade, t.urgent, t.dry_run, t.settled_at, t.settled_by, t.settled_as, t.settled_note
from unnest(
  $2::uuid[], $3::integer[], $4::text[], $5::boolean[], $6::text[], $7::bytea[], $8::text[],
  $9::text[], $10::uuid[], $11::text[], $12::text[], $13::text[], $14::uuid[], $15::timestamptz[],
  $16::text[], $17::boolean[], $18::boolean[], $19::timestamptz[], $20::uuid[], $21::text[], $22::text[]
) as t (
  id, number, outcome, updated, reasons, cells, proposal, identity, subject_key, reference, area,
  force, pathway, aged_from, grade, urgent, dry_run, settled_at, settled_by, settled_as, settled_note
);

-- name: tried_rows
select r.number, r.cells
from import_row as r
where r.import = $1 and r.dry_run and r.outcome = 'accepted' and r.reference = any($2::text[])
order by r.number;

-- name: held_identities
-- Of these fingerprints, those of rows that a person has looked at or has still to look at.
select distinct r.identity
from import_row as r
where r.force = $1 and r.identity = any($2::text[]) and r.outcome = 'held'
  and (not r.dry_run or r.import = $3);

-- name: settled_identities
-- Of these fingerprints of refused rows, those that were settled, with who did that last and why: as not needed, or
-- because what they are about stands on the books.
select distinct on (r.identity)
  r.identity, case r.settled_as when 'discarded' then 'discarded' else 'on_the_books' end as settled_as,
  r.settled_by, r.settled_note
from import_row as r
where r.force = $1 and r.identity = any($2::text[]) and r.outcome = 'refused'
  and r.settled_at is not null and not r.dry_run
order by r.identity, r.settled_at desc, r.id;

-- name: on_the_books
-- Of these references, the normalised names of the children on the books.
select i.reference, c.normal_name
from incident as i
join pathway as p on p.incident = i.id
join child as c on c.id = coalesce(p.recorded_child, p.child)
where i.force = $1 and i.reference = any($2::text[]);

-- name: insert_conditions
-- One condition for each reference and child that is not on the books, however often it is refused.
insert into condition (
  about, about_kind, area, force, rule, subject, episode, true_from, holder, evidence
)
select t.about, 'import_row', t.area, $1, 'not_on_the_books', 'notice', t.about, t.true_from, 'police', '{}'
from unnest($2::uuid[], $3::text[], $4::timestamptz[]) as t (about, area, true_from)
on conflict (about, rule, subject, episode) do update
  set true_until = null, cause = null
  where condition.true_until is not null;

-- name: end_conditions
update condition set true_until = $2, cause = $3
where about = any($1::uuid[]) and rule = 'not_on_the_books' and true_until is null;

-- name: settle_open_rows
-- What was held or refused and now stands on the books needs nobody any more; but what contradicts the
-- books is for a person, whatever else is said of that child.
update import_row set settled_at = $3, settled_as = 'on_the_books'
where force = $1 and subject_key = any($2::uuid[]) and settled_at is null
  and outcome in ('held', 'refused') and proposal is null and not dry_run;

-- name: complete
update import set sha256 = $2, size = $3, state = 'waiting' where id = $1;

-- name: counts
select i.accepted, i.repeated, i.held, i.refused, i.updated from import as i where i.id = $1;

-- name: failure
select i.error from import as i where i.id = $1 and i.state = 'failed';

-- name: columns
select i.columns from import as i where i.id = $1;

-- name: count_open
select count(*) from import_row as r
where r.import = $1 and r.outcome in ('held', 'refused') and r.settled_at is null;

-- name: open_rows
select r.number, r.cells, r.reasons
from import_row as r
where r.import = $1 and r.outcome in ('held', 'refused') and r.settled_at is null and r.number > $2
order by r.number
limit $3;

-- name: history_counts
select i.created, i.unchanged, i.updated, i.refused from import as i where i.id = $1;

-- name: waiting_for_second
-- A history file holds no rows: what is counted there are its proposed corrections.
select i.held from import as i where i.id = $1;

-- name: count_imports
select count(*) from import;

-- name: imports
select
  i.id, i.kind, i.feed, i.force, i.area, i.file_name, encode(i.sha256, 'hex') as sha256, i.size,
  i.dry_run, i.state, coalesce(p.name, c.name, i.requested_by_kind) as sent_by, i.stored_at,
  i.started_at, i.finished_at, i.last_row,
  case i.kind
    when 'police' then i.accepted + i.repeated + i.held + i.refused
    else i.created + i.unchanged + i.updated + i.refused
  end as read,
  i.accepted, i.repeated, case i.kind when 'police' then i.held else 0 end as held, i.refused,
  i.updated, i.created, i.unchanged, i.error,
  (
    select count(*) from import_row as r
    where r.import = i.id and r.outcome in ('held', 'refused') and r.settled_at is null
  ) as open_rows
from import as i
left join person as p on p.id = i.requested_by
left join client as c on c.id = i.requested_by
where $1::uuid is null or i.id = $1
order by i.stored_at desc, i.id desc
limit $2 offset $3;

-- name: count_rows
select count(*) from import_row as r
where r.import = $1 and ($2::text is null or r.outcome = $2);

-- name: rows
select
  r.id, r.number, r.outcome, r.updated, r.reasons, r.reference, r.area, r.grade, r.urgent,
  r.pathway, r.aged_from, r.settled_as, r.settled_at, p.name as settled_by, r.settled_note
from import_row as r
left join person as p on p.id = r.settled_by
where r.import = $1 and ($2::text is null or r.outcome = $2)
order by r.number
limit $3 offset $4;

-- name: count_not_on_the_books
select count(*) from condition as k
where k.rule = 'not_on_the_books' and k.about_kind = 'import_row' and k.true_until is null;

-- name: not_on_the_books
select
  r.id as row, r.import as of, r.number, r.reference, r.area, r.grade, r.urgent, r.outcome,
  r.reasons, r.aged_from, k.true_from as flagged_at
from condition as k
cross join lateral (
  select
    r.id, r.import, r.number, r.reference, r.area, r.grade, r.urgent, r.outcome, r.reasons, r.aged_from
  from import_row as r
  where r.subject_key = k.about and r.outcome in ('held', 'refused') and r.settled_at is null
  order by r.aged_from, r.id
  limit 1
) as r
where k.rule = 'not_on_the_books' and k.about_kind = 'import_row' and k.true_until is null
order by r.aged_from, r.id
limit $1 offset $2;

-- name: lock_row
select r.id from import_row as r where r.id = $1 for update;

-- name: unsettled
select
  r.id, r.import as of, r.number, r.outcome, r.cells, r.reasons, r.proposal, r.subject_key,
  r.reference, r.area, r.force, i.feed, i.columns, i.file_name, r.pathway, r.aged_from,
  r.settled_as
from import_row as r
join import as i on i.id = r.import
where r.id = $1 and r.outcome in ('held', 'refused') and not r.dry_run and i.kind = 'police';

-- name: settle
update import_row set settled_at = $2, settled_by = $3, settled_as = $4, settled_note = $5
where id = $1;

-- name: open_of_subject
select exists (
  select 1 from import_row as r
  where r.subject_key = $1 and r.outcome in ('held', 'refused') and r.settled_at is null
);

-- name: correct_told
update pathway_told set district = coalesce($2, district), summary = coalesce($3, summary)
where pathway = $1;

-- name: correct_child
update child as c set
  date_of_birth = coalesce($2::date, c.date_of_birth),
  expected_date_of_birth = coalesce($3::date, c.expected_date_of_birth),
  sex = coalesce($4::text, c.sex),
  version = c.version + 1
from pathway as p
where p.id = $1 and c.id = coalesce(p.recorded_child, p.child)
returning c.id;

-- name: current_facts
select m.kind, m.occurred_at, m.occurred_on, m.precision, m.outcome, m.detail
from milestone_current as m
where m.root in (select o.root from milestone as o where o.id = any($1::uuid[]));
