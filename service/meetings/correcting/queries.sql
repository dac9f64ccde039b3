-- name: discussion_of
-- The discussion of which a record of milestones tells something, if it is that area's own.
select f.discussion from discussion_fact as f join discussion as d on d.id = f.discussion
where f.record = $1 and f.area = d.area;

-- name: elsewhere
-- The milestones by which other areas tell the fact that a record tells, one of each area.
select distinct on (f.area) m.id
from discussion_fact as o
join discussion_fact as f on f.discussion = o.discussion and f.kind = o.kind and f.at = o.at and f.record <> o.record
join milestone_current as m on m.record = f.record and m.kind = f.kind
where o.record = $1
order by f.area, m.id;

-- name: standing_fact
-- A milestone that stands for a fact of a discussion in its own area, the newest fact first.
select m.id
from discussion_fact as f
join milestone_current as m on m.record = f.record and m.kind = f.kind
where f.discussion = $1 and f.kind = $2 and f.area = $3
order by f.at desc, m.id
limit 1;

-- name: delay_of
-- The postponement or cancellation that a record of milestones tells, as it stands now.
select coalesce(x.corrects, x.id) as first, x.cause, x.agency, x.note, x.was_for, x.now_for, x.at
from discussion_fact as f
join discussion_delay as o
  on o.discussion = f.discussion and o.corrects is null and f.kind = 'strategy_' || o.kind
  and date_trunc('second', o.at) = f.at
join discussion_delay as x on o.id in (x.id, x.corrects)
where f.record = $1
order by x.id desc
limit 1;

-- name: correct_delay
insert into discussion_delay (
  id, discussion, kind, cause, agency, note, was_for, now_for, at, by, corrects, retracted, reason
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: sent
-- Every sending that stands, with the row that it corrects or is.
select c.first, c.invitee, c.number, c.how, c.sent_at
from (
  select distinct on (coalesce(c.corrects, c.id))
    coalesce(c.corrects, c.id) as first, c.invitee, c.number, c.how, c.sent_at, c.retracted
  from record_copy as c
  where c.discussion = $1
  order by coalesce(c.corrects, c.id), c.id desc
) as c
where not c.retracted
order by c.sent_at, c.first;

-- name: correct_copy
insert into record_copy (
  id, discussion, invitee, number, how, sent_at, recorded_at, recorded_by, corrects, retracted, reason
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: waiting
-- Corrections of a discussion's record that wait for a second person.
select c.id, c.proposed_at, coalesce(p.name, c.proposed_by_kind) as by_name
from correction_proposal as c
left join person as p on p.id = c.proposed_by
where c.decided_at is null and c.pathway = any($1::uuid[]) and c.body -> 'carries' ->> 'discussion' = $2
order by c.proposed_at, c.id;

-- name: told_otherwise
-- Whether an area, of those that the actor sees, tells another time than the record, or that it never was.
select exists (
  select 1
  from discussion as d
  join discussion_fact as f on f.discussion = d.id and f.kind = 'strategy_held'
  join milestone as m on m.record = f.record and m.kind = f.kind
  where d.id = $1 and f.area <> d.area
    and not exists (
      select 1
      from discussion_fact as g
      join milestone_current as n on n.record = g.record and n.kind = g.kind
      where g.discussion = d.id and g.kind = f.kind and g.area = f.area and n.occurred_at = d.held_from
    )
);
