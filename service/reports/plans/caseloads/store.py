"""Reads and writes whole caseloads."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Connection, Queries, Tx

queries = Queries(__package__ or "service.reports.plans.caseloads")


class Caseload(msgspec.Struct, frozen=True, kw_only=True):
    """A worker's whole caseload as counted on a day. ``cases`` None: not known, for their team has entered none."""

    area: str
    worker: UUID
    name: str
    team: UUID | None
    team_name: str | None
    cases: int | None
    counted_on: date | None
    entered_at: datetime | None
    entered_by_name: str | None


async def caseloads(connection: Connection, areas: Sequence[str], day: date) -> list[Caseload]:
    """Every worker of these areas with the newest count up to a day, by team."""
    return [Caseload(**dict(row)) for row in await connection.fetch(queries.workers, list(areas), day)]


async def enter(tx: Tx, area: str, worker: UUID, cases: int, counted_on: date) -> bool:
    """Append a count; False if the worker is none of the area."""
    identity = await tx.connection.fetchval(
        queries.enter, new_id(tx.now), area, worker, cases, counted_on, tx.now, tx.actor.id
    )
    return identity is not None
