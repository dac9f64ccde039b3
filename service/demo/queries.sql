-- name: insert_forces
insert into force (code, name) select * from unnest($1::text[], $2::text[]);

-- name: insert_areas
insert into area (code, name, partnership) select * from unnest($1::text[], $2::text[], $3::text[]);

-- name: insert_force_areas
insert into force_area (force, area) select * from unnest($1::text[], $2::text[]);

-- name: insert_districts
insert into district (force, area, name) select * from unnest($1::text[], $2::text[], $3::text[]);

-- name: insert_teams
insert into team (id, area, name) select * from unnest($1::uuid[], $2::text[], $3::text[]);

-- name: insert_schools
insert into school (id, area, name) select * from unnest($1::uuid[], $2::text[], $3::text[]);

-- name: insert_feeds
insert into feed (name, profile, force, coverage)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]);

-- name: insert_people
insert into person (id, sign_in, name, email, password_hash, created_at)
select t.id, t.sign_in, t.name, t.email, $5, $6
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as t (id, sign_in, name, email);

-- name: insert_roles
insert into person_role (id, person, role, area, force, agency, team, since)
select t.id, t.person, t.role, t.area, t.force, t.agency, t.team, $8
from unnest(
  $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[]
) as t (id, person, role, area, force, agency, team);

-- name: insert_deciders
insert into qualified_decider (area, person, since)
select t.area, t.person, $3 from unnest($1::text[], $2::uuid[]) as t (area, person);

-- name: open_incidents
-- Through the one function that makes incidents. In the order given; answers their ids.
select t.reference, f.id
from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
  $8::timestamptz[]
) with ordinality as t (id, force, reference, area, district, why, coverage, at, n)
cross join lateral find_or_create_incident(
  t.id, t.force, t.reference, t.area, t.district, null, t.why, t.coverage, t.at
) as f;

-- name: insert_children
insert into child (
  id, area, local_reference, family_name, given_names, normal_name, date_of_birth,
  expected_date_of_birth, sex, ethnicity, disability, school, school_status,
  confidential_address, safe_contact, first_seen_at
)
select * from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[],
  $8::date[], $9::text[], $10::text[], $11::text[], $12::uuid[], $13::text[], $14::boolean[],
  $15::text[], $16::timestamptz[]
);

-- name: children_by_reference
select local_reference, id from child where local_reference = any($1::text[]);

-- name: insert_transfers
insert into transfer (id, pathway, from_area, to_area, sent_at, accepted_at)
select * from unnest(
  $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[]
);

-- name: further_incidents_of_declined
-- Pathways of children of $1's pathways of whom a notice was declined: what follows for their other
-- incidents could not be known while pathways were written side by side.
select p.id
from pathway as p
where p.child in (
  select s.child
  from pathway_state as s
  where s.not_shared_at is not null
    and s.child in (select t.child from pathway as t where t.id = any($1::uuid[]))
)
order by p.id;

-- name: notice_conditions
-- Flags that a watcher would have raised by $2, a few seconds after the condition was true and known.
with due as (
  update condition as c set flagged = true
  where not c.flagged and c.true_from <= $2 and c.about = any($1::uuid[])
  returning
    c.about, c.area, c.force, c.rule, c.subject, c.episode, c.true_from, c.holder, c.evidence
)
insert into flag (
  id, about, about_kind, area, force, rule, subject, episode, true_from, noticed_at, holder, evidence
)
select
  time_ordered_id(n.noticed_at), d.about, 'pathway', d.area, d.force, d.rule, d.subject, d.episode,
  d.true_from, n.noticed_at, d.holder, d.evidence
from due as d
left join milestone as m on m.id = d.episode
cross join lateral (
  select least(
    $2, greatest(d.true_from, m.recorded_at) + make_interval(secs => 1 + abs(hashtext(d.about::text)) % 3)
  ) as noticed_at
) as n;

-- name: insert_flags
insert into flag (
  id, about, about_kind, area, force, rule, subject, episode, true_from, noticed_at, holder, evidence
)
select
  time_ordered_id(t.noticed_at), t.about, 'pathway', p.area, p.force, t.rule, t.subject, t.episode,
  t.true_from, t.noticed_at, t.holder, array[t.episode]
from unnest(
  $1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::text[]
) as t (about, rule, subject, episode, true_from, noticed_at, holder)
join pathway as p on p.id = t.about
on conflict do nothing;

-- name: corrected
select distinct m.pathway
from milestone as m
where m.supersedes is not null and m.pathway = any($1::uuid[])
order by m.pathway;

-- name: standing_flags
-- Flags that stand at $1 on the pathways of $2, with what their ladder is.
select
  f.id, f.rule, f.subject, f.holder, f.true_from, c.true_until, k.version, f.noticed_at, f.area,
  f.force
from condition as c
join flag as f
  on f.about = c.about and f.rule = c.rule and f.subject = c.subject and f.episode = c.episode
left join clock as k
  on k.pathway = c.about and k.standard = c.subject and k.episode = c.episode
where c.flagged and coalesce(c.true_until, 'infinity') > $1 and c.about = any($2::uuid[])
order by f.noticed_at, f.id;

-- name: past_steps
-- Rungs whose time had come before $1 were climbed then.
with done as (
  update flag_step as s set done_at = s.due_at + interval '2 seconds'
  where s.done_at is null and s.due_at <= $1 and s.kind = 'escalate'
  returning s.flag, s.role, s.due_at
)
insert into flag_event (id, flag, kind, at, by_kind, area, force, role)
select
  time_ordered_id(d.due_at), d.flag, 'escalated', d.due_at + interval '2 seconds', 'system', f.area,
  f.force, d.role
from done as d
join flag as f on f.id = d.flag;

-- name: past_messages
-- Told when they were noticed; sent, and read where they are not of the last day.
update message as m set
  queued_at = f.noticed_at, run_at = f.noticed_at, sent_at = f.noticed_at + interval '20 seconds',
  read_at = case
    when f.noticed_at < $1::timestamptz - interval '1 day' then f.noticed_at + interval '3 hours'
  end
from flag as f
where f.id = m.flag and f.about = any($2::uuid[]);

-- name: insert_answers
insert into flag_event (id, flag, kind, at, by_kind, by, note, next_action, next_due_at, area, force)
select t.id, t.flag, t.kind, t.at, 'person', t.by, t.note, t.next_action, t.next_due_at, f.area, f.force
from unnest(
  $1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::text[], $7::text[],
  $8::timestamptz[]
) as t (id, flag, kind, at, by, note, next_action, next_due_at)
join flag as f on f.id = t.flag;

-- name: insert_lapses
insert into flag_step (id, flag, kind, answer, due_at)
select time_ordered_id($4), t.flag, 'lapse', t.answer, t.due_at
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as t (flag, answer, due_at);

-- name: insert_heartbeats
insert into heartbeat (name, at, detail)
select * from unnest($1::text[], $2::timestamptz[], $3::jsonb[]);

-- name: coarsely
-- A tenth of the usual sample: enough for so few rows, and over in a moment.
set default_statistics_target = 10;

-- name: analyse
analyse;

-- name: known_people
select sign_in, id from person;

-- name: known_teams
select area, name, id from team;

-- name: known_schools
select area, name, id from school;

-- name: begin_past
insert into heartbeat (name, at, detail) values ($1, $2, $3);

-- name: past
select detail from heartbeat where name = $1;

-- name: past_locked
-- So that what is loaded next is loaded once.
select detail from heartbeat where name = $1 for update;

-- name: past_left
select coalesce(
  (select (detail ->> 'total')::integer - (detail ->> 'done')::integer from heartbeat where name = $1), 0
);

-- name: advance_past
update heartbeat set at = $2, detail = detail || jsonb_build_object('done', $3::integer) where name = $1;

-- name: promises_there
select exists (select 1 from promise);

-- name: managers
-- One manager of each area's front door.
select distinct on (r.area) r.area, p.id, p.name
from person_role as r
join person as p on p.id = r.person
where r.role = 'mash_manager' and r.area is not null and r.until is null and p.disabled_at is null
order by r.area, p.sign_in;

-- name: discussions_there
select exists (select 1 from discussion);

-- name: told_of_discussions
-- What the past tells of discussions since an instant: one row for each fact, with the pathways it covers.
select
  m.kind, m.record, m.area, min(m.occurred_at) as at, min(m.outcome) as outcome,
  (array_agg(m.detail order by m.pathway))[1] as detail, array_agg(m.pathway order by m.pathway) as pathways
from milestone_current as m
join pathway as p on p.id = m.pathway and p.area = m.area and not p.restricted
where m.occurred_at >= $1 and m.kind = any($2::text[])
group by m.kind, m.record, m.area
order by min(m.occurred_at), array_position($2::text[], m.kind), m.record;

-- name: posts
-- Everybody who convenes discussions or takes part in them as a partner, with their role.
select r.role, r.area, r.force, r.agency, p.id, p.name
from person_role as r
join person as p on p.id = r.person
where r.role in ('mash_manager', 'mash_coordinator', 'partner', 'police_liaison')
  and r.until is null and p.disabled_at is null
order by p.sign_in;
