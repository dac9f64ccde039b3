-- name: open_count
-- How many incidents of these forces name no child although nobody knows that there is none.
select
  count(*) filter (where i.no_child_reason = 'not_asked') as not_asked,
  count(*) filter (where i.no_child_reason = 'not_recorded') as not_recorded
from incident as i
where i.force = any($1::text[]) and i.no_child_reason in ('not_asked', 'not_recorded');

-- name: since
-- What they are set against: every incident first recorded since, with children, of adults alone, and unknown.
select
  count(*) filter (where i.no_child_reason is null) as with_children,
  count(*) filter (where i.no_child_reason = 'none_in_household') as adults_only,
  count(*) filter (where i.no_child_reason in ('not_asked', 'not_recorded')) as unknown
from incident as i
where i.force = any($1::text[]) and i.first_seen_at >= $2;

-- name: listed
-- With the last notice of each, which the next one carries over.
select
  i.id, i.reference, i.area, i.district, i.no_child_reason, i.first_seen_at,
  (select n.id from notice as n where n.incident = i.id order by n.recorded_at desc, n.id desc limit 1) as notice
from incident as i
where i.force = any($1::text[]) and i.no_child_reason in ('not_asked', 'not_recorded')
  and ($2::text is null or i.no_child_reason = $2)
  and ($3::text is null or i.area = $3)
order by i.first_seen_at, i.id
limit $4 offset $5;

-- name: listed_count
select count(*)
from incident as i
where i.force = any($1::text[]) and i.no_child_reason in ('not_asked', 'not_recorded')
  and ($2::text is null or i.no_child_reason = $2)
  and ($3::text is null or i.area = $3);
