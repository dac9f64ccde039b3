"""Read a stored history file to its end, batch by batch; safe to run again and beside another process."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO, Final
from uuid import UUID

import asyncpg
import msgspec

from schema.ids import new_id
from service.actor import SYSTEM
from service.database import Database, Tx
from service.exchange import rules, store
from service.exchange.history import HistoryReader, HistoryRow
from service.exchange.taking import HistoryBatch, Row, Taken
from service.intake.files import store as files
from service.intake.files.parse.outcomes import Reason, RefusedRow
from service.intake.files.parse.problems import UnreadableFile
from service.intake.files.parse.reading import RawRow, read_csv
from service.intake.files.rules import storable, told
from service.intake.files.store import Job, RowEntry
from service.intake.files.taking import UNTAKEABLE
from service.unreachable import is_unreachable

BATCH: Final = 2_000
ATTEMPTS: Final = 5
PAUSE_SECONDS: Final = 0.2
UNFINISHED: Final = ("waiting", "running")
Progress = Callable[[int], None]
_log: Final = logging.getLogger("tracker.imports")
_ONCE_MORE: Final = (asyncpg.TransactionRollbackError, asyncpg.LockNotAvailableError)
_Read = tuple[RawRow, HistoryRow | RefusedRow]


class HistorySummary(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a history file. ``read`` is always the sum of the other four."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    updated: int = 0
    refused: int = 0


async def read_to_end(database: Database, job: Job, file: BinaryIO, progress: Progress) -> None:
    """Go through the rows that are left.

    Raises:
        OSError, asyncpg.PostgresError: the database is away; the import goes on when run again.
        Exception: a fault of ours; the import has failed and says so.
    """
    try:
        await _read(database, job, file, progress)
    except UnreadableFile as unreadable:
        await _finish(database, job.id, "failed", str(unreadable))
    except Exception as error:
        if is_unreachable(error) or isinstance(error, _ONCE_MORE):
            raise
        _log.exception("import %s failed", job.id)
        await _finish(
            database, job.id, "failed", "A fault on our side stopped the reading of this file. What was taken stands."
        )
        raise


async def _read(database: Database, job: Job, file: BinaryIO, progress: Progress) -> None:
    if file.read(2) == b"PK":
        raise UnreadableFile("This is a workbook.", "Send the history as CSV.")
    _, _, raws = read_csv(file)
    header = next(raws, None)
    if header is None:
        raise UnreadableFile("The file holds no column names.", "Send it whole.")
    HistoryReader(header.cells, database.timepiece.now())  # raises for a heading that is not a history's
    async with database.transaction(SYSTEM) as tx:
        await files.start(tx.connection, job.id, tx.now, header.cells)
        forces = await store.forces_of_areas(tx.connection)
    left = (raw for raw in raws if raw.number > job.last_row)
    batch: list[RawRow] = []
    while batch := batch + list(islice(left, BATCH - len(batch))):
        reached = await _persist(database, job.id, header.cells, forces, batch)
        if reached is None:
            return
        batch = [raw for raw in batch if raw.number > reached]
        progress(reached)
    async with database.transaction(SYSTEM) as tx:
        await store.drop_chunks(tx.connection, job.id)
    await _finish(database, job.id, "done", None)


async def _persist(
    database: Database, identity: UUID, header: list[str], forces: dict[str, str], batch: Sequence[RawRow]
) -> int | None:
    attempt = 1
    while True:
        try:
            return await _one_batch(database, identity, header, forces, batch)
        except _ONCE_MORE:
            if attempt == ATTEMPTS:
                raise
            await asyncio.sleep(PAUSE_SECONDS * attempt)
            attempt += 1


async def _one_batch(
    database: Database, identity: UUID, header: list[str], forces: dict[str, str], batch: Sequence[RawRow]
) -> int | None:
    """Take the rows that nobody took yet; the last row that stands, None when the import has ended."""
    async with database.transaction(SYSTEM) as tx:
        job = await files.claim(tx.connection, identity)
        if job is None or job.state not in UNFINISHED:
            return None
        raws = [raw for raw in batch if raw.number > job.last_row]
        if not raws:
            return job.last_row
        reader = HistoryReader(header, tx.now)
        read = [(raw, _checked(raw, reader.read(raw), forces, job.area)) for raw in raws]
        entries: list[RowEntry] = []
        counts: Counter[str] = Counter()
        for wave in _waves(read):
            for raw, outcome in await _take(tx, job, forces, wave):
                if isinstance(outcome, RefusedRow):
                    counts["refused"] += 1
                    entries.append(_entry(tx, raw, outcome, forces))
                else:
                    counts[outcome.outcome] += 1
                    counts["held"] += outcome.proposed
        if entries:
            await files.insert_rows(tx.connection, identity, entries)
        await files.advance(tx.connection, identity, raws[-1].number, counts)
        return raws[-1].number


async def _take(
    tx: Tx, job: Job, forces: dict[str, str], read: Sequence[_Read]
) -> list[tuple[RawRow, Taken | RefusedRow]]:
    """Take rows together; a row that the database or a rule refuses is found by halving."""
    rows = [Row(raw.number, forces[row.area_code], row) for raw, row in read if isinstance(row, HistoryRow)]
    try:
        async with tx.connection.transaction():
            taken = iter(await HistoryBatch(tx, job.id, job.file_name).take(rows))
    except UNTAKEABLE as error:
        if len(rows) == 1:
            _log.exception("a row of import %s could not be taken", job.id)
            return [(raw, _not_taken(row, error)) for raw, row in read]
        half = len(read) // 2
        return [*await _take(tx, job, forces, read[:half]), *await _take(tx, job, forces, read[half:])]
    return [(raw, row if isinstance(row, RefusedRow) else next(taken)) for raw, row in read]


def _waves(read: Sequence[_Read]) -> Iterator[list[_Read]]:
    """The rows in parts in which no child of an incident appears twice, so that the later sees the earlier."""
    wave: list[_Read] = []
    seen: set[tuple[str, ...]] = set()
    for raw, row in read:
        if isinstance(row, HistoryRow):
            child = rules.child_of(row)
            keys = {
                (row.police_reference, row.area_code, "reference", child.local_reference or ""),
                (row.police_reference, row.area_code, "name", child.normal_name, str(child.date_of_birth)),
            }
            keys = {key for key in keys if key[3]}
            if seen & keys:
                yield wave
                wave, seen = [], set()
            seen |= keys
        wave.append((raw, row))
    yield wave


def _checked(
    raw: RawRow, row: HistoryRow | RefusedRow, forces: dict[str, str], only: str | None
) -> HistoryRow | RefusedRow:
    """A readable row, or why it cannot be taken here."""
    if isinstance(row, RefusedRow):
        return row
    reasons = rules.wrong_with(row)
    code = row.area_code
    if code not in forces:
        known = ", ".join(sorted(forces)) or "none is set up"
        reasons.append(
            Reason("area_code", "area_code", code[:60], f"{code[:60]} is not an area here. Expected: {known}.")
        )
    elif only is not None and code != only:
        reasons.append(Reason("area_code", "area_code", code[:60], f"This sender sends only area {only}."))
    if not reasons:
        return row
    return RefusedRow(number=raw.number, reasons=tuple(reasons), reference=row.police_reference, area=code)


def _not_taken(row: HistoryRow | RefusedRow, error: Exception) -> RefusedRow:
    if isinstance(row, RefusedRow):
        return row
    wrong = getattr(error, "wrong", ())
    words = " ".join(each.help for each in wrong) or "This row could not be taken as it is, and why is not understood."
    return RefusedRow(
        number=0, reasons=(Reason(None, None, "", words),), reference=row.police_reference, area=row.area_code
    )


def _entry(tx: Tx, raw: RawRow, row: RefusedRow, forces: dict[str, str]) -> RowEntry:
    area = row.area if row.area in forces else None
    return RowEntry(
        id=new_id(tx.now),
        number=raw.number,
        outcome="refused",
        cells=raw.cells,
        reasons=told(row.reasons),
        reference=storable(row.reference),
        area=area,
        force=forces.get(area or ""),
    )


async def _finish(database: Database, identity: UUID, state: str, error: str | None) -> None:
    async with database.transaction(SYSTEM) as tx:
        await files.finish(tx.connection, identity, state, tx.now, error)
