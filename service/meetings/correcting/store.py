"""Reads and writes corrections of what a discussion told. A corrected row stays; a further one names it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Connection, Queries, Tx

queries = Queries(__package__ or "service.meetings.correcting")


class Delay(msgspec.Struct, frozen=True):
    """A postponement or cancellation as it stands; ``first`` is its first row. Field order is column order."""

    first: UUID
    cause: str
    agency: str
    note: str
    was_for: datetime | None
    now_for: datetime | None
    at: datetime


class Sent(msgspec.Struct, frozen=True):
    """A sending of the record as it stands; ``first`` is its first row. Field order is column order."""

    first: UUID
    invitee: UUID
    number: int
    how: str
    sent_at: datetime


class Waiting(msgspec.Struct, frozen=True):
    """A correction of the record that a second person has yet to judge. Field order is column order."""

    id: UUID
    proposed_at: datetime
    by_name: str


async def discussion_of(connection: Connection, record: UUID) -> UUID | None:
    """The discussion of which a record of milestones tells its own area something."""
    found: UUID | None = await connection.fetchval(queries.discussion_of, record)
    return found


async def elsewhere(connection: Connection, record: UUID) -> list[UUID]:
    """Milestones by which other areas tell the same fact."""
    return [row[0] for row in await connection.fetch(queries.elsewhere, record)]


async def standing_fact(connection: Connection, discussion: UUID, kind: str, area: str) -> UUID | None:
    """A milestone that stands for a fact of a discussion in an area."""
    found: UUID | None = await connection.fetchval(queries.standing_fact, discussion, kind, area)
    return found


async def delay_of(connection: Connection, record: UUID) -> Delay | None:
    """The postponement or cancellation that a record of milestones tells."""
    row = await connection.fetchrow(queries.delay_of, record)
    return Delay(*row) if row else None


async def correct_delay(
    tx: Tx, discussion: UUID, kind: str, delay: Delay, *, reason: str, retracted: bool = False
) -> None:
    """Let a postponement or cancellation say something else, or that it never was."""
    values = (delay.cause, delay.agency, delay.note, delay.was_for, delay.now_for, delay.at, tx.actor.id)
    identity = new_id(tx.now)
    await tx.connection.execute(
        queries.correct_delay, identity, discussion, kind, *values, delay.first, retracted, reason
    )


async def sent(connection: Connection, discussion: UUID) -> list[Sent]:
    """To whom the record was sent, as it stands, in order of time."""
    return [Sent(*row) for row in await connection.fetch(queries.sent, discussion)]


async def correct_copies(
    tx: Tx, discussion: UUID, copies: Sequence[Sent], *, reason: str, retracted: bool = False
) -> None:
    """Let sendings say another time, or that they never were."""
    await tx.connection.executemany(
        queries.correct_copy,
        [
            (
                new_id(tx.now), discussion, each.invitee, each.number, each.how, each.sent_at, tx.now, tx.actor.id,
                each.first, retracted, reason,
            )
            for each in copies
        ],
    )  # fmt: skip


async def waiting(connection: Connection, pathways: Sequence[UUID], discussion: UUID) -> list[Waiting]:
    """Corrections of a discussion's record that wait for a second person."""
    return [Waiting(*row) for row in await connection.fetch(queries.waiting, list(pathways), str(discussion))]


async def told_otherwise(connection: Connection, discussion: UUID) -> bool:
    """Whether an area tells another time of its child than the discussion's record, or that it never took place."""
    found: bool = await connection.fetchval(queries.told_otherwise, discussion)
    return found
