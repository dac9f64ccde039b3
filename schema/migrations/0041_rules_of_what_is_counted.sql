-- Which rules counted what stands in the bins: a program with other rules has all of it counted again, by itself.

-- By a digest; null: nothing has been counted yet.
alter table measure_fold add column rules text;
-- What was counted so far was counted by a program that did not say.
update measure_fold set rules = '' where exists (select from measure_unit);
-- Nobody asked how often was folded. A worker of the version before can no longer fold, until it is replaced.
-- squawk-ignore ban-drop-column
alter table measure_fold drop column number;
