-- name: queue
insert into outbox (id, kind, subject, queued_at, run_at) values ($1, $2, $3, $4, $5);

-- name: claim
-- The oldest work that is due and that nobody holds. An attempt counts from its start, so that work
-- that kills its worker is given up in the end too.
update outbox as o set
  locked_until = $2, attempts = o.attempts + 1
where o.id in (
  select w.id
  from outbox as w
  where w.done_at is null and w.dead_at is null and w.run_at <= $1
    and (w.locked_until is null or w.locked_until <= $1)
    and w.kind = any($3::text[])
  order by w.run_at, w.id
  limit 1
  for update skip locked
)
returning o.id, o.kind, o.subject, o.queued_at, o.attempts;

-- name: hold
update outbox set locked_until = $3 where id = $1 and attempts = $2 and done_at is null returning id;

-- name: done
update outbox set done_at = $3, locked_until = null, last_error = null
where id = $1 and attempts = $2 and done_at is null;

-- name: failed
-- $4 is when to try again; none means given up.
update outbox set
  locked_until = null, last_error = $3, run_at = coalesce($4, run_at),
  dead_at = case when $4::timestamptz is null then $5::timestamptz end
where id = $1 and attempts = $2 and done_at is null;

-- name: put_back
-- The worker was asked to stop: this attempt does not count.
update outbox set locked_until = null, attempts = attempts - 1
where id = $1 and attempts = $2 and done_at is null;

-- name: figures
select
  count(*) filter (where dead_at is null) as waiting,
  count(*) filter (where dead_at is not null) as dead,
  min(run_at) filter (where dead_at is null and locked_until is null) as oldest
from outbox
where done_at is null;

-- name: forget
delete from outbox where done_at < $1;
