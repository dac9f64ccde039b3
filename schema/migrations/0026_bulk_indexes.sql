-- migrate: no-transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Declined notices are few: found without looking at a pathway's other milestones.
create index concurrently if not exists milestone_declined on milestone (pathway) where kind = 'notice_not_shared';
