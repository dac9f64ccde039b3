-- Who writes the state of a pathway says in the same statement that its figures changed (tell_changes beside
-- upsert_states). The district that a notice tells of it, written after that in the same transaction, need not say it again.
create or replace function measure_changed_told() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into measure_change (child, incident, area, force)
  select p.child, p.incident, p.area, p.force
  from pathway as p
  where p.id = new.pathway and not exists (
    select 1 from pathway_state as s where s.pathway = p.id and s.xmin = pg_current_xact_id()::xid
  );
  return null;
end
$$;
