-- What came in, as it came: notices typed or pushed, files and their rows, drafts and proposals.

create table notice (
  id uuid primary key,
  incident uuid not null references incident,
  force text not null references force,
  areas text[] not null,
  source text not null check (source in ('typed', 'pushed')),
  body jsonb not null,
  recorded_by_kind text not null,
  recorded_by uuid,
  recorded_at timestamptz not null,
  written_at timestamptz not null default clock_timestamp()
);
create index notice_incident on notice (incident);
create index notice_recorder on notice (recorded_by, recorded_at);
create trigger notice_append_only before update or delete or truncate on notice
  for each statement execute function refuse_change();

-- The stored answer to a keyed request, written in the request's own transaction, kept 7 days.
create table idempotency (
  actor uuid not null,
  route text not null,
  key text not null check (length(key) between 1 and 200),
  request_hash bytea not null,
  status integer not null,
  body jsonb not null,
  created_at timestamptz not null,
  primary key (actor, route, key)
);
create index idempotency_age on idempotency (created_at);

create table import (
  id uuid primary key,
  kind text not null check (kind in ('police', 'history')),
  feed text references feed,
  force text references force,
  area text references area,
  file_name text not null,
  sha256 bytea not null,
  size bigint not null,
  dry_run boolean not null default false,
  state text not null check (state in ('storing', 'waiting', 'running', 'done', 'failed')),
  requested_by_kind text not null,
  requested_by uuid,
  stored_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  columns text[] not null default '{}',
  last_row integer not null default 0,
  total_rows integer,
  accepted integer not null default 0,
  repeated integer not null default 0,
  held integer not null default 0,
  refused integer not null default 0,
  updated integer not null default 0,
  created integer not null default 0,
  unchanged integer not null default 0,
  error text
);
create index import_state on import (state) where state in ('waiting', 'running');
create index import_stored on import (stored_at, id);

create table import_chunk (
  import uuid not null references import,
  seq integer not null,
  bytes bytea not null,
  primary key (import, seq)
);

-- One entry for every row read: rows read = accepted + repeated + held + refused, always.
create table import_row (
  id uuid primary key,
  import uuid not null references import,
  number integer not null,
  outcome text not null check (outcome in (
    'accepted', 'repeated', 'held', 'refused', 'created', 'unchanged', 'updated'
  )),
  updated boolean not null default false,
  reasons jsonb not null default '[]',
  -- JSON as bytes: a cell may hold U+0000, which neither text nor jsonb takes.
  cells bytea not null,
  proposal jsonb,
  identity text,
  subject_key uuid,
  reference text,
  area text,
  force text,
  pathway uuid,
  aged_from timestamptz,
  grade text,
  urgent boolean not null default false,
  -- Only tried: nothing of it was kept, and nobody has to settle it.
  dry_run boolean not null default false,
  settled_at timestamptz,
  settled_by uuid,
  settled_as text check (settled_as in (
    'on_the_books', 'accepted', 'corrected', 'proposed', 'kept', 'discarded'
  )),
  settled_note text,
  unique (import, number)
);
create index import_row_tried on import_row (import, reference) where dry_run and outcome = 'accepted';
create index import_row_outcome on import_row (import, outcome, number);
create index import_row_open on import_row (force, reference)
  where outcome in ('held', 'refused') and settled_at is null;
create index import_row_subject on import_row (subject_key) where outcome in ('held', 'refused');
create index import_row_identity on import_row (force, identity)
  where outcome = 'held' and settled_at is null;

-- What the sender said of one child's part in an incident: siblings may live in two districts.
create table pathway_told (
  pathway uuid primary key references pathway,
  district text,
  summary text
);

-- Two senders of one incident: the second waits for the first, and then sees what it brought.
create function lock_incidents(which uuid[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform i.id from incident as i where i.id = any (which) order by i.id for no key update;
end
$$;
grant execute on function lock_incidents(uuid[]) to tracker_app;

-- A coordinator's draft of a contact decision stops no clock.
create table decision_draft (
  pathway uuid primary key references pathway,
  area text not null,
  force text not null,
  body jsonb not null,
  drafted_by uuid not null,
  drafted_at timestamptz not null,
  version integer not null default 1
);

-- A correction that turns late into in time waits here for a second person.
create table correction_proposal (
  id uuid primary key,
  milestone uuid not null references milestone,
  pathway uuid not null references pathway,
  area text not null,
  force text not null,
  body jsonb not null,
  standards text[] not null,
  proposed_by_kind text not null,
  proposed_by uuid,
  proposed_at timestamptz not null,
  import_row uuid references import_row,
  decided_by uuid,
  decided_at timestamptz,
  accepted boolean
);
create index correction_proposal_open on correction_proposal (area, proposed_at)
  where decided_at is null;

alter table notice enable row level security;
create policy notice_seen on notice for select to tracker_app, tracker_reports
  using (
    areas && (select allowed_areas())::text[]
    or force = any ((select allowed_forces())::text[])
    or (recorded_by is not null and recorded_by = (select actor_id()))
  );
create policy notice_write on notice for insert to tracker_app
  with check (
    recorded_by_kind = actor_kind() and recorded_by is not distinct from actor_id()
  );
grant select on notice to tracker_app, tracker_reports;
grant insert (
  id, incident, force, areas, source, body, recorded_by_kind, recorded_by, recorded_at
) on notice to tracker_app;

alter table idempotency enable row level security;
create policy idempotency_own on idempotency to tracker_app
  using (actor = actor_id() or actor_kind() = 'system');
grant select, insert, update, delete on idempotency to tracker_app;

alter table pathway_told enable row level security;
create policy pathway_told_pathway on pathway_told to tracker_app, tracker_reports
  using (exists (select 1 from pathway as p where p.id = pathway_told.pathway));
grant select, insert, update on pathway_told to tracker_app;
grant select on pathway_told to tracker_reports;

-- Imports: to their force, to the areas that force sends to (counts only), and to who sent them.
-- Whole files hold the children of many areas: only the force and the system read those.
alter table import enable row level security;
create policy import_seen on import for select to tracker_app
  using (
    (select actor_kind()) = 'system'
    or force = any ((select allowed_forces())::text[])
    or area = any ((select allowed_areas())::text[])
    or (area is null and force in (
      select fa.force from force_area as fa where fa.area = any ((select allowed_areas())::text[])
    ))
    or (requested_by is not null and requested_by = (select actor_id()))
  );
create policy import_sent on import for insert to tracker_app
  with check (
    state = 'storing' and requested_by_kind = actor_kind() and requested_by is not distinct from actor_id()
  );
create policy import_moved on import for update to tracker_app
  using (
    (select actor_kind()) = 'system'
    or (state = 'storing' and requested_by is not null and requested_by = (select actor_id()))
  )
  with check (true);
alter table import_chunk enable row level security;
create policy import_chunk_seen on import_chunk for select to tracker_app
  using (
    (select actor_kind()) = 'system'
    or exists (
      select 1 from import as i
      where i.id = import_chunk.import and i.kind = 'police'
        and i.force = any ((select allowed_forces())::text[])
    )
  );
create policy import_chunk_sent on import_chunk for insert to tracker_app
  with check (exists (
    select 1 from import as i
    where i.id = import_chunk.import and i.state = 'storing'
      and i.requested_by is not distinct from actor_id()
  ));
alter table import_row enable row level security;
create policy import_row_seen on import_row for select to tracker_app
  using (
    (select actor_kind()) = 'system'
    or force = any ((select allowed_forces())::text[])
    or area = any ((select allowed_areas())::text[])
  );
create policy import_row_taken on import_row for insert to tracker_app
  with check ((select actor_kind()) = 'system');
create policy import_row_settled on import_row for update to tracker_app
  using (
    (select actor_kind()) = 'system'
    or force = any ((select allowed_forces())::text[])
    or area = any ((select allowed_areas())::text[])
  );
-- What a history file says stands on the books; its text is not kept.
create policy import_chunk_dropped on import_chunk for delete to tracker_app
  using ((select actor_kind()) = 'system');
grant select, insert on import, import_chunk, import_row to tracker_app;
grant delete on import_chunk to tracker_app;
grant update (
  sha256, size, state, started_at, finished_at, columns, last_row, total_rows, accepted, repeated,
  held, refused, updated, created, unchanged, error
) on import to tracker_app;
grant update (settled_at, settled_by, settled_as, settled_note) on import_row to tracker_app;

alter table decision_draft enable row level security;
create policy decision_draft_area on decision_draft to tracker_app
  using (
    area = any ((select allowed_areas())::text[])
    and pathway <> all ((select hidden_pathways())::uuid[])
  );
grant select, insert, update, delete on decision_draft to tracker_app;

alter table correction_proposal enable row level security;
create policy correction_proposal_area on correction_proposal to tracker_app
  using (
    area = any ((select allowed_areas())::text[])
    and pathway <> all ((select hidden_pathways())::uuid[])
  );
create policy correction_proposal_own on correction_proposal to tracker_app
  using (proposed_by is not null and proposed_by = (select actor_id()));
grant select, insert, update on correction_proposal to tracker_app;
