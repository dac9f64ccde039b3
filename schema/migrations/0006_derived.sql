-- What follows from milestones, standards and calendars: a cache that `rebuild` makes again.
-- No column depends on now: due times are stored, states are compared at read.

create table pathway_state (
  pathway uuid primary key,
  area text not null,
  force text not null,
  incident uuid not null,
  child uuid not null,
  first_grade text,
  grade text,
  urgent boolean not null,
  stage text not null,
  holder text not null,
  held_since timestamptz,
  aware_at timestamptz,
  aware_on date,
  submitted_at timestamptz,
  shared_at timestamptz,
  received_at timestamptz,
  not_shared_at timestamptz,
  decided_at timestamptz,
  outcome text,
  allocated_to text,
  allocated_team text,
  allocation_wanted boolean not null,
  closed_at timestamptz,
  withdrawn boolean not null,
  next_due_at timestamptz,
  next_due_standard text,
  next_due_started_at timestamptz,
  waiting_since timestamptz
);
create index pathway_state_waiting on pathway_state (area, waiting_since) where waiting_since is not null;
create index pathway_state_open on pathway_state (area, next_due_at) where next_due_at is not null;
create index pathway_state_unshared on pathway_state (force, aware_at)
  where shared_at is null and not_shared_at is null and not withdrawn;
create index pathway_state_incident on pathway_state (incident);
create index pathway_state_child on pathway_state (child);
create index pathway_state_unallocated on pathway_state (area) where allocation_wanted;
create index pathway_state_worker on pathway_state (allocated_to) where allocated_to is not null;
create index pathway_state_team on pathway_state (area, allocated_team) where allocated_team is not null;

create table segment (
  pathway uuid not null,
  seq smallint not null,
  area text not null,
  force text not null,
  holder text not null,
  stage text not null,
  since timestamptz not null,
  until timestamptz,
  approximate boolean not null,
  opened_by uuid not null,
  primary key (pathway, seq)
);

create table clock (
  pathway uuid not null,
  standard text not null,
  episode uuid not null,
  area text not null,
  force text not null,
  version uuid not null,
  calendar integer,
  grade text,
  standing text not null check (standing in ('ok', 'not_applicable', 'cannot_compute')),
  why text,
  started_at timestamptz,
  start_milestone uuid not null,
  warn_at timestamptz,
  due_at timestamptz,
  end_of_day boolean not null,
  stopped_at timestamptz,
  stop_milestone uuid,
  stop_recorded_at timestamptz,
  approximate boolean not null,
  rules boolean not null,
  primary key (pathway, standard, episode)
);
create index clock_open on clock (standard, due_at)
  where standing = 'ok' and stopped_at is null and rules;
create index clock_conference_due on clock (area)
  where standard = 'conference' and standing = 'ok' and stopped_at is null;

create table wait (
  pathway uuid not null,
  seq smallint not null,
  area text not null,
  force text not null,
  since timestamptz not null,
  since_day_precise boolean not null,
  until timestamptz,
  until_day_precise boolean not null,
  exit text,
  episode uuid not null,
  primary key (pathway, seq)
);

-- Conditions are about a pathway or an import row; `flagged` says that the flag has been raised.
create table condition (
  about uuid not null,
  about_kind text not null check (about_kind in ('pathway', 'import_row')),
  area text,
  force text,
  rule text not null,
  subject text not null,
  episode uuid not null,
  true_from timestamptz not null,
  true_until timestamptz,
  cause text,
  holder text not null,
  evidence uuid[] not null,
  flagged boolean not null default false,
  primary key (about, rule, subject, episode)
);
create index condition_unflagged on condition (true_from) where not flagged;

-- The flag is truth: what we noticed and when. It is unique per (about, rule, subject, episode).
create table flag (
  id uuid primary key,
  about uuid not null,
  about_kind text not null check (about_kind in ('pathway', 'import_row')),
  area text,
  force text,
  rule text not null,
  subject text not null,
  episode uuid not null,
  true_from timestamptz not null,
  noticed_at timestamptz not null,
  holder text not null,
  evidence uuid[] not null,
  written_at timestamptz not null default clock_timestamp(),
  unique (about, rule, subject, episode)
);
create index flag_area on flag (area, noticed_at);
create index flag_force on flag (force, noticed_at);

-- Who was told, who answered, what they will do and by when.
create table flag_event (
  id uuid primary key,
  flag uuid not null references flag,
  kind text not null check (kind in ('acknowledged', 'answered', 'escalated', 'lapsed')),
  at timestamptz not null,
  by_kind text not null,
  by uuid,
  note text,
  next_action text,
  next_due_at timestamptz,
  -- An escalation names the role that was told; a lapse names the answer whose time passed.
  role text,
  answer uuid,
  area text,
  force text,
  written_at timestamptz not null default clock_timestamp()
);
create index flag_event_flag on flag_event (flag);
create index flag_event_leaders on flag_event (area) where kind = 'escalated' and role = 'senior_leader';

create trigger flag_append_only before update or delete or truncate on flag
  for each statement execute function refuse_change();
create trigger flag_event_append_only before update or delete or truncate on flag_event
  for each statement execute function refuse_change();

-- One message per person and episode; a send whose answer was lost is repeated with the same id.
create table message (
  id uuid primary key,
  flag uuid not null references flag,
  person uuid not null references person,
  queued_at timestamptz not null,
  run_at timestamptz not null,
  locked_until timestamptz,
  attempts integer not null default 0,
  sent_at timestamptz,
  dead_at timestamptz,
  last_error text,
  read_at timestamptz,
  unique (flag, person)
);
create index message_due on message (run_at) where sent_at is null and dead_at is null;
create index message_inbox on message (person, queued_at) where read_at is null;

-- Work for the workers: Postgres is the queue of record, Redis only wakes them.
create table outbox (
  id uuid primary key,
  kind text not null,
  subject uuid not null,
  queued_at timestamptz not null,
  run_at timestamptz not null,
  locked_until timestamptz,
  attempts integer not null default 0,
  done_at timestamptz,
  dead_at timestamptz,
  last_error text
);
create index outbox_due on outbox (run_at) where done_at is null and dead_at is null;

-- The watcher's own health, shown at the foot of every page.
create table heartbeat (
  name text primary key,
  at timestamptz not null,
  detail jsonb not null default '{}'
);
