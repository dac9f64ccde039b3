"""One batch of a police file's rows in its transaction: decided, put on the books, accounted for."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from schema.ids import supply
from service.database import Tx
from service.errors import TrackerError
from service.intake.books import service as books
from service.intake.books.rules import Arrival
from service.intake.books.service import Placed
from service.intake.books.store import find_or_create_incidents
from service.intake.files import rules, store
from service.intake.files.parse.outcomes import ParsedRow, Reason, RefusedRow
from service.intake.files.parse.reading import RawRow
from service.intake.files.parse.rows import RowReader
from service.intake.files.parse.source import Header
from service.intake.files.store import Feed, Job, RowEntry

_log: Final = logging.getLogger("tracker.imports")
#: What one row alone can be the cause of: a value, a rule, or a text too long for an index.
UNTAKEABLE: Final = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    TrackerError,
)
_NOT_TAKEN: Final = Reason(
    None, None, "", "This row could not be taken as it is, and why is not understood. Type the notice in instead."
)


class Batch:
    """Takes rows of one file, in one transaction. ``known`` holds by number what was read before."""

    def __init__(
        self, tx: Tx, job: Job, feed: Feed, header: Header, reader: RowReader, known: Mapping[int, ParsedRow]
    ) -> None:
        self._tx = tx
        self._job = job
        self._feed = feed
        self._header = header
        self._reader = reader
        self._known = known
        self._ids = supply(tx.now)
        reader.set_now(tx.now)

    async def take(self, batch: Sequence[RawRow]) -> list[RowEntry]:
        """Decide every row and write what is accepted.

        What the database or a rule refuses although it could be read is found by halving, and that
        row alone is refused: one row never keeps a file from being read.
        """
        try:
            async with self._tx.connection.transaction():
                return await self._take(batch)
        except UNTAKEABLE:
            if len(batch) == 1:
                _log.exception("a row of import %s could not be taken", self._job.id)
                return [self._entry(batch[0], _given_up(self._read(batch[0])), None)]
        half = len(batch) // 2
        return [*await self.take(batch[:half]), *await self.take(batch[half:])]

    async def try_out(self, batch: Sequence[RawRow]) -> list[RowEntry]:
        """What would become of the rows, after the rows before them; nothing is kept."""
        entries: list[RowEntry] = []
        try:
            async with self._tx.connection.transaction():
                references = {row.reference for raw in batch if (row := self._read(raw)).reference}
                tried = await store.tried_rows(self._tx.connection, self._job.id, references)
                if tried:
                    await self.take([RawRow(number, number, cells, "") for number, cells in tried])
                entries = await self.take(batch)
                raise _Tried
        except _Tried:
            for entry in entries:
                entry.pathway = entry.subject_key = None
        return entries

    def _read(self, raw: RawRow) -> ParsedRow | RefusedRow:
        return self._known.get(raw.number) or self._reader.read(raw)

    async def _take(self, batch: Sequence[RawRow]) -> list[RowEntry]:
        read = [(raw, self._read(raw)) for raw in batch]
        takeable = [row for _, row in read if isinstance(row, ParsedRow) and not row.held]
        arrivals: list[tuple[int, Arrival]] = [
            (row.number, rules.arrival_of(row, self._feed.force, self._feed.coverage, self._job.id))
            for row in takeable
            if row.names_child
        ]
        first, after = _childless_rows(takeable)
        placed = await self._childless(first)
        answers = await books.put(self._tx, [arrival for _, arrival in arrivals])
        placed |= {number: answer for (number, _), answer in zip(arrivals, answers, strict=True)}
        placed |= await self._childless(after)
        entries = [self._entry(raw, row, placed.get(row.number)) for raw, row in read]
        await self._repeats_of_held(entries)
        await self._repeats_of_settled(entries)
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
            id=next(self._ids),
            number=raw.number,
            outcome="refused",
            cells=raw.cells,
            reference=rules.storable(row.reference),
            area=row.area,
            force=self._feed.force,
            aged_from=rules.aged_from(row, self._job.stored_at),
            grade=row.grade,
            urgent=rules.is_urgent(row),
            dry_run=self._job.dry_run,
        )
        if entry.reference:
            name = rules.name_in(raw.cells, self._header.places)
            entry.subject_key = rules.subject_key(self._feed.force, entry.reference, name)
        if isinstance(row, RefusedRow):
            entry.reasons = rules.told(row.reasons)
            entry.identity = rules.fingerprint_of_cells(self._header.source_cells(raw.cells))
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
        """A row that says what a held one says is repeated: one person settles both, or has settled both."""
        held = [entry for entry in entries if entry.outcome == "held"]
        if not held:
            return
        known = await store.held_identities(
            self._tx.connection, self._feed.force, self._job.id, [entry.identity for entry in held if entry.identity]
        )
        for entry in held:
            if entry.identity in known:
                entry.outcome = "repeated"
            elif entry.identity:
                known.add(entry.identity)

    async def _repeats_of_settled(self, entries: Sequence[RowEntry]) -> None:
        """A refused row that somebody settled before is refused, and asks nobody again."""
        refused = [entry for entry in entries if entry.outcome == "refused" and entry.identity]
        if not refused or self._job.dry_run:
            return
        known = await store.settled_identities(
            self._tx.connection, self._feed.force, [entry.identity for entry in refused if entry.identity]
        )
        for entry in refused:
            if entry.identity in known:
                entry.settled_as, entry.settled_by, entry.settled_note = known[entry.identity]
                entry.settled_at = self._tx.now

    async def _off_the_books(self, entries: Sequence[RowEntry], rows: dict[int, ParsedRow | RefusedRow]) -> None:
        """Raise what is not on the books, and end what has come on them."""
        force = self._feed.force
        unsettled = [e for e in entries if e.outcome in ("held", "refused") and e.settled_at is None]
        open_ones = [e for e in unsettled if e.subject_key and e.reference]
        if open_ones:
            stands = await store.on_the_books(self._tx.connection, force, {e.reference or "" for e in open_ones})
            missing: dict[UUID, tuple[UUID, str | None, datetime]] = {}
            for entry in open_ones:
                name = rules.name_in(entry.cells, self._header.places)
                if entry.subject_key and (entry.reference, name) not in stands:
                    due = rules.flagged_from(rows[entry.number], self._job.stored_at)
                    missing.setdefault(entry.subject_key, (entry.subject_key, entry.area, due))
            if missing:
                await store.insert_conditions(self._tx.connection, force, list(missing.values()))
        done = [e for e in entries if e.outcome in ("accepted", "repeated") and e.reference and e.identity is None]
        keys = {e.subject_key for e in done if e.subject_key and (e.pathway or e.outcome == "accepted")}
        keys |= {rules.subject_key(force, e.reference or "", "") for e in done if e.outcome == "accepted"}
        if keys:
            await store.end_conditions(self._tx.connection, force, list(keys), self._tx.now)


def _childless_rows(rows: Sequence[ParsedRow]) -> tuple[list[ParsedRow], list[ParsedRow]]:
    """Rows that name no child: those before the first that names one of their incident, and the others.

    So that what becomes of a row does not depend on where a batch begins.
    """
    first: list[ParsedRow] = []
    after: list[ParsedRow] = []
    named: set[str] = set()
    for row in rows:
        if row.names_child:
            named.add(row.reference)
        else:
            (after if row.reference in named else first).append(row)
    return first, after


class _Tried(Exception):
    """Undo what was only tried."""


def _given_up(row: ParsedRow | RefusedRow) -> RefusedRow:
    return RefusedRow(
        number=row.number,
        reasons=(_NOT_TAKEN,),
        reference=row.reference,
        area=row.area,
        attended=row.attended,
        grade=row.grade,
    )
