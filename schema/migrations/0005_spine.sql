-- incident --< pathway >-- child; milestone (truth); what follows from milestones is in 0006.

create table incident (
  id uuid primary key,
  force text not null references force,
  reference text not null check (reference <> ''),
  area text references area,
  district text,
  summary text,
  no_child_reason text check (
    no_child_reason in ('none_in_household', 'not_asked', 'not_recorded')
  ),
  coverage text not null default 'all_notices',
  first_seen_at timestamptz not null,
  unique (force, reference)
);

create table child (
  id uuid primary key,
  area text not null references area,
  local_reference text,
  la_child_id text,
  upn text,
  nhs_number text,
  family_name text not null default '',
  given_names text not null default '',
  normal_name text not null,
  date_of_birth date,
  expected_date_of_birth date,
  sex text not null default 'U' check (sex in ('F', 'M', 'U')),
  ethnicity text,
  disability text,
  school uuid references school,
  school_status text not null default 'unknown',
  confidential_address boolean not null default false,
  safe_contact text,
  restricted boolean not null default false,
  version integer not null default 1,
  first_seen_at timestamptz not null
);
create unique index child_local_reference on child (area, local_reference)
  where local_reference is not null;
create index child_identity on child (area, normal_name, date_of_birth);
create index child_birth on child (area, date_of_birth);
create index child_beginning on child (area, normal_name text_pattern_ops);

-- Other names a child is known by. A link made in error is ended, never deleted.
create table child_name (
  id uuid primary key,
  child uuid not null references child,
  area text not null,
  family_name text not null,
  given_names text not null,
  normal_name text not null,
  recorded_at timestamptz not null,
  ended_at timestamptz
);
create index child_name_identity on child_name (area, normal_name) where ended_at is null;
create index child_name_child on child_name (child);

create table pathway (
  id uuid primary key,
  incident uuid not null references incident,
  child uuid not null references child,
  area text not null references area,
  force text not null references force,
  involvement text not null default 'not_recorded' check (involvement in (
    'saw_or_heard', 'in_the_property', 'lives_there_absent', 'child_of_party_elsewhere',
    'party_to_incident', 'unborn', 'not_recorded'
  )),
  restricted boolean not null default false,
  first_seen_at timestamptz not null,
  unique (incident, child)
);
create index pathway_child on pathway (child);
create index pathway_area on pathway (area, id);
create index pathway_force on pathway (force, id);
create index pathway_restricted on pathway (area) where restricted;

create table milestone (
  id uuid primary key,
  pathway uuid not null references pathway,
  area text not null,
  force text not null,
  record uuid not null,
  root uuid not null,
  kind text not null,
  occurred_at timestamptz,
  occurred_on date,
  precision text not null check (precision in ('second', 'minute', 'day', 'estimated')),
  source text not null,
  recorded_at timestamptz not null,
  written_at timestamptz not null default clock_timestamp(),
  recorded_by_kind text not null,
  recorded_by uuid,
  origin uuid,
  outcome text,
  detail jsonb not null default '{}',
  supersedes uuid,
  retracted boolean not null default false,
  reason text,
  authorised_by uuid,
  check ((precision = 'day') = (occurred_at is null)),
  check ((occurred_at is null) <> (occurred_on is null)),
  check (occurred_at is null or occurred_at = date_trunc('second', occurred_at)),
  check ((supersedes is null) = (root = id)),
  check (supersedes is null or reason is not null),
  check (not retracted or supersedes is not null)
);
create index milestone_pathway on milestone (pathway);
create unique index milestone_supersedes on milestone (supersedes) where supersedes is not null;
create index milestone_record on milestone (record);
create index milestone_recorded on milestone (recorded_at);
create index milestone_asked on milestone (pathway) where kind = 'information_requested';

create trigger milestone_append_only before update or delete or truncate on milestone
  for each statement execute function refuse_change();

create view milestone_current with (security_invoker = true) as
select
  m.id, m.pathway, m.area, m.force, m.record, m.root, m.kind, m.occurred_at, m.occurred_on,
  m.precision, m.source, m.recorded_at, m.recorded_by_kind, m.recorded_by, m.origin, m.outcome,
  m.detail, m.supersedes, m.reason, m.authorised_by
from milestone as m
where not m.retracted
  and not exists (select 1 from milestone as n where n.supersedes = m.id);

-- Pathways sent to another area. The sender holds the child until the receiver accepts in writing;
-- then the pathway moves, keeping its age, and the receiver sees its history by this list.
create table transfer (
  id uuid primary key,
  pathway uuid not null references pathway,
  from_area text not null references area,
  to_area text not null references area,
  sent_at timestamptz not null,
  accepted_at timestamptz,
  check (from_area <> to_area)
);
create index transfer_to on transfer (to_area);
create unique index transfer_open on transfer (pathway) where accepted_at is null;
