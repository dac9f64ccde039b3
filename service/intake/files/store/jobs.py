"""Storing a file and reading it: chunks, batches, the entries of rows."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import IO
from uuid import UUID

import msgspec

from service.database import Connection, Tx
from service.intake.files.store.records import Feed, Job, RowEntry, queries


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
                row.settled_at,
                row.settled_by,
                row.settled_as,
                row.settled_note,
            )
            for row in rows
        ),
        strict=True,
    )
    await connection.execute(queries.insert_rows, identity, *(list(column) for column in columns))


async def held_identities(connection: Connection, force: str, of: UUID, identities: Iterable[str]) -> set[str]:
    """Of these fingerprints, those of rows that were held; tried ones of import ``of`` too."""
    rows = await connection.fetch(queries.held_identities, force, list(identities), of)
    return {row[0] for row in rows}


async def settled_identities(
    connection: Connection, force: str, identities: Iterable[str]
) -> dict[str, tuple[str, UUID | None, str | None]]:
    """Of these fingerprints of refused rows, those that were settled: as what, by whom and why."""
    rows = await connection.fetch(queries.settled_identities, force, list(identities))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


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
