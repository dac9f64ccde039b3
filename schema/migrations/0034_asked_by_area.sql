-- migrate: no-transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- What is asked of other agencies, by area: with all that the list of what is not answered needs, row-level security too, so
-- that of the requests of two years only those that are still open are read.
create index concurrently if not exists milestone_asked_area
  on milestone (area) include (pathway, force, id, outcome, occurred_at, occurred_on)
  where kind = 'information_requested' and not retracted;
