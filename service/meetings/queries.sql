-- name: discussion
select
  d.id, d.area, d.areas, d.forces, d.version, d.sequence, d.kind, d.urgency, d.form, d.reason, d.manager,
  d.manager_name, d.threshold_at, d.requested_at, d.requested_by, d.follows, d.place, d.chair, d.scheduled_slot,
  d.scheduled_from, d.scheduled_until, d.held_from, d.held_until, d.quorate, d.in_hours, d.initiates_enquiry,
  d.cancelled_at, d.issued_at, d.recorded_at
from discussion as d
where d.id = $1;

-- name: lock
-- Only for who may change it: row-level security asks for both rights.
select d.id from discussion as d where d.id = $1 for no key update;

-- name: save
update discussion set
  version = version + 1, sequence = $2, form = $3, place = $4, chair = $5, urgency = $6, scheduled_slot = $7,
  scheduled_from = $8, scheduled_until = $9, held_from = $10, held_until = $11, quorate = $12, in_hours = $13,
  initiates_enquiry = $14, cancelled_at = $15, issued_at = $16, requested_at = $17, threshold_at = $18, reason = $19,
  manager = $20, manager_name = $21
where id = $1
returning version;

-- name: add_change
insert into discussion_change (discussion, version, what, changes, at, by, by_name, reason)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: changes
select c.version, c.what, c.changes, c.at, c.by_name, c.reason
from discussion_change as c
where c.discussion = $1 and c.version > $2
order by c.version;

-- name: covered
select
  c.discussion, c.pathway, c.area, c.force, c.child, c.family_name, c.given_names, c.date_of_birth,
  c.expected_date_of_birth, c.sex, c.involvement, c.reference, c.confidential_address, c.added_at
from discussion_child as c
where c.discussion = $1
order by c.date_of_birth, c.family_name, c.given_names, c.child, c.added_at, c.pathway;

-- name: clocks
select
  c.pathway, c.standard, c.episode, c.standing, c.why, c.started_at, c.warn_at, c.due_at, c.end_of_day, c.stopped_at,
  c.rules
from discussion_clock as c
where c.discussion = $1
order by c.standard, c.started_at, c.pathway;

-- name: not_covered
-- Other incidents of the same children that nobody has decided to cover, as far as the actor sees them.
select q.id
from discussion_pathway as c
join pathway as q on q.child = c.child
join pathway_state as s on s.pathway = q.id
where c.discussion = $1 and not s.withdrawn and s.closed_at is null
  and not exists (select 1 from discussion_pathway as o where o.discussion = $1 and o.pathway = q.id)
group by q.id
order by q.id;

-- name: invitees
select
  i.id, i.agency, i.area, i.person, p.name as person_name, i.name, i.role_title, i.mail, i.required, i.invited_at
from invitee as i
left join person as p on p.id = i.person
where i.discussion = $1 and i.withdrawn_at is null
order by i.required desc, i.invited_at, i.id;

-- name: slots
select s.id, s.starts_at, s.ends_at
from discussion_slot as s
where s.discussion = $1 and s.withdrawn_at is null
order by s.starts_at, s.id;

-- name: answers
select distinct on (a.slot, a.invitee)
  a.slot, a.invitee, a.answer, a.representative, a.note, a.at, p.name as by_name
from slot_answer as a
left join person as p on p.id = a.by
where a.discussion = $1
order by a.slot, a.invitee, a.at desc, a.id desc;

-- name: delays
-- A correction names the first row of what it corrects; the newest stands.
select x.id, x.kind, x.cause, x.agency, x.note, x.was_for, x.now_for, x.at, p.name as by_name, x.reason
from (
  select distinct on (coalesce(x.corrects, x.id))
    coalesce(x.corrects, x.id) as id, x.kind, x.cause, x.agency, x.note, x.was_for, x.now_for, x.at, x.by, x.reason,
    x.retracted
  from discussion_delay as x
  where x.discussion = $1
  order by coalesce(x.corrects, x.id), x.id desc
) as x
left join person as p on p.id = x.by
where not x.retracted
order by x.at, x.id;

-- name: required
select r.area, r.agency, r.required, r.effective_from, r.basis, r.recorded_at
from required_agency as r
order by r.effective_from, r.recorded_at, r.id;

-- name: add_required
insert into required_agency (id, area, agency, required, effective_from, basis, recorded_at, recorded_by)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: records
select r.number, r.body, r.recorded_at, p.name as recorded_by_name, r.reason
from discussion_record as r
left join person as p on p.id = r.recorded_by
where r.discussion = $1
order by r.number;

-- name: copies
-- A correction names the first row of what it corrects; the newest stands.
select c.invitee, c.number, c.how, c.sent_at
from (
  select distinct on (coalesce(c.corrects, c.id))
    coalesce(c.corrects, c.id) as id, c.invitee, c.number, c.how, c.sent_at, c.retracted
  from record_copy as c
  where c.discussion = $1
  order by coalesce(c.corrects, c.id), c.id desc
) as c
where not c.retracted
order by c.sent_at, c.id;

-- name: open_covering
-- Discussions still to be held that cover any of these pathways.
select distinct d.id
from discussion_pathway as c
join discussion as d on d.id = c.discussion
where c.pathway = any($1::uuid[]) and d.held_from is null and d.cancelled_at is null;

-- name: people_of
-- Who holds one of these roles in an area: names by id.
select distinct p.id, p.name
from person_role as r
join person as p on p.id = r.person
where r.area = $1 and r.role = any($2::text[]) and r.until is null and p.disabled_at is null
order by p.name, p.id;

-- name: area_exists
select true from area where code = $1;

-- name: convene
select set_config('app.discussion', $1, true);

-- name: add_facts
insert into discussion_fact (record, discussion, kind, area, at)
select t.record, $2, t.kind, t.area, t.at
from unnest($1::uuid[], $3::text[], $4::text[], $5::timestamptz[]) as t (record, kind, area, at);

-- name: fact_rows
-- The milestones that stand for one kind of fact of a discussion: one of each area, the newest fact of that area.
select distinct on (f.area) f.area, m.id
from discussion_fact as f
join milestone_current as m on m.record = f.record and m.kind = f.kind
where f.discussion = $1 and f.kind = $2
order by f.area, f.at desc, m.id;

-- name: recorded_kinds
-- Of these pathways, those on which a kind stands that no discussion held since has answered.
select distinct m.pathway
from milestone_current as m
where m.pathway = any($1::uuid[]) and m.kind = $2
  and not exists (
    select 1 from milestone_current as h
    where h.pathway = m.pathway and h.kind in ('strategy_held', 'reopened')
      and coalesce(h.occurred_at, h.occurred_on::timestamptz) > coalesce(m.occurred_at, m.occurred_on::timestamptz)
  );

-- name: listed
-- Discussions of the actor, as row-level security has them: $1 narrows to upcoming, awaiting, mine or past.
select
  d.id, d.area, d.areas, d.forces, d.version, d.sequence, d.kind, d.urgency, d.form, d.reason, d.manager,
  d.manager_name, d.threshold_at, d.requested_at, d.requested_by, d.follows, d.place, d.chair, d.scheduled_slot,
  d.scheduled_from, d.scheduled_until, d.held_from, d.held_until, d.quorate, d.in_hours, d.initiates_enquiry,
  d.cancelled_at, d.issued_at, d.recorded_at,
  (select count(distinct c.child) from discussion_pathway as c where c.discussion = d.id) as children,
  (
    select min(k.due_at) from discussion_clock as k
    where k.discussion = d.id and k.standing = 'ok' and k.rules and k.stopped_at is null
      and case
        when d.held_from is null then k.standard = any($6::text[])
        else k.standard = 'strategy_record' and k.started_at = d.held_from
      end
  ) as due_at,
  array(select c.pathway from discussion_pathway as c where c.discussion = d.id order by c.pathway) as pathways,
  exists (select 1 from discussion_slot as s where s.discussion = d.id and s.withdrawn_at is null) as offered,
  array(
    select distinct i.agency
    from slot_answer as a
    join discussion_slot as s on s.id = a.slot and s.withdrawn_at is null
    join invitee as i on i.id = a.invitee and i.withdrawn_at is null
    where a.discussion = d.id
  ) as answered
from discussion as d
where
  case $1
    when 'upcoming' then d.held_from is null and d.cancelled_at is null
    when 'awaiting' then
      d.held_from is null and d.cancelled_at is null
      and exists (select 1 from discussion_slot as s where s.discussion = d.id and s.withdrawn_at is null)
    when 'mine' then
      d.requested_by = $2
      or exists (
        select 1 from invitee as i
        where i.discussion = d.id and i.withdrawn_at is null
          and (i.person = $2 or (i.person is null and 'area:' || i.area || ':' || i.agency = any($3::text[])))
      )
      or d.invited && $3::text[]
    when 'record_due' then d.held_from is not null and d.issued_at is null
    else true
  end
order by
  (d.held_from is not null or d.cancelled_at is not null),
  case when d.held_from is null and d.cancelled_at is null then coalesce(d.scheduled_from, d.requested_at) end,
  coalesce(d.held_from, d.cancelled_at) desc, d.id
limit $4 offset $5;

-- name: of_pathways
-- Discussions that cover any of these pathways, newest first.
select distinct c.discussion, d.requested_at
from discussion_pathway as c
join discussion as d on d.id = c.discussion
where c.pathway = any($1::uuid[])
order by d.requested_at desc, c.discussion;

-- name: held_before
-- Discussions held for any of these children, the last one first.
select d.id, d.held_from
from discussion as d
where d.held_from is not null and d.id <> $2
  and exists (select 1 from discussion_pathway as c where c.discussion = d.id and c.child = any($1::uuid[]))
order by d.held_from desc, d.id desc;
