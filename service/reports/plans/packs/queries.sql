-- name: issue
insert into report_issue (
  id, area, name, first_day, last_day, as_of, digest, small_numbers, told, issued_at, issued_by
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (area, name) do nothing
returning id

-- name: issues
select
  i.id, i.area, i.name, i.first_day, i.last_day, i.as_of, encode(i.digest, 'hex') as digest, i.small_numbers,
  i.issued_at, p.name as issued_by_name
from report_issue as i
join person as p on p.id = i.issued_by
where ($1::uuid is null or i.id = $1) and ($2::text[] is null or i.area = any ($2))
order by i.as_of desc, i.id
limit 200

-- name: subscription
select s.every, s.since from pack_subscription as s where s.person = $1

-- name: subscribe
insert into pack_subscription (person, every, since) values ($1, $2, $3)
on conflict (person) do update set every = excluded.every, since = excluded.since
where pack_subscription.every <> excluded.every

-- name: unsubscribe
delete from pack_subscription where person = $1

-- name: queue_packs
-- One mail for each subscriber whose period began after they subscribed; the row is unique, whoever looks first.
insert into report_mail (id, person, occasion, queued_at, run_at)
select time_ordered_id($1), s.person, 'pack ' || $3, $1, $1
from pack_subscription as s
join person as p on p.id = s.person and p.email is not null and p.disabled_at is null
where s.every = $2 and s.since <= $4
on conflict (person, occasion) do nothing
returning id

-- name: queue_overdue
-- One mail for each owner and day on which promises of theirs became overdue, not for what is long past.
insert into report_mail (id, person, occasion, queued_at, run_at)
select time_ordered_id($1), o.owner, 'overdue ' || o.due_on, $1, $1
from (
  select distinct p.owner, p.due_on from promise as p where p.status = 'open' and p.due_on < $2 and p.due_on >= $3
) as o
join person as p on p.id = o.owner and p.email is not null and p.disabled_at is null
on conflict (person, occasion) do nothing
returning id

-- name: claim
with due as (
  select m.id from report_mail as m
  where m.sent_at is null and m.dead_at is null and m.run_at <= $1
    and (m.locked_until is null or m.locked_until <= $1)
  order by m.run_at, m.id
  limit $3
  for update skip locked
),
taken as (
  update report_mail as m set locked_until = $2, attempts = m.attempts + 1
  from due as d where m.id = d.id
  returning m.id, m.person, m.occasion, m.attempts
)
select t.id, t.occasion, t.attempts, p.email,
  (
    select count(*) from promise as q
    where q.owner = t.person and q.status = 'open' and t.occasion = 'overdue ' || q.due_on
  ) as overdue
from taken as t
join person as p on p.id = t.person

-- name: sent
update report_mail set sent_at = $2, locked_until = null, last_error = null where id = $1

-- name: failed
update report_mail set
  locked_until = null, last_error = $3, run_at = coalesce($4, run_at),
  dead_at = case when $4::timestamptz is null then $5::timestamptz end
where id = $1 and attempts = $2
