-- migrate: no-transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- The police work list of incidents that name no child, and the count of all that it is set against.
create index concurrently if not exists incident_childless on incident (force, first_seen_at)
  where no_child_reason in ('not_asked', 'not_recorded');
create index concurrently if not exists incident_first_seen on incident (force, first_seen_at);
