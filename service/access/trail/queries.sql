-- name: listed
-- Rows of a period, the newest first. Row-level security shows them to auditors and the system alone.
select a.id, a.at, a.actor_kind, a.actor, a.actor_name, a.action, a.purpose, cardinality(a.pathways), a.detail
from audit as a
where a.at >= $1 and a.at < $2
  and ($3::text is null or a.action = $3)
  and ($4::uuid is null or a.actor = $4)
  and ($5::uuid is null or a.pathways @> array[$5])
order by a.at desc, a.id desc
limit $6 offset $7;

-- name: counted
select count(*), count(distinct a.actor), count(*) filter (where cardinality(a.pathways) > 0)
from audit as a
where a.at >= $1 and a.at < $2
  and ($3::text is null or a.action = $3)
  and ($4::uuid is null or a.actor = $4)
  and ($5::uuid is null or a.pathways @> array[$5]);

-- name: actions
select a.action, count(*)
from audit as a
where a.at >= $1 and a.at < $2
group by a.action
order by a.action;

-- name: actors
-- Everybody who left a trace in the period, with how many children's pathways they were shown.
select
  a.actor, min(a.actor_name) as name, count(*) as views,
  (
    select count(distinct seen.pathway)
    from audit as b cross join lateral unnest(b.pathways) as seen (pathway)
    where b.actor = a.actor and b.at >= $1 and b.at < $2
  ) as pathways
from audit as a
where a.at >= $1 and a.at < $2 and a.actor is not null
group by a.actor
order by pathways desc, views desc, a.actor;

-- name: access
-- Every role that stands, who holds it, and when that person was last here.
select
  p.id, p.name, p.sign_in, r.role, r.area, r.force, r.agency, t.name as team, r.since,
  (select max(a.at) from audit as a where a.actor = p.id and a.action = 'signed_in') as last_here
from person_role as r
join person as p on p.id = r.person
left join team as t on t.id = r.team
where r.until is null and p.disabled_at is null
order by last_here nulls first, p.name, r.role, r.id;
