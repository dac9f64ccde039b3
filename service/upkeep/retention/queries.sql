-- name: rules
select r.entity, r.years, r.age, r.basis, r.confirmed_locally from retention_rule as r order by r.entity;

-- name: change_rule
update retention_rule set years = $2, age = $3, basis = $4, confirmed_locally = $5 where entity = $1;

-- name: due_children
-- Children whose last step was recorded before $1 and who are of age before $2: every incident of theirs counts, also
-- those under records that are linked. Whoever is on hold, or still waits for something, is not due.
select c.id, c.area, extract(year from coalesce(c.date_of_birth, c.expected_date_of_birth))::integer as born, last.at
from child as c
cross join lateral (
  select max(m.recorded_at) as at, bool_or(s.closed_at is null and s.decided_at is null
    and s.not_shared_at is null and not coalesce(s.withdrawn, false)) as waits
  from pathway as p
  left join pathway_state as s on s.pathway = p.id
  left join milestone as m on m.pathway = p.id
  where p.child = coalesce(c.linked_to, c.id)
) as last
where c.pseudonymised_at is null
  and coalesce(last.at, c.first_seen_at) < $1
  and coalesce(c.date_of_birth, c.expected_date_of_birth, c.first_seen_at::date) < $2
  and not coalesce(last.waits, false)
  and not exists (
    select 1 from legal_hold as h
    where h.lifted_at is null and (
      h.child = c.id or h.child = c.linked_to
      or h.child in (select o.id from child as o where o.linked_to = c.id)
    )
  )
order by last.at nulls first, c.id
limit $3;

-- name: due_files
select i.id, i.file_name, i.stored_at
from import as i
where i.stored_at < $1 and i.state in ('done', 'failed')
  and exists (select 1 from import_chunk as k where k.import = i.id)
order by i.stored_at, i.id
limit $2;

-- name: pseudonymise
select pseudonymise($1::uuid[], $2);

-- name: pathways_of
select p.id from pathway as p where p.child = any($1::uuid[]) or p.recorded_child = any($1::uuid[]) order by p.id;

-- name: empty_file
select empty_file($1);

-- name: holds
select h.id, h.child, h.area, h.reason, h.placed_at, n.name as placed_by
from legal_hold as h
join person as n on n.id = h.placed_by
where h.lifted_at is null and ($1::uuid is null or h.child = $1)
order by h.placed_at, h.id;

-- name: place_hold
insert into legal_hold (id, child, area, reason, placed_at, placed_by)
select $1, c.id, c.area, $3, $4, $5 from child as c where c.id = $2
returning area;

-- name: hold
select h.area, h.lifted_at from legal_hold as h where h.id = $1 for update;

-- name: lift_hold
update legal_hold set lifted_at = $2, lifted_by = $3, lifted_why = $4 where id = $1;
