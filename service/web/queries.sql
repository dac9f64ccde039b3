-- name: inbox_unread
-- Messages to the present actor that have not been opened.
select count(*) from message where person = $1 and read_at is null

-- name: heartbeats
select name, at, detail
from heartbeat
where name in ('watcher', 'comparison', 'calendars', 'past') or name like 'feed:%'
order by name

-- name: migrations_applied
select count(*) from schema_migration

-- name: place_names
select code, name from area union all select code, name from force
