-- name: beat
insert into heartbeat (name, at, detail) values ($1, $2, $3)
on conflict (name) do update set at = excluded.at, detail = excluded.detail
where heartbeat.at <= excluded.at;

-- name: beats
select name, at, detail from heartbeat where name = any($1::text[]);

-- name: claim_period
-- Whoever inserts the row does the work. A row whose worker died is taken over when its time is up.
insert into period_result (job, period, started_at, locked_until) values ($1, $2, $3, $4)
on conflict (job, period) do update set
  started_at = excluded.started_at, locked_until = excluded.locked_until,
  attempts = period_result.attempts + 1
where period_result.finished_at is null and period_result.locked_until <= excluded.started_at
  and period_result.attempts < $5
returning attempts;

-- name: finish_period
update period_result set finished_at = $4, detail = $5
where job = $1 and period = $2 and attempts = $3 and finished_at is null;

-- name: forget_periods
delete from period_result where finished_at < $1;

-- name: figures
-- How far behind the watcher is, and what waits to be sent or was given up.
select
  (select min(c.true_from) from condition as c where not c.flagged) as earliest_unflagged,
  (select count(*) from message as m where m.bundle = m.id and m.sent_at is null and m.dead_at is null) as mails_waiting,
  (select count(*) from message as m where m.bundle = m.id and m.dead_at is not null) as mails_dead;
