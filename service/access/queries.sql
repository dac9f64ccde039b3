-- name: person_by_sign_in
-- The person behind a name, to check a password.
select
  p.id, p.name, p.password_hash, p.totp_since is not null,
  array(select r.role from person_role as r where r.person = p.id and r.until is null)
from person as p
where p.sign_in = $1 and p.disabled_at is null

-- name: account
select id, sign_in, password_hash, totp_key, totp_since from person where id = $1

-- name: person
select name, email from person where id = $1 and disabled_at is null

-- name: session_visitor
-- Who a session belongs to, with the roles held now; nothing when it ended, was revoked or lay idle.
select
  p.id, p.name, s.seen_at,
  coalesce((
    select jsonb_agg(jsonb_build_object(
      'role', r.role, 'area', r.area, 'force', r.force, 'agency', r.agency, 'team', r.team
    ) order by r.since, r.id)
    from person_role as r
    where r.person = p.id and r.until is null
  ), '[]'::jsonb)
from session as s
join person as p on p.id = s.person
where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $2 and s.seen_at > $3
  and p.disabled_at is null and not s.pending

-- name: session_seen
update session set seen_at = $2 where token_hash = $1 and seen_at < $2

-- name: session_open
insert into session (token_hash, person, created_at, seen_at, expires_at, pending)
values ($1, $2, $3, $3, $4, $5)

-- name: session_pending
select p.id, p.name, p.sign_in, p.totp_key, p.totp_since
from session as s
join person as p on p.id = s.person and p.disabled_at is null
where s.token_hash = $1 and s.pending and s.revoked_at is null and s.expires_at > $2

-- name: session_revoke_all
update session set revoked_at = $2 where person = $1 and revoked_at is null

-- name: resets_end
update password_reset set expires_at = $2 where person = $1 and used_at is null and expires_at > $2

-- name: reset_keep
insert into password_reset (token_hash, person, created_at, created_by, expires_at)
values ($1, $2, $3, $4, $5)

-- name: reset
select r.person, p.sign_in
from password_reset as r
join person as p on p.id = r.person and p.disabled_at is null
where r.token_hash = $1 and r.used_at is null and r.expires_at > $2

-- name: reset_use
update password_reset set used_at = $2
where token_hash = $1 and used_at is null and expires_at > $2
returning person

-- name: resets_forget
delete from password_reset where expires_at < $1

-- name: second_keep
update person set totp_key = $2, totp_since = null, totp_last = null where id = $1

-- name: second_hold
select totp_last from person where id = $1 for update

-- name: second_use
update person set totp_last = $2, totp_since = coalesce(totp_since, $3) where id = $1

-- name: second_remove
update person set totp_key = null, totp_since = null, totp_last = null
where id = $1 and totp_since is not null

-- name: session_revoke
update session set revoked_at = $3
where token_hash = $1 and ($2::uuid is null or person = $2) and revoked_at is null

-- name: session_revoke_others
update session set revoked_at = $3 where person = $2 and token_hash <> $1 and revoked_at is null

-- name: sessions_open
select token_hash, created_at, seen_at, expires_at
from session
where person = $1 and revoked_at is null and expires_at > $2 and seen_at > $3 and not pending
order by seen_at desc

-- name: sessions_forget
-- Sessions that ended long ago are of no use to anybody; the audit keeps who signed in.
delete from session where expires_at < $1

-- name: client_by_token
select id, name, scopes, force, area
from client
where token_hash = $1 and revoked_at is null

-- name: attempts_hold
-- Attempts on one name, and from one address, are counted one after another.
select pg_advisory_xact_lock(hashtextextended($1, 0))

-- name: attempts_failed
select
  count(*) filter (where sign_in = $1), count(*) filter (where address = $2),
  min(at) filter (where sign_in = $1), min(at) filter (where address = $2)
from sign_in_attempt
where at > $3 and not succeeded and (sign_in = $1 or address = $2)

-- name: attempt_record
insert into sign_in_attempt (id, sign_in, address, at, succeeded) values ($1, $2, $3, $4, $5)

-- name: attempts_clear
-- A sign-in that succeeded forgives the name's earlier slips.
delete from sign_in_attempt where sign_in = $1 and not succeeded

-- name: attempts_forget
delete from sign_in_attempt where at < $1

-- name: password_replace
update person set password_hash = $2 where id = $1

-- name: person_create
insert into person (id, sign_in, name, email, password_hash, created_at) values ($1, $2, $3, $4, $5, $6)
on conflict (sign_in) do nothing

-- name: role_grant
insert into person_role (id, person, role, area, force, agency, since) values ($1, $2, $3, $4, $5, $6, $7)

-- name: client_create
insert into client (id, name, token_hash, scopes, force, area, created_at) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (name) do nothing

-- name: audit_write
insert into audit (id, at, actor_kind, actor, actor_name, action, purpose, pathways, detail)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: audit_seal_hold
select pg_advisory_xact_lock(7264150313)

-- name: audit_horizon
-- Every transaction before this one has ended: nothing can appear below it any more.
select pg_snapshot_xmin(pg_current_snapshot())::text

-- name: audit_last_seal
select number, epoch, before_transaction::text, hash from audit_seal order by number desc limit 1

-- name: audit_epoch
select audit_epoch()

-- name: audit_between
select
  id, at, actor_kind, actor, actor_name, action, purpose, pathways, detail, written_at, transaction::text
from audit
where epoch = $1 and transaction >= $2::text::xid8 and transaction < $3::text::xid8
order by transaction, id

-- name: audit_seal_write
insert into audit_seal (number, sealed_at, before_transaction, rows, previous_hash, hash, epoch)
values ($1, $2, $3::text::xid8, $4, $5, $6, $7)

-- name: audit_seals
select number, sealed_at, before_transaction::text, rows, previous_hash, hash, epoch
from audit_seal
order by number

-- name: audit_unsealed
-- Rows of each epoch from where its last seal ended; an epoch without a seal waits as a whole.
select count(*)
from audit as a
left join unnest($1::bigint[], $2::text[]) as t (epoch, since) on t.epoch = a.epoch
where t.since is null or a.transaction >= t.since::xid8
