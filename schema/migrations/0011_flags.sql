-- Telling people, escalating, letting answers lapse, and the periodic work of the watcher.

-- A UUIDv7 made by the database: 48 bits of milliseconds, the rest random (RFC 9562 section 5.7).
-- Setting two bits turns the version of a random UUID from 4 into 7.
create function time_ordered_id(at timestamptz) returns uuid
language sql volatile set search_path = pg_catalog, pg_temp
return encode(
  set_bit(
    set_bit(
      overlay(
        uuid_send(gen_random_uuid())
        placing substring(int8send(floor(extract(epoch from at) * 1000)::bigint) from 3)
        from 1 for 6
      ), 52, 1
    ), 53, 1
  ), 'hex'
)::uuid;
grant execute on function time_ordered_id(timestamptz) to tracker_app;

-- What is to happen to a flag later, if it still stands then: the ladder as it was when the flag was
-- raised, and the end of an answer's time.
create table flag_step (
  id uuid primary key,
  flag uuid not null references flag,
  kind text not null check (kind in ('escalate', 'lapse')),
  role text,
  after interval not null default '0',
  answer uuid references flag_event,
  due_at timestamptz not null,
  done_at timestamptz,
  check ((kind = 'escalate') = (role is not null)),
  check ((kind = 'lapse') = (answer is not null))
);
create unique index flag_step_rung on flag_step (flag, role) where kind = 'escalate';
create unique index flag_step_answer on flag_step (answer) where kind = 'lapse';
create index flag_step_due on flag_step (due_at) where done_at is null;
create index flag_step_open on flag_step (flag) where done_at is null;
alter table flag_step enable row level security;
create policy flag_step_flag on flag_step to tracker_app
  using (actor_kind() = 'system' or exists (select 1 from flag as f where f.id = flag_step.flag));
grant select, insert, update on flag_step to tracker_app;

-- One mail tells of many messages: `bundle` is the message that carries it, and its id is the mail's.
alter table message add column bundle uuid;

-- Periodic work: one row for each job and period, whoever does it and however the wall clock jumps.
create table period_result (
  job text not null,
  period text not null,
  started_at timestamptz not null,
  locked_until timestamptz not null,
  finished_at timestamptz,
  attempts integer not null default 1,
  detail jsonb not null default '{}',
  primary key (job, period)
);
grant select, insert, update, delete on period_result to tracker_app;
grant select on period_result to tracker_reports;

-- What a liaison officer reads of the flags the force may see, and of what became of them.
create view police_known_flag with (security_barrier = true) as
select
  f.id, f.about, f.about_kind, f.area, c.force, f.rule, f.subject, f.episode, c.true_from,
  f.true_from as noticed_true_from, f.noticed_at, f.holder, f.evidence, c.flagged, c.true_until,
  c.cause
from condition as c
join flag as f
  on f.about = c.about and f.rule = c.rule and f.subject = c.subject and f.episode = c.episode
where c.force = any ((select allowed_forces())::text[])
  and (
    f.about_kind = 'import_row'
    or (
      (f.holder = 'police' or f.subject in ('police_share', 'absent_notice', 'in_transit', 'school_notified'))
      and exists (select 1 from pathway as p where p.id = f.about and not p.restricted)
    )
  );
create view police_flag_event with (security_barrier = true) as
select
  e.id, e.flag, e.kind, e.at, e.by_kind, e.by, e.note, e.next_action, e.next_due_at, e.role, e.answer
from flag_event as e
where exists (select 1 from police_known_flag as f where f.id = e.flag);
grant select on police_known_flag, police_flag_event to tracker_app;
