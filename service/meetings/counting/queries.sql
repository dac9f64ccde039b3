-- name: counts
-- What the actor sees, as row-level security has it. A discussion waits for answers while a required agency has not
-- answered any time on offer.
select
  count(*) filter (where d.held_from is null and d.cancelled_at is null) as upcoming,
  count(*) filter (
    where d.held_from is null and d.cancelled_at is null
      and exists (select 1 from discussion_slot as s where s.discussion = d.id and s.withdrawn_at is null)
  ) as awaiting,
  count(*) filter (where d.held_from is not null and d.issued_at is null) as record_due,
  (select count(*) from action as a where a.done_at is null and a.cancelled_at is null and a.due_at < $1) as overdue
from discussion as d
where (d.held_from is null and d.cancelled_at is null) or d.issued_at is null;

-- name: saved_since
-- How often a discussion was changed after a version.
select greatest(0, d.version - $2) from discussion as d where d.id = $1;
