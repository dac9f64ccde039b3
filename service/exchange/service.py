"""History in and out: a council's extract as often as it is sent, and the same file back."""

import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import BinaryIO, cast
from uuid import UUID

import msgspec

from service.actor import SYSTEM, Actor
from service.database import Database
from service.errors import NotFound
from service.exchange.importing import UNFINISHED, HistorySummary, Progress, read_to_end
from service.intake.files import service as intake
from service.intake.files import store


class HistoryProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a history file is; ``waiting_for_second`` corrections would turn late into in time."""

    id: UUID
    state: str
    counts: HistorySummary
    waiting_for_second: int
    error: str | None


async def store_history(
    database: Database,
    actor: Actor,
    pieces: AsyncIterator[bytes],
    *,
    file_name: str,
    queue_after: timedelta = timedelta(),
) -> UUID:
    """Store a history file whole; only then is it acknowledged. A machine's file is for its own area.

    Raises:
        Refused: the file is empty.
    """
    return await intake.store_whole(
        database,
        actor,
        pieces,
        kind="history",
        feed=None,
        area=actor.area,
        file_name=file_name,
        dry_run=False,
        work="import_history",
        queue_after=queue_after,
    )


async def unfinished(database: Database, sha256: bytes) -> UUID | None:
    """An import by the command line of this very file that was stopped before its end."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        return await store.unfinished(tx.connection, None, sha256, dry_run=False)


async def run_history(database: Database, identity: UUID, progress: Progress = lambda _rows: None) -> HistorySummary:
    """Read a stored history file to its end; safe to run again, and beside another process that does.

    Raises:
        NotFound: there is no such import.
        OSError, asyncpg.PostgresError: the database is away; run it again.
    """
    async with database.transaction(SYSTEM, readonly=True) as tx:
        job = await store.job(tx.connection, identity)
    if job is None or job.kind != "history":
        raise NotFound("There is no such import.")
    if job.state in UNFINISHED:
        with tempfile.TemporaryFile() as file:
            async with database.transaction(SYSTEM, readonly=True) as tx:
                await store.spool(tx.connection, identity, file)
            await read_to_end(database, job, cast(BinaryIO, file), progress)
    return await history_summary(database, identity)


async def history_summary(database: Database, identity: UUID) -> HistorySummary:
    """What has become of a history file so far."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        counts = await store.history_counts(tx.connection, identity)
    return HistorySummary(read=sum(counts.values()), **counts)


async def waiting_for_second(database: Database, identity: UUID) -> int:
    """How many corrections of a history file would turn late into in time, and were proposed."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        return await store.waiting_for_second(tx.connection, identity)


async def progress(database: Database, actor: Actor, identity: UUID) -> HistoryProgress:
    """How far a history file is.

    Raises:
        NotFound: there is none that the actor sent.
    """
    async with database.transaction(actor, readonly=True) as tx:
        found = await store.one_import(tx.connection, identity)
        if found is None or found.kind != "history":
            raise NotFound("There is no such import.")
        waiting = await store.waiting_for_second(tx.connection, identity)
    counts = HistorySummary(
        read=found.read,
        created=found.created,
        unchanged=found.unchanged,
        updated=found.updated,
        refused=found.refused,
    )
    return HistoryProgress(id=identity, state=found.state, counts=counts, waiting_for_second=waiting, error=found.error)
