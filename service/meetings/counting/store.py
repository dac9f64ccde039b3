"""Counts under the actor's own row-level security. They name nobody and so leave no row in the audit."""

from collections.abc import Sequence
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


class Standing(msgspec.Struct, frozen=True):
    """Two numbers that tell whether an open page still shows what stands. Field order is column order."""

    version: int
    answers: int


class Asked(msgspec.Struct, frozen=True):
    """How many times to come are on offer to somebody, and how many of them they have answered."""

    offered: int
    answered: int


async def changed_by_others(
    connection: Connection, discussion: UUID, version: int, draft: int, by: UUID | None
) -> bool:
    """Whether others than this person changed a discussion, or the draft of its record, after these versions of both.

    False where the actor may not know.
    """
    return bool(await connection.fetchval(queries.changed_by_others, discussion, version, draft, by))


async def standing(connection: Connection, discussion: UUID) -> Standing | None:
    """How a discussion stands; None for one that is not the actor's to see."""
    row = await connection.fetchrow(queries.standing, discussion)
    return Standing(*row) if row else None


async def asked_of(
    connection: Connection, discussions: Sequence[UUID], person: UUID | None, keys: Sequence[str], now: datetime
) -> dict[UUID, Asked]:
    """What is asked of a person, or of the agencies they take part for, by discussion."""
    rows = await connection.fetch(queries.asked_of, list(discussions), person, list(keys), now)
    return {row[0]: Asked(row[1], row[2]) for row in rows}
