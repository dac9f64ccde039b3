"""One's own password and second factor, and links by which an administrator lets somebody choose a new password."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from service.access import audit, passwords, second, sessions, store
from service.access.attempts import limit
from service.access.store import Pending
from service.actor import SYSTEM, Actor
from service.database import Database, Tx
from service.errors import NotFound, Refused, Wrong
from service.settings import Settings

#: A link to choose a new password is good for this long.
RESET_HOURS: Final = 24
PENDING: Final = timedelta(minutes=10)


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link that was made: shown once, mailed where that is possible, and good for a day."""

    address: str
    name: str
    email: str | None


def _wrong(field: str, help_: str) -> Refused:
    return Refused([Wrong(field, "not shown", "another", help_)])


async def change_password(database: Database, settings: Settings, actor: Actor, current: str, new: str) -> None:
    """Choose a new password.

    Raises:
        Refused: the present one is not right, or the new one cannot be taken.
        TooMany: too many wrong ones.
    """
    if actor.id is None:
        raise NotFound("Only people have passwords.")
    async with database.transaction(actor) as tx:
        found = await store.account(tx.connection, actor.id)
        await limit(tx, settings, found.sign_in, f"account {actor.id}")
    if not await passwords.verified(found.password_hash, current):
        raise _wrong("current", "This is not your present password.")
    if (weak := passwords.too_weak(new, found.sign_in)) is not None:
        raise _wrong("new", weak)
    if new == current:
        raise _wrong("new", "Choose another than the present one.")
    hashed = await passwords.hashed(new)
    async with database.transaction(actor) as tx:
        await store.replace_password(tx.connection, actor.id, hashed)
        await store.clear_attempts(tx.connection, found.sign_in)
        await store.end_resets(tx.connection, actor.id, tx.now)
        await audit.viewed(tx, "password_changed", "change the own password")


async def sign_out_everywhere(database: Database, actor: Actor) -> None:
    """End every session of the actor, this one too."""
    if actor.id is None:
        return
    async with database.transaction(actor) as tx:
        await store.revoke_every_session(tx.connection, actor.id, tx.now)
        await audit.viewed(tx, "signed_out", "end every session")


async def make_reset(tx: Tx, settings: Settings, person: UUID) -> Link:
    """A link by which a person chooses a new password; earlier ones end.

    Raises:
        NotFound: there is no such person who may sign in.
    """
    found = await store.person(tx.connection, person)
    if found is None:
        raise NotFound("There is no such person who may sign in.")
    token = sessions.new_token()
    await store.end_resets(tx.connection, person, tx.now)
    expires = tx.now + timedelta(hours=RESET_HOURS)
    await store.keep_reset(tx.connection, sessions.token_hash(token), person, tx.now, tx.actor.id, expires)
    await audit.viewed(tx, "password_reset_made", "let somebody choose a password", detail={"person": str(person)})
    return Link(address=f"{settings.origin.rstrip('/')}/choose-password?token={token}", name=found[0], email=found[1])


async def reset_holder(database: Database, token: str) -> str | None:
    """What the holder of a link signs in with; None for a link that is not good any more."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        found = await store.reset(tx.connection, sessions.token_hash(token), tx.now)
    return found[1] if found else None


async def reset(database: Database, token: str, new: str) -> None:
    """Choose a password by a link, once; every session ends.

    Raises:
        NotFound: the link is not good any more.
        Refused: the password cannot be taken.
    """
    name = await reset_holder(database, token)
    if name is None:
        raise NotFound("This link was used, or is too old. Ask for another.")
    if (weak := passwords.too_weak(new, name)) is not None:
        raise _wrong("new", weak)
    hashed = await passwords.hashed(new)
    async with database.transaction(SYSTEM) as tx:
        person = await store.use_reset(tx.connection, sessions.token_hash(token), tx.now)
        if person is None:
            raise NotFound("This link was used, or is too old. Ask for another.")
        await store.replace_password(tx.connection, person, hashed)
        await store.revoke_every_session(tx.connection, person, tx.now)
        await store.clear_attempts(tx.connection, name)
        await audit.viewed(tx, "password_reset_used", "choose a password", detail={"person": str(person)})


async def pending(database: Database, token: str | None) -> Pending | None:
    """Whose password was right and whose code is awaited; None when nobody's is."""
    if not token:
        return None
    async with database.transaction(SYSTEM) as tx:
        found = await store.pending_session(tx.connection, sessions.token_hash(token), tx.now)
        if found is not None and found.key is None:
            # To be set up now: the key is kept, and counts once a code of it was typed.
            key = second.new_key()
            await store.keep_key(tx.connection, found.person, key)
            found = msgspec.structs.replace(found, key=key)
    return found


async def finish_sign_in(database: Database, settings: Settings, token: str, code: str, address: str) -> str | None:
    """Open a full session by a code; its token, or None where the code is not right.

    Raises:
        NotFound: no password was given in the last minutes.
        TooMany: too many wrong codes.
    """
    found = await pending(database, token)
    if found is None or found.key is None:
        raise NotFound("Sign in again: the password was given too long ago.")
    actor = Actor(kind="person", id=found.person, name=found.name)
    async with database.transaction(SYSTEM) as tx:
        await limit(tx, settings, found.sign_in, address)
    fresh = sessions.new_token()
    async with database.transaction(actor) as tx:
        last = await store.hold_second(tx.connection, found.person)
        step = second.step_of(found.key, code, tx.now, last)
        if step is None:
            return None
        await store.use_second(tx.connection, found.person, step, tx.now)
        await store.revoke_session(tx.connection, sessions.token_hash(token), found.person, tx.now)
        await store.clear_attempts(tx.connection, found.sign_in)
        await store.open_session(
            tx.connection, sessions.token_hash(fresh), found.person, tx.now, tx.now + settings.session_absolute
        )
        if found.since is None:
            await audit.viewed(tx, "second_factor_set_up", "protect the own account")
        await audit.viewed(tx, "signed_in", "sign in with a second factor")
    return fresh


async def has_second(tx: Tx) -> bool:
    """Whether the actor has a second factor that counts."""
    return (await _own(tx)).totp_since is not None


async def begin_second(tx: Tx) -> tuple[str, str]:
    """A new key for the actor, which counts once confirmed: the key, and what the actor signs in with.

    Raises:
        Refused: the actor has one.
    """
    found = await _own(tx)
    if found.totp_since is not None:
        raise Refused([Wrong("code", "", "", "You have a second factor. Remove it first.")])
    key = found.totp_key or second.new_key()
    if found.totp_key is None:
        await store.keep_key(tx.connection, found.id, key)
    return key, found.sign_in


async def confirm_second(tx: Tx, code: str) -> None:
    """Let the actor's key count from now on.

    Raises:
        Refused: the code is not of the key.
    """
    found = await _own(tx)
    step = second.step_of(found.totp_key, code, tx.now, None) if found.totp_key else None
    if step is None or found.totp_since is not None:
        raise _wrong("code", "This is not the code that the application shows now.")
    await store.use_second(tx.connection, found.id, step, tx.now)
    await audit.viewed(tx, "second_factor_set_up", "protect the own account")


async def remove_own_second(tx: Tx, settings: Settings, code: str) -> None:
    """Remove the actor's second factor, by a code of it.

    Raises:
        Refused: the code is not right, or a role of the actor needs one.
    """
    found = await _own(tx)
    if tx.actor.holds(*settings.needs_second_factor):
        raise _wrong("code", "Your role needs a second factor.")
    last = await store.hold_second(tx.connection, found.id)
    if found.totp_key is None or second.step_of(found.totp_key, code, tx.now, last) is None:
        raise _wrong("code", "This is not the code that the application shows now, or it was used.")
    await remove_second(tx, found.id)


async def remove_second(tx: Tx, person: UUID) -> None:
    """Remove a person's second factor, and end every session of somebody else.

    Raises:
        NotFound: there is no such person, or no second factor.
    """
    if not await store.remove_second(tx.connection, person):
        raise NotFound("This person has no second factor.")
    if person != tx.actor.id:
        await store.revoke_every_session(tx.connection, person, tx.now)
    await audit.viewed(tx, "second_factor_removed", "let somebody set it up anew", detail={"person": str(person)})


async def _own(tx: Tx) -> store.Account:
    if tx.actor.id is None:
        raise NotFound("Only people have accounts.")
    return await store.account(tx.connection, tx.actor.id)
