"""Mails about messages: bundled, claimed, and marked as sent. Runs as the system."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from service.database import Connection
from service.flags.store import queries

AT_ONCE: Final = 20


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail to one person about a number of flags. The same id at every attempt."""

    id: UUID
    attempts: int
    email: str
    flags: int


class Manners(msgspec.Struct, frozen=True, kw_only=True):
    """When a person may get a mail about what waits.

    ``lifetime``: older messages need none; ``gap``: the least time between two mails; ``quiet``: how
    long nothing must have come in, so that a sweep that catches up makes one mail; ``patience``: how
    long at most to wait for that.
    """

    gap: timedelta
    lifetime: timedelta = timedelta(days=7)
    quiet: timedelta = timedelta(seconds=2)
    patience: timedelta = timedelta(seconds=30)


async def bundle(connection: Connection, now: datetime, manners: Manners) -> int:
    """Put messages that no mail carries into one mail a person; how many were put. 0 while somebody else does it."""
    if not await connection.fetchval(queries.bundle_hold):
        return 0
    rows = await connection.fetch(
        queries.bundle,
        now,
        now - manners.lifetime,
        now - manners.gap,
        now - manners.quiet,
        now - manners.patience,
    )
    return len(rows)


async def claim(connection: Connection, now: datetime, until: datetime) -> list[Mail]:
    """Take mails that are due, until ``until``."""
    return [
        Mail(id=row[0], attempts=row[1], email=row[2], flags=row[3])
        for row in await connection.fetch(queries.claim_mails, now, until, AT_ONCE)
    ]


async def sent(connection: Connection, mail: Mail, now: datetime) -> None:
    """The server took it."""
    await connection.execute(queries.mail_sent, mail.id, now)


async def failed(connection: Connection, mail: Mail, error: str, again_at: datetime | None, now: datetime) -> None:
    """The server did not take it, or its answer was lost."""
    await connection.execute(queries.mail_failed, mail.id, mail.attempts, error, again_at, now)
