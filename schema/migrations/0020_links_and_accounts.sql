-- Links between records of one child, and what accounts need.

-- Two records of one child: the linked one keeps its names and dates, its pathways stand under the other. Where a record
-- is linked, linked_to is the record that stands; pathway.recorded_child is where a moved pathway came in.
-- The columns are new and empty: neither the reference nor the index has a row to look at.
-- squawk-ignore adding-foreign-key-constraint
alter table child add column linked_to uuid references child;
-- squawk-ignore adding-foreign-key-constraint
alter table pathway add column recorded_child uuid references child;
-- squawk-ignore require-concurrent-index-creation
create index child_linked on child (linked_to) where linked_to is not null;
-- squawk-ignore require-concurrent-index-creation
create index pathway_recorded_child on pathway (recorded_child) where recorded_child is not null;

-- Who linked and unlinked what, and why. Append-only: undoing is a row of its own.
create table child_link (
  id uuid primary key,
  area text not null references area,
  kind text not null check (kind in ('linked', 'unlinked')),
  child uuid not null references child,
  into_child uuid not null references child,
  undoes uuid references child_link,
  pathways uuid[] not null,
  -- Pathways that became restricted because the record they came under is.
  made_restricted uuid[] not null default '{}',
  reasons text[] not null,
  why text not null check (why <> ''),
  at timestamptz not null,
  by uuid not null references person,
  written_at timestamptz not null default clock_timestamp(),
  check (child <> into_child),
  check ((kind = 'unlinked') = (undoes is not null))
);
create unique index child_link_undone on child_link (undoes) where undoes is not null;
create index child_link_child on child_link (child);
create index child_link_into on child_link (into_child);
create trigger child_link_append_only before update or delete or truncate on child_link
  for each statement execute function refuse_change();

-- Records that may be of one child, until somebody says. The smaller id stands first.
create table possible_match (
  id uuid primary key,
  area text not null references area,
  child uuid not null references child,
  other uuid not null references child,
  reasons text[] not null,
  exact boolean not null,
  found_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'same', 'different')),
  settled_at timestamptz,
  settled_by uuid references person,
  why text,
  check (child < other),
  check ((state = 'waiting') = (settled_at is null)),
  unique (child, other)
);
create index possible_match_waiting on possible_match (area, found_at) where state = 'waiting';
create index possible_match_other on possible_match (other);
create trigger possible_match_audited after update or delete on possible_match
  for each row execute function audit_change();

-- Children whose names or date of birth are new: the watcher looks for records of the same child.
create table match_wanted (child uuid primary key references child);
create function want_match() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into match_wanted (child) select n.id from new_children as n on conflict do nothing;
  return null;
end
$$;
create trigger child_match_wanted after insert on child
  referencing new table as new_children for each statement execute function want_match();
create function want_match_again() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into match_wanted (child) values (new.id) on conflict do nothing;
  return null;
end
$$;
create trigger child_match_wanted_again after update on child for each row
  when (
    old.normal_name is distinct from new.normal_name
    or old.date_of_birth is distinct from new.date_of_birth
  )
  execute function want_match_again();
insert into match_wanted (child) select c.id from child as c;

alter table child_link enable row level security;
create policy child_link_area on child_link to tracker_app, tracker_reports
  using (
    area = any ((select allowed_areas())::text[])
    and exists (select 1 from child as c where c.id = child_link.child)
    and exists (select 1 from child as c where c.id = child_link.into_child)
  );
alter table possible_match enable row level security;
create policy possible_match_area on possible_match to tracker_app, tracker_reports
  using (
    area = any ((select allowed_areas())::text[])
    and exists (select 1 from child as c where c.id = possible_match.child)
    and exists (select 1 from child as c where c.id = possible_match.other)
  );
alter table match_wanted enable row level security;
create policy match_wanted_system on match_wanted to tracker_app using ((select actor_kind()) = 'system');
grant select, insert (
  id, area, kind, child, into_child, undoes, pathways, made_restricted, reasons, why, at, by
) on child_link to tracker_app;
grant select, insert, update on possible_match to tracker_app;
grant select, update, delete on match_wanted to tracker_app;
grant select on child_link, possible_match to tracker_reports;

-- Whoever puts an incident under a record that is linked puts it under the one that stands.
create function stand_under() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  under uuid;
begin
  select c.linked_to into under from child as c where c.id = new.child;
  if under is not null then
    new.recorded_child := new.child;
    new.child := under;
  end if;
  return new;
end
$$;
create trigger pathway_stands_under before insert or update of child on pathway
  for each row execute function stand_under();

-- Second factors: the key of time-based codes, since when it counts, and the last half minute whose code was used.
alter table person add column totp_key text, add column totp_since timestamptz, add column totp_last bigint;
-- The password was right, the code is still to come: nothing is shown to such a session.
alter table session add column pending boolean not null default false;

-- A link to choose a new password, once. The token itself is stored nowhere.
create table password_reset (
  token_hash bytea primary key,
  person uuid not null references person,
  created_at timestamptz not null,
  created_by uuid references person,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index password_reset_person on password_reset (person);
alter table password_reset enable row level security;
-- The token is the right: a visitor who has none finds nothing.
create policy password_reset_holder on password_reset to tracker_app using (true);
grant select, insert, update, delete on password_reset to tracker_app;

-- As before, and the key of a second factor is no more written into the audit than a password.
create or replace function audit_change() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  before jsonb := to_jsonb(old);
  after jsonb := case when tg_op = 'DELETE' then '{}'::jsonb else to_jsonb(new) end;
  gone boolean := (tg_table_name = 'child' and before ->> 'pseudonymised_at' is null
    and after ->> 'pseudonymised_at' is not null) or (
    tg_table_name in ('child_name', 'possible_match') and tg_op = 'DELETE') or (
    actor_kind() = 'system' and current_setting('app.retention', true) = 'names');
  changed jsonb;
begin
  select coalesce(jsonb_object_agg(
    k, case
      when k in ('password_hash', 'token_hash', 'totp_key') then '"changed"'::jsonb
      -- What retention takes away must not stay here for ever.
      when gone then '"removed"'::jsonb
      else jsonb_build_array(before -> k, after -> k) end
  ), '{}') into changed
  from jsonb_object_keys(before) as k
  where (before -> k) is distinct from (after -> k) and k not in ('version', 'totp_last');
  if changed <> '{}' then
    insert into audit (id, at, actor_kind, actor, actor_name, action, purpose, pathways, detail)
    values (
      gen_random_uuid(), clock_timestamp(), coalesce(actor_kind(), 'owner'), actor_id(),
      coalesce(actor_kind(), session_user), tg_table_name || '_changed', 'change of a record',
      case when tg_table_name = 'pathway' then array[(before ->> 'id')::uuid] else '{}'::uuid[] end,
      jsonb_build_object(
        'row', coalesce(
          before -> 'id',
          jsonb_build_object('area', before -> 'area', 'person', before -> 'person', 'since', before -> 'since')
        ),
        'changed', changed
      )
    );
  end if;
  return null;
end
$$;

-- Which server counted a transaction: after a restore from a dump into a new one they are counted from the start.
create function audit_epoch() returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp
return (select c.system_identifier from pg_control_system() as c);
grant execute on function audit_epoch() to tracker_app;
-- The function is not volatile: it is asked once, and no row is written again.
-- squawk-ignore adding-field-with-default
alter table audit add column epoch bigint not null default audit_epoch();
-- squawk-ignore adding-field-with-default
alter table audit_seal add column epoch bigint not null default audit_epoch();
-- squawk-ignore require-concurrent-index-creation
create index audit_epoch_transaction on audit (epoch, transaction);

-- How long what is kept, as data. Nothing is done by a rule alone: somebody runs the command.
create table retention_rule (
  id uuid primary key default gen_random_uuid(),
  entity text not null unique check (entity in ('child', 'police_file')),
  years integer not null check (years between 1 and 100),
  -- For a child: not before this age. Whose date of birth is not known is taken to be born at the first incident.
  age integer check (age between 18 and 100),
  basis text not null,
  confirmed_locally boolean not null default false
);
insert into retention_rule (entity, years, age, basis) values
(
  'child', 6, 25,
  'Six years after the last recorded step and not before the 25th birthday; usual in schedules of councils for contacts'
  ' that led to no long-term service. Children with a longer record are held by the council''s own case system.'
),
('police_file', 2, null, 'What a file said stands on the books; the file itself serves to settle questions about its rows.');
create trigger retention_rule_audited after update or delete on retention_rule
  for each row execute function audit_change();
grant select, update (years, age, basis, confirmed_locally) on retention_rule to tracker_app;

-- A reason to keep a child's record whatever the rules say: a review, an inquiry, a court.
create table legal_hold (
  id uuid primary key,
  child uuid not null references child,
  area text not null references area,
  reason text not null check (reason <> ''),
  placed_at timestamptz not null,
  placed_by uuid not null references person,
  lifted_at timestamptz,
  lifted_by uuid references person,
  lifted_why text,
  check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lifted_why is null))
);
create index legal_hold_child on legal_hold (child);
create trigger legal_hold_audited after update or delete on legal_hold
  for each row execute function audit_change();
alter table legal_hold enable row level security;
create policy legal_hold_area on legal_hold to tracker_app, tracker_reports
  using (area = any ((select allowed_areas())::text[]) and exists (select 1 from child as c where c.id = legal_hold.child));
grant select, insert, update (lifted_at, lifted_by, lifted_why) on legal_hold to tracker_app;

alter table child add column pseudonymised_at timestamptz;

-- The one change that a notice may see: names and words about a child go, everything else stays.
create function without_names(body jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp
return jsonb_set(
  body - 'summary', '{children}',
  coalesce((
    select jsonb_agg(
      c - 'family_name' - 'given_names' - 'date_of_birth' - 'safe_contact' - 'said_or_showed' - 'local_reference'
      - 'school' order by n
    )
    from jsonb_array_elements(case when jsonb_typeof(body -> 'children') = 'array' then body -> 'children' end)
      with ordinality as t (c, n)
  ), '[]'::jsonb)
);
create function refuse_change_but_of_names() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.body = without_names(old.body)
     and (to_jsonb(new) - 'body') = (to_jsonb(old) - 'body') then
    return new;
  end if;
  raise exception '% is append-only: % is refused; record a correction instead', tg_table_name, tg_op
    using errcode = 'restrict_violation';
end
$$;
drop trigger notice_append_only on notice;
create function refuse_unless_retention() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and current_setting('app.retention', true) = 'names' then
    return null;
  end if;
  raise exception '% is append-only: % is refused; record a correction instead', tg_table_name, tg_op
    using errcode = 'restrict_violation';
end
$$;
create trigger notice_append_only before update or delete or truncate on notice
  for each statement execute function refuse_unless_retention();
create trigger notice_but_of_names before update on notice
  for each row execute function refuse_change_but_of_names();

-- How a row of a meeting or an enquiry is left: what was said and written about children goes, what was done, when, by
-- whom and for whom stays.
create function without_words(tab text, was jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp
return was || case tab
  when 'discussion_record' then jsonb_build_object(
    'body', (was -> 'body') - array[
      'information', 'history', 'children', 'dissent', 'actions', 'earlier_actions', 'next_discussion'
    ],
    'reason', case when was ->> 'reason' is not null then 'removed' end)
  when 'discussion_change' then jsonb_build_object(
    'changes', '{}'::jsonb, 'reason', case when was ->> 'reason' is not null then 'removed' end)
  when 'discussion_delay' then '{"note": ""}'::jsonb
  when 'slot_answer' then '{"note": ""}'::jsonb
  when 'action_event' then '{"note": "", "evidence": ""}'::jsonb
  when 'enquiry_revision' then jsonb_build_object(
    'body', (was -> 'body') - array[
      'history', 'not_seen_why', 'checks', 'findings', 'rationale', 'next_step_text'
    ])
  when 'conference_revision' then jsonb_build_object('body', (was -> 'body') - array['late_text', 'interim_plan'])
end;
create function refuse_change_but_of_words() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and to_jsonb(new) = without_words(tg_table_name, to_jsonb(old)) then
    return new;
  end if;
  raise exception '% is append-only: % is refused; record a correction instead', tg_table_name, tg_op
    using errcode = 'restrict_violation';
end
$$;
do $$
declare
  tab text;
begin
  foreach tab in array array[
    'discussion_record', 'discussion_change', 'discussion_delay', 'slot_answer', 'action_event', 'enquiry_revision',
    'conference_revision'
  ] loop
    execute format('drop trigger %I on %I', tab || '_append_only', tab);
    execute format(
      'create trigger %I before update or delete or truncate on %I'
      ' for each statement execute function refuse_unless_retention()', tab || '_append_only', tab);
    execute format(
      'create trigger %I before update on %I for each row execute function refuse_change_but_of_words()',
      tab || '_but_of_words', tab);
  end loop;
end
$$;

-- Words of meetings, enquiries and conferences that are about nobody but children whose names have gone. Called by
-- pseudonymise alone, which sets what the triggers look for.
create function empty_words(whose uuid[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  talked uuid[] := array(
    select d.id from discussion as d
    where exists (select 1 from discussion_pathway as o where o.discussion = d.id and o.pathway = any (whose))
      and not exists (
        select 1 from discussion_pathway as o
        join pathway as q on q.id = o.pathway
        join child as c on c.id = q.child
        where o.discussion = d.id and c.pseudonymised_at is null
      )
  );
  sat uuid[] := array(
    select d.id from conference as d
    where exists (select 1 from conference_child as o where o.conference = d.id and o.pathway = any (whose))
      and not exists (
        select 1 from conference_child as o
        join pathway as q on q.id = o.pathway
        join child as c on c.id = q.child
        where o.conference = d.id and c.pseudonymised_at is null
      )
  );
  enquired uuid[] := array(
    select distinct o.enquiry from enquiry_pathway as o where o.pathway = any (whose)
  );
begin
  delete from discussion_draft where discussion = any (talked);
  update discussion set reason = 'removed', place = null where id = any (talked);
  update discussion_record as r set
    body = without_words('discussion_record', to_jsonb(r)) -> 'body',
    reason = case when r.reason is not null then 'removed' end
  where r.discussion = any (talked);
  update discussion_change as r set
    changes = '{}', reason = case when r.reason is not null then 'removed' end
  where r.discussion = any (talked);
  update discussion_delay set note = '' where discussion = any (talked);
  update slot_answer set note = '' where discussion = any (talked);
  update action_event set note = '', evidence = ''
  where action in (select a.id from action as a where a.discussion = any (talked));
  update action set what = 'removed', outcome_sought = '' where discussion = any (talked);
  update enquiry as r set
    body = without_words('enquiry_revision', to_jsonb(r)) -> 'body',
    returned = case when r.returned is not null then 'removed' end
  where r.id = any (enquired);
  update enquiry_revision as r set body = without_words('enquiry_revision', to_jsonb(r)) -> 'body'
  where r.enquiry = any (enquired);
  update conference set late_text = '', interim_plan = '' where id = any (sat);
  update conference_revision as r set body = without_words('conference_revision', to_jsonb(r)) -> 'body'
  where r.conference = any (sat);
end
$$;
-- Nobody calls it but its owner.
revoke execute on function empty_words(uuid[]) from public;

-- Take names, references and words off children. Milestones, clocks and the audit stay. Only the system, never a
-- child on hold, and the values that go are not written into the audit.
create function pseudonymise(children uuid[], at timestamptz) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  done uuid[];
  whose uuid[];
begin
  if actor_kind() is distinct from 'system' then
    raise exception 'only the system pseudonymises' using errcode = 'insufficient_privilege';
  end if;
  perform set_config('app.retention', 'names', true);
  update child as c set
    family_name = '', given_names = '', normal_name = 'pseudonymised/' || c.id, local_reference = null,
    la_child_id = null, upn = null, nhs_number = null, school = null, safe_contact = null,
    date_of_birth = date_trunc('month', c.date_of_birth)::date,
    expected_date_of_birth = date_trunc('month', c.expected_date_of_birth)::date,
    pseudonymised_at = at, version = c.version + 1
  where c.id = any (children) and c.pseudonymised_at is null
    and not exists (select 1 from legal_hold as h where h.child = c.id and h.lifted_at is null);
  done := array(select c.id from child as c where c.id = any (children) and c.pseudonymised_at = at);
  whose := array(
    select p.id from pathway as p where p.child = any (done) or p.recorded_child = any (done)
  );
  delete from child_name where child = any (done);
  delete from match_wanted where child = any (done);
  delete from possible_match where child = any (done) or other = any (done);
  delete from decision_draft where pathway = any (whose);
  update pathway_told set summary = null where pathway = any (whose);
  update import_row set cells = '\x5b5d', reasons = '[]', proposal = null where pathway = any (whose);
  update incident as i set summary = null
  where i.id in (select p.incident from pathway as p where p.id = any (whose))
    and not exists (
      select 1 from pathway as q join child as c on c.id = q.child
      where q.incident = i.id and c.pseudonymised_at is null
    );
  perform empty_words(whose);
  -- A notice names all its children: it loses its names when the last of them has.
  update notice as n set body = without_names(n.body)
  where n.incident in (select p.incident from pathway as p where p.id = any (whose))
    and n.body <> without_names(n.body)
    and not exists (
      select 1 from pathway as q join child as c on c.id = q.child
      where q.incident = n.incident and c.pseudonymised_at is null
    );
  perform set_config('app.retention', '', true);
  return cardinality(done);
end
$$;
grant execute on function pseudonymise(uuid[], timestamptz), without_names(jsonb) to tracker_app;

-- Stored files lose their text, and entries of their rows what stood in the cells, where nothing waits for anybody.
create function empty_file(which uuid) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  rows integer;
begin
  if actor_kind() is distinct from 'system' then
    raise exception 'only the system empties files' using errcode = 'insufficient_privilege';
  end if;
  delete from import_chunk where import = which;
  update import_row set cells = '\x5b5d'
  where import = which and cells <> '\x5b5d'
    and (outcome not in ('held', 'refused') or settled_at is not null or dry_run);
  get diagnostics rows = row_count;
  return rows;
end
$$;
grant execute on function empty_file(uuid) to tracker_app;

-- Which records have a pathway in these incidents, whatever the actor may see: one that moved to another area is not
-- opened a second time by the area it left. Ids alone.
create function children_of_incidents(which uuid[]) returns table (incident uuid, child uuid)
language sql stable security definer set search_path = public, pg_temp as $$
select p.incident, c.id
from pathway as p
cross join lateral (values (p.child), (p.recorded_child)) as c (id)
where p.incident = any (which) and c.id is not null
$$;
grant execute on function children_of_incidents(uuid[]) to tracker_app;

-- Notices about a child that were not shared, and stand, whatever the actor may see: an incident that moved to another
-- area still has the next one looked at again. Ids and instants alone, for what follows from milestones.
create function not_shared_of(which uuid) returns table (pathway uuid, milestone uuid, at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
select q.id, m.id, m.occurred_at
from pathway as q
join milestone as m on m.pathway = q.id
where q.child = which and m.kind = 'notice_not_shared' and m.occurred_at is not null and not m.retracted
  and not exists (select 1 from milestone as n where n.supersedes = m.id)
  and not exists (
    select 1 from milestone as w
    where w.pathway = q.id and w.kind in ('notice_shared', 'withdrawn') and not w.retracted
      and not exists (select 1 from milestone as x where x.supersedes = w.id)
  )
$$;
grant execute on function not_shared_of(uuid) to tracker_app;
