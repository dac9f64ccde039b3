-- name: kept
select r.told from board_release as r where r.key = $1;

-- name: is_kept
select exists (select from board_release as r where r.key = $1);

-- name: keep
-- Whoever finds that another is writing the same leaves it to them: nobody waits.
insert into board_release (key, areas, first_day, last_day, as_of, released_at, worked_out_at, told)
select $1, $2::text[], $3, $4, $5, $6, $7, $8
where pg_try_advisory_xact_lock($9)
on conflict (key) do update set told = excluded.told, worked_out_at = excluded.worked_out_at;

-- name: forget
-- Of weeks before an instant; null: everything.
delete from board_release where $1::timestamptz is null or released_at < $1;

-- name: counted_by
-- By which rules the bins were counted.
select f.rules from measure_fold as f;

-- name: boards
-- Of which areas members of boards are told, each set of areas once.
select distinct array_agg(distinct r.area) as areas
from person_role as r
join person as p on p.id = r.person
where r.role = 'board_member' and r.until is null and r.area is not null and p.disabled_at is null
group by r.person;

-- name: only_one_works_ahead
-- Held until the transaction ends.
select pg_try_advisory_xact_lock(7264150314);
