-- What the reports add up. Writers append one row for each pathway that they changed, in their own transaction, and touch
-- no row that others write; a worker works out what changed in the figures of that child and that incident, keeps what it
-- counted of each (measure_unit) and adds the difference to packed arrays (measure_bin). A report reads the arrays, and works
-- out for itself what has not been folded yet. All of it can be made again from milestones (`tracker rebuild --measures`).

-- Which child and which incident changed, until a worker has folded it into the bins.
create table measure_change (
  id bigint generated always as identity primary key,
  child uuid not null,
  incident uuid not null,
  area text not null,
  force text not null
);

-- What has been counted of one child or one incident, by its id: packed, so that the next fold can take it away again.
-- recorded_at is when the latest milestone behind it was recorded: what was reported at an instant differs from what is
-- known now for those recorded later, and for no others.
create table measure_unit (
  unit uuid primary key,
  areas text[] not null,
  force text not null,
  recorded_at timestamptz not null,
  facts bytea not null
);
create index measure_unit_recorded on measure_unit (recorded_at);

-- Packed records of one kind that began in one quarter, of one area, force and district: no child and no incident named.
create table measure_bin (
  area text not null,
  force text not null,
  district text not null,
  kind text not null,
  quarter date not null,
  records bytea not null,
  primary key (area, kind, quarter, force, district)
);
create index measure_bin_force on measure_bin (force);

-- How often was folded, so that a process knows whether what it read last time still stands.
create table measure_fold (
  only_one boolean primary key default true check (only_one),
  number bigint not null
);
insert into measure_fold (number) values (0);

alter table measure_change enable row level security;
alter table measure_unit enable row level security;
alter table measure_bin enable row level security;
alter table measure_fold enable row level security;
create policy measure_change_append on measure_change for insert to tracker_app with check (true);
create policy measure_change_system on measure_change to tracker_app, tracker_reports
  using ((select actor_kind()) = 'system');
create policy measure_unit_system on measure_unit to tracker_app, tracker_reports
  using ((select actor_kind()) = 'system');
create policy measure_bin_system on measure_bin to tracker_app, tracker_reports
  using ((select actor_kind()) = 'system');
create policy measure_fold_system on measure_fold to tracker_app, tracker_reports
  using ((select actor_kind()) = 'system');
grant insert, select, delete on measure_change to tracker_app;
grant select, insert, update, delete on measure_unit, measure_bin to tracker_app;
grant select, update on measure_fold to tracker_app;
grant select on measure_change, measure_unit, measure_bin, measure_fold to tracker_reports;

-- What the figures know of a child or an incident besides milestones: a change there is a change of the figures.
create function measure_changed_pathway() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into measure_change (child, incident, area, force)
  values (old.child, old.incident, old.area, old.force), (new.child, new.incident, new.area, new.force);
  return null;
end
$$;
create function measure_changed_child() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into measure_change (child, incident, area, force)
  select p.child, p.incident, p.area, p.force from pathway as p where p.child = new.id;
  return null;
end
$$;
create function measure_changed_district() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into measure_change (child, incident, area, force)
  select p.child, p.incident, p.area, p.force from pathway as p where p.incident = new.id;
  return null;
end
$$;
create function measure_changed_told() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into measure_change (child, incident, area, force)
  select p.child, p.incident, p.area, p.force from pathway as p where p.id = new.pathway;
  return null;
end
$$;
create trigger pathway_measured after update of child, incident, area on pathway for each row
  when (old.child <> new.child or old.incident <> new.incident or old.area <> new.area)
  execute function measure_changed_pathway();
create trigger child_measured after update of sex, ethnicity, disability, date_of_birth, expected_date_of_birth on child
  for each row
  when (
    (old.sex, old.ethnicity, old.disability, old.date_of_birth, old.expected_date_of_birth)
    is distinct from (new.sex, new.ethnicity, new.disability, new.date_of_birth, new.expected_date_of_birth)
  )
  execute function measure_changed_child();
create trigger incident_measured after update of district, coverage on incident for each row
  when ((old.district, old.coverage) is distinct from (new.district, new.coverage))
  execute function measure_changed_district();
create trigger pathway_told_measured after insert or update of district on pathway_told for each row
  execute function measure_changed_told();

-- When the oldest transaction began that is still under way: what it will record counts as known from then on.
create function oldest_transaction() returns timestamptz
language sql volatile set search_path = pg_catalog, pg_temp
return (
  select min(a.xact_start) from pg_stat_activity as a
  where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_type = 'client backend'
    and a.xact_start is not null
);
grant execute on function oldest_transaction() to tracker_app, tracker_reports;

-- Everything that is on the books already is counted by the first folds.
insert into measure_change (child, incident, area, force) select p.child, p.incident, p.area, p.force from pathway as p;
