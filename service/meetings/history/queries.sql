-- name: answers
-- Every answer to a time that was offered, also those given up since.
select a.at, a.answer, a.representative, a.note, coalesce(p.name, a.by_kind) as by_name, a.invitee, s.starts_at, s.ends_at
from slot_answer as a
join discussion_slot as s on s.id = a.slot
left join person as p on p.id = a.by
where a.discussion = $1
order by a.at, a.id;

-- name: invited
-- Everybody who was ever asked, by name where there is one.
select i.id, i.agency, coalesce(p.name, i.name) as name
from invitee as i
left join person as p on p.id = i.person
where i.discussion = $1;
