"""Reads the pathways of a worker and of teams."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from service.database import Connection, Queries

queries: Final = Queries("service.pathways.caseload")


class CaseRow(msgspec.Struct, frozen=True):
    """One child in one incident that somebody here works with. Field order is column order."""

    pathway: UUID
    incident: UUID
    area: str
    force: str
    grade: str | None
    urgent: bool
    stage: str
    held_since: datetime | None
    next_due_at: datetime | None
    next_due_standard: str | None
    allocation_wanted: bool
    worker: str | None
    reference: str
    family_name: str
    given_names: str
    date_of_birth: date | None
    expected_date_of_birth: date | None


class CaseCounts(msgspec.Struct, frozen=True):
    """How many there are, and how many of them are late or have no worker. Field order is column order."""

    everything: int
    late: int
    unallocated: int


async def listed(connection: Connection, worker: UUID, teams: Sequence[str], limit: int, offset: int) -> list[CaseRow]:
    """One page: those without a worker first, then what is late, then what is due next."""
    rows = await connection.fetch(queries.listed, str(worker), list(teams), limit, offset)
    return [CaseRow(*row) for row in rows]


async def counted(connection: Connection, worker: UUID, teams: Sequence[str], now: datetime) -> CaseCounts:
    """The numbers above the list."""
    row = await connection.fetchrow(queries.counted, str(worker), list(teams), now)
    return CaseCounts(*row) if row else CaseCounts(0, 0, 0)
