"""Reads incidents without children. The actor's row-level security decides which there are."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from service.database import Connection, Queries

queries = Queries(__package__ or "service.reports.childless")


class Unasked(msgspec.Struct, frozen=True):
    """One incident of the work list: nothing personal. Field order is column order.

    ``notice``: the last one of the incident, which the next one carries over.
    """

    incident: UUID
    reference: str
    area: str | None
    district: str | None
    reason: str
    recorded_at: datetime
    notice: UUID | None


class Since(msgspec.Struct, frozen=True):
    """Incidents first recorded in a period. Field order is column order."""

    with_children: int
    adults_only: int
    unknown: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.with_children + self.adults_only + self.unknown


async def open_count(connection: Connection, forces: Sequence[str]) -> tuple[int, int]:
    """How many were not asked about, and of how many nothing is recorded."""
    row = await connection.fetchrow(queries.open_count, list(forces))
    return (row[0], row[1]) if row else (0, 0)


async def since(connection: Connection, forces: Sequence[str], start: datetime) -> Since:
    """What was first recorded since ``start``."""
    row = await connection.fetchrow(queries.since, list(forces), start)
    return Since(*row) if row else Since(0, 0, 0)


async def listed(
    connection: Connection, forces: Sequence[str], reason: str | None, area: str | None, limit: int, offset: int
) -> tuple[int, list[Unasked]]:
    """How many the filters leave, and one page of them, the oldest first."""
    rows = await connection.fetch(queries.listed, list(forces), reason, area, limit, offset)
    total: int = await connection.fetchval(queries.listed_count, list(forces), reason, area)
    return total, [Unasked(*row) for row in rows]
