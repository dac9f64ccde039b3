-- Promises made from reports, people's comments on them, reports that were issued, packs by link, and whole caseloads.

-- Areas in which the present actor holds any of these roles.
create function areas_holding(roles text[]) returns text[]
language sql stable security definer set search_path = public, pg_temp
return case actor_kind()
  when 'system' then (select coalesce(array_agg(code), '{}') from area)
  when 'person' then (
    select coalesce(array_agg(distinct r.area), '{}') from person_role as r
    where r.person = actor_id() and r.until is null and r.area is not null and r.role = any (roles)
  )
  else '{}'::text[]
end;
grant execute on function areas_holding(text[]) to tracker_app, tracker_reports;

-- Small numbers, which boards are not shown, are 1 to this.
alter table area add column small_numbers smallint not null default 5
  constraint area_small_numbers check (small_numbers between 2 and 20);

-- What was issued to whom it concerns: which figures, as they were known at which instant. The figures themselves can be
-- worked out again for that instant; the digest shows that they are the same.
create table report_issue (
  id uuid primary key,
  area text not null references area,
  name text not null check (name <> ''),
  first_day date not null,
  last_day date not null,
  as_of timestamptz not null,
  digest bytea not null,
  small_numbers smallint not null,
  -- What it told boards of each count, by its path; null where it hid it. Later reports hide no less and reveal no more.
  told jsonb not null,
  issued_at timestamptz not null,
  issued_by uuid not null,
  unique (area, name),
  check (last_day >= first_day)
);
create trigger report_issue_append_only before update or delete or truncate on report_issue
  for each statement execute function refuse_change();

-- What somebody promised: which figure is to move, what it was, who does what by when.
create table promise (
  id uuid primary key,
  area text not null references area,
  what text not null check (what <> ''),
  finding text not null default '',
  -- A figure of the reports and the group that it is of, such as decision.median and grade/high.
  figure text not null,
  figure_group text not null default 'all/all',
  -- The figure as it was: exactly (none: not known), in words, and in the words that a board is told.
  value_then double precision,
  said_then text not null,
  told_then text not null,
  first_day date not null,
  last_day date not null,
  then_at timestamptz not null,
  owner uuid not null references person,
  agency text not null,
  due_on date not null,
  status text not null default 'open' check (status in ('open', 'done', 'withdrawn')),
  ended_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  created_by uuid not null,
  check ((status = 'open') = (ended_at is null))
);
create index promise_area on promise (area, due_on);
create index promise_owner on promise (owner) where status = 'open';
create index promise_due on promise (due_on) where status = 'open';
create trigger promise_audited after update or delete on promise for each row execute function audit_change();

-- What was said of a promise and what became of it, each with the figure as it was then.
create table promise_event (
  id uuid primary key,
  promise uuid not null references promise,
  area text not null,
  kind text not null check (kind in ('note', 'done', 'withdrawn', 'reopened', 'changed')),
  text text not null check (text <> ''),
  said text not null default '',
  told text not null default '',
  at timestamptz not null,
  by uuid not null
);
create index promise_event_promise on promise_event (promise);
create trigger promise_event_append_only before update or delete or truncate on promise_event
  for each statement execute function refuse_change();

-- People's own words on a report, or on one figure of it.
create table report_comment (
  id uuid primary key,
  area text not null references area,
  first_day date not null,
  last_day date not null,
  figure text,
  text text not null check (text <> ''),
  at timestamptz not null,
  by uuid not null,
  by_role text not null
);
create index report_comment_area on report_comment (area, last_day);
create trigger report_comment_append_only before update or delete or truncate on report_comment
  for each statement execute function refuse_change();

-- Who gets a link to their own report, how often.
create table pack_subscription (
  person uuid primary key references person,
  every text not null check (every in ('week', 'month')),
  since timestamptz not null
);

-- Mails of reports: a pack's link, or that a promise is overdue. One for each person and occasion, whoever looks first.
create table report_mail (
  id uuid primary key,
  person uuid not null references person,
  occasion text not null,
  queued_at timestamptz not null,
  run_at timestamptz not null,
  locked_until timestamptz,
  attempts integer not null default 0,
  sent_at timestamptz,
  dead_at timestamptz,
  last_error text,
  unique (person, occasion)
);
create index report_mail_due on report_mail (run_at) where sent_at is null and dead_at is null;

-- A worker's whole caseload, not only what is in here, as a team counted it on a day. The newest count of a day holds.
create table caseload (
  id uuid primary key,
  area text not null references area,
  worker uuid not null references person,
  cases smallint not null check (cases between 0 and 300),
  counted_on date not null,
  entered_at timestamptz not null,
  entered_by uuid not null
);
create index caseload_worker on caseload (area, worker, counted_on desc, entered_at desc);
create trigger caseload_append_only before update or delete or truncate on caseload
  for each statement execute function refuse_change();

alter table report_issue enable row level security;
create policy report_issue_area on report_issue to tracker_app, tracker_reports
  using (area = any ((select areas_holding(array['board_member', 'senior_leader', 'mash_manager']))::text[]))
  with check (area = any ((select areas_holding(array['senior_leader', 'mash_manager']))::text[]));

alter table promise enable row level security;
create policy promise_area on promise to tracker_app, tracker_reports
  using (area = any ((select areas_holding(array['board_member', 'senior_leader', 'mash_manager']))::text[]))
  with check (area = any ((select areas_holding(array['senior_leader', 'mash_manager']))::text[]));
create policy promise_owner on promise for select to tracker_app using (owner = (select actor_id()));
create policy promise_answer on promise for update to tracker_app using (owner = (select actor_id()));

-- Owners see theirs through promise_owner. Only who makes promises, or owns this one, writes of it.
alter table promise_event enable row level security;
create policy promise_event_promise on promise_event to tracker_app, tracker_reports
  using (exists (select 1 from promise as p where p.id = promise_event.promise))
  with check (
    by = (select actor_id()) and exists (
      select 1 from promise as p
      where p.id = promise_event.promise and p.area = promise_event.area
        and (
          p.owner = (select actor_id())
          or p.area = any ((select areas_holding(array['senior_leader', 'mash_manager']))::text[])
        )
    )
  );

alter table report_comment enable row level security;
create policy report_comment_area on report_comment to tracker_app, tracker_reports
  using (area = any ((select areas_holding(array['board_member', 'senior_leader', 'mash_manager']))::text[]))
  with check (
    by = (select actor_id())
    and area = any ((select areas_holding(array['board_member', 'senior_leader', 'mash_manager']))::text[])
  );

alter table pack_subscription enable row level security;
create policy pack_subscription_own on pack_subscription to tracker_app
  using ((select actor_kind()) = 'system' or person = (select actor_id()));
alter table report_mail enable row level security;
create policy report_mail_own on report_mail to tracker_app
  using ((select actor_kind()) = 'system' or person = (select actor_id()));

alter table caseload enable row level security;
create policy caseload_area on caseload to tracker_app, tracker_reports
  using (area = any ((select areas_holding(array['team_manager', 'senior_leader', 'mash_manager']))::text[]))
  with check (
    entered_by = (select actor_id()) and area = any ((select areas_holding(array['team_manager']))::text[])
  );

grant select, insert on report_issue, promise_event, report_comment, caseload to tracker_app;
grant select, insert, update on promise to tracker_app;
grant select, insert, update, delete on pack_subscription to tracker_app;
grant select, insert, update on report_mail to tracker_app;
grant select on report_issue, promise, promise_event, report_comment, caseload to tracker_reports;
