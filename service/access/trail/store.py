"""Reads the trail. Row-level security opens it to auditors and the system alone."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from service.database import Connection, Queries

queries: Final = Queries("service.access.trail")


class Trace(msgspec.Struct, frozen=True):
    """One row of the trail; ``pathways`` is how many it covers. Field order is column order."""

    id: UUID
    at: datetime
    actor_kind: str
    actor: UUID | None
    actor_name: str
    action: str
    purpose: str
    pathways: int
    detail: dict[str, Any]


class Totals(msgspec.Struct, frozen=True):
    """Rows, different people and machines, and rows that showed children's records. Field order is column order."""

    rows: int
    actors: int
    with_records: int


class Looker(msgspec.Struct, frozen=True):
    """How often somebody left a trace, and how many pathways they were shown. Field order is column order."""

    actor: UUID
    name: str
    views: int
    pathways: int


class Access(msgspec.Struct, frozen=True):
    """One role that stands. Field order is column order."""

    person: UUID
    name: str
    sign_in: str
    role: str
    area: str | None
    force: str | None
    agency: str | None
    team: str | None
    since: datetime
    last_here: datetime | None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows: from ``since`` (UTC instant, included) until ``until`` (left out), and what else is asked."""

    since: datetime
    until: datetime
    action: str | None = None
    actor: UUID | None = None
    pathway: UUID | None = None

    def arguments(self) -> tuple[datetime, datetime, str | None, UUID | None, UUID | None]:
        """In the order of the statements."""
        return self.since, self.until, self.action, self.actor, self.pathway


async def listed(connection: Connection, wanted: Wanted, limit: int, offset: int) -> list[Trace]:
    """One page, the newest first."""
    return [Trace(*row) for row in await connection.fetch(queries.listed, *wanted.arguments(), limit, offset)]


async def counted(connection: Connection, wanted: Wanted) -> Totals:
    """What the filters leave."""
    row = await connection.fetchrow(queries.counted, *wanted.arguments())
    return Totals(*row) if row else Totals(0, 0, 0)


async def actions(connection: Connection, since: datetime, until: datetime) -> list[tuple[str, int]]:
    """Every kind of row in the period with how many there are."""
    return [(row[0], row[1]) for row in await connection.fetch(queries.actions, since, until)]


async def actors(connection: Connection, since: datetime, until: datetime) -> list[Looker]:
    """Who left a trace in the period, those who were shown most children first."""
    return [Looker(*row) for row in await connection.fetch(queries.actors, since, until)]


async def access(connection: Connection) -> list[Access]:
    """Every role that stands, those who have not been here longest first."""
    return [Access(*row) for row in await connection.fetch(queries.access)]
