-- Whether a child goes to school stands in what is counted of it: where its school is filled later, by whichever way, it is
-- counted again, as where its other particulars are. Who was filled before now, unseen, is counted again with everybody
-- else, by what 0041 keeps.
drop trigger child_measured on child;
create trigger child_measured
  after update of sex, ethnicity, disability, date_of_birth, expected_date_of_birth, school_status on child
  for each row
  when (
    (old.sex, old.ethnicity, old.disability, old.date_of_birth, old.expected_date_of_birth, old.school_status)
    is distinct from
    (new.sex, new.ethnicity, new.disability, new.date_of_birth, new.expected_date_of_birth, new.school_status)
  )
  execute function measure_changed_child();
