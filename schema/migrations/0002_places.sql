-- Areas, forces, agencies, teams and schools: configuration, no personal data of children.

create table force (
  code text primary key check (code ~ '^[a-z0-9_-]{2,20}$'),
  name text not null
);

create table area (
  code text primary key check (code ~ '^[A-Za-z0-9-]{2,12}$'),
  name text not null unique,
  partnership text not null
);

create table force_area (
  force text not null references force,
  area text not null references area,
  primary key (force, area)
);

create table district (
  force text not null references force,
  area text not null references area,
  name text not null,
  primary key (force, area, name)
);

create table team (
  id uuid primary key,
  area text not null references area,
  name text not null,
  unique (area, name)
);

create table school (
  id uuid primary key,
  area text not null references area,
  name text not null,
  unique (area, name)
);

-- Which feed a force or council sends, by its profile in schema/feeds.
create table feed (
  name text primary key,
  profile text not null,
  force text not null references force,
  coverage text not null check (coverage in ('all_incidents', 'all_notices', 'shared_only')),
  silent_after interval not null default '26 hours'
);

grant select on force, area, force_area, district, team, school, feed to tracker_app, tracker_reports;
grant insert, update on force, area, force_area, district, team, school, feed to tracker_app;
