"""Read a stored file to its end, batch by batch, by whoever comes: a worker, a command, or both.

A batch of about 2,000 rows commits together with the entries of its rows and how far the file is
done. The import's row is locked for the batch, so that two processes share the work without doing
any of it twice; a process that dies loses nothing, and the next one goes on after the last row
that stands.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import BinaryIO, Final
from uuid import UUID

import asyncpg

from service.actor import SYSTEM
from service.database import Database, Tx
from service.intake.feeds import store as feeds
from service.intake.files import store
from service.intake.files.ahead import Ahead, Portion
from service.intake.files.parse.problems import UnreadableFile
from service.intake.files.parse.profile import load_profile
from service.intake.files.parse.rows import RowReader
from service.intake.files.parse.source import Source, open_source
from service.intake.files.store import Feed, Job, RowEntry
from service.intake.files.taking import Batch
from service.unreachable import is_unreachable

BATCH: Final = 2_000
ATTEMPTS: Final = 5
PAUSE_SECONDS: Final = 0.2
UNFINISHED: Final = ("waiting", "running")
Progress = Callable[[int], None]
_log: Final = logging.getLogger("tracker.imports")
#: The database asks to try the same once more: a deadlock, a lock that took too long.
_ONCE_MORE: Final = (asyncpg.TransactionRollbackError, asyncpg.LockNotAvailableError)


async def read_to_end(database: Database, job: Job, feed: Feed, file: BinaryIO, progress: Progress) -> None:
    """Go through the rows that are left. An import never stays "running" for a fault of its own.

    Raises:
        OSError, asyncpg.PostgresError: the database is away; the import goes on when run again.
        Exception: a fault of ours; the import has failed and says after which row.
    """
    try:
        await _read(database, job, feed, file, progress)
    except UnreadableFile as unreadable:
        await _finish(database, job.id, "failed", str(unreadable))
    except Exception as error:
        if is_unreachable(error) or isinstance(error, _ONCE_MORE):
            raise
        _log.exception("import %s failed", job.id)
        await _finish(
            database,
            job.id,
            "failed",
            "A fault on our side stopped the reading of this file. What was taken before it stands. "
            "Send the file again; if it stops again, tell the people who run this service.",
        )
        raise


async def _read(database: Database, job: Job, feed: Feed, file: BinaryIO, progress: Progress) -> None:
    profile = load_profile(feed.profile)
    source = open_source(file, profile)
    async with database.transaction(SYSTEM) as tx:
        await store.start(tx.connection, job.id, tx.now, source.header.columns)
    reader = RowReader(profile, source.header, database.timepiece.now())
    ahead = Ahead((row for row in source.rows if row.number > job.last_row), reader, BATCH)
    try:
        while (batch := await ahead.next()).rows:
            reached = await _persist(database, job.id, feed, source, reader, batch)
            if reached is None:
                return
            progress(reached)
    finally:
        await ahead.stop()
    await _finish(database, job.id, "done", None)


async def _persist(
    database: Database, identity: UUID, feed: Feed, source: Source, reader: RowReader, batch: Portion
) -> int | None:
    """As `_one_batch`, and once more where the database says that this may help."""
    attempt = 1
    while True:
        try:
            return await _one_batch(database, identity, feed, source, reader, batch)
        except _ONCE_MORE:
            if attempt == ATTEMPTS:
                raise
            await asyncio.sleep(PAUSE_SECONDS * attempt)
            attempt += 1


async def _one_batch(
    database: Database, identity: UUID, feed: Feed, source: Source, reader: RowReader, batch: Portion
) -> int | None:
    """Take the rows that nobody took yet; the last row that stands, None when the import has ended."""
    async with database.transaction(SYSTEM) as tx:
        job = await store.claim(tx.connection, identity)
        if job is None or job.state not in UNFINISHED:
            return None
        left = [row for row in batch.rows if row.number > job.last_row]
        if not left:
            return job.last_row
        taker = Batch(tx, job, feed, source.header, reader, batch.known)
        entries = await (taker.try_out(left) if job.dry_run else taker.take(left))
        await account(tx, identity, entries, left[-1].number)
        return left[-1].number


async def account(tx: Tx, identity: UUID, entries: Sequence[RowEntry], last_row: int) -> None:
    """Write what became of the rows, and count them."""
    counts = Counter(entry.outcome for entry in entries)
    counts["updated"] = sum(entry.updated for entry in entries)
    await store.insert_rows(tx.connection, identity, entries)
    await store.advance(tx.connection, identity, last_row, counts)


async def _finish(database: Database, identity: UUID, state: str, error: str | None) -> None:
    async with database.transaction(SYSTEM) as tx:
        await store.finish(tx.connection, identity, state, tx.now, error)
        await feeds.heard_file(tx, identity)
