-- name: add_discussion
insert into discussion (
  id, area, areas, kind, urgency, form, reason, manager, manager_name, threshold_at, requested_at, requested_by, follows,
  place, recorded_at
) values ($1, $2, array[$2::text], $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: pathways
-- Pathways that the actor sees as whole records, with what a discussion keeps of them.
select p.id, p.child, p.area, p.force, p.restricted from pathway as p where p.id = any($1::uuid[]) order by p.id;

-- name: cover
insert into discussion_pathway (discussion, pathway, child, area, force, added_at, added_by)
select $1, p.id, p.child, p.area, p.force, $3, $4
from pathway as p
where p.id = any($2::uuid[])
on conflict do nothing;

-- name: add_invitee
insert into invitee (id, discussion, agency, area, person, name, role_title, mail, required, invited_at, invited_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: withdraw_invitee
update invitee set withdrawn_at = $3 where discussion = $1 and id = $2 and withdrawn_at is null returning id;

-- name: add_slot
insert into discussion_slot (id, discussion, starts_at, ends_at, proposed_at, proposed_by)
values ($1, $2, $3, $4, $5, $6);

-- name: withdraw_slot
update discussion_slot set withdrawn_at = $3 where discussion = $1 and id = $2 and withdrawn_at is null returning id;

-- name: add_answer
insert into slot_answer (id, discussion, slot, invitee, answer, representative, note, at, by_kind, by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: add_delay
insert into discussion_delay (id, discussion, kind, cause, agency, note, was_for, now_for, at, by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: person
select p.name from person as p where p.id = $1 and p.disabled_at is null;
