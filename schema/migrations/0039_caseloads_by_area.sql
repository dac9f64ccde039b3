-- migrate: no-transaction
-- squawk-ignore-file ban-concurrent-index-creation-in-transaction
-- Open pathways of each worker and team are counted for one area: looking among those of all areas took a third of a second
-- of each report where a million pathways are held.
create index concurrently if not exists pathway_state_caseload on pathway_state (area)
  where closed_at is null and not withdrawn and (allocated_to is not null or allocated_team is not null);
