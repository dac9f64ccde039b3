-- migrate: no-transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- The last mail to each person, so that the next one waits a decent while.
create index concurrently if not exists message_carrier on message (person, sent_at) where bundle = id;
-- Messages that no mail carries yet.
create index concurrently if not exists message_unbundled on message (queued_at)
  where bundle is null and sent_at is null and dead_at is null;
