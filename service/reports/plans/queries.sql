-- name: promises
-- Promises that the actor sees, of one area or one person or one alone, whichever is given.
select
  p.id, p.area, p.what, p.finding, p.figure, p.figure_group, p.value_then, p.said_then, p.told_then, p.first_day,
  p.last_day, p.then_at, p.owner, o.name as owner_name, p.agency, p.due_on, p.status, p.ended_at, p.version,
  p.created_at, p.created_by, c.name as created_by_name
from promise as p
join person as o on o.id = p.owner
join person as c on c.id = p.created_by
where ($1::text[] is null or p.area = any ($1)) and ($2::uuid is null or p.id = $2)
  and ($3::uuid is null or p.owner = $3)
order by (p.status = 'open') desc, p.due_on, p.id
limit $4

-- name: lock_promise
select p.version from promise as p where p.id = $1 for no key update

-- name: add_promise
insert into promise (
  id, area, what, finding, figure, figure_group, value_then, said_then, told_then, first_day, last_day, then_at,
  owner, agency, due_on, created_at, created_by
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $12, $16)

-- name: change_promise
update promise set
  status = $3, ended_at = $4, due_on = $5, owner = $6, agency = $7, version = version + 1
where id = $1 and version = $2
returning version

-- name: add_event
insert into promise_event (id, promise, area, kind, text, said, told, at, by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: events
select e.id, e.kind, e.text, e.said, e.told, e.at, p.name as by_name
from promise_event as e
join person as p on p.id = e.by
where e.promise = $1
order by e.at, e.id

-- name: owners
-- Who may own a promise of an area: who holds a role there, and the liaisons of its forces.
select p.id, p.name, array_agg(distinct r.role order by r.role) as roles, array_agg(distinct r.agency) filter (
  where r.agency is not null
) as agencies
from person as p
join person_role as r on r.person = p.id and r.until is null
where p.disabled_at is null and r.role = any ($2::text[])
  and (r.area = $1 or r.force in (select f.force from force_area as f where f.area = $1))
group by p.id, p.name
order by p.name, p.id

-- name: set_small_numbers
update area set small_numbers = $2 where code = $1 returning code

-- name: add_comment
insert into report_comment (id, area, first_day, last_day, figure, text, at, by, by_role)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: comments
-- Comments on reports whose periods touch these days, the newest first.
select c.id, c.area, c.first_day, c.last_day, c.figure, c.text, c.at, p.name as by_name, c.by_role
from report_comment as c
join person as p on p.id = c.by
where c.area = any ($1::text[]) and ($2::date is null or c.last_day >= $2) and ($3::date is null or c.first_day <= $3)
order by c.at desc, c.id desc
limit $4

-- name: overdue
-- Open promises whose last day has passed, with their owners' mails not yet queued for that day.
select p.id, p.owner, p.due_on
from promise as p
where p.status = 'open' and p.due_on < $1
order by p.due_on, p.id
