-- name: changes
-- What was changed in areas, and not taken back, in order.
select c.id, c.area, c.happened_on, c.words, c.new_baseline, p.name as recorded_by
from process_change as c
left join person as p on p.id = c.recorded_by
where c.area = any($1::text[]) and c.takes_back is null
  and not exists (select 1 from process_change as b where b.takes_back = c.id)
order by c.happened_on, c.id
limit 200;

-- name: mark
insert into process_change (id, area, happened_on, words, new_baseline, recorded_at, recorded_by)
values ($1, $2, $3, $4, $5, $6, $7);

-- name: take_back
insert into process_change (id, area, happened_on, words, new_baseline, takes_back, recorded_at, recorded_by)
select $1, c.area, c.happened_on, 'Taken back', false, c.id, $3, $4
from process_change as c
where c.id = $2 and c.takes_back is null
  and not exists (select 1 from process_change as b where b.takes_back = c.id)
returning takes_back;

-- name: forces
-- Areas with the forces whose officers attend there.
select area, force from force_area where area = any($1::text[]) order by area, force;
