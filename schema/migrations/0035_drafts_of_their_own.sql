-- The draft of a record has versions of its own, so that whoever writes it and whoever convenes the discussion do not stand in
-- each other's way. Its row outlives what was written (an empty body once the record stands), so that no old form is ever taken
-- for a new one.
alter table discussion_draft add column version integer not null default 1;
