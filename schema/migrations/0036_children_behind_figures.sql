-- What is counted says of each record which child it is of, by a number, so that no figure is told that one child alone
-- stands behind. Records of the old size cannot be read beside those: everything counted is forgotten, and the workers
-- count all of it again, families together. Reports say meanwhile how much is not counted yet.
truncate measure_bin, measure_unit, measure_change;
-- A worker of the version before, until it is replaced, must not fold: what it would write is refused, and its reports work
-- out for themselves what is not counted.
-- squawk-ignore constraint-missing-not-valid
alter table measure_bin add constraint records_of_forty_bytes check (octet_length(records) % 40 = 0);
insert into measure_change (child, incident, area, force)
select w.child, w.incident, w.area, w.force
from (
  select p.child, p.incident, p.area, p.force, min(p.incident::text) over (partition by p.child) as first
  from pathway as p
) as w
order by w.first, w.incident, w.child;
update measure_fold set number = number + 1;
