-- Why something of a meeting was corrected, and the record that a proposed correction carries, are words about children
-- too: they go with the child's names.

create or replace function without_words(tab text, was jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp
return was || case tab
  when 'discussion_record' then jsonb_build_object(
    'body', (was -> 'body') - array[
      'information', 'history', 'children', 'dissent', 'actions', 'earlier_actions', 'next_discussion'
    ],
    'reason', case when was ->> 'reason' is not null then 'removed' end)
  when 'discussion_change' then jsonb_build_object(
    'changes', '{}'::jsonb, 'reason', case when was ->> 'reason' is not null then 'removed' end)
  when 'discussion_delay' then jsonb_build_object(
    'note', '', 'reason', case when was ->> 'reason' is not null then 'removed' end)
  when 'record_copy' then jsonb_build_object('reason', case when was ->> 'reason' is not null then 'removed' end)
  when 'slot_answer' then '{"note": ""}'::jsonb
  when 'action_event' then '{"note": "", "evidence": ""}'::jsonb
  when 'enquiry_revision' then jsonb_build_object(
    'body', (was -> 'body') - array[
      'history', 'not_seen_why', 'checks', 'findings', 'rationale', 'next_step_text'
    ])
  when 'conference_revision' then jsonb_build_object('body', (was -> 'body') - array['late_text', 'interim_plan'])
end;

drop trigger record_copy_append_only on record_copy;
create trigger record_copy_append_only before update or delete or truncate on record_copy
  for each statement execute function refuse_unless_retention();
create trigger record_copy_but_of_words before update on record_copy
  for each row execute function refuse_change_but_of_words();

create or replace function empty_words(whose uuid[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  talked uuid[] := array(
    select d.id from discussion as d
    where exists (select 1 from discussion_pathway as o where o.discussion = d.id and o.pathway = any (whose))
      and not exists (
        select 1 from discussion_pathway as o
        join pathway as q on q.id = o.pathway
        join child as c on c.id = q.child
        where o.discussion = d.id and c.pseudonymised_at is null
      )
  );
  sat uuid[] := array(
    select d.id from conference as d
    where exists (select 1 from conference_child as o where o.conference = d.id and o.pathway = any (whose))
      and not exists (
        select 1 from conference_child as o
        join pathway as q on q.id = o.pathway
        join child as c on c.id = q.child
        where o.conference = d.id and c.pseudonymised_at is null
      )
  );
  enquired uuid[] := array(
    select distinct o.enquiry from enquiry_pathway as o where o.pathway = any (whose)
  );
begin
  delete from discussion_draft where discussion = any (talked);
  update discussion set reason = 'removed', place = null where id = any (talked);
  update discussion_record as r set
    body = without_words('discussion_record', to_jsonb(r)) -> 'body',
    reason = case when r.reason is not null then 'removed' end
  where r.discussion = any (talked);
  update discussion_change as r set
    changes = '{}', reason = case when r.reason is not null then 'removed' end
  where r.discussion = any (talked);
  update discussion_delay set note = '', reason = case when reason is not null then 'removed' end
  where discussion = any (talked);
  update record_copy set reason = 'removed' where discussion = any (talked) and reason is not null;
  update correction_proposal set body = body - 'carries' where pathway = any (whose) and body -> 'carries' is not null;
  update slot_answer set note = '' where discussion = any (talked);
  update action_event set note = '', evidence = ''
  where action in (select a.id from action as a where a.discussion = any (talked));
  update action set what = 'removed', outcome_sought = '' where discussion = any (talked);
  update enquiry as r set
    body = without_words('enquiry_revision', to_jsonb(r)) -> 'body',
    returned = case when r.returned is not null then 'removed' end
  where r.id = any (enquired);
  update enquiry_revision as r set body = without_words('enquiry_revision', to_jsonb(r)) -> 'body'
  where r.enquiry = any (enquired);
  update conference set late_text = '', interim_plan = '' where id = any (sat);
  update conference_revision as r set body = without_words('conference_revision', to_jsonb(r)) -> 'body'
  where r.conference = any (sat);
end
$$;
