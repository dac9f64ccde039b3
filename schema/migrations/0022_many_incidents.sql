-- As find_or_create_incident, for all incidents of a batch in one go and in the order given: what may be recorded is asked
-- once, and nothing is called for each.
create function find_or_create_incidents(
  new_ids uuid[], forces text[], numbers text[], areas text[], districts text[], summaries text[],
  whys_no_child text[], coverages text[], at timestamptz
) returns table (n bigint, id uuid, created boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  refused record;
begin
  select t.force, t.area into refused
  from (select distinct * from unnest(forces, areas)) as t (force, area)
  where not (
    t.force = any (allowed_forces() || recording_forces())
    or coalesce(t.area = any (allowed_areas() || recording_areas()), false)
  )
  limit 1;
  if found then
    raise exception 'the actor may not record incidents of force % in area %', refused.force, refused.area
      using errcode = 'insufficient_privilege';
  end if;
  insert into incident (
    id, force, reference, area, district, summary, no_child_reason, coverage, first_seen_at
  )
  select t.id, t.force, t.number, t.area, t.district, t.summary, t.why_no_child, t.coverage, at
  from unnest(
    new_ids, forces, numbers, areas, districts, summaries, whys_no_child, coverages
  ) with ordinality as t (id, force, number, area, district, summary, why_no_child, coverage, n)
  order by t.n
  on conflict (force, reference) do nothing;
  update incident as i set
    no_child_reason = null
  from unnest(new_ids, forces, numbers, whys_no_child) as t (id, force, number, why_no_child)
  where i.force = t.force and i.reference = t.number and i.id <> t.id
    and t.why_no_child is null and i.no_child_reason is not null;
  return query
    select t.n, i.id, i.id = t.id
    from unnest(new_ids, forces, numbers) with ordinality as t (id, force, number, n)
    join incident as i on i.force = t.force and i.reference = t.number
    order by t.n;
end
$$;
grant execute on function find_or_create_incidents(
  uuid[], text[], text[], text[], text[], text[], text[], text[], timestamptz
) to tracker_app;
