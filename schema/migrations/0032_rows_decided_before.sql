-- migrate: no-transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- A records system sends the same rows every night: what a person decided about one is decided for its repeats too, so
-- that rows are found by what they say also when they are settled.
create index concurrently if not exists import_row_said on import_row (force, identity)
  where outcome in ('held', 'refused') and identity is not null;
drop index concurrently if exists import_row_identity;
