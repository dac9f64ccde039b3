-- migrate: no-transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- A rung is climbed once, an answer lapses once.
create unique index concurrently if not exists flag_event_escalated_once
  on flag_event (flag, role) where kind = 'escalated';
create unique index concurrently if not exists flag_event_lapsed_once
  on flag_event (answer) where kind = 'lapsed';
create index concurrently if not exists message_bundle on message (bundle) where bundle is not null;
create index concurrently if not exists message_to_send
  on message (run_at) where bundle = id and sent_at is null and dead_at is null;
-- Flags that stand, for lists: nothing to do with how many ever stood.
create index concurrently if not exists condition_stands_area
  on condition (area, coalesce(true_until, 'infinity'::timestamptz)) where flagged;
create index concurrently if not exists condition_stands_force
  on condition (force, coalesce(true_until, 'infinity'::timestamptz)) where flagged;
