-- name: qualified
-- People whom an area lists as qualified to decide contacts.
select q.person, p.name
from qualified_decider as q
join person as p on p.id = q.person
where q.area = $1 and q.since <= $2 and (q.until is null or q.until > $2) and p.disabled_at is null
order by p.name;

-- name: areas_of
select p.id, p.area from pathway as p where p.id = any($1::uuid[]);

-- name: draft
select d.body, d.drafted_by, p.name as drafted_by_name, d.drafted_at, d.version
from decision_draft as d
left join person as p on p.id = d.drafted_by
where d.pathway = $1;

-- name: save_draft
insert into decision_draft (pathway, area, force, body, drafted_by, drafted_at)
select p.id, p.area, p.force, $2, $3, $4 from pathway as p where p.id = $1
on conflict (pathway) do update set
  body = excluded.body, drafted_by = excluded.drafted_by, drafted_at = excluded.drafted_at,
  version = decision_draft.version + 1
where decision_draft.version = $5
returning version;

-- name: drop_drafts
delete from decision_draft where pathway = any($1::uuid[]);

-- name: send
insert into transfer (id, pathway, from_area, to_area, sent_at)
values ($1, $2, $3, $4, $5)
on conflict do nothing;

-- name: open_transfer
select t.id, t.from_area, t.to_area
from transfer as t
where t.pathway = $1 and t.accepted_at is null;

-- name: transfer_to
select t.id, t.sent_at, t.accepted_at
from transfer as t
where t.pathway = $1 and t.to_area = $2
order by t.id desc
limit 1;

-- name: transfer_accepted
select t.id, t.sent_at, t.accepted_at
from transfer as t
where t.pathway = $1 and t.accepted_at is not null
order by t.accepted_at desc, t.id desc
limit 1;

-- name: take_back
delete from transfer where id = $1 and accepted_at is null;

-- name: redate
update transfer set sent_at = $2, accepted_at = $3 where id = $1;

-- name: accept
update transfer set accepted_at = $2 where id = $1 and accepted_at is null;

-- name: move
update pathway set area = $2 where id = $1;

-- name: area_exists
select true from area where code = $1;

-- name: areas
select code, name from area order by name;
