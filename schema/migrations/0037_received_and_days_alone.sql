-- migrate: no-transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Of few notices the receipt alone is known, and of few milestones the day alone: found without looking at any other.
create index concurrently if not exists pathway_state_received on pathway_state (force, received_at)
  where shared_at is null and received_at is not null;
create index concurrently if not exists milestone_day_alone on milestone (pathway, kind) where occurred_at is null;
