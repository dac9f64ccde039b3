"""Settle a row that was held or refused: what a person decides about it, and what comes of that.

Runs as that person: what is recorded says who decided, and nobody settles a row of another area.
"""

from typing import Any, Literal
from uuid import UUID

import msgspec

from service.access import audit
from service.database import Tx
from service.errors import Conflict, Forbidden, NotFound, Refused, Wrong
from service.intake.books import service as books
from service.intake.books import store as on_books
from service.intake.books.rules import TOLD, Arrival, Difference, Fact
from service.intake.books.service import Placed
from service.intake.files import rules, store
from service.intake.files.parse.outcomes import ParsedRow, RefusedRow
from service.intake.files.parse.profile import load_profile
from service.intake.files.parse.reading import RawRow
from service.intake.files.parse.rows import RowReader
from service.intake.files.parse.source import Header, match_header
from service.intake.files.store import Feed, SettledAs, UnsettledRow
from service.pathways import proposals
from service.pathways.rebuild import recompute
from service.pathways.service import Correction


class Settlement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with a row.

    ``take`` puts it on the books, with ``reading`` for an hour that happened twice, ``out_of_order``
    where its times are known to be so, and ``contradictions`` where it says something else than the
    books: ``accept`` corrects what stands, ``keep`` leaves it. ``mend`` changes cells by column and
    tries again. ``discard`` needs a ``reason``.
    """

    action: Literal["take", "mend", "discard"]
    reading: Literal["first", "second"] | None = None
    out_of_order: bool = False
    contradictions: Literal["accept", "keep"] | None = None
    cells: dict[str, str] = {}
    reason: str = ""


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it. ``proposals``: corrections that wait for a second person."""

    row: UUID
    settled_as: SettledAs
    pathway: UUID | None = None
    proposals: tuple[UUID, ...] = ()


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """A row as a person looks at it: the header it stands under and what it says."""

    row: UnsettledRow
    feed: Feed
    header: Header
    said: ParsedRow | RefusedRow

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Column and cell, side by side; cells too many have no column."""
        columns = self.header.source_cells(self.header.columns)
        found = self.header.source_cells(self.row.cells)
        length = max(len(columns), len(found))
        return list(zip(columns + [""] * (length - len(columns)), found + [""] * (length - len(found)), strict=True))


async def examine(tx: Tx, identity: UUID, *, lock: bool = False) -> Examined:
    """A row that is held or refused, for this actor to see.

    Raises:
        NotFound: there is none, or it is not the actor's.
    """
    row = await store.unsettled(tx.connection, identity, lock=lock)
    feed = await store.feed(tx.connection, row.feed) if row is not None else None
    if row is None or feed is None:
        raise NotFound("There is no such row.")
    profile = load_profile(feed.profile)
    header = match_header(row.columns, profile)
    said = RowReader(profile, header, tx.now).read(RawRow(row.number, row.number, row.cells, ""))
    return Examined(row=row, feed=feed, header=header, said=said)


async def settle(tx: Tx, identity: UUID, settlement: Settlement) -> Settled:
    """Do what a person decided about a row.

    Raises:
        NotFound: there is no such row for this actor.
        Forbidden: the actor's roles do not settle rows there.
        Conflict: it is settled already, or it contradicts the books and nothing is said about that.
        Refused: it still cannot be taken; every wrong field is named.
    """
    found = await examine(tx, identity, lock=True)
    row = found.row
    if not _may(tx, row):
        raise Forbidden("You may not settle this row.")
    if row.settled_as is not None:
        raise Conflict("Somebody settled this row already.", settled_as=row.settled_as)
    if settlement.action == "discard":
        return await _discard(tx, row, settlement.reason)
    said = _mended(tx, found, settlement.cells) if settlement.action == "mend" else found.said
    taken = _decided(said, settlement)
    arrival = rules.arrival_of(taken, found.feed.force, found.feed.coverage, row.of)
    if not taken.names_child:
        raise Refused([_wrong("cells", "This row names no child. Log the notice instead.")])
    return await _take(tx, found, arrival, settlement)


def _may(tx: Tx, row: UnsettledRow) -> bool:
    actor = tx.actor
    by_force = row.force is not None and actor.holds("police_liaison", force=row.force)
    by_area = row.area is not None and actor.holds("mash_coordinator", "mash_manager", area=row.area)
    return actor.kind == "system" or by_force or by_area


def _wrong(field: str, message: str, got: str = "") -> Wrong:
    return Wrong(field, got, "", message)


def _mended(tx: Tx, found: Examined, changes: dict[str, str]) -> ParsedRow | RefusedRow:
    """The row read again with some cells changed, by column."""
    columns = list(found.header.columns)
    unknown = [column for column in changes if column not in columns]
    if unknown:
        raise Refused([_wrong(f"cells.{name[:60]}", "There is no such column.") for name in unknown])
    cells = (found.row.cells + [""] * len(columns))[: len(columns)]
    for column, text in changes.items():
        cells[columns.index(column)] = text
    profile = load_profile(found.feed.profile)
    reader = RowReader(profile, found.header, tx.now)
    return reader.read(RawRow(found.row.number, found.row.number, cells, ""))


def _decided(said: ParsedRow | RefusedRow, settlement: Settlement) -> ParsedRow:
    """The row as it is to be taken."""
    if isinstance(said, RefusedRow):
        raise Refused(
            [_wrong(f"cells.{each.column or ''}".rstrip("."), each.message, each.got) for each in said.reasons]
        )
    if not said.held:
        return said
    doubled = rules.doubled(said)
    if doubled and settlement.reading is None and not settlement.out_of_order:
        raise Refused([_wrong("reading", str(said.held[0]))])
    chosen = rules.chosen(said, settlement.reading or "first")
    if not rules.ordered(chosen) and not settlement.out_of_order:
        raise Refused([_wrong("out_of_order", str(said.held[0]))])
    return chosen


async def _take(tx: Tx, found: Examined, arrival: Arrival, settlement: Settlement) -> Settled:
    (placed,) = await books.put(tx, [arrival])
    corrections: list[UUID] = []
    outcome: SettledAs = "accepted"
    if placed.outcome == "held":
        if settlement.contradictions is None:
            told = [msgspec.to_builtins(difference) for difference in placed.differences]
            raise Conflict("This row contradicts what is on the books.", differences=told)
        outcome = "kept"
        if settlement.contradictions == "accept":
            corrections = await _accept(tx, found, arrival, placed)
            outcome = "proposed" if corrections else "corrected"
        (placed,) = await books.put(tx, [await _without(tx, arrival, placed.differences)])
        if placed.outcome == "held":
            raise Conflict("This row still contradicts what is on the books. Correct that on the pathway first.")
    row = found.row
    await store.settle(tx, row.id, outcome, settlement.reason.strip() or None)
    keys = {rules.subject_key(found.feed.force, arrival.reference, arrival.child.normal_name)}
    keys |= {row.subject_key} if row.subject_key else set()
    await store.end_conditions(tx.connection, found.feed.force, list(keys), tx.now)
    await _leave_trace(tx, row, outcome, placed.pathway)
    return Settled(row=row.id, settled_as=outcome, pathway=placed.pathway, proposals=tuple(corrections))


async def _accept(tx: Tx, found: Examined, arrival: Arrival, placed: Placed) -> list[UUID]:
    """Correct what stands, or propose it where late would become in time."""
    source = f"police file {found.row.file_name}, row {found.row.number}"
    facts = {fact.kind: fact for fact in arrival.facts}
    waiting = []
    for difference in placed.differences:
        if difference.field == "area":
            raise Refused([_wrong("contradictions", "The area cannot be changed here. Transfer the pathway instead.")])
        fact = facts.get(difference.field)
        if fact is not None and difference.milestone is not None:
            change = Correction(
                reason="The records system's export says otherwise",
                source=source,
                at=fact.at,
                on=fact.on,
                precision=fact.precision,
                outcome=fact.outcome,
            )
            proposal = await proposals.correct_or_propose(tx, difference.milestone, change)
            waiting += [proposal] if proposal else []
        elif placed.pathway is not None:
            await _correct_field(tx, placed.pathway, difference.field, arrival)
    return waiting


async def _correct_field(tx: Tx, pathway: UUID, field: str, arrival: Arrival) -> None:
    async with tx.recording():
        if field in TOLD:
            await store.correct_told(tx.connection, pathway, field, getattr(arrival, field))
            return
        child = await store.correct_child(tx.connection, pathway, field, getattr(arrival.child, field))
        await tx.with_all_incidents_of([child])
        await recompute(tx, await on_books.pathways_of_children(tx.connection, [child]))


async def _without(tx: Tx, arrival: Arrival, differences: tuple[Difference, ...]) -> Arrival:
    """The arrival with what stands in place of what contradicts it."""
    fields = {difference.field for difference in differences}
    stands = [difference.milestone for difference in differences if difference.milestone is not None]
    async with tx.recording():
        known: dict[str, Fact] = await store.current_facts(tx.connection, stands)
    facts = [
        msgspec.structs.replace(known[fact.kind], shared=fact.shared) if fact.kind in known else fact
        for fact in arrival.facts
        if fact.kind not in fields or fact.kind in known
    ]
    child: dict[str, Any] = {name: None for name in fields if name in arrival.child.__struct_fields__}
    told: dict[str, Any] = {name: None for name in fields if name in TOLD}
    return msgspec.structs.replace(
        arrival, facts=tuple(facts), child=msgspec.structs.replace(arrival.child, **child), **told
    )


async def _discard(tx: Tx, row: UnsettledRow, reason: str) -> Settled:
    if not reason.strip():
        raise Refused([_wrong("reason", "Say why this row is not needed.")])
    await store.settle(tx, row.id, "discarded", reason.strip())
    if row.subject_key is not None and not await store.open_of_subject(tx.connection, row.subject_key):
        await store.end_condition(tx.connection, row.subject_key, tx.now, "discarded")
    await _leave_trace(tx, row, "discarded", None)
    return Settled(row=row.id, settled_as="discarded")


async def _leave_trace(tx: Tx, row: UnsettledRow, outcome: str, pathway: UUID | None) -> None:
    await audit.viewed(
        tx,
        "import_row_settled",
        "decide about a row that was held or refused",
        [pathway] if pathway else [],
        {"import": str(row.of), "row": row.number, "settled_as": outcome},
    )
