-- name: known
-- One invitation and how its discussion stands: its time, else the first that is proposed, else the last it lost.
select
  i.id as invitee, d.id as discussion, d.sequence, d.form, d.requested_at, d.held_from, d.cancelled_at,
  i.withdrawn_at, d.scheduled_from, d.scheduled_until,
  s.starts_at as proposed_from, s.ends_at as proposed_until, w.was_for
from invitee as i
join discussion as d on d.id = i.discussion
left join lateral (
  select s.starts_at, s.ends_at
  from discussion_slot as s
  where s.discussion = d.id and s.withdrawn_at is null
  order by s.starts_at, s.id
  limit 1
) as s on true
left join lateral (
  select w.was_for from discussion_delay as w
  where w.discussion = d.id and w.was_for is not null
  order by w.at desc, w.id desc
  limit 1
) as w on true
where i.id = $1;

-- name: recipients
-- Whom the invitation is sent to: the person, the address that was typed, else everybody who takes part for the agency.
select p.id, p.email
from invitee as i
join discussion as d on d.id = i.discussion
join person as p on p.id = i.person or (
  i.person is null and i.mail = '' and exists (
    select 1 from person_role as r
    where r.person = p.id and r.until is null
      and (
        (r.role = 'partner' and r.area = i.area and r.agency = i.agency)
        or (r.role = 'police_liaison' and i.agency = 'police' and r.force = any(d.forces))
      )
  )
)
where i.id = $1 and p.disabled_at is null and p.email is not null
union all
select i.id, i.mail from invitee as i where i.id = $1 and i.person is null and i.mail <> ''
order by 1;

-- name: invitees
-- Everybody who is invited and, with $2, those who no longer are.
select id from invitee where discussion = $1 and (withdrawn_at is null or $2) order by invited_at, id;
