-- part: condition
-- The condition that a flag was raised of, as it stands now.
left join condition as c
  on c.about = f.about and c.rule = f.rule and c.subject = f.subject and c.episode = f.episode

-- part: told
-- To which row of a file a flag belongs, where it is about one, and what became of it.
left join lateral (
  select w.reference from import_row as w
  where w.subject_key = f.about and w.outcome in ('held', 'refused') order by w.id desc limit 1
) as r on f.about_kind = 'import_row'
left join lateral (
  select
    array_agg(x.kind order by x.at, x.id) as kinds,
    array_agg(x.role order by x.at, x.id) filter (where x.kind = 'escalated') as escalated_to,
    (array_agg(x.next_due_at order by x.at desc, x.id desc) filter (where x.kind = 'answered'))[1] as next_due_at
  from <this> as x
  where x.flag = f.id
) as e on true

-- part: known_to_police
-- Flags as the police see them, from views that leave out what is withheld from them.
select
  f.id, f.about, f.about_kind, f.area, f.force, f.rule, f.subject, f.true_from, f.true_until,
  f.cause, f.noticed_true_from, f.noticed_at, f.holder, f.evidence,
  coalesce(p.reference, r.reference) as reference,
  coalesce(e.kinds, '{}') as kinds, coalesce(e.escalated_to, '{}') as escalated_to, e.next_due_at
from police_known_flag as f
left join police_pathway as p on p.id = f.about
-- use: told police_flag_event

-- part: evidence
select m.id, m.kind, m.occurred_at, m.occurred_on, m.precision, m.recorded_at, m.outcome
from <this> as m
where m.id = any($1::uuid[])
order by m.recorded_at, m.id;

-- part: events
select e.kind, e.at, e.by_kind, e.by, e.note, e.next_action, e.next_due_at, e.role, p.name
from <this> as e
left join person as p on p.id = e.by
where e.flag = $1
order by e.at, e.id;

-- name: raise_due
-- Every unflagged condition that has become true, oldest first. A flag that is there already (a
-- recomputation ran beside an earlier sweep) is left alone and its condition marked.
with due as (
  select
    c.about, c.about_kind, c.area, c.force, c.rule, c.subject, c.episode, c.true_from,
    c.true_until, c.holder, c.evidence
  from condition as c
  where not c.flagged and c.true_from <= $1
  order by c.true_from
  limit $2
  for update skip locked
),
raised as (
  insert into flag (
    id, about, about_kind, area, force, rule, subject, episode, true_from, noticed_at, holder,
    evidence
  )
  select
    time_ordered_id($1), d.about, d.about_kind, d.area, d.force, d.rule, d.subject, d.episode,
    d.true_from, $1, d.holder, d.evidence
  from due as d
  on conflict (about, rule, subject, episode) do nothing
  returning id, about, rule, subject, episode
),
marked as (
  update condition as c set flagged = true
  from due as d
  where c.about = d.about and c.rule = d.rule and c.subject = d.subject and c.episode = d.episode
  returning c.about
)
select
  (select count(*) from marked) as claimed, r.id, d.rule, d.subject, d.holder, d.true_from,
  d.true_until, k.version
from (select count(*) as due from due) as n
left join raised as r on true
left join due as d
  on d.about = r.about and d.rule = r.rule and d.subject = r.subject and d.episode = r.episode
left join clock as k
  on k.pathway = d.about and k.standard = d.subject and k.episode = d.episode
where n.due > 0;

-- name: tell
-- One message for each person who holds one of a flag's roles where the flag is: in the area, the
-- force, the allocated team, or as the allocated worker. Restricted records: their managers alone. An action's
-- "partner" is its owner: the person, else whoever speaks for the agency.
-- Returns the flags that anybody was told of, now or before.
with wanted as (
  select f.id as flag, w.role, f.area, f.force, s.allocated_to, s.allocated_team,
    coalesce(p.restricted, false) as restricted, a.owner_person, a.owner_key
  from unnest($1::uuid[], $2::text[]) as w (flag, role)
  join flag as f on f.id = w.flag
  left join pathway_state as s on s.pathway = f.about and f.about_kind = 'pathway'
  left join pathway as p on p.id = f.about and f.about_kind = 'pathway'
  left join action as a on a.id = f.about and f.about_kind = 'action'
),
holders as (
  -- Each way to hold one is found by what it has in common with the flag: all flags with all people are too many.
  select w.flag, r.person
  from wanted as w
  join person_role as r on r.role = 'mash_manager' and r.area = w.area and r.until is null
  where w.restricted
  union
  select w.flag, r.person
  from wanted as w
  join person_role as r on r.person = w.owner_person and r.until is null
  where not w.restricted and w.role = 'partner'
  union
  select w.flag, r.person
  from wanted as w
  join person_role as r
    on w.owner_key = case r.role
      when 'partner' then 'area:' || r.area || ':' || r.agency
      when 'police_liaison' then 'force:' || r.force || ':police'
      when 'team_manager' then 'area:' || r.area || ':childrens_social_care'
      when 'mash_coordinator' then 'area:' || r.area || ':childrens_social_care'
    end
    and r.until is null
  where not w.restricted and w.role = 'partner' and w.owner_person is null
  union
  select w.flag, r.person
  from wanted as w
  join person_role as r on r.role = w.role and r.force = w.force and r.until is null
  where not w.restricted and w.role = 'police_liaison'
  union
  select w.flag, r.person
  from wanted as w
  join person_role as r on r.role = w.role and r.person::text = w.allocated_to and r.until is null
  where not w.restricted and w.role = 'social_worker'
  union
  select w.flag, r.person
  from wanted as w
  join person_role as r on r.role = w.role and r.area = w.area and r.until is null
  where not w.restricted and w.role not in ('police_liaison', 'social_worker')
    and (w.role <> 'partner' or (w.owner_person is null and w.owner_key is null))
    and (w.role <> 'team_manager' or w.allocated_team is null or r.team is null or r.team::text = w.allocated_team)
),
people as (
  select o.flag, o.person from holders as o join person as h on h.id = o.person and h.disabled_at is null
),
told as (
  insert into message (id, flag, person, queued_at, run_at)
  select time_ordered_id($3), p.flag, p.person, $3, $3
  from people as p
  on conflict (flag, person) do nothing
)
select distinct p.flag from people as p;

-- name: plan_steps
insert into flag_step (id, flag, kind, role, after, due_at)
select time_ordered_id($5), t.flag, 'escalate', t.role, t.after, t.due_at
from unnest($1::uuid[], $2::text[], $3::interval[], $4::timestamptz[]) as t (flag, role, after, due_at)
on conflict do nothing;

-- name: due_steps
select
  s.id, s.flag, s.kind, s.role, s.after, s.answer, f.area, f.force, c.true_from as stands_from,
  c.true_until as stands_until
from flag_step as s
join flag as f on f.id = s.flag
-- use: condition
where s.done_at is null and s.due_at <= $1
order by s.due_at
limit $2
for update of s skip locked;

-- name: finish_steps
update flag_step set done_at = $2 where id = any($1::uuid[]);

-- name: postpone_steps
update flag_step as s set due_at = t.due_at
from unnest($1::uuid[], $2::timestamptz[]) as t (id, due_at)
where s.id = t.id;

-- name: take_steps
insert into flag_event (id, flag, kind, at, by_kind, area, force, role, answer)
select time_ordered_id($3), s.flag, case s.kind when 'escalate' then 'escalated' else 'lapsed' end,
  $3, 'system', t.area, t.force, s.role, s.answer
from unnest($1::uuid[], $2::text[], $4::text[]) as t (id, area, force)
join flag_step as s on s.id = t.id
on conflict do nothing;

-- name: plan_afresh
-- Few rows are due among very many: a plan made for unknown values would read whole tables.
select set_config('plan_cache_mode', 'force_custom_plan', true);

-- name: next_instant
-- When the earliest condition that is not flagged becomes true or the earliest step is due; in the
-- past when there is something to do now.
select least(
  (select min(c.true_from) from condition as c where not c.flagged),
  (select min(s.due_at) from flag_step as s where s.done_at is null)
);

-- name: would_raise
select
  c.about, c.about_kind, c.area, c.force, c.rule, c.subject, c.episode, c.true_from, c.true_until,
  c.cause, c.holder
from condition as c
where not c.flagged and c.true_from <= $1
order by c.true_from, c.about, c.rule, c.subject, c.episode
limit $2;

-- name: would_raise_counts
select c.rule, count(*)
from condition as c
where not c.flagged and c.true_from <= $1
group by c.rule
order by c.rule;

-- name: bundle_hold
-- One process bundles at a time, so that one person gets one mail.
select pg_try_advisory_xact_lock(7264150314);

-- name: bundle
-- Every person's messages that no mail carries yet go into one; its carrier is the oldest of them.
-- Not while more are coming in (a sweep is catching up), while a mail to that person waits or was
-- sent a moment ago, and nothing that is long past.
with open as (
  select m.id,
    first_value(m.id) over person as carrier,
    min(m.queued_at) over person as oldest,
    max(m.queued_at) over person as newest
  from message as m
  join person as p on p.id = m.person
  where m.bundle is null and m.sent_at is null and m.dead_at is null
    and m.queued_at > $2 and m.read_at is null
    and p.email is not null and p.disabled_at is null
    and not exists (
      select 1 from message as b
      where b.person = m.person and b.bundle = b.id
        and ((b.sent_at is null and b.dead_at is null) or b.sent_at > $3)
    )
  window person as (
    partition by m.person order by m.queued_at, m.id
    rows between unbounded preceding and unbounded following
  )
)
update message as m set bundle = o.carrier, run_at = $1
from open as o
where m.id = o.id and (o.newest <= $4 or o.oldest <= $5)
returning m.id;

-- name: claim_mails
with due as (
  select m.id
  from message as m
  where m.bundle = m.id and m.sent_at is null and m.dead_at is null and m.run_at <= $1
    and (m.locked_until is null or m.locked_until <= $1)
  order by m.run_at
  limit $3
  for update skip locked
),
taken as (
  update message as m set locked_until = $2, attempts = m.attempts + 1
  from due as d where m.id = d.id
  returning m.id, m.person, m.attempts
)
select
  t.id, t.attempts, p.email,
  (select count(*) from message as m where m.bundle = t.id) as flags
from taken as t
join person as p on p.id = t.person;

-- name: mail_sent
update message set sent_at = $2, locked_until = null, last_error = null where bundle = $1;

-- name: mail_failed
-- $4 is when to try again; none means given up. The messages stay in the inbox either way.
update message set
  locked_until = null, last_error = $3, run_at = coalesce($4, run_at),
  dead_at = case when $4::timestamptz is null then $5::timestamptz end
where id = $1 and attempts = $2 and sent_at is null;

-- name: standing
-- Flags whose condition holds, worst rule first, then the longest. Areas are those of the actor's
-- roles (so that an index serves); which of their flags the actor sees is row-level security's.
select
  f.id, f.about, f.about_kind, f.area, f.force, f.rule, f.subject, c.true_from, c.true_until,
  c.cause, f.true_from as noticed_true_from, f.noticed_at, c.holder, f.evidence,
  coalesce(i.reference, r.reference) as reference,
  coalesce(e.kinds, '{}') as kinds, coalesce(e.escalated_to, '{}') as escalated_to, e.next_due_at
from condition as c
join flag as f
  on f.about = c.about and f.rule = c.rule and f.subject = c.subject and f.episode = c.episode
left join pathway as p on p.id = f.about and f.about_kind = 'pathway'
left join incident as i on i.id = p.incident
-- use: told flag_event
where c.flagged and c.area = any($1::text[]) and coalesce(c.true_until, 'infinity'::timestamptz) > $2
  and c.true_from <= $2
  and ($3::text is null or f.rule = $3) and ($4::text is null or f.subject = $4)
order by f.rule = 'approaching', c.true_from, f.id
limit $5 offset $6;

-- name: seen
-- These flags, standing or ended, as far as the actor sees them.
select
  f.id, f.about, f.about_kind, f.area, f.force, f.rule, f.subject,
  coalesce(c.true_from, f.true_from) as true_from, c.true_until, c.cause,
  f.true_from as noticed_true_from, f.noticed_at, coalesce(c.holder, f.holder) as holder, f.evidence,
  coalesce(i.reference, r.reference) as reference,
  coalesce(e.kinds, '{}') as kinds, coalesce(e.escalated_to, '{}') as escalated_to, e.next_due_at
from flag as f
-- use: condition
left join pathway as p on p.id = f.about and f.about_kind = 'pathway'
left join incident as i on i.id = p.incident
-- use: told flag_event
where f.id = any($1::uuid[]) or f.about = any($2::uuid[])
order by f.true_from, f.id;

-- name: children
-- Whom these pathways are about, as far as the actor sees them.
select p.id, c.given_names, c.family_name
from pathway as p
join child as c on c.id = p.child
where p.id = any($1::uuid[])
union
select v.id, v.given_names, v.family_name from police_pathway as v where v.id = any($1::uuid[]);

-- name: police_standing
-- use: known_to_police
where f.flagged and f.force = any($1::text[]) and coalesce(f.true_until, 'infinity'::timestamptz) > $2
  and f.true_from <= $2
  and ($3::text is null or f.rule = $3) and ($4::text is null or f.subject = $4)
order by f.rule = 'approaching', f.true_from, f.id
limit $5 offset $6;

-- name: police_actions
-- Standing flags of overdue actions that the police of these forces own, as far as the actor sees the actions. They are
-- few, and found by the actions that are open and late.
select f.id
from action as a
join condition as c on c.about = a.id and c.about_kind = 'action'
join flag as f
  on f.about = c.about and f.rule = c.rule and f.subject = c.subject and f.episode = c.episode
where a.done_at is null and a.cancelled_at is null and a.due_at <= $2 and a.force = any($1::text[])
  and c.holder = 'police' and c.flagged and c.true_from <= $2 and coalesce(c.true_until, 'infinity'::timestamptz) > $2
  and ($3::text is null or f.rule = $3) and ($4::text is null or f.subject = $4)
order by c.true_from, f.id
limit $5 offset $6;

-- name: police_seen
-- use: known_to_police
where f.id = any($1::uuid[]) or f.about = any($2::uuid[])
order by f.true_from, f.id;

-- name: evidence
-- use: evidence milestone

-- name: police_evidence
-- use: evidence police_milestone

-- name: events
-- use: events flag_event

-- name: police_events
-- use: events police_flag_event

-- name: add_event
insert into flag_event (id, flag, kind, at, by_kind, by, note, next_action, next_due_at, area, force)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: drop_lapses
-- A newer answer stands instead of the older ones.
update flag_step set done_at = $2 where flag = $1 and kind = 'lapse' and done_at is null;

-- name: add_lapse
insert into flag_step (id, flag, kind, answer, due_at) values ($1, $2, 'lapse', $3, $4);

-- name: inbox
-- A person's messages, newest first: those of tellings of no more than $5, and of the others those in $6, in its order.
select t.id, t.flag, t.queued_at, t.read_at
from (
  select
    m.id, m.flag, m.queued_at, m.read_at, date_bin($4, m.queued_at, 'epoch'::timestamptz) as told,
    count(*) over (partition by date_bin($4, m.queued_at, 'epoch'::timestamptz)) as together
  from message as m
  where m.person = $1 and ($2 or m.read_at is null)
) as t
where t.together <= $5 or t.id = any($6::uuid[])
order by t.told desc, array_position($6::uuid[], t.id), t.queued_at desc, t.id desc
limit $3;

-- name: told
-- A person's messages of tellings of more than $4, the newest telling first; of those queued from $5 to $6, all of them
-- where $4 is 0.
select t.id, t.flag, t.queued_at, t.read_at, t.told
from (
  select
    m.id, m.flag, m.queued_at, m.read_at, date_bin($3, m.queued_at, 'epoch'::timestamptz) as told,
    count(*) over (partition by date_bin($3, m.queued_at, 'epoch'::timestamptz)) as together
  from message as m
  where m.person = $1 and ($2 or m.read_at is null)
    and ($5::timestamptz is null or m.queued_at >= $5) and ($6::timestamptz is null or m.queued_at <= $6)
) as t
where t.together > $4
order by t.told desc, t.id;

-- name: urgency
-- What these flags are about, whether it is still so, and whether it is urgent for a child or of high risk.
select
  f.id, f.about, f.rule, f.subject, coalesce(c.true_from, f.true_from) as true_from,
  coalesce(c.true_until, 'infinity'::timestamptz) > $2 as stands, coalesce(s.grade = 'high' or s.urgent, false) as high
from flag as f
-- use: condition
left join pathway_state as s on s.pathway = f.about
where f.id = any($1::uuid[]);

-- name: police_urgency
-- As the police see them; which are of high risk is asked of the pathways.
select
  k.id, k.about, k.rule, k.subject, k.true_from, coalesce(k.true_until, 'infinity'::timestamptz) > $2 as stands,
  false as high
from police_known_flag as k
where k.id = any($1::uuid[]);

-- name: police_high
select p.id from police_pathway as p where p.id = any($1::uuid[]) and (p.grade = 'high' or p.urgent);

-- name: mark_read
update message set read_at = $2
where person = $1 and read_at is null and ($3::uuid[] is null or id = any($3::uuid[]))
  and ($4::timestamptz is null or queued_at >= $4) and ($5::timestamptz is null or queued_at <= $5)
returning id;

-- name: mark_flag_read
update message set read_at = $3 where flag = $1 and person = $2 and read_at is null;
