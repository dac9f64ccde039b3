-- name: draft
-- What is written, and its version; an empty body where the record that it became stands.
select d.version, d.body, d.saved_at, p.name as saved_by_name
from discussion_draft as d
left join person as p on p.id = d.saved_by
where d.discussion = $1;

-- name: save_draft
insert into discussion_draft as d (discussion, body, saved_at, saved_by, version) values ($1, $2, $3, $4, 1)
on conflict (discussion) do update set
  body = excluded.body, saved_at = excluded.saved_at, saved_by = excluded.saved_by, version = d.version + 1
returning version;

-- name: drop_draft
update discussion_draft set body = '{}' where discussion = $1;

-- name: add_record
insert into discussion_record (id, discussion, number, body, recorded_at, recorded_by, reason)
values ($1, $2, $3, $4, $5, $6, $7);

-- name: under_way
-- Children of a discussion with an enquiry that began at another one and is not over.
select distinct c.child
from discussion_pathway as c
join pathway as p on p.child = c.child
join milestone_current as m on m.pathway = p.id
where c.discussion = $1
  and (m.kind = 'enquiry_started' or (m.kind = 'strategy_held' and m.detail ->> 'initiates_enquiry' = 'true'))
  and coalesce(m.detail ->> 'discussion', '') <> $2
  and not exists (
    select 1
    from pathway as q
    join milestone_current as e on e.pathway = q.id
    where q.child = c.child
      and e.kind in ('enquiry_completed', 'conference_held', 'conference_not_required', 'reopened', 'withdrawn')
      and coalesce(e.occurred_at, e.occurred_on::timestamptz) >= coalesce(m.occurred_at, m.occurred_on::timestamptz)
  );

-- name: add_copy
insert into record_copy (id, discussion, invitee, number, how, sent_at, recorded_at, recorded_by)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: standing
-- The milestones that stand for a held discussion, one for each pathway.
select distinct on (m.pathway) m.pathway, m.occurred_at, m.outcome, m.detail
from discussion_fact as f
join milestone_current as m on m.record = f.record and m.kind = f.kind
where f.discussion = $1 and f.kind = $2
order by m.pathway, f.at desc;
