-- name: find_or_create_incidents
select f.n, f.id, f.created
from find_or_create_incidents(
  $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9
) as f
order by f.n;

-- name: lock_incidents
select lock_incidents($1::uuid[]);

-- name: pathways_of_incidents
-- With the record under which each came in: linking changes nothing of what was said.
select
  p.id, p.incident, p.area, c.id as child, p.child as stands_under, c.normal_name, c.date_of_birth,
  c.expected_date_of_birth, c.sex, c.ethnicity, c.disability, c.local_reference, c.school,
  c.school_status, c.safe_contact, t.district, t.summary
from pathway as p
join child as c on c.id = coalesce(p.recorded_child, p.child)
left join pathway_told as t on t.pathway = p.id
where p.incident = any($1::uuid[]);

-- name: children_of_incidents
select c.incident, c.child from children_of_incidents($1::uuid[]) as c;

-- name: tell_pathways
insert into pathway_told (pathway, district, summary)
select * from unnest($1::uuid[], $2::text[], $3::text[])
on conflict (pathway) do update set district = excluded.district, summary = excluded.summary;

-- name: pathways_of_children
select p.id
from pathway as p
where p.child = any($1::uuid[]) or p.recorded_child = any($1::uuid[])
order by p.id;

-- name: exact_children
-- An exact and unique match on area, normalised names and date of birth; a record that is linked
-- stands for the one it is linked to. By name and then by birth: the index of births may hold a thousand of one day.
select
  t.n, min(coalesce(c.linked_to, c.id)::text)::uuid as id,
  count(distinct coalesce(c.linked_to, c.id)) as found
from unnest($1::text[], $2::text[], $3::date[]) with ordinality as t (area, name, born, n)
join child as c
  on c.area = t.area and c.normal_name = t.name and c.date_of_birth - t.born = 0
group by t.n;

-- name: children_by_reference
select c.area, c.local_reference, coalesce(c.linked_to, c.id)
from child as c
join unnest($1::text[], $2::text[]) as t (area, reference)
  on c.area = t.area and c.local_reference = t.reference;

-- name: fields_of_children
select
  c.id, c.normal_name, c.date_of_birth, c.expected_date_of_birth, c.sex, c.ethnicity, c.disability,
  c.local_reference, c.school, c.school_status, c.safe_contact
from child as c
where c.id = any($1::uuid[]);

-- name: insert_children
insert into child (
  id, area, local_reference, family_name, given_names, normal_name, date_of_birth,
  expected_date_of_birth, sex, ethnicity, disability, school, school_status,
  confidential_address, safe_contact, restricted, first_seen_at
)
select *, $17 from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[],
  $8::date[], $9::text[], $10::text[], $11::text[], $12::uuid[], $13::text[], $14::boolean[],
  $15::text[], $16::boolean[]
);

-- name: fill_children
update child as c set
  date_of_birth = coalesce(c.date_of_birth, t.born),
  expected_date_of_birth = coalesce(c.expected_date_of_birth, t.expected),
  sex = case when c.sex = 'U' then coalesce(t.sex, 'U') else c.sex end,
  ethnicity = coalesce(c.ethnicity, t.ethnicity),
  disability = coalesce(c.disability, t.disability),
  local_reference = coalesce(c.local_reference, t.local_reference),
  school = coalesce(c.school, t.school),
  school_status = case
    when c.school_status = 'unknown' then coalesce(t.school_status, 'unknown')
    else c.school_status
  end,
  safe_contact = coalesce(c.safe_contact, t.safe_contact),
  version = c.version + 1
from unnest(
  $1::uuid[], $2::date[], $3::date[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[],
  $9::text[], $10::text[]
) as t (
  id, born, expected, sex, ethnicity, disability, local_reference, school, school_status, safe_contact
)
where c.id = t.id;
