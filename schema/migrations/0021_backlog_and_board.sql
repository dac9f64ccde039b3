-- What the backlog report asks: when notices left the force, and what was known of them at an earlier instant.

-- squawk-ignore require-concurrent-index-creation
create index pathway_state_left on pathway_state (force, (coalesce(shared_at, not_shared_at)))
  where coalesce(shared_at, not_shared_at) is not null;

-- That a pathway was withdrawn is told to the police already, by its status; with the milestone, what stood at an
-- earlier instant can be told too. Why it was withdrawn stays with those who withdrew it.
create or replace view police_milestone with (security_barrier = true) as
select
  m.id, m.pathway, m.area, m.force, m.record, m.root, m.kind, m.occurred_at, m.occurred_on,
  m.precision, m.source, m.recorded_at, m.recorded_by_kind, m.recorded_by, m.origin,
  case when m.kind <> 'withdrawn' then m.outcome end as outcome,
  case when m.kind <> 'withdrawn' then m.detail else '{}'::jsonb end as detail,
  m.supersedes, m.retracted,
  case when m.kind <> 'withdrawn' then m.reason end as reason, m.authorised_by
from milestone as m
join pathway as p on p.id = m.pathway
where m.force = any ((select allowed_forces())::text[]) and not p.restricted
  and m.kind in (
    'incident_occurred', 'police_reported', 'police_attended', 'seen_at_scene', 'risk_graded',
    'urgent_for_child', 'risk_regraded', 'notice_submitted', 'notice_shared', 'notice_received',
    'notice_not_shared', 'school_notified', 'withdrawn'
  );

-- Incidents of which police hold something now, or held something that left since an instant. Comparing instants is not
-- leakproof, so that the view above would be read whole; here the force is checked and the indexes serve.
create function police_incidents(of_forces text[], since timestamptz) returns setof uuid
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select s.incident
  from pathway_state as s
  where s.force = any (of_forces) and s.force = any ((select allowed_forces())::text[])
    and s.shared_at is null and s.not_shared_at is null and not s.withdrawn
  union
  select s.incident
  from pathway_state as s
  where s.force = any (of_forces) and s.force = any ((select allowed_forces())::text[])
    and coalesce(s.shared_at, s.not_shared_at) >= since;
end;

-- The same as far as was known at an instant: those of which it is so now, and those about whose leaving anything was
-- recorded later. What was known of each decides.
create function police_incidents_known(of_forces text[], at timestamptz, since timestamptz) returns setof uuid
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select s.incident
  from pathway_state as s
  where s.force = any (of_forces) and s.force = any ((select allowed_forces())::text[])
    and s.shared_at is null and s.not_shared_at is null
  union
  select s.incident
  from pathway_state as s
  where s.force = any (of_forces) and s.force = any ((select allowed_forces())::text[])
    and coalesce(s.shared_at, s.not_shared_at) >= since
  union
  select p.incident
  from milestone as m
  join pathway as p on p.id = m.pathway
  where m.force = any (of_forces) and m.force = any ((select allowed_forces())::text[]) and m.recorded_at > at
    and m.kind in ('notice_shared', 'notice_not_shared', 'withdrawn');
end;

revoke execute on function police_incidents(text[], timestamptz) from public;
revoke execute on function police_incidents_known(text[], timestamptz, timestamptz) from public;
grant execute on function police_incidents(text[], timestamptz) to tracker_app;
grant execute on function police_incidents_known(text[], timestamptz, timestamptz) to tracker_app;

-- What somebody did to the process, as it is marked on the board's pictures. Limits begin again only where a person,
-- knowing why, says so. Append-only: a change marked in error is taken back by another row.
create table process_change (
  id uuid primary key,
  area text not null references area,
  happened_on date not null,
  words text not null check (words <> ''),
  new_baseline boolean not null,
  takes_back uuid unique references process_change,
  recorded_at timestamptz not null,
  recorded_by uuid not null
);
create index process_change_area on process_change (area, happened_on);
create trigger process_change_append_only before update or delete or truncate on process_change
  for each statement execute function refuse_change();
alter table process_change enable row level security;
create policy process_change_seen on process_change for select to tracker_app, tracker_reports
  using (area = any ((select areas_holding(array[
    'board_member', 'senior_leader', 'mash_manager', 'mash_coordinator', 'team_manager'
  ]))::text[]));
create policy process_change_marked on process_change for insert to tracker_app
  with check (
    recorded_by = (select actor_id())
    and area = any ((select areas_holding(array['senior_leader', 'mash_manager']))::text[])
  );
grant select, insert on process_change to tracker_app;
grant select on process_change to tracker_reports;
