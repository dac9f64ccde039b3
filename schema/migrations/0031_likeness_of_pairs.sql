-- How alike the two records of a pair are: those that agree most stand first among the pairs that wait. Pairs kept before
-- stand after them.
alter table possible_match add column likeness smallint not null default 0;
