-- Rows without an id of their own (an area's list of deciders) are named in the audit by what they join.
create or replace function audit_change() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  before jsonb := to_jsonb(old);
  after jsonb := case when tg_op = 'DELETE' then '{}'::jsonb else to_jsonb(new) end;
  changed jsonb;
begin
  select coalesce(jsonb_object_agg(
    k, case when k in ('password_hash', 'token_hash') then '"changed"'::jsonb
      else jsonb_build_array(before -> k, after -> k) end
  ), '{}') into changed
  from jsonb_object_keys(before) as k
  where (before -> k) is distinct from (after -> k) and k <> 'version';
  if changed <> '{}' then
    insert into audit (id, at, actor_kind, actor, actor_name, action, purpose, pathways, detail)
    values (
      gen_random_uuid(), clock_timestamp(), coalesce(actor_kind(), 'owner'), actor_id(),
      coalesce(actor_kind(), session_user), tg_table_name || '_changed', 'change of a record',
      case when tg_table_name = 'pathway' then array[(before ->> 'id')::uuid] else '{}'::uuid[] end,
      jsonb_build_object(
        'row', coalesce(
          before -> 'id',
          jsonb_build_object('area', before -> 'area', 'person', before -> 'person', 'since', before -> 'since')
        ),
        'changed', changed
      )
    );
  end if;
  return null;
end
$$;
