-- name: candidates
-- Children of an area who may be the one typed: by name (also an earlier one) with a date of birth
-- that is near, turned round or missing, or by the date of birth itself.
with near as (
  select c.id
  from child as c
  where c.area = $1 and c.normal_name = $2
    and ($3::date is null or c.date_of_birth is null or c.date_of_birth between $3 - $5::int and $3 + $5::int
      or c.date_of_birth = $4::date)
  union
  select c.id from child as c where c.area = $1 and c.date_of_birth in ($3::date, $4::date)
  union
  select n.child from child_name as n where n.area = $1 and n.normal_name = $2 and n.ended_at is null
)
-- A record that is linked to another stands for that one, and is found by its own name.
select
  coalesce(c.linked_to, c.id) as child, c.family_name, c.given_names, c.date_of_birth,
  array(
    select p.id from pathway as p
    where p.child = coalesce(c.linked_to, c.id)
    order by p.first_seen_at desc limit 20
  ) as pathways
from near
join child as c on c.id = near.id
order by c.first_seen_at desc
limit 200;

-- name: candidates_police
-- The same among the children of a force's own incidents: a liaison has no right on the children's table.
select
  v.child, v.family_name, v.given_names, v.date_of_birth,
  (array_agg(v.id order by v.first_seen_at desc))[1:20] as pathways
from police_pathway as v
where v.force = any($1::text[]) and v.area = $2
  and (
    v.date_of_birth in ($4::date, $5::date)
    or (lower(v.family_name) = lower($3)
      and ($4::date is null or v.date_of_birth between $4 - $6::int and $4 + $6::int))
  )
group by v.child, v.family_name, v.given_names, v.date_of_birth
order by max(v.first_seen_at) desc
limit 200;
