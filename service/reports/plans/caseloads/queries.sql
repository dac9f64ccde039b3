-- name: workers
-- Workers of an area with their teams, and each one's newest count up to a day.
select
  r.area, p.id as worker, p.name, r.team, t.name as team_name, c.cases, c.counted_on, c.entered_at, b.name as entered_by_name
from person_role as r
join person as p on p.id = r.person and p.disabled_at is null
left join team as t on t.id = r.team
left join lateral (
  select k.cases, k.counted_on, k.entered_at, k.entered_by from caseload as k
  where k.area = r.area and k.worker = r.person and k.counted_on <= $2
  order by k.counted_on desc, k.entered_at desc, k.id desc
  limit 1
) as c on true
left join person as b on b.id = c.entered_by
where r.area = any ($1::text[]) and r.role = 'social_worker' and r.until is null
order by t.name nulls last, p.name, p.id

-- name: enter
insert into caseload (id, area, worker, cases, counted_on, entered_at, entered_by)
select $1, r.area, r.person, $4, $5, $6, $7
from person_role as r
where r.area = $2 and r.person = $3 and r.role = 'social_worker' and r.until is null
limit 1
returning id

-- name: standing
-- The count of each worker and day that holds, of days that may still be entered.
select distinct on (k.area, k.worker, k.counted_on) k.area, k.worker, k.counted_on, k.cases
from caseload as k
where k.area = any ($1::text[]) and k.counted_on >= $2
order by k.area, k.worker, k.counted_on, k.entered_at desc, k.id desc
