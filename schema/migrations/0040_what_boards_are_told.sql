-- What boards are told of a week, worked out once for every process and every restart: protected figures and nothing
-- else, packed. It can be made again from milestones (`tracker rebuild --measures` forgets it too).

-- One report of a quarter, by a digest of everything on which it depends what is told: whose, which state of which
-- quarter, the week, what was issued, the number that counts as small, the rules, and the program itself.
create table board_release (
  key bytea primary key,
  -- Areas whose report it is, all of them together; the areas by themselves are told before.
  areas text[] not null,
  first_day date not null,
  last_day date not null,
  -- As reported at this instant; null: as known when the week began.
  as_of timestamptz,
  -- When the week began. What was told of past weeks is dropped.
  released_at timestamptz not null,
  worked_out_at timestamptz not null,
  told bytea not null,
  check (last_day >= first_day)
);
alter table board_release enable row level security;
create policy board_release_system on board_release to tracker_app, tracker_reports
  using ((select actor_kind()) = 'system');
grant select, insert, update, delete on board_release to tracker_app;
grant select on board_release to tracker_reports;
