"""The rows of the queue. Runs as the system, except `queue`, which runs in the transaction of the cause."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from service.database import Connection, Queries

queries: Final = Queries("service.outbox")


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do: ``kind`` says what, ``subject`` to which row. ``attempts`` includes this one."""

    id: UUID
    kind: str
    subject: UUID
    queued_at: datetime
    attempts: int


class Figures(msgspec.Struct, frozen=True):
    """What waits, what was given up, and since when the oldest that nobody holds could run."""

    waiting: int
    dead: int
    oldest: datetime | None


async def queue(connection: Connection, work: UUID, kind: str, subject: UUID, now: datetime, run_at: datetime) -> None:
    """Add work."""
    await connection.execute(queries.queue, work, kind, subject, now, run_at)


async def claim(connection: Connection, now: datetime, until: datetime, kinds: Sequence[str]) -> Work | None:
    """Take the oldest work of these kinds until ``until``."""
    row = await connection.fetchrow(queries.claim, now, until, list(kinds))
    return Work(**dict(row)) if row else None


async def hold(connection: Connection, work: Work, until: datetime) -> bool:
    """Keep hold of claimed work; False when somebody else has taken it meanwhile."""
    return await connection.fetchval(queries.hold, work.id, work.attempts, until) is not None


async def done(connection: Connection, work: Work, now: datetime) -> None:
    """It is done."""
    await connection.execute(queries.done, work.id, work.attempts, now)


async def failed(connection: Connection, work: Work, error: str, again_at: datetime | None, now: datetime) -> None:
    """It went wrong; tried again at ``again_at``, or given up."""
    await connection.execute(queries.failed, work.id, work.attempts, error, again_at, now)


async def put_back(connection: Connection, work: Work) -> None:
    """Leave it to somebody else, as if it had not been taken."""
    await connection.execute(queries.put_back, work.id, work.attempts)


async def figures(connection: Connection) -> Figures:
    """How the queue stands."""
    row = await connection.fetchrow(queries.figures)
    return Figures(row[0], row[1], row[2]) if row else Figures(0, 0, None)


async def forget(connection: Connection, before: datetime) -> None:
    """Drop what was done before."""
    await connection.execute(queries.forget, before)
