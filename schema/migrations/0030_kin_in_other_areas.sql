-- An incident may have moved to another area, where whoever records cannot see it. What is recorded about the child here
-- bears on it all the same, so the one door works on it too: on every incident of the children named in app.kin, as long as
-- the actor may record on one of them. Nothing of it is read back.
create function kin_pathways_now() returns uuid[]
language sql stable security definer set search_path = public, pg_temp
return array(
  select q.id
  from pathway as q
  join child as c on c.id = q.child
  where q.child = any (current_setting('app.kin', true)::uuid[])
    and (
      c.area = any (allowed_areas()) or c.area = any (recording_areas())
      or exists (
        select 1 from pathway as p
        where p.child = q.child and (
          p.area = any (allowed_areas()) or p.area = any (recording_areas()) or p.force = any (recording_forces())
          or p.id = any (allowed_pathways()) or p.id = any (conference_pathways())
        )
      )
    )
);

create or replace function lent_pathways() returns uuid[]
language plpgsql stable as $$
declare
  lent uuid[] := '{}';
begin
  if coalesce(pg_catalog.current_setting('app.discussion', true), '') <> '' then
    lent := public.lent_pathways_now();
  end if;
  if coalesce(pg_catalog.current_setting('app.scope', true), '') = 'record'
    and coalesce(pg_catalog.current_setting('app.kin', true), '') <> '' and public.actor_kind() <> 'system'
  then
    lent := lent || public.kin_pathways_now();
  end if;
  return lent;
end
$$;

grant execute on function kin_pathways_now() to tracker_app, tracker_reports;
