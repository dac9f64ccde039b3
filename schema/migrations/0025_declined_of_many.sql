-- As not_shared_of, for many children in one go: ids and instants alone, for what follows from milestones.
-- By indexes, whatever statistics say: a plan made while the tables are empty, as they are when the first file of all is
-- read, would go through every milestone once for each child, and be kept for as long as the connection lasts.
create function not_shared_of_children(children uuid[])
returns table (child uuid, pathway uuid, milestone uuid, at timestamptz)
language sql stable security definer set search_path = public, pg_temp set enable_seqscan = off as $$
select q.child, q.id, m.id, m.occurred_at
from unnest(children) as c (id)
join pathway as q on q.child = c.id
join milestone as m on m.pathway = q.id
where m.kind = 'notice_not_shared' and m.occurred_at is not null and not m.retracted
  and not exists (select 1 from milestone as n where n.supersedes = m.id)
  and not exists (
    select 1 from milestone as w
    where w.pathway = q.id and w.kind in ('notice_shared', 'withdrawn') and not w.retracted
      and not exists (select 1 from milestone as x where x.supersedes = w.id)
  )
$$;
grant execute on function not_shared_of_children(uuid[]) to tracker_app;
