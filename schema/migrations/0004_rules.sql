-- Standards and calendars: data, append-only, each version with the time it was recorded.

create table standard (
  id uuid primary key,
  key text not null,
  area text references area,
  effective_from timestamptz not null,
  recorded_at timestamptz not null,
  written_at timestamptz not null default clock_timestamp(),
  recorded_by uuid,
  body jsonb not null,
  seq bigint generated always as identity unique
);
create index standard_key on standard (key, effective_from);

-- One version is the whole set: bank holidays, school terms, working hours.
create table calendar (
  version integer primary key,
  recorded_at timestamptz not null,
  written_at timestamptz not null default clock_timestamp(),
  recorded_by uuid,
  body jsonb not null
);

create trigger standard_append_only before update or delete or truncate on standard
  for each statement execute function refuse_change();
create trigger calendar_append_only before update or delete or truncate on calendar
  for each statement execute function refuse_change();

grant select on standard, calendar to tracker_app, tracker_reports;
grant insert (id, key, area, effective_from, recorded_at, recorded_by, body) on standard to tracker_app;
grant insert (version, recorded_at, recorded_by, body) on calendar to tracker_app;
