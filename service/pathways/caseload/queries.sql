-- name: listed
-- Open pathways allocated to the actor, or of the actor's teams; row-level security shows no others.
-- A child stepped down stays only while a clock runs. Those without a worker first, then late by the
-- earliest due time, then what is due next.
select
  s.pathway, s.incident, s.area, s.force, s.grade, s.urgent, s.stage, s.held_since, s.next_due_at,
  s.next_due_standard, s.allocation_wanted, coalesce(w.name, s.allocated_to) as worker, i.reference,
  c.family_name, c.given_names, c.date_of_birth, c.expected_date_of_birth
from pathway_state as s
join incident as i on i.id = s.incident
join child as c on c.id = s.child
left join person as w on w.id::text = s.allocated_to
where (s.allocated_to = $1 or s.allocated_team = any($2::text[]))
  and s.closed_at is null and not s.withdrawn and (s.stage <> 'stepped_down' or s.next_due_at is not null)
order by s.allocation_wanted desc, s.next_due_at nulls last, s.held_since nulls first, s.pathway
limit $3 offset $4;

-- name: counted
select
  count(*) as everything,
  count(*) filter (where s.next_due_at < $3) as late,
  count(*) filter (where s.allocation_wanted) as unallocated
from pathway_state as s
where (s.allocated_to = $1 or s.allocated_team = any($2::text[]))
  and s.closed_at is null and not s.withdrawn and (s.stage <> 'stepped_down' or s.next_due_at is not null);
