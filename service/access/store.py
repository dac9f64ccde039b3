"""Reading and writing people, sessions, attempts and the audit. Takes a connection, opens nothing."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from service.actor import Actor, Grant
from service.database import Connection, Queries

queries: Final = Queries("service.access")


class Credentials(msgspec.Struct, frozen=True):
    """What a sign-in is checked against. ``second``: a code is asked for too."""

    person: UUID
    name: str
    password_hash: str
    second: bool
    roles: list[str]


class Account(msgspec.Struct, frozen=True):
    """A person's own particulars. Field order is column order."""

    id: UUID
    sign_in: str
    password_hash: str
    totp_key: str | None
    totp_since: datetime | None


class Pending(msgspec.Struct, frozen=True):
    """Whose password was right and whose code is awaited; without ``since`` the key is to be set up first."""

    person: UUID
    name: str
    sign_in: str
    key: str | None
    since: datetime | None


class SessionRow(msgspec.Struct, frozen=True):
    """One open session, as its owner sees it."""

    token_hash: bytes
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class Failures(msgspec.Struct, frozen=True):
    """Failed attempts inside the window, for a name and for an address."""

    of_name: int
    of_address: int
    first_of_name: datetime | None
    first_of_address: datetime | None


class AuditRow(msgspec.Struct, frozen=True):
    """One row of the audit, as it is hashed."""

    id: UUID
    at: datetime
    actor_kind: str
    actor: UUID | None
    actor_name: str
    action: str
    purpose: str
    pathways: list[UUID]
    detail: dict[str, Any]
    written_at: datetime
    transaction: str


class Seal(msgspec.Struct, frozen=True):
    """A batch of audit rows closed for good. ``before`` is a transaction number, as text, of the server ``epoch``."""

    number: int
    sealed_at: datetime
    before: str
    rows: int
    previous_hash: bytes
    hash: bytes
    epoch: int


async def credentials(connection: Connection, sign_in: str) -> Credentials | None:
    """The person with that sign-in name, unless disabled."""
    row = await connection.fetchrow(queries.person_by_sign_in, sign_in)
    return Credentials(*row) if row else None


async def session_visitor(
    connection: Connection, token_hash: bytes, now: datetime, idle_since: datetime
) -> tuple[Actor, datetime] | None:
    """Who holds the session and when it was last seen."""
    row = await connection.fetchrow(queries.session_visitor, token_hash, now, idle_since)
    if row is None:
        return None
    person, name, seen_at, grants = row
    held = tuple(msgspec.convert(grants, list[Grant], strict=False))
    return Actor(kind="person", id=person, name=name, grants=held), seen_at


async def session_seen(connection: Connection, token_hash: bytes, now: datetime) -> None:
    """Push the idle limit back."""
    await connection.execute(queries.session_seen, token_hash, now)


async def open_session(
    connection: Connection,
    token_hash: bytes,
    person: UUID,
    now: datetime,
    expires_at: datetime,
    *,
    pending: bool = False,
) -> None:
    """Keep a new session; a ``pending`` one waits for the second factor."""
    await connection.execute(queries.session_open, token_hash, person, now, expires_at, pending)


async def revoke_session(connection: Connection, token_hash: bytes, person: UUID | None, now: datetime) -> None:
    """End one session, if it is that person's; with None, whoever's it is."""
    await connection.execute(queries.session_revoke, token_hash, person, now)


async def revoke_other_sessions(connection: Connection, token_hash: bytes, person: UUID, now: datetime) -> None:
    """End every session of a person but this one."""
    await connection.execute(queries.session_revoke_others, token_hash, person, now)


async def open_sessions(connection: Connection, person: UUID, now: datetime, idle_since: datetime) -> list[SessionRow]:
    """The sessions of a person that would still be accepted, last used first."""
    return [SessionRow(*row) for row in await connection.fetch(queries.sessions_open, person, now, idle_since)]


async def forget_before(connection: Connection, sessions: datetime, attempts: datetime) -> None:
    """Delete sessions that expired, and attempts made, before these instants."""
    await connection.execute(queries.sessions_forget, sessions)
    await connection.execute(queries.attempts_forget, attempts)
    await connection.execute(queries.resets_forget, sessions)


async def client(connection: Connection, token_hash: bytes) -> Actor | None:
    """The machine a token belongs to, unless revoked."""
    row = await connection.fetchrow(queries.client_by_token, token_hash)
    if row is None:
        return None
    id_, name, scopes, force, area = row
    return Actor(kind="client", id=id_, name=name, scopes=tuple(scopes), force=force, area=area)


async def failures(connection: Connection, sign_in: str, address: str, since: datetime) -> Failures:
    """Count failed attempts; the name and the address are held until the transaction ends."""
    for held in sorted((f"name {sign_in}", f"address {address}")):
        await connection.execute(queries.attempts_hold, held)
    row = await connection.fetchrow(queries.attempts_failed, sign_in, address, since)
    return Failures(*(row or (0, 0, None, None)))


async def record_attempt(
    connection: Connection, id_: UUID, sign_in: str, address: str, now: datetime, *, succeeded: bool
) -> None:
    """Keep an attempt to sign in."""
    await connection.execute(queries.attempt_record, id_, sign_in, address, now, succeeded)


async def clear_attempts(connection: Connection, sign_in: str) -> None:
    """Forget the failed attempts on a name."""
    await connection.execute(queries.attempts_clear, sign_in)


async def replace_password(connection: Connection, person: UUID, password_hash: str) -> None:
    """Keep a new hash."""
    await connection.execute(queries.password_replace, person, password_hash)


async def account(connection: Connection, person: UUID) -> Account:
    """A person's own particulars.

    Raises:
        LookupError: there is no such person.
    """
    row = await connection.fetchrow(queries.account, person)
    if row is None:
        raise LookupError(f"there is no person {person}")
    return Account(*row)


async def person(connection: Connection, identity: UUID) -> tuple[str, str | None] | None:
    """Name and mail address of somebody who may sign in."""
    row = await connection.fetchrow(queries.person, identity)
    return (row[0], row[1]) if row else None


async def revoke_every_session(connection: Connection, person: UUID, now: datetime) -> None:
    """End every session of a person."""
    await connection.execute(queries.session_revoke_all, person, now)


async def end_resets(connection: Connection, person: UUID, now: datetime) -> None:
    """Links to choose a password that were not used are good no more."""
    await connection.execute(queries.resets_end, person, now)


async def keep_reset(
    connection: Connection, token_hash: bytes, person: UUID, now: datetime, by: UUID | None, expires_at: datetime
) -> None:
    """Keep a link to choose a password."""
    await connection.execute(queries.reset_keep, token_hash, person, now, by, expires_at)


async def reset(connection: Connection, token_hash: bytes, now: datetime) -> tuple[UUID, str] | None:
    """Whose link this is, and what they sign in with; None when it is not good any more."""
    row = await connection.fetchrow(queries.reset, token_hash, now)
    return (row[0], row[1]) if row else None


async def use_reset(connection: Connection, token_hash: bytes, now: datetime) -> UUID | None:
    """Use a link up; whose it was, None when it is not good any more."""
    found: UUID | None = await connection.fetchval(queries.reset_use, token_hash, now)
    return found


async def pending_session(connection: Connection, token_hash: bytes, now: datetime) -> Pending | None:
    """Whose password was right, and whose code is awaited."""
    row = await connection.fetchrow(queries.session_pending, token_hash, now)
    return Pending(*row) if row else None


async def keep_key(connection: Connection, person: UUID, key: str) -> None:
    """Keep a key that does not count yet."""
    await connection.execute(queries.second_keep, person, key)


async def hold_second(connection: Connection, person: UUID) -> int | None:
    """The last step whose code was used, held until the transaction ends: a code counts once."""
    last: int | None = await connection.fetchval(queries.second_hold, person)
    return last


async def use_second(connection: Connection, person: UUID, step: int, now: datetime) -> None:
    """A code of this step was used; the key counts from the first on."""
    await connection.execute(queries.second_use, person, step, now)


async def remove_second(connection: Connection, person: UUID) -> bool:
    """Forget a person's key; False when there is none."""
    done: str = await connection.execute(queries.second_remove, person)
    return done.endswith(" 1")


async def create_person(
    connection: Connection, id_: UUID, sign_in: str, name: str, email: str | None, password_hash: str, now: datetime
) -> bool:
    """Keep a new person; False when the sign-in name is taken."""
    done: str = await connection.execute(queries.person_create, id_, sign_in, name, email, password_hash, now)
    return done.endswith(" 1")


async def grant_role(connection: Connection, id_: UUID, person: UUID, grant: Grant, now: datetime) -> None:
    """Give a person a role."""
    await connection.execute(queries.role_grant, id_, person, grant.role, grant.area, grant.force, grant.agency, now)


async def create_client(
    connection: Connection,
    id_: UUID,
    name: str,
    token_hash: bytes,
    scopes: tuple[str, ...],
    force: str | None,
    area: str | None,
    now: datetime,
) -> bool:
    """Keep a new machine client; False when the name is taken."""
    done: str = await connection.execute(queries.client_create, id_, name, token_hash, list(scopes), force, area, now)
    return done.endswith(" 1")


async def write_audit(
    connection: Connection,
    id_: UUID,
    now: datetime,
    actor: Actor,
    action: str,
    purpose: str,
    pathways: list[UUID],
    detail: dict[str, Any],
) -> None:
    """Add one row to the audit."""
    await connection.execute(
        queries.audit_write, id_, now, actor.kind, actor.id, actor.name, action, purpose, pathways, detail
    )


async def hold_seals(connection: Connection) -> None:
    """Let nobody else seal until the transaction ends."""
    await connection.execute(queries.audit_seal_hold)


async def horizon(connection: Connection) -> str:
    """The oldest transaction that may still be running, as text."""
    found: str = await connection.fetchval(queries.audit_horizon)
    return found


async def last_seal(connection: Connection) -> tuple[int, int, str, bytes] | None:
    """Number, epoch, end and hash of the newest seal."""
    row = await connection.fetchrow(queries.audit_last_seal)
    return (row[0], row[1], row[2], row[3]) if row else None


async def epoch(connection: Connection) -> int:
    """Which server counts transactions now."""
    found: int = await connection.fetchval(queries.audit_epoch)
    return found


async def audit_between(connection: Connection, epoch: int, since: str, before: str) -> AsyncIterator[AuditRow]:
    """Audit rows of an epoch's transactions from ``since`` up to and without ``before``, in hashing order."""
    async for row in connection.cursor(queries.audit_between, epoch, since, before, prefetch=1000):
        yield AuditRow(*row)


async def write_seal(connection: Connection, seal: Seal) -> None:
    """Keep a seal."""
    await connection.execute(
        queries.audit_seal_write,
        seal.number,
        seal.sealed_at,
        seal.before,
        seal.rows,
        seal.previous_hash,
        seal.hash,
        seal.epoch,
    )


async def seals(connection: Connection) -> list[Seal]:
    """Every seal in order."""
    return [Seal(*row) for row in await connection.fetch(queries.audit_seals)]


async def unsealed(connection: Connection, since: Mapping[int, str]) -> int:
    """How many audit rows no seal covers yet; ``since`` is where the seals of each epoch end."""
    count: int = await connection.fetchval(queries.audit_unsealed, list(since), list(since.values()))
    return count
