"""Who is asking: the visitor behind a session cookie or a machine's bearer token."""

from datetime import timedelta
from typing import Final

import msgspec

from service.access import sessions, store
from service.access.refusals import NotSignedIn
from service.actor import Actor
from service.database import Database
from service.settings import Settings

_TOUCH_AFTER: Final = timedelta(minutes=1)
_LONGEST_TOKEN: Final = 200


class Visitor(msgspec.Struct, frozen=True):
    """An actor and how they came: ``session`` is the cookie's token, None for a machine."""

    actor: Actor
    session: str | None

    @property
    def csrf_token(self) -> str:
        """What this visitor's forms carry; empty for a machine."""
        return sessions.csrf_token(self.session) if self.session else ""


async def by_session(database: Database, settings: Settings, token: str, *, touch: bool = True) -> Visitor | None:
    """The person whose session this is; None when it has ended. Moves the idle limit on, unless told not to."""
    if not token or len(token) > _LONGEST_TOKEN:
        return None
    now = database.timepiece.now()
    hashed = sessions.token_hash(token)
    async with database.pool.acquire() as connection:
        found = await store.session_visitor(connection, hashed, now, now - settings.session_idle)
        if found is None:
            return None
        actor, seen_at = found
        if touch and now - seen_at > _TOUCH_AFTER:
            await store.session_seen(connection, hashed, now)
    return Visitor(actor, token)


async def by_bearer(database: Database, authorization: str) -> Visitor:
    """The machine whose token this is.

    Raises:
        NotSignedIn: another scheme, or a token nobody has.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
        raise NotSignedIn("Send the token you were given as: Authorization: Bearer TOKEN.")
    async with database.pool.acquire() as connection:
        actor = await store.client(connection, sessions.token_hash(token.strip()))
    if actor is None:
        raise NotSignedIn("This token is not known, or was revoked.")
    return Visitor(actor, None)
