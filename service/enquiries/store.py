"""Reads and writes enquiries, the pathways they cover, and every version of what was written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from schema.ids import new_id
from schema.spine import ClockRow
from service.database import Connection, Queries, Tx

queries = Queries(__package__ or "service.enquiries")


class Row(msgspec.Struct, frozen=True):
    """One enquiry as it is stored. Field order is column order."""

    id: UUID
    child: UUID
    area: str
    state: str
    discussion: UUID | None
    initiated_by: UUID | None
    started_record: UUID
    completed_record: UUID | None
    body: dict[str, Any]
    returned: str | None
    completed_by: str | None
    completed_at: datetime | None
    authorised_by: str | None
    authorised_at: datetime | None
    opened_by: str | None
    opened_at: datetime
    changed_by: str | None
    changed_at: datetime
    version: int
    pathways: list[UUID]


class About(msgspec.Struct, frozen=True):
    """The child of a pathway, as lists and forms name it. Field order is column order."""

    pathway: UUID
    area: str
    force: str
    child: UUID
    family_name: str
    given_names: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    reference: str


class Held(msgspec.Struct, frozen=True):
    """A milestone that stands on one of the pathways asked about. Field order is column order."""

    pathway: UUID
    id: UUID
    record: UUID
    kind: str
    at: datetime | None
    on: date | None
    precision: str
    recorded_at: datetime
    outcome: str | None
    detail: dict[str, Any]


class Begun(msgspec.Struct, frozen=True):
    """An enquiry that a discussion began; ``start`` is the milestone that tells so. Field order is column order."""

    id: UUID
    child: UUID
    given_names: str
    family_name: str
    state: str
    pathway: UUID
    start: UUID


class Revision(msgspec.Struct, frozen=True):
    """One version of what was written, and whose it is. Field order is column order."""

    version: int
    state: str
    body: dict[str, Any]
    changed_by: str | None
    changed_at: datetime


async def about(connection: Connection, pathways: Sequence[UUID]) -> list[About]:
    """The children of these pathways, of those that the actor sees, eldest first."""
    return [About(*row) for row in await connection.fetch(queries.about, list(pathways))]


async def of_record(connection: Connection, record: UUID, kind: str) -> list[UUID]:
    """The pathways that one record of a kind covers, of those that the actor sees."""
    return [row[0] for row in await connection.fetch(queries.of_record, record, kind)]


async def held(connection: Connection, pathways: Sequence[UUID], kinds: Sequence[str]) -> list[Held]:
    """What stands of these kinds, in the order in which it happened."""
    return [Held(*row) for row in await connection.fetch(queries.held, list(pathways), list(kinds))]


async def clocks(connection: Connection, pathways: Sequence[UUID]) -> dict[UUID, tuple[ClockRow, ...]]:
    """The clocks of pathways, by pathway."""
    found: dict[UUID, list[ClockRow]] = {}
    names = ClockRow.__struct_fields__
    for row in await connection.fetch(queries.clocks, list(pathways)):
        found.setdefault(row[0], []).append(ClockRow(**dict(zip(names, row[1:], strict=True))))
    return {pathway: tuple(rows) for pathway, rows in found.items()}


async def get(connection: Connection, enquiry: UUID) -> Row | None:
    """One enquiry; None when there is none for this actor."""
    row = await connection.fetchrow(queries.get, enquiry)
    return _row(row) if row else None


async def begun_by(connection: Connection, discussion: UUID) -> list[Begun]:
    """The enquiries that a discussion began and whose start stands, eldest child first."""
    return [Begun(*row) for row in await connection.fetch(queries.begun_by, discussion)]


async def completed_by(connection: Connection, pathway: UUID, record: UUID) -> UUID | None:
    """The enquiry of a child whose outcome a record of milestones tells."""
    found: UUID | None = await connection.fetchval(queries.completed_by, pathway, record)
    return found


async def lock(connection: Connection, enquiry: UUID) -> None:
    """Wait for whoever is changing this enquiry."""
    await connection.execute(queries.lock, enquiry)


async def of_pathways(connection: Connection, pathways: Sequence[UUID]) -> list[Row]:
    """Every enquiry that covers one of these pathways, newest first."""
    return [_row(row) for row in await connection.fetch(queries.of_pathways, list(pathways))]


async def add(
    tx: Tx,
    *,
    identity: UUID,
    child: UUID,
    area: str,
    discussion: UUID | None,
    initiated_by: UUID | None,
    started_record: UUID,
    body: Mapping[str, Any],
    covered: Iterable[About],
) -> None:
    """Open an enquiry over pathways of one child."""
    await tx.connection.execute(
        queries.add, identity, child, area, discussion, initiated_by, started_record, body, tx.actor.id, tx.now
    )
    await cover(tx, identity, covered)
    await _revise(tx, identity, 1, "open", body)


async def cover(tx: Tx, enquiry: UUID, covered: Iterable[About]) -> None:
    """Let an enquiry cover further pathways of its child."""
    for each in covered:
        await tx.connection.execute(queries.cover, enquiry, each.pathway, each.area, each.force)


async def save(tx: Tx, row: Row, version: int, *, completed: bool = False, authorised: bool = False) -> int | None:
    """Write an enquiry based on ``version``; the new version, or None when it has changed meanwhile.

    ``completed`` and ``authorised`` say that the actor does so with this version.
    """
    saved: int | None = await tx.connection.fetchval(
        queries.save,
        row.id,
        version,
        row.state,
        row.body,
        row.returned,
        row.completed_record,
        tx.actor.id,
        tx.now,
        completed,
        authorised,
    )
    if saved is not None:
        await _revise(tx, row.id, saved, row.state, row.body)
    return saved


async def revision(connection: Connection, enquiry: UUID, version: int) -> Revision | None:
    """One version of what was written."""
    row = await connection.fetchrow(queries.revision, enquiry, version)
    return Revision(*row) if row else None


async def revisions(connection: Connection, enquiry: UUID) -> list[Revision]:
    """Every version, newest first."""
    return [Revision(*row) for row in await connection.fetch(queries.revisions, enquiry)]


async def _revise(tx: Tx, enquiry: UUID, version: int, state: str, body: Mapping[str, Any]) -> None:
    await tx.connection.execute(queries.revise, new_id(tx.now), enquiry, version, state, body, tx.actor.id, tx.now)


def _row(row: asyncpg.Record) -> Row:
    return Row(*row)
