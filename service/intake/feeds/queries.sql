-- name: heard_file
-- A police file was read to its end: the feed was heard of when the file came. An older file says nothing new.
insert into heartbeat (name, at, detail)
select
  'feed:' || f.name,
  i.stored_at,
  jsonb_build_object(
    'notices', i.accepted + i.repeated + i.held + i.refused,
    'title', case (select count(*) from feed) when 1 then 'police file' else 'file of ' || o.name end,
    'silent_after_hours', extract(epoch from f.silent_after) / 3600
  )
from import as i
join feed as f on f.name = i.feed
join force as o on o.code = f.force
where i.id = $1 and i.kind = 'police' and i.state = 'done' and not i.dry_run
on conflict (name) do update set at = excluded.at, detail = excluded.detail
where heartbeat.at <= excluded.at;

-- name: heard_push
-- Asked first, so that notices pushed at once do not wait for each other's row.
insert into heartbeat (name, at, detail)
select $1, $2, $3
where not exists (select 1 from heartbeat as h where h.name = $1 and h.at > $4)
on conflict (name) do update set at = excluded.at, detail = excluded.detail
where heartbeat.at <= excluded.at;
