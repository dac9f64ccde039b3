"""Reads and writes conferences, the children they are about, and every version of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Connection, Queries, Tx
from service.enquiries.store import About, Held, Revision

queries = Queries(__package__ or "service.enquiries.conferences")


class Row(msgspec.Struct, frozen=True):
    """One conference as it is stored. Field order is column order."""

    id: UUID
    area: str
    kind: str
    state: str
    planned_for: datetime | None
    chair: str
    cause: str
    waits_on: str | None
    held_record: UUID | None
    late_reason: str | None
    late_agency: str | None
    late_text: str
    interim_plan: str
    agreed_manager: UUID | None
    agreed_manager_name: str | None
    agreed_manager_at: datetime | None
    agreed_chair: UUID | None
    agreed_chair_name: str | None
    agreed_chair_at: datetime | None
    delay_record: UUID | None
    agreed_again: bool
    opened_by: str | None
    opened_at: datetime
    changed_by: str | None
    changed_at: datetime
    version: int


class ChildRow(msgspec.Struct, frozen=True):
    """One child of a conference, and what was decided. Field order is column order."""

    pathway: UUID
    outcome: str | None
    category: str | None


class Brief(msgspec.Struct, frozen=True):
    """One conference about one child. Field order is column order."""

    id: UUID
    pathway: UUID
    kind: str
    state: str
    planned_for: datetime | None


#: What a version keeps, and a change is told by.
KEPT = (
    "state",
    "planned_for",
    "chair",
    "cause",
    "waits_on",
    "late_reason",
    "late_agency",
    "late_text",
    "interim_plan",
    "agreed_manager_name",
    "agreed_chair_name",
)


def body_of(row: Row) -> dict[str, Any]:
    """What a version keeps of a conference."""
    found = {name: getattr(row, name) for name in KEPT}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in found.items()}


async def get(connection: Connection, conference: UUID) -> Row | None:
    """One conference; None when there is none for this actor."""
    row = await connection.fetchrow(queries.get, conference)
    return Row(*row) if row else None


async def lock(connection: Connection, conference: UUID) -> None:
    """Wait for whoever is changing this conference."""
    await connection.execute(queries.lock, conference)


async def children(connection: Connection, conference: UUID) -> list[ChildRow]:
    """The children of a conference that the actor sees."""
    return [ChildRow(*row) for row in await connection.fetch(queries.children, conference)]


async def of_pathways(connection: Connection, pathways: Sequence[UUID]) -> list[Brief]:
    """Conferences about any of these pathways, newest first."""
    return [Brief(*row) for row in await connection.fetch(queries.of_pathways, list(pathways))]


async def known_records(connection: Connection, pathways: Sequence[UUID]) -> set[UUID]:
    """The records of conferences held about these pathways that have a conference here."""
    return {row[0] for row in await connection.fetch(queries.known_records, list(pathways))}


async def add(
    tx: Tx, identity: UUID, area: str, kind: str, covered: Iterable[About], *, held: Held | None = None
) -> None:
    """Ask for a conference about these children, or open the record of one that was ``held`` already."""
    state, record = ("held", held.record) if held else ("requested", None)
    chair = str((held.detail.get("chair") if held else None) or "")[:200]
    await tx.connection.execute(queries.add, identity, area, kind, state, record, chair, tx.actor.id, tx.now)
    for each in covered:
        await tx.connection.execute(queries.add_child, identity, each.pathway, each.area, each.force)
    await _revise(tx, identity, 1, {"state": state, "chair": chair})


async def save(tx: Tx, row: Row, version: int) -> int | None:
    """Write a conference based on ``version``; the new version, or None when it has changed meanwhile."""
    saved: int | None = await tx.connection.fetchval(
        queries.save,
        row.id,
        version,
        row.state,
        row.planned_for,
        row.chair,
        row.cause,
        row.waits_on,
        row.held_record,
        row.late_reason,
        row.late_agency,
        row.late_text,
        row.interim_plan,
        row.agreed_manager,
        row.agreed_manager_at,
        row.agreed_chair,
        row.agreed_chair_at,
        row.delay_record,
        tx.actor.id,
        tx.now,
        row.agreed_again,
    )
    if saved is not None:
        await _revise(tx, row.id, saved, body_of(row))
    return saved


async def of_record(connection: Connection, pathway: UUID, record: UUID, named: str) -> UUID | None:
    """The conference of a child that a record of milestones tells, or that a milestone's detail ``named``."""
    found: UUID | None = await connection.fetchval(queries.of_record, pathway, record, named)
    return found


async def decided(tx: Tx, conference: UUID, pathway: UUID, outcome: str | None, category: str | None) -> None:
    """Keep what was decided for one child; nothing, where it turned out that it was not held."""
    await tx.connection.execute(queries.decided, conference, pathway, outcome, category)


async def revision(connection: Connection, conference: UUID, version: int) -> Revision | None:
    """One version of a conference."""
    row = await connection.fetchrow(queries.revision, conference, version)
    return Revision(*row) if row else None


async def revisions(connection: Connection, conference: UUID) -> list[Revision]:
    """Every version, newest first."""
    return [Revision(*row) for row in await connection.fetch(queries.revisions, conference)]


async def _revise(tx: Tx, conference: UUID, version: int, body: dict[str, Any]) -> None:
    await tx.connection.execute(queries.revise, new_id(tx.now), conference, version, body, tx.actor.id, tx.now)
