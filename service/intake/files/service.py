"""Take in police files: stored whole first, then read in batches, every row accounted for.

A batch of about 2,000 rows commits together with the entries of its rows and how far the file is
done, so that a process that dies loses nothing and repeats nothing: the next one goes on after the
last row that stands.
"""

import hashlib
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from itertools import islice
from typing import BinaryIO, Final, cast
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.actor import SYSTEM, Actor
from service.database import Database, Tx
from service.errors import NotFound, Refused, Wrong
from service.intake.books import service as books
from service.intake.books.rules import Arrival
from service.intake.books.service import Placed
from service.intake.books.store import find_or_create_incidents
from service.intake.files import rules, store
from service.intake.files.parse.outcomes import ParsedRow, RefusedRow
from service.intake.files.parse.problems import UnreadableFile
from service.intake.files.parse.profile import load_profile
from service.intake.files.parse.reading import RawRow
from service.intake.files.parse.rows import RowReader
from service.intake.files.parse.source import Source, open_source
from service.intake.files.store import Feed, Job, RowEntry

BATCH: Final = 2_000
CHUNK: Final = 1_000_000
Progress = Callable[[int], None]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file. ``read`` is always the sum of the four outcomes."""

    read: int = 0
    accepted: int = 0
    repeated: int = 0
    held: int = 0
    refused: int = 0
    updated: int = 0


class _DryRun(Exception):
    """Undo everything a dry run wrote."""


async def store_file(
    database: Database,
    actor: Actor,
    pieces: AsyncIterator[bytes],
    *,
    feed: str,
    file_name: str,
    dry_run: bool = False,
    queue: bool = True,
) -> UUID:
    """Store a file whole, with its SHA-256; only then is it acknowledged.

    Args:
        database: where.
        actor: who sends it.
        pieces: its bytes, in order.
        feed: the name of the feed whose profile reads it.
        file_name: as the sender calls it; shown, never opened.
        dry_run: read it and say what would become of it, write nothing else.
        queue: leave the reading to the workers.

    Raises:
        Refused: there is no such feed, or the file is empty.
    """
    digest, size, seq = hashlib.sha256(), 0, 0
    async with database.transaction(actor) as tx:
        known = await store.feed(tx.connection, feed)
        if known is None:
            names = ", ".join(each.name for each in await store.feeds(tx.connection)) or "none is set up"
            raise Refused([Wrong("feed", feed, f"one of: {names}", "Choose the feed that sent the file.")])
        identity = new_id(tx.now)
        await store.insert_import(
            tx, identity, kind="police", feed=known, file_name=file_name[:200], sha256=b"", size=0, dry_run=dry_run
        )
        async for piece in _regular(pieces):
            digest.update(piece)
            size += len(piece)
            await store.insert_chunk(tx, identity, seq, piece)
            seq += 1
        if size == 0:
            raise Refused([Wrong("file", "an empty file", "a file with rows", "Export it again and send it whole.")])
        await store.complete(tx, identity, digest.digest(), size)
        if queue:
            await store.queue(tx, identity)
    return identity


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


async def run_import(database: Database, identity: UUID, progress: Progress = lambda _rows: None) -> Summary:
    """Read a stored file to its end; safe to run again, and beside another process that does.

    Raises:
        NotFound: there is no such import.
    """
    async with database.transaction(SYSTEM) as tx:
        job = await store.claim(tx.connection, identity)
    if job is None or job.feed is None:
        raise NotFound("There is no such import.")
    if job.state in ("waiting", "running"):
        with tempfile.TemporaryFile() as file:
            async with database.transaction(SYSTEM, readonly=True) as tx:
                await store.spool(tx.connection, identity, file)
                feed = await store.feed(tx.connection, job.feed)
            if feed is None:
                raise NotFound("The feed of this import is gone.")
            await _read(database, job, feed, cast(BinaryIO, file), progress)
    return await summary(database, identity)


async def summary(database: Database, identity: UUID) -> Summary:
    """What has become of a file so far."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        counts = await store.counts(tx.connection, identity)
    read = sum(counts[name] for name in ("accepted", "repeated", "held", "refused"))
    return Summary(read=read, **counts)


async def _read(database: Database, job: Job, feed: Feed, file: BinaryIO, progress: Progress) -> None:
    try:
        source = open_source(file, load_profile(feed.profile))
    except UnreadableFile as unreadable:
        async with database.transaction(SYSTEM) as tx:
            await store.finish(tx.connection, job.id, "failed", tx.now, str(unreadable))
        return
    async with database.transaction(SYSTEM) as tx:
        await store.start(tx.connection, job.id, tx.now, source.header.columns)
    reader = RowReader(load_profile(feed.profile), source.header, database.timepiece.now())
    if job.dry_run:
        await _dry_run(database, job, feed, source, reader, progress)
        return
    rows = (row for row in source.rows if row.number > job.last_row)
    while batch := list(islice(rows, BATCH)):
        async with database.transaction(SYSTEM) as tx:
            now_at = await store.claim(tx.connection, job.id)
            if now_at is None or now_at.last_row >= batch[0].number or now_at.state not in ("waiting", "running"):
                return  # another process works on it and has come further
            entries = await _Batch(tx, job, feed, source, reader).take(batch)
            await _account(tx, job.id, entries, batch[-1].number)
        progress(batch[-1].number)
    async with database.transaction(SYSTEM) as tx:
        await store.finish(tx.connection, job.id, "done", tx.now, None)


async def _account(tx: Tx, identity: UUID, entries: Sequence[RowEntry], last_row: int) -> None:
    counts = Counter(entry.outcome for entry in entries)
    counts["updated"] = sum(entry.updated for entry in entries)
    await store.insert_rows(tx.connection, identity, entries)
    await store.advance(tx.connection, identity, last_row, counts)


async def _dry_run(
    database: Database, job: Job, feed: Feed, source: Source, reader: RowReader, progress: Progress
) -> None:
    """Do all of it in one transaction, keep what it said, and undo the rest."""
    entries: list[RowEntry] = []
    try:
        async with database.transaction(SYSTEM) as tx:
            while batch := list(islice(source.rows, BATCH)):
                entries += await _Batch(tx, job, feed, source, reader).take(batch)
                progress(batch[-1].number)
            raise _DryRun
    except _DryRun:
        pass
    async with database.transaction(SYSTEM) as tx:
        for start in range(0, len(entries), BATCH):
            part = entries[start : start + BATCH]
            for entry in part:
                # Nobody has to settle what was only tried.
                entry.pathway = entry.identity = entry.subject_key = None
            await _account(tx, job.id, part, part[-1].number)
        await store.finish(tx.connection, job.id, "done", tx.now, None)


class _Batch:
    """One batch of rows in its transaction."""

    def __init__(self, tx: Tx, job: Job, feed: Feed, source: Source, reader: RowReader) -> None:
        self._tx = tx
        self._job = job
        self._feed = feed
        self._places = source.header.places
        self._reader = reader

    async def take(self, batch: Sequence[RawRow]) -> list[RowEntry]:
        """Decide every row of the batch and write what is accepted."""
        self._reader.set_now(self._tx.now)
        read = [(raw, self._reader.read(raw)) for raw in batch]
        takeable = [row for _, row in read if isinstance(row, ParsedRow) and not row.held]
        arrivals: list[tuple[int, Arrival]] = [
            (row.number, rules.arrival_of(row, self._feed.force, self._feed.coverage, self._job.id))
            for row in takeable
            if row.names_child
        ]
        answers = await books.put(self._tx, [arrival for _, arrival in arrivals])
        placed = {number: answer for (number, _), answer in zip(arrivals, answers, strict=True)}
        placed |= await self._childless([row for row in takeable if not row.names_child])
        entries = [self._entry(raw, row, placed.get(row.number)) for raw, row in read]
        await self._repeats_of_held(entries)
        await self._off_the_books(entries, {row.number: row for _, row in read})
        return entries

    async def _childless(self, rows: Sequence[ParsedRow]) -> dict[int, Placed]:
        """Incidents for which the row names no child: kept, with the reason "not recorded"."""
        if not rows:
            return {}
        arrivals = [rules.arrival_of(row, self._feed.force, self._feed.coverage, self._job.id) for row in rows]
        async with self._tx.recording():
            incidents = await find_or_create_incidents(
                self._tx.connection, arrivals, self._tx.now, no_child="not_recorded"
            )
        seen: set[str] = set()
        found = {}
        for row in rows:
            identity, created = incidents[self._feed.force, row.reference]
            new = created and row.reference not in seen
            seen.add(row.reference)
            found[row.number] = Placed(outcome="accepted" if new else "repeated", incident=identity)
        return found

    def _entry(self, raw: RawRow, row: ParsedRow | RefusedRow, placed: Placed | None) -> RowEntry:
        entry = RowEntry(
            id=new_id(self._tx.now),
            number=raw.number,
            outcome="refused",
            cells=raw.cells,
            reference=row.reference,
            area=row.area,
            force=self._feed.force,
            aged_from=rules.aged_from(row, self._job.stored_at),
        )
        if row.reference:
            name = rules.name_in(raw.cells, self._places)
            entry.subject_key = rules.subject_key(self._feed.force, row.reference, name)
        if isinstance(row, RefusedRow):
            entry.reasons = rules.told(row.reasons)
            return entry
        if placed is None or placed.outcome == "held":
            entry.outcome = "held"
            entry.identity = rules.fingerprint(row)
            differences = placed.differences if placed else ()
            entry.reasons = rules.told((*row.held, *(rules.reason_of(each) for each in differences)))
            entry.proposal = [msgspec.to_builtins(each) for each in differences] or None
        else:
            entry.outcome = placed.outcome
        if placed is not None:
            entry.pathway = placed.pathway
            entry.updated = placed.updated
        return entry

    async def _repeats_of_held(self, entries: Sequence[RowEntry]) -> None:
        """A row that says what a held one says is repeated: one person settles both."""
        held = [entry for entry in entries if entry.outcome == "held"]
        if not held:
            return
        known = await store.held_identities(
            self._tx.connection, self._feed.force, [entry.identity for entry in held if entry.identity]
        )
        for entry in held:
            if entry.identity in known:
                entry.outcome, entry.identity = "repeated", None
            elif entry.identity:
                known.add(entry.identity)

    async def _off_the_books(self, entries: Sequence[RowEntry], rows: dict[int, ParsedRow | RefusedRow]) -> None:
        """Raise what is not on the books, and end what has come on them."""
        force = self._feed.force
        open_ones = [e for e in entries if e.outcome in ("held", "refused") and e.subject_key and e.reference]
        if open_ones:
            stands = await store.on_the_books(self._tx.connection, force, {e.reference or "" for e in open_ones})
            missing: dict[UUID, tuple[UUID, str | None, datetime]] = {}
            for entry in open_ones:
                name = rules.name_in(entry.cells, self._places)
                if entry.subject_key and (entry.reference, name) not in stands:
                    due = rules.flagged_from(rows[entry.number], self._job.stored_at)
                    missing.setdefault(entry.subject_key, (entry.subject_key, entry.area, due))
            if missing:
                await store.insert_conditions(self._tx.connection, force, list(missing.values()))
        done = [e for e in entries if e.outcome in ("accepted", "repeated") and e.reference and e.identity is None]
        keys = {e.subject_key for e in done if e.subject_key and (e.pathway or e.outcome == "accepted")}
        keys |= {rules.subject_key(force, e.reference or "", "") for e in done if e.outcome == "accepted"}
        if keys:
            await store.end_conditions(self._tx.connection, force, list(keys), self._tx.now, "on_the_books")
