-- name: inbox_unread
-- Messages to the present actor that have not been opened, counted so far and no further: each is looked at under
-- row-level security, and there is no end to what a person may leave unread.
select count(*) from (select 1 from message where person = $1 and read_at is null limit $2) as m;

-- name: around
-- What stands around a page, in one journey: the count of unread messages; the watcher's signs of life, and those of feeds
-- that send for one of these areas or forces (of every feed where neither is given); the names of places.
select
  (select count(*) from (select 1 from message where person = $1 and read_at is null limit $2) as m),
  (
    select coalesce(jsonb_agg(jsonb_build_object('name', h.name, 'at', h.at, 'detail', h.detail) order by h.name), '[]')
    from heartbeat as h
    left join feed as f on h.name = 'feed:' || f.name
    left join client as c on h.name = 'feed:client:' || c.id
    where h.name in ('watcher', 'comparison', 'calendars', 'past')
      or h.name like 'feed:%' and (
        cardinality($3::text[]) + cardinality($4::text[]) = 0
        or coalesce(f.force, c.force) = any($4)
        or c.area = any($3)
        or exists (select 1 from force_area as fa where fa.force = coalesce(f.force, c.force) and fa.area = any($3))
      )
  ),
  (
    select coalesce(jsonb_object_agg(p.code, p.name), '{}')
    from (select code, name from area union all select code, name from force) as p
  );

-- name: migrations_applied
select count(*) from schema_migration

-- name: place_names
select code, name from area union all select code, name from force
