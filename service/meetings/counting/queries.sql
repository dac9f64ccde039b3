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

-- name: changed_by_others
-- Whether anybody else changed a discussion after a version ($2), or was the last to save its draft after one ($3).
select
  exists (
    select 1 from discussion_change as c where c.discussion = $1 and c.version > $2 and c.by is distinct from $4
  )
  or exists (
    select 1 from discussion_draft as d where d.discussion = $1 and d.version > $3 and d.saved_by is distinct from $4
  );

-- name: standing
-- The version of a discussion, and how many answers were given to it.
select d.version, (select count(*) from slot_answer as a where a.discussion = d.id) as answers
from discussion as d
where d.id = $1;

-- name: asked_of
-- Of these discussions, how many times that are not over ($4) are on offer, and how many of them the invitations of a
-- person ($2) or of the agencies they take part for ($3) have answered. None for one to which neither is invited.
select i.discussion, count(distinct s.id) as offered, count(distinct a.slot) as answered
from invitee as i
join discussion as d on d.id = i.discussion
left join discussion_slot as s on s.discussion = i.discussion and s.withdrawn_at is null and s.ends_at >= $4
left join slot_answer as a on a.slot = s.id and a.invitee = i.id
where i.discussion = any($1::uuid[]) and i.withdrawn_at is null
  and (
    i.person = $2
    or (i.person is null and (
      'area:' || i.area || ':' || i.agency = any($3::text[])
      or (i.agency = 'police' and exists (
        select 1 from unnest(d.forces) as f (force) where 'force:' || f.force || ':police' = any($3::text[])
      ))
    ))
  )
group by i.discussion;
