"""Take in police files: stored whole first, then read in batches, every row accounted for.

A batch of about 2,000 rows commits together with the entries of its rows and how far the file is
done, so that a process that dies loses nothing and repeats nothing: the next one goes on after the
last row that stands.
"""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import BinaryIO, Final, cast
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.actor import SYSTEM, Actor
from service.database import Database, Tx
from service.errors import Forbidden, NotFound, Refused, Wrong
from service.intake.files import store
from service.intake.files.running import UNFINISHED, Progress, read_to_end
from service.intake.files.store import Feed
from service.outbox import service as outbox

CHUNK: Final = 1_000_000
#: A file that a command reads itself is left to the workers after this, should the command die.
ABANDONED_AFTER: Final = timedelta(minutes=5)


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file. ``read`` is always the sum of the four outcomes."""

    read: int = 0
    accepted: int = 0
    repeated: int = 0
    held: int = 0
    refused: int = 0
    updated: int = 0


async def store_file(
    database: Database,
    actor: Actor,
    pieces: AsyncIterator[bytes],
    *,
    feed: str,
    file_name: str,
    dry_run: bool = False,
    queue_after: timedelta = timedelta(),
) -> UUID:
    """Store a police file whole, with its SHA-256; only then is it acknowledged.

    Args:
        database: where.
        actor: who sends it.
        pieces: its bytes, in order.
        feed: the name of the feed whose profile reads it.
        file_name: as the sender calls it; shown, never opened.
        dry_run: read it and say what would become of it, write nothing else.
        queue_after: when the workers may begin to read it.

    Raises:
        Refused: there is no such feed, or the file is empty.
        Forbidden: the feed is another force's.
    """
    async with database.transaction(actor, readonly=True) as tx:
        known = await store.feed(tx.connection, feed)
        if known is None:
            names = ", ".join(each.name for each in await store.feeds(tx.connection)) or "none is set up"
            raise Refused([Wrong("feed", feed[:60], f"one of: {names}", "Choose the feed that sent the file.")])
        if not await may_send(tx, known):
            raise Forbidden("This feed is another force's.")
    return await store_whole(
        database,
        actor,
        pieces,
        kind="police",
        feed=known,
        area=None,
        file_name=file_name,
        dry_run=dry_run,
        work="import",
        queue_after=queue_after,
    )


async def may_send(tx: Tx, feed: Feed) -> bool:
    """Whether the actor may send this feed's files: its force, and the front doors of its areas."""
    if tx.actor.kind == "system" or tx.actor.holds("police_liaison", force=feed.force):
        return True
    served = await store.areas_of_force(tx.connection, feed.force)
    return bool(set(tx.actor.areas("mash_coordinator", "mash_manager")) & served)


async def store_whole(
    database: Database,
    actor: Actor,
    pieces: AsyncIterator[bytes],
    *,
    kind: str,
    feed: Feed | None,
    area: str | None,
    file_name: str,
    dry_run: bool,
    work: str,
    queue_after: timedelta,
) -> UUID:
    """Store a file of any kind, and queue its reading as ``work``, in one transaction.

    Raises:
        Refused: the file is empty.
    """
    digest, size, seq = hashlib.sha256(), 0, 0
    async with database.transaction(actor) as tx:
        identity = new_id(tx.now)
        await store.insert_import(
            tx, identity, kind=kind, feed=feed, area=area, file_name=_shown(file_name), dry_run=dry_run
        )
        async for piece in _regular(pieces):
            digest.update(piece)
            size += len(piece)
            await store.insert_chunk(tx, identity, seq, piece)
            seq += 1
        if size == 0:
            raise Refused([Wrong("file", "an empty file", "a file with rows", "Export it again and send it whole.")])
        await outbox.queue(tx, work, identity, run_at=tx.now + queue_after)
        await store.complete(tx, identity, digest.digest(), size)
    return identity


def _shown(file_name: str) -> str:
    """A file's name as it can be shown: the last part, without what cannot be printed."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter if letter.isprintable() else "�" for letter in last[:200]) or "unnamed"


async def _regular(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of one size."""
    kept = bytearray()
    async for piece in pieces:
        kept += piece
        while len(kept) >= CHUNK:
            yield bytes(kept[:CHUNK])
            del kept[:CHUNK]
    if kept:
        yield bytes(kept)


async def unfinished(database: Database, feed: str, sha256: bytes, *, dry_run: bool) -> UUID | None:
    """An import by the command line of this very file that was stopped before its end."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        return await store.unfinished(tx.connection, feed, sha256, dry_run=dry_run)


async def run_import(database: Database, identity: UUID, progress: Progress = lambda _rows: None) -> Summary:
    """Read a stored file to its end; safe to run again, and beside another process that does.

    Raises:
        NotFound: there is no such import.
        OSError, asyncpg.PostgresError: the database is away; run it again.
    """
    async with database.transaction(SYSTEM, readonly=True) as tx:
        job = await store.job(tx.connection, identity)
        feed = await store.feed(tx.connection, job.feed) if job is not None and job.feed else None
    if job is None or feed is None:
        raise NotFound("There is no such import.")
    if job.state in UNFINISHED:
        with tempfile.TemporaryFile() as file:
            async with database.transaction(SYSTEM, readonly=True) as tx:
                await store.spool(tx.connection, identity, file)
            await read_to_end(database, job, feed, cast(BinaryIO, file), progress)
    return await summary(database, identity)


async def summary(database: Database, identity: UUID) -> Summary:
    """What has become of a file so far."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        counts = await store.counts(tx.connection, identity)
    read = sum(counts[name] for name in ("accepted", "repeated", "held", "refused"))
    return Summary(read=read, **counts)


async def failure(database: Database, identity: UUID) -> str | None:
    """Why an import failed; None when it did not."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        return await store.failure(tx.connection, identity)


async def first_refused(database: Database, identity: UUID, count: int = 20) -> list[tuple[int, str]]:
    """The first refused rows of an import with their reasons."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        rows = await store.open_rows(tx.connection, identity, 0, count)
    return [(row.number, " ".join(row.texts)) for row in rows]
