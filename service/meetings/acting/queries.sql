-- name: add_action
insert into action (
  id, discussion, area, force, pathways, what, outcome_sought, owner_agency, owner_person, owner_name, owner_key,
  due_at, given_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: add_event
insert into action_event (
  id, action, kind, at, recorded_at, by_kind, by, note, evidence, due_at, owner_agency, owner_name, discussion
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: lock
select a.id from action as a where a.id = $1 for no key update;

-- name: save
update action set
  version = version + 1, owner_agency = $2, owner_person = $3, owner_name = $4, owner_key = $5, force = $6, due_at = $7,
  accepted_at = $8, sent_back_at = $9, done_at = $10, cancelled_at = $11
where id = $1
returning version;

-- name: actions
-- Actions by id, by discussion, or of a list: $3 is mine, open, overdue or closed; the earliest due first.
select
  a.id, a.discussion, a.area, a.force, a.pathways, a.what, a.outcome_sought, a.owner_agency, a.owner_person,
  a.owner_name, a.owner_key, a.due_at, a.version, a.accepted_at, a.sent_back_at, a.done_at, a.cancelled_at, a.given_at,
  coalesce(d.areas, '{}') as areas,
  exists (
    select 1 from condition as c
    where c.about = a.id and c.about_kind = 'action' and c.true_from < coalesce(a.done_at, a.cancelled_at, $7)
      and c.cause is distinct from 'found_done_in_time'
  ) as late
from action as a
left join discussion as d on d.id = a.discussion
where ($1::uuid[] is null or a.id = any($1::uuid[])) and ($2::uuid[] is null or a.discussion = any($2::uuid[]))
  and case $3
    when 'mine' then
      a.done_at is null and a.cancelled_at is null
      and (a.owner_person = $4 or (a.owner_person is null and a.owner_key = any($5::text[])))
    when 'open' then a.done_at is null and a.cancelled_at is null
    when 'overdue' then a.done_at is null and a.cancelled_at is null and a.due_at < $7
    when 'closed' then a.done_at is not null or a.cancelled_at is not null
    else true
  end
order by (a.done_at is not null or a.cancelled_at is not null), a.due_at, a.id
limit $6 offset $8;

-- name: events
select
  e.action, e.id, e.kind, e.at, e.recorded_at, p.name as by_name, e.note, e.evidence, e.due_at, e.owner_agency,
  e.owner_name, e.discussion
from action_event as e
left join person as p on p.id = e.by
where e.action = any($1::uuid[])
order by e.recorded_at, e.id;

-- name: drop_conditions
delete from condition where about = $1 and about_kind = 'action';

-- name: add_condition
insert into condition (
  about, about_kind, area, force, rule, subject, episode, true_from, true_until, cause, holder, evidence, flagged
)
select
  $1, 'action', $2, $3, $4, $5, $6, $7, $8, $9, $10, '{}',
  exists (
    select 1 from flag as f where f.about = $1 and f.rule = $4 and f.subject = $5 and f.episode = $6
  );

-- name: conditions
select c.about, c.episode, c.true_from, c.true_until, c.cause
from condition as c
where c.about = any($1::uuid[]) and c.about_kind = 'action'
order by c.about, c.true_from, c.episode;

-- name: owner
-- A person who may own an action, with the agency and place their role speaks for.
select p.name, r.role, r.agency, r.area, r.force
from person as p
left join person_role as r on r.person = p.id and r.until is null
where p.id = $1 and p.disabled_at is null
order by (r.area = $2) desc nulls last, (r.role in ('partner', 'police_liaison')) desc nulls last, r.since
limit 1;

-- name: earlier
-- What a discussion opens with: the actions of the last one ($2) that were not cancelled, and whatever is still open of
-- those held before for the same children.
select a.id
from action as a
join discussion as d on d.id = a.discussion
where d.id <> $1 and a.cancelled_at is null
  and (
    d.id = $2
    or (a.done_at is null and d.held_from is not null and exists (
      select 1 from discussion_pathway as c
      join discussion_pathway as o on o.child = c.child
      where c.discussion = $1 and o.discussion = d.id
    ))
  )
order by a.due_at, a.id;

-- name: every_action
select a.id from action as a where a.id > $1 order by a.id limit $2;
