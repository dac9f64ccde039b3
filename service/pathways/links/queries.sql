-- name: wanted
-- Children to look at, oldest first; another worker takes others.
delete from match_wanted as w
where w.child in (select child from match_wanted order by child limit $1 for update skip locked)
returning w.child;

-- name: looked_at
select c.id, c.area, c.family_name, c.given_names, c.date_of_birth
from child as c
where c.id = any($1::uuid[]) and c.linked_to is null;

-- name: known_pairs
-- Of these records, those that stand beside $1 in an incident (two children of one incident are two), or about
-- which somebody was asked already.
select q.child
from pathway as p
join pathway as q on q.incident = p.incident and q.child <> p.child
where p.child = $1 and q.child = any($2::uuid[])
union
select case when m.child = $1 then m.other else m.child end
from possible_match as m
where m.child = $1 or m.other = $1;

-- name: linked_among
select c.id from child as c where c.id = any($1::uuid[]) and c.linked_to is not null;

-- name: child_of
select c.id, c.area from pathway as p join child as c on c.id = p.child where p.id = $1;

-- name: keep_match
insert into possible_match (id, area, child, other, reasons, exact, likeness, found_at)
values ($1, $2, least($3::uuid, $4::uuid), greatest($3::uuid, $4::uuid), $5, $6, $7, $8)
on conflict (child, other) do nothing;

-- name: settle_match
update possible_match set state = $2, settled_at = $3, settled_by = $4, why = $5 where id = $1;

-- name: settle_pair
update possible_match set state = $3, settled_at = $4, settled_by = $5, why = $6
where child = least($1::uuid, $2::uuid) and other = greatest($1::uuid, $2::uuid);

-- name: count_waiting
select count(*) from possible_match as m where m.state = 'waiting' and m.area = any($1::text[]);

-- name: waiting
select m.id, m.area, m.child, m.other, m.reasons, m.exact, m.found_at
from possible_match as m
where m.state = 'waiting' and m.area = any($1::text[])
order by m.exact desc, m.likeness desc, m.found_at desc, m.id
limit $2 offset $3;

-- name: match
select m.id, m.area, m.child, m.other, m.reasons, m.exact, m.found_at, m.state
from possible_match as m
where m.id = $1
for update;

-- name: records
-- What the actor may see of these records.
select
  c.id, c.area, c.family_name, c.given_names, c.date_of_birth, c.expected_date_of_birth, c.sex,
  c.local_reference, c.restricted, c.confidential_address, c.linked_to, c.first_seen_at,
  s.name as school
from child as c
left join school as s on s.id = c.school
where c.id = any($1::uuid[])
order by c.id;

-- name: pathways_of
select
  p.id, p.child, coalesce(p.recorded_child, p.child) as recorded_child, p.incident, i.reference,
  p.area, p.restricted, s.aware_at, s.grade, s.stage, coalesce(s.withdrawn, false) as withdrawn
from pathway as p
join incident as i on i.id = p.incident
left join pathway_state as s on s.pathway = p.id
where p.child = any($1::uuid[])
order by s.aware_at desc nulls last, p.id;

-- name: lock_children
select c.id from child as c where c.id = any($1::uuid[]) order by c.id for update;

-- name: move
update pathway as p set
  child = $2,
  recorded_child = coalesce(p.recorded_child, p.child),
  restricted = p.restricted or p.id = any($3::uuid[])
where p.id = any($1::uuid[]);

-- name: move_back
update pathway as p set
  child = $2,
  recorded_child = nullif(coalesce(p.recorded_child, p.child), $2),
  restricted = p.restricted and p.id <> all($3::uuid[])
where p.id = any($1::uuid[])
returning p.id;

-- name: stand
-- $1 stands under $2, and so does what stood under $1. With null it stands by itself again.
update child as c set linked_to = $2, version = c.version + 1
where c.id = $1 or ($2::uuid is not null and c.linked_to = $1);

-- name: stand_again
-- What was linked to $1 before stands under it again, where that link still holds.
update child as c set linked_to = $1, version = c.version + 1
from child_link as l
where l.child = c.id and l.into_child = $1 and l.kind = 'linked'
  and not exists (select 1 from child_link as u where u.undoes = l.id)
  and c.linked_to is distinct from $1;

-- name: insert_link
insert into child_link (
  id, area, kind, child, into_child, undoes, pathways, made_restricted, reasons, why, at, by
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: link
select l.id, l.area, l.kind, l.child, l.into_child, l.pathways, l.made_restricted, l.reasons, u.id as undone
from child_link as l
left join child_link as u on u.undoes = l.id
where l.id = $1;

-- name: history
-- What was linked and unlinked about $1, the latest first.
select
  l.id, l.kind, l.child, l.into_child, l.reasons, l.why, l.at, l.by, n.name as by_name,
  cardinality(l.pathways) as pathways,
  l.kind = 'linked' and not exists (select 1 from child_link as u where u.undoes = l.id) as holds
from child_link as l
left join person as n on n.id = l.by
where l.child = $1 or l.into_child = $1
order by l.at desc, l.id desc;
