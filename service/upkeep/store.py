"""Heartbeats and the rows of periodic work. Runs as the system."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from service.database import Connection, Queries

queries: Final = Queries("service.upkeep")


class Beat(msgspec.Struct, frozen=True):
    """A sign of life."""

    name: str
    at: datetime
    detail: dict[str, Any]


class Figures(msgspec.Struct, frozen=True):
    """``earliest_unflagged`` may lie ahead: it is the next condition to become true, or one missed so far."""

    earliest_unflagged: datetime | None
    mails_waiting: int
    mails_dead: int


async def beat(connection: Connection, name: str, now: datetime, detail: dict[str, Any]) -> None:
    """Say that ``name`` is alive; an older sign never replaces a newer one."""
    await connection.execute(queries.beat, name, now, detail)


async def beats(connection: Connection, names: Sequence[str]) -> dict[str, Beat]:
    """The last signs of life of these."""
    return {row[0]: Beat(row[0], row[1], row[2]) for row in await connection.fetch(queries.beats, list(names))}


async def claim_period(
    connection: Connection, job: str, period: str, now: datetime, until: datetime, attempts: int
) -> int | None:
    """The number of this attempt; None when the period is done, under way elsewhere, or given up."""
    found: int | None = await connection.fetchval(queries.claim_period, job, period, now, until, attempts)
    return found


async def finish_period(
    connection: Connection, job: str, period: str, attempt: int, now: datetime, detail: dict[str, Any]
) -> None:
    """Write the period's one result."""
    await connection.execute(queries.finish_period, job, period, attempt, now, detail)


async def forget_periods(connection: Connection, before: datetime) -> None:
    """Drop results finished before."""
    await connection.execute(queries.forget_periods, before)


async def figures(connection: Connection) -> Figures:
    """How the watcher stands."""
    row = await connection.fetchrow(queries.figures)
    return Figures(row[0], row[1], row[2]) if row else Figures(None, 0, 0)
