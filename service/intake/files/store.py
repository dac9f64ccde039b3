"""Files, their chunks and the entries of their rows."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO, Any, Literal
from uuid import UUID

import msgspec

from service.database import Connection, Queries, Tx
from service.intake.books.rules import Fact

queries = Queries(__package__ or "service.intake.files")


class Feed(msgspec.Struct, frozen=True):
    """A feed that is set up: its profile, its force, and what it covers."""

    name: str
    profile: str
    force: str
    coverage: str


class Job(msgspec.Struct, frozen=True):
    """An import as its batch finds it. Field order is column order."""

    id: UUID
    kind: str
    feed: str | None
    force: str | None
    area: str | None
    dry_run: bool
    state: str
    last_row: int
    requested_by_kind: str
    requested_by: UUID | None
    stored_at: datetime
    size: int
    file_name: str


class RowEntry(msgspec.Struct, kw_only=True):
    """What became of one row of a file."""

    id: UUID
    number: int
    outcome: str
    cells: list[str]
    updated: bool = False
    reasons: list[dict[str, Any]] = []
    proposal: Any = None
    identity: str | None = None
    subject_key: UUID | None = None
    reference: str | None = None
    area: str | None = None
    force: str | None = None
    pathway: UUID | None = None
    aged_from: datetime | None = None
    grade: str | None = None
    urgent: bool = False
    dry_run: bool = False


async def feed(connection: Connection, name: str) -> Feed | None:
    """A feed by its name."""
    row = await connection.fetchrow(queries.feed, name)
    return Feed(*row) if row else None


async def feeds(connection: Connection) -> list[Feed]:
    """Every feed."""
    return [Feed(*row) for row in await connection.fetch(queries.feeds)]


async def areas_of_force(connection: Connection, force: str) -> set[str]:
    """The areas that a force sends to."""
    return {row[0] for row in await connection.fetch(queries.areas_of_force, force)}


async def insert_import(
    tx: Tx, identity: UUID, *, kind: str, feed: Feed | None, area: str | None, file_name: str, dry_run: bool
) -> None:
    """Begin to store a file."""
    await tx.connection.execute(
        queries.insert_import,
        identity,
        kind,
        feed.name if feed else None,
        feed.force if feed else None,
        area,
        file_name,
        dry_run,
        tx.actor.kind,
        tx.actor.id,
        tx.now,
    )


async def insert_chunk(tx: Tx, identity: UUID, seq: int, chunk: bytes) -> None:
    """Keep one piece of a file."""
    await tx.connection.execute(queries.insert_chunk, identity, seq, chunk)


async def claim(connection: Connection, identity: UUID) -> Job | None:
    """The import, locked until the transaction ends."""
    row = await connection.fetchrow(queries.claim, identity)
    return Job(*row) if row else None


async def job(connection: Connection, identity: UUID) -> Job | None:
    """The import as it stands now."""
    row = await connection.fetchrow(queries.job, identity)
    return Job(*row) if row else None


async def unfinished(connection: Connection, feed: str | None, sha256: bytes, *, dry_run: bool) -> UUID | None:
    """An import of this file by the system that has not ended."""
    found: UUID | None = await connection.fetchval(queries.unfinished, feed, sha256, dry_run)
    return found


async def chunks(connection: Connection, identity: UUID) -> AsyncIterator[bytes]:
    """The pieces of a file in order."""
    async for row in connection.cursor(queries.chunks, identity, prefetch=4):
        yield row[0]


async def spool(connection: Connection, identity: UUID, file: IO[bytes]) -> None:
    """Write the stored file into ``file`` and go back to its start."""
    async for chunk in chunks(connection, identity):
        file.write(chunk)
    file.seek(0)


async def start(connection: Connection, identity: UUID, now: datetime, columns: Sequence[str]) -> None:
    """The import runs, and these are the columns of its file."""
    await connection.execute(queries.start, identity, now, list(columns))


async def advance(connection: Connection, identity: UUID, last_row: int, counts: Mapping[str, int]) -> None:
    """A batch is done: how far, and what became of its rows."""
    await connection.execute(
        queries.advance,
        identity,
        last_row,
        *(
            counts.get(name, 0)
            for name in ("accepted", "repeated", "held", "refused", "updated", "created", "unchanged")
        ),
    )


async def finish(connection: Connection, identity: UUID, state: str, now: datetime, error: str | None) -> None:
    """The import is done, or failed."""
    await connection.execute(queries.finish, identity, state, now, error)


async def insert_rows(connection: Connection, identity: UUID, rows: Sequence[RowEntry]) -> None:
    """Account for rows."""
    columns = zip(
        *(
            (
                row.id,
                row.number,
                row.outcome,
                row.updated,
                msgspec.json.encode(row.reasons).decode(),
                msgspec.json.encode(row.cells),
                msgspec.json.encode(row.proposal).decode() if row.proposal is not None else None,
                row.identity,
                row.subject_key,
                row.reference,
                row.area,
                row.force,
                row.pathway,
                row.aged_from,
                row.grade,
                row.urgent,
                row.dry_run,
            )
            for row in rows
        ),
        strict=True,
    )
    await connection.execute(queries.insert_rows, identity, *(list(column) for column in columns))


async def held_identities(connection: Connection, force: str, of: UUID, identities: Iterable[str]) -> set[str]:
    """Of these fingerprints, those that are held and not settled; tried ones of import ``of`` too."""
    rows = await connection.fetch(queries.held_identities, force, list(identities), of)
    return {row[0] for row in rows}


async def tried_rows(connection: Connection, identity: UUID, references: Iterable[str]) -> list[tuple[int, list[str]]]:
    """Rows of a dry run that would be accepted and name one of these references: (number, cells)."""
    rows = await connection.fetch(queries.tried_rows, identity, list(references))
    return [(row[0], msgspec.json.decode(row[1], type=list[str])) for row in rows]


async def on_the_books(connection: Connection, force: str, references: Iterable[str]) -> set[tuple[str, str]]:
    """Of these references, the children on the books: (reference, normalised name)."""
    rows = await connection.fetch(queries.on_the_books, force, list(references))
    return {(row[0], row[1]) for row in rows}


async def insert_conditions(
    connection: Connection, force: str, rows: Sequence[tuple[UUID, str | None, datetime]]
) -> None:
    """Rows off the books: (subject key, area, from when that is a flag)."""
    await connection.execute(
        queries.insert_conditions, force, [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]
    )


async def end_conditions(connection: Connection, force: str, keys: Sequence[UUID], now: datetime) -> None:
    """These are on the books now: nobody has to look at their rows any more."""
    await connection.execute(queries.end_conditions, list(keys), now, "on_the_books")
    await connection.execute(queries.settle_open_rows, force, list(keys), now)


async def complete(tx: Tx, identity: UUID, sha256: bytes, size: int) -> None:
    """All pieces are there: this is what they make."""
    await tx.connection.execute(queries.complete, identity, sha256, size)


async def counts(connection: Connection, identity: UUID) -> dict[str, int]:
    """What has become of the rows so far."""
    row = await connection.fetchrow(queries.counts, identity)
    if row is None:
        raise LookupError(f"there is no import {identity}")
    return dict(row)


async def history_counts(connection: Connection, identity: UUID) -> dict[str, int]:
    """What has become of the rows of a history file so far."""
    row = await connection.fetchrow(queries.history_counts, identity)
    if row is None:
        raise LookupError(f"there is no import {identity}")
    return dict(row)


async def waiting_for_second(connection: Connection, identity: UUID) -> int:
    """How many corrections of a history file wait for a second person."""
    found: int = await connection.fetchval(queries.waiting_for_second, identity)
    return found


async def failure(connection: Connection, identity: UUID) -> str | None:
    """What an import that failed says."""
    found: str | None = await connection.fetchval(queries.failure, identity)
    return found


class OpenRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was held or refused, and is not settled."""

    number: int
    cells: list[str]
    texts: list[str]


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


SettledAs = Literal["on_the_books", "accepted", "corrected", "proposed", "kept", "discarded"]


class ImportLine(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came, and what has become of it so far. ``read`` is the sum of the outcomes."""

    id: UUID
    kind: str
    feed: str | None
    force: str | None
    area: str | None
    file_name: str
    sha256: str
    size: int
    dry_run: bool
    state: str
    sent_by: str
    stored_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    last_row: int
    read: int
    accepted: int
    repeated: int
    held: int
    refused: int
    updated: int
    created: int
    unchanged: int
    error: str | None
    open_rows: int


class RowReason(msgspec.Struct, frozen=True):
    """Why a row was held or refused: the column, what stood there, and how to mend it."""

    field: str | None
    column: str | None
    got: str
    text: str


class RowLine(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a file with what became of it."""

    id: UUID
    number: int
    outcome: str
    updated: bool
    reasons: list[RowReason]
    reference: str | None
    area: str | None
    grade: str | None
    urgent: bool
    pathway: UUID | None
    aged_from: datetime | None
    settled_as: str | None
    settled_at: datetime | None
    settled_by: str | None
    settled_note: str | None


class NotYet(msgspec.Struct, frozen=True, kw_only=True):
    """A child of an incident that came in a file and is not on the books. ``flagged_at`` may lie ahead."""

    row: UUID
    of: UUID
    number: int
    reference: str
    area: str | None
    grade: str | None
    urgent: bool
    outcome: str
    reasons: list[RowReason]
    aged_from: datetime
    flagged_at: datetime


class UnsettledRow(msgspec.Struct, frozen=True, kw_only=True):
    """A held or refused row with what is needed to read it again."""

    id: UUID
    of: UUID
    number: int
    outcome: str
    cells: list[str]
    reasons: list[RowReason]
    proposal: list[dict[str, Any]] | None
    subject_key: UUID | None
    reference: str | None
    area: str | None
    force: str | None
    feed: str
    columns: list[str]
    file_name: str
    pathway: UUID | None
    aged_from: datetime | None
    settled_as: str | None


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
