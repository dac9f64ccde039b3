-- The roles of the database and the functions that say what the present actor may see.
-- A role that is already there (made by an operator, or by another database of the cluster) is kept.

do $$
declare
  role_name text;
begin
  foreach role_name in array array['tracker_app', 'tracker_reports'] loop
    begin
      if not exists (select 1 from pg_roles where rolname = role_name) then
        execute format('create role %I nologin', role_name);
      end if;
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;
end
$$;

revoke all on schema public from public;
grant usage on schema public to tracker_app, tracker_reports;
alter default privileges revoke execute on functions from public;

-- Append-only tables refuse everyone's UPDATE, DELETE and TRUNCATE, the owner's too.
create function refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '% is append-only: % is refused; record a correction instead', tg_table_name, tg_op
    using errcode = 'restrict_violation';
end
$$;

create function actor_kind() returns text
language sql stable set search_path = pg_catalog, pg_temp
return nullif(current_setting('app.actor_kind', true), '');

create function actor_id() returns uuid
language sql stable set search_path = pg_catalog, pg_temp
return nullif(current_setting('app.actor_id', true), '')::uuid;

grant execute on function actor_kind(), actor_id() to tracker_app, tracker_reports;
