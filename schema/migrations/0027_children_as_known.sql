-- What was known of a child at an instant, for figures as they were reported then: the audit keeps every change.
-- squawk-ignore require-concurrent-index-creation
create index audit_child_changed on audit (at) where action = 'child_changed';
