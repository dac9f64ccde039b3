-- One view of a page, list or export is one row, committed before the answer leaves.

create table audit (
  id uuid primary key,
  at timestamptz not null,
  actor_kind text not null,
  actor uuid,
  actor_name text not null,
  action text not null,
  purpose text not null,
  pathways uuid[] not null default '{}',
  detail jsonb not null default '{}',
  written_at timestamptz not null default clock_timestamp(),
  transaction xid8 not null default pg_current_xact_id()
);
create index audit_at on audit (at);
create index audit_transaction on audit (transaction);

-- Hashes are sealed per batch of committed rows, each over the one before.
create table audit_seal (
  number bigint primary key,
  sealed_at timestamptz not null,
  before_transaction xid8 not null,
  rows integer not null,
  previous_hash bytea not null,
  hash bytea not null
);

create trigger audit_append_only before update or delete or truncate on audit
  for each statement execute function refuse_change();
create trigger audit_seal_append_only before update or delete or truncate on audit_seal
  for each statement execute function refuse_change();
