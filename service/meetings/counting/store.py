"""Counts under the actor's own row-level security. They name nobody and so leave no row in the audit."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from service.database import Connection, Queries

queries: Final = Queries("service.meetings.counting")


class Counts(msgspec.Struct, frozen=True):
    """Discussions to be held, with times on offer, held without a record sent to everybody; actions overdue."""

    upcoming: int
    awaiting: int
    record_due: int
    overdue: int


async def counts(connection: Connection, now: datetime) -> Counts:
    """What the actor sees."""
    row = await connection.fetchrow(queries.counts, now)
    return Counts(*row) if row else Counts(0, 0, 0, 0)


async def saved_since(connection: Connection, discussion: UUID, version: int) -> int:
    """How often a discussion was changed after a version; 0 for one that is not the actor's to see."""
    return await connection.fetchval(queries.saved_since, discussion, version) or 0
