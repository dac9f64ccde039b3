"""Signing in and out, and making people and machine clients."""

from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from schema.ids import new_id
from service.access import accounts, audit, passwords, sessions, store
from service.access.attempts import limit
from service.actor import SYSTEM, Actor, Grant
from service.database import Database, Tx
from service.errors import Conflict, NotFound
from service.settings import Settings

_LONGEST_NAME: Final = 200


class SignedIn(msgspec.Struct, frozen=True):
    """A session just opened: its token goes into the cookie and nowhere else.

    ``pending``: nothing is shown to it until a code of the second factor was given.
    """

    token: str
    actor_name: str
    pending: bool = False


async def sign_in(
    database: Database, settings: Settings, *, name: str, password: str, address: str, replaces: str | None = None
) -> SignedIn | None:
    """Open a session for the right name and password; None for the wrong ones.

    The attempt is on record as failed before the password is looked at, so that many at once count
    as many. ``replaces`` is the session the browser came with: it ends here.

    Raises:
        TooMany: too many failed attempts on this name or from this address.
    """
    known_as = "".join(each for each in name if each.isprintable()).strip().lower()[:_LONGEST_NAME]
    async with database.transaction(SYSTEM) as tx:
        await limit(tx, settings, known_as, address)
        found = await store.credentials(tx.connection, known_as)
    if not await passwords.verified(found.password_hash if found else None, password) or found is None:
        return None
    fresh = await passwords.hashed(password) if passwords.outdated(found.password_hash) else None
    token = sessions.new_token()
    actor = Actor(kind="person", id=found.person, name=found.name)
    pending = found.second or bool(set(found.roles) & set(settings.needs_second_factor))
    async with database.transaction(actor) as tx:
        if fresh:
            await store.replace_password(tx.connection, found.person, fresh)
        if replaces:
            await store.revoke_session(tx.connection, sessions.token_hash(replaces), None, tx.now)
        if pending:
            # The attempt stays a failed one until the code is there.
            await store.open_session(
                tx.connection, sessions.token_hash(token), found.person, tx.now, tx.now + accounts.PENDING, pending=True
            )
            return SignedIn(token, found.name, pending=True)
        await store.clear_attempts(tx.connection, known_as)
        await store.record_attempt(tx.connection, new_id(tx.now), known_as, address, tx.now, succeeded=True)
        await store.open_session(
            tx.connection, sessions.token_hash(token), found.person, tx.now, tx.now + settings.session_absolute
        )
        await audit.viewed(tx, "signed_in", "sign in")
    return SignedIn(token, found.name)


async def sign_out(database: Database, actor: Actor, token: str) -> None:
    """End this session."""
    await end_session(database, actor, sessions.token_hash(token))


async def end_session(database: Database, actor: Actor, token_hash: bytes) -> None:
    """End one of the actor's own sessions; of somebody else's nothing happens."""
    if actor.id is None:
        return
    async with database.transaction(actor) as tx:
        await store.revoke_session(tx.connection, token_hash, actor.id, tx.now)
        await audit.viewed(tx, "signed_out", "end a session")


async def end_other_sessions(database: Database, actor: Actor, token: str) -> None:
    """End every session of the actor but this one."""
    if actor.id is None:
        return
    async with database.transaction(actor) as tx:
        await store.revoke_other_sessions(tx.connection, sessions.token_hash(token), actor.id, tx.now)
        await audit.viewed(tx, "signed_out", "end every other session")


async def my_sessions(database: Database, settings: Settings, actor: Actor) -> list[store.SessionRow]:
    """The actor's open sessions, last used first."""
    if actor.id is None:
        return []
    async with database.transaction(actor, readonly=True) as tx:
        return await store.open_sessions(tx.connection, actor.id, tx.now, tx.now - settings.session_idle)


async def create_person(
    tx: Tx, *, sign_in: str, name: str, password_hash: str, grants: tuple[Grant, ...], email: str | None = None
) -> UUID:
    """Make a person with roles.

    Raises:
        Conflict: the sign-in name is taken.
        NotFound: a role is in an area or force that does not exist.
    """
    person = new_id(tx.now)
    known_as = sign_in.strip().lower()
    if not await store.create_person(tx.connection, person, known_as, name, email, password_hash, tx.now):
        raise Conflict(f"Somebody already signs in as {known_as}.")
    try:
        for grant in grants:
            await store.grant_role(tx.connection, new_id(tx.now), person, grant, tx.now)
    except asyncpg.ForeignKeyViolationError as error:
        raise NotFound("There is no such area or force.") from error
    await audit.viewed(tx, "person_created", "give access", detail={"person": str(person)})
    return person


async def create_client(
    tx: Tx, *, name: str, scopes: tuple[str, ...], force: str | None = None, area: str | None = None
) -> str:
    """Make a machine client; the token that is returned is stored nowhere.

    Raises:
        Conflict: the name is taken.
        NotFound: the area or force does not exist.
    """
    token, id_ = sessions.new_token(), new_id(tx.now)
    hashed = sessions.token_hash(token)
    try:
        made = await store.create_client(tx.connection, id_, name, hashed, scopes, force, area, tx.now)
    except asyncpg.ForeignKeyViolationError as error:
        raise NotFound("There is no such area or force.") from error
    if not made:
        raise Conflict(f"There is already a client called {name}.")
    await audit.viewed(tx, "client_created", "give a machine access", detail={"client": str(id_)})
    return token


async def forget(tx: Tx, settings: Settings) -> None:
    """Delete sessions and attempts that can no longer matter (for the workers, once a day)."""
    await store.forget_before(tx.connection, tx.now - settings.session_absolute, tx.now - 4 * settings.attempt_window)
