"""Raises flags and queues messages, a batch at a time. Runs as the system, inside its recording scope."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from service.database import Connection, Queries
from service.flags.rules import DueStep, Raised, Step

queries: Final = Queries("service.flags")
_NEWEST_FIRST: Final = queries.raise_due.replace("order by c.true_from\n", "order by c.true_from desc\n")


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """A condition that a sweep would flag."""

    about: UUID
    about_kind: str
    area: str | None
    force: str | None
    rule: str
    subject: str
    episode: UUID
    true_from: datetime
    true_until: datetime | None
    cause: str | None
    holder: str


async def raise_due(
    connection: Connection, now: datetime, limit: int, *, newest: bool = False
) -> tuple[int, list[Raised]]:
    """Flag up to ``limit`` conditions that are true by ``now``: (conditions taken, flags that are new)."""
    await connection.execute(queries.plan_afresh)
    rows = await connection.fetch(_NEWEST_FIRST if newest else queries.raise_due, now, limit)
    raised = [
        Raised(
            id=row[1], rule=row[2], subject=row[3], holder=row[4], true_from=row[5], true_until=row[6], version=row[7]
        )
        for row in rows
        if row[1] is not None
    ]
    return (rows[0][0] if rows else 0), raised


async def tell(connection: Connection, wanted: Sequence[tuple[UUID, str]], now: datetime) -> set[UUID]:
    """Queue a message to everyone who holds a wanted (flag, role); the flags somebody knows of now."""
    if not wanted:
        return set()
    flags, roles = zip(*wanted, strict=True)
    rows = await connection.fetch(queries.tell, list(flags), list(roles), now)
    return {row[0] for row in rows}


async def plan_steps(connection: Connection, steps: Sequence[Step], now: datetime) -> None:
    """Keep the rungs that may have to be climbed later."""
    if steps:
        await connection.execute(
            queries.plan_steps,
            [step.flag for step in steps],
            [step.role for step in steps],
            [step.after for step in steps],
            [step.due_at for step in steps],
            now,
        )


async def due_steps(connection: Connection, now: datetime, limit: int) -> list[DueStep]:
    """Steps whose time has come, locked for this transaction; those that others hold are left to them."""
    return [
        DueStep(
            id=row[0],
            flag=row[1],
            kind=row[2],
            role=row[3],
            after=row[4],
            answer=row[5],
            area=row[6],
            force=row[7],
            stands_from=row[8],
            stands_until=row[9],
        )
        for row in await connection.fetch(queries.due_steps, now, limit)
    ]


async def finish_steps(connection: Connection, steps: Sequence[UUID], now: datetime) -> None:
    """Mark steps as done with, taken or not."""
    await connection.execute(queries.finish_steps, list(steps), now)


async def postpone_steps(connection: Connection, steps: Sequence[tuple[UUID, datetime]]) -> None:
    """Give steps a later time."""
    if steps:
        await connection.execute(queries.postpone_steps, [step for step, _ in steps], [due for _, due in steps])


async def take_steps(connection: Connection, steps: Sequence[DueStep], now: datetime) -> None:
    """Write the event of each step; one that is written already stays the only one."""
    await connection.execute(
        queries.take_steps,
        [step.id for step in steps],
        [step.area for step in steps],
        now,
        [step.force for step in steps],
    )


async def next_instant(connection: Connection) -> datetime | None:
    """When there is next something to raise or a step to take, as known now; in the past when it is time."""
    found: datetime | None = await connection.fetchval(queries.next_instant)
    return found


async def would_raise(connection: Connection, instant: datetime, limit: int) -> tuple[dict[str, int], list[Foreseen]]:
    """What a sweep at ``instant`` would flag: counts by rule, and the first ``limit`` conditions."""
    counts = {row[0]: row[1] for row in await connection.fetch(queries.would_raise_counts, instant)}
    rows = await connection.fetch(queries.would_raise, instant, limit)
    return counts, [Foreseen(**dict(row)) for row in rows]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did about a flag."""

    id: UUID
    flag: UUID
    kind: str
    at: datetime
    by_kind: str
    by: UUID | None
    note: str | None
    next_action: str | None
    next_due_at: datetime | None
    area: str | None
    force: str | None


async def add_event(connection: Connection, event: Event) -> None:
    """Write one event."""
    await connection.execute(queries.add_event, *msgspec.structs.astuple(event))


async def replace_lapse(
    connection: Connection, step: UUID, flag: UUID, answer: UUID, due_at: datetime, now: datetime
) -> None:
    """Let this answer lapse at ``due_at``, and no earlier answer of the flag."""
    await connection.execute(queries.drop_lapses, flag, now)
    await connection.execute(queries.add_lapse, step, flag, answer, due_at)
