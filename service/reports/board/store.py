"""Reads and writes what was changed in the process, as it is marked on pictures."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Connection, Queries, Tx

queries = Queries(__package__ or "service.reports.board")


class Marked(msgspec.Struct, frozen=True):
    """A change of the process that somebody marked. Field order is column order."""

    id: UUID
    area: str
    on: date
    words: str
    new_baseline: bool
    by: str | None


async def changes(connection: Connection, areas: Sequence[str]) -> list[Marked]:
    """Changes of areas that stand, in order."""
    return [Marked(*row) for row in await connection.fetch(queries.changes, list(areas))]


async def forces(connection: Connection, areas: Sequence[str]) -> list[tuple[str, str]]:
    """Areas with their forces: standards may be of the one or the other."""
    return [(area, force) for area, force in await connection.fetch(queries.forces, list(areas))]


async def mark(tx: Tx, area: str, on: date, words: str, *, new_baseline: bool) -> None:
    """Mark a change."""
    await tx.connection.execute(queries.mark, new_id(tx.now), area, on, words, new_baseline, tx.now, tx.actor.id)


async def take_back(tx: Tx, change: UUID) -> bool:
    """Take a change back; False where there is none that stands."""
    found = await tx.connection.fetchval(queries.take_back, new_id(tx.now), change, tx.now, tx.actor.id)
    return found is not None
