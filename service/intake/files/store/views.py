"""Files that came, their rows, and what waits for a person to settle it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from service.database import Connection, Tx
from service.intake.books.rules import Fact
from service.intake.files.store.records import (
    ImportLine,
    NotYet,
    OpenRow,
    RowLine,
    SettledAs,
    UnsettledRow,
    queries,
)


async def columns(connection: Connection, identity: UUID) -> list[str]:
    """The columns of an import's file; empty where it was not read."""
    found: list[str] | None = await connection.fetchval(queries.columns, identity)
    return found or []


async def count_open(connection: Connection, identity: UUID) -> int:
    """How many rows of an import are held or refused, not settled, and the actor's to see."""
    found: int = await connection.fetchval(queries.count_open, identity)
    return found


async def open_rows(connection: Connection, identity: UUID, after: int, count: int) -> list[OpenRow]:
    """The next rows that are held or refused and not settled, in the order of the file."""
    return [
        OpenRow(
            number=row[0],
            cells=msgspec.json.decode(row[1], type=list[str]),
            texts=[reason["text"] for reason in row[2]],
        )
        for row in await connection.fetch(queries.open_rows, identity, after, count)
    ]


async def imports(connection: Connection, limit: int, offset: int) -> tuple[int, list[ImportLine]]:
    """Files that came, the latest first, and how many the actor may see."""
    total: int = await connection.fetchval(queries.count_imports)
    rows = await connection.fetch(queries.imports, None, limit, offset)
    return total, [ImportLine(**dict(row)) for row in rows]


async def one_import(connection: Connection, identity: UUID) -> ImportLine | None:
    """One file that came."""
    rows = await connection.fetch(queries.imports, identity, 1, 0)
    return ImportLine(**dict(rows[0])) if rows else None


async def rows(
    connection: Connection, identity: UUID, outcome: str | None, limit: int, offset: int
) -> tuple[int, list[RowLine]]:
    """Rows of a file in its order, and how many the actor may see."""
    total: int = await connection.fetchval(queries.count_rows, identity, outcome)
    found = await connection.fetch(queries.rows, identity, outcome, limit, offset)
    return total, [msgspec.convert(dict(row), RowLine) for row in found]


async def not_on_the_books(connection: Connection, limit: int, offset: int) -> tuple[int, list[NotYet]]:
    """What is not on the books, longest waiting first, and how many there are."""
    total = await count_missing(connection)
    found = await connection.fetch(queries.not_on_the_books, limit, offset)
    return total, [msgspec.convert(dict(row), NotYet) for row in found]


async def count_missing(connection: Connection) -> int:
    """How many children are not on the books, of those the actor may see."""
    found: int = await connection.fetchval(queries.count_not_on_the_books)
    return found


async def unsettled(connection: Connection, identity: UUID, *, lock: bool) -> UnsettledRow | None:
    """A held or refused row, settled meanwhile or not."""
    if lock:
        await connection.execute(queries.lock_row, identity)
    row = await connection.fetchrow(queries.unsettled, identity)
    if row is None:
        return None
    fields = {**dict(row), "cells": msgspec.json.decode(row["cells"], type=list[str])}
    return msgspec.convert(fields, UnsettledRow)


async def settle(tx: Tx, row: UUID, settled_as: SettledAs, note: str | None) -> None:
    """Remember what a person decided about a row."""
    await tx.connection.execute(queries.settle, row, tx.now, tx.actor.id, settled_as, note)


async def open_of_subject(connection: Connection, subject: UUID) -> bool:
    """Whether another row about the same child and reference still waits."""
    found: bool = await connection.fetchval(queries.open_of_subject, subject)
    return found


async def end_condition(connection: Connection, subject: UUID, now: datetime, cause: str) -> None:
    """This need not be on the books."""
    await connection.execute(queries.end_conditions, [subject], now, cause)


async def correct_told(connection: Connection, pathway: UUID, field: str, value: str | None) -> None:
    """Other words about a child's part in the incident."""
    district = value if field == "district" else None
    summary = value if field == "summary" else None
    await connection.execute(queries.correct_told, pathway, district, summary)


async def correct_child(connection: Connection, pathway: UUID, field: str, value: Any) -> UUID:
    """Another value of a field of the pathway's child; the child."""
    values = [value if field == name else None for name in ("date_of_birth", "expected_date_of_birth", "sex")]
    child: UUID = await connection.fetchval(queries.correct_child, pathway, *values)
    return child


async def current_facts(connection: Connection, milestones: Sequence[UUID]) -> dict[str, Fact]:
    """What stands now in place of these milestones, by kind."""
    return {
        row[0]: Fact(kind=row[0], at=row[1], on=row[2], precision=row[3], outcome=row[4], detail=row[5])
        for row in await connection.fetch(queries.current_facts, list(milestones))
    }
