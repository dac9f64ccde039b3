-- name: areas
select
  a.code, a.name, a.partnership,
  coalesce((select array_agg(fa.force order by fa.force) from force_area as fa where fa.area = a.code), '{}') as forces
from area as a
order by a.name;

-- name: forces
select f.code, f.name from force as f order by f.name;

-- name: districts
select d.force, d.area, d.name from district as d order by d.area, d.force, d.name;

-- name: teams
select t.id, t.area, t.name from team as t order by t.area, t.name;

-- name: schools
select s.id, s.area, s.name from school as s order by s.area, s.name;

-- name: feeds
select
  f.name, f.profile, f.force, f.coverage,
  extract(epoch from f.silent_after)::integer / 3600 as silent_after_hours
from feed as f
order by f.name;

-- name: add_force
insert into force (code, name) values ($1, $2) on conflict do nothing;

-- name: add_area
insert into area (code, name, partnership) values ($1, $2, $3) on conflict do nothing;

-- name: add_force_area
insert into force_area (force, area) values ($1, $2) on conflict do nothing;

-- name: add_district
insert into district (force, area, name) values ($1, $2, $3) on conflict do nothing;

-- name: add_team
insert into team (id, area, name) values ($1, $2, $3) on conflict do nothing;

-- name: add_school
insert into school (id, area, name) values ($1, $2, $3) on conflict do nothing;

-- name: add_feed
insert into feed (name, profile, force, coverage, silent_after)
values ($1, $2, $3, $4, make_interval(hours => $5))
on conflict do nothing;

-- name: rename_force
update force set name = $2 where code = $1;

-- name: rename_area
update area set name = $2
where code = $1 and not exists (select 1 from area as o where o.name = $2 and o.code <> $1);

-- name: rename_team
update team as t set name = $2
where t.id = $1
  and not exists (select 1 from team as o where o.area = t.area and o.name = $2 and o.id <> t.id);

-- name: rename_school
update school as t set name = $2
where t.id = $1
  and not exists (select 1 from school as o where o.area = t.area and o.name = $2 and o.id <> t.id);
