"""Reads and writes whole caseloads."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from schema.ids import new_id
from service.database import Connection, Queries, Tx
from service.reports.plans.caseloads.rules import Caseload

queries = Queries(__package__ or "service.reports.plans.caseloads")


async def caseloads(connection: Connection, areas: Sequence[str], day: date) -> list[Caseload]:
    """Every worker of these areas with the newest count up to a day, by team."""
    return [Caseload(**dict(row)) for row in await connection.fetch(queries.workers, list(areas), day)]


async def enter(tx: Tx, area: str, worker: UUID, cases: int, counted_on: date) -> bool:
    """Append a count; False if the worker is none of the area."""
    identity = await tx.connection.fetchval(
        queries.enter, new_id(tx.now), area, worker, cases, counted_on, tx.now, tx.actor.id
    )
    return identity is not None


async def standing(connection: Connection, areas: Sequence[str], since: date) -> set[tuple[str, UUID, date, int]]:
    """(area, worker, day, cases) of every count that holds, of days since one."""
    return {(row[0], row[1], row[2], row[3]) for row in await connection.fetch(queries.standing, list(areas), since)}
