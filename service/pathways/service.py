"""The one door for milestones.

`record` is the only writer of milestones. It locks the touched pathways in id order, writes, and
recomputes their segments, clocks, waits and flag conditions in the same transaction, so that what
was acknowledged and what follows from it are never apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from schema.ids import new_id, new_ids
from schema.spine import Derived, History, Milestone
from schema.vocabulary import Precision
from service.clocks import evaluate
from service.database import Tx
from service.errors import (
    Conflict,
    Forbidden,
    NeedsSecondPerson,
    NotFound,
    Refused,
    Superseded,
    Wrong,
)
from service.pathways import bulk, deriving, rules, store
from service.pathways.rulebook import current
from service.pathways.rules import Entry
from service.pathways.store import NewPathway, Subject, Written


class Recorded(msgspec.Struct, frozen=True):
    """What recording did: the milestones in the order of the entries, and what follows now."""

    milestones: tuple[Milestone, ...]
    derived: Mapping[UUID, Derived]


async def record(
    tx: Tx, entries: Sequence[Entry], *, opened: Sequence[NewPathway] = (), lent: Mapping[UUID, str] | None = None
) -> Recorded:
    """Record milestones, and open the pathways of ``opened`` first.

    Args:
        tx: the transaction; its actor records, its now is ``recorded_at``.
        entries: what happened, in any order, to any number of pathways.
        opened: pathways that do not exist yet (their incident and child do).
        lent: pathways that another area put into a meeting, each with the area that convenes it: the actor's
            roles there count for them. The database lends them or not.

    Raises:
        Refused: an entry is wrong; every wrong field is named.
        NotFound: a pathway does not exist or is not the actor's.
        Forbidden: the actor's roles do not record such a milestone there.
        Superseded: an entry corrects what has been corrected already.
    """
    wrong = [
        msgspec.structs.replace(found, field=f"entries[{number}].{found.field}")
        for number, entry in enumerate(entries)
        for found in rules.wrong_with(entry, tx.now)
    ]
    if wrong:
        raise Refused(wrong)
    places = {new.subject.facts.id: new.subject.facts for new in opened}
    fresh = set(places)
    known = {entry.pathway for entry in entries} - fresh
    where = {pathway: (facts.area, facts.force) for pathway, facts in places.items()}
    if known:
        seen = await _visible(tx, list(known))
        if missing := known - set(seen):
            raise NotFound("There is no such pathway.", pathways=sorted(map(str, missing)))
        where |= {pathway: (area, force) for pathway, (area, force, _) in seen.items()}
    _check_roles(tx, entries, where, lent)
    declined = {entry.pathway for entry in entries if entry.kind == "notice_not_shared"}
    async with tx.recording():
        touched: set[UUID] = set()
        locked = await _lock(tx, entries, known, [new for new in opened if new.subject.facts.id in declined])
        if known:
            touched = await _touched(tx, entries, known)
            if moved := known - set(locked):
                raise NotFound("There is no such pathway any more.", pathways=sorted(map(str, moved)))
            now = {pathway: locked[pathway] for pathway in known}
            if any(now[pathway] != where[pathway] for pathway in known):
                where |= now
                _check_roles(tx, entries, where, lent)
        before = await store.milestones(tx.connection, touched) if touched else {}
        async with bulk.meanwhile(store.open_pathways(tx.connection, opened, tx.now)):
            written = _rows(tx, entries, before, where)
        for row in written:
            before.setdefault(row.pathway, []).append(row.milestone)
        try:
            derived = await deriving.recompute(tx, touched | fresh, before, fresh, written)
        except asyncpg.UniqueViolationError as error:
            raise Superseded("Somebody else corrected this first.") from error
        await _refuse_excuses(tx, written, before, derived)
        if declined & fresh:
            derived |= await deriving.siblings_in_time(tx, declined & fresh)
    return Recorded(tuple(row.milestone for row in written), derived)


async def _refuse_excuses(
    tx: Tx, written: Sequence[Written], happened: Mapping[UUID, Sequence[Milestone]], derived: Mapping[UUID, Derived]
) -> None:
    """Refuse what was taken back and is told anew by a person so that late becomes in time: that is a correction."""
    typed = {row.pathway for row in written if row.milestone.source == "typed" and row.milestone.supersedes is None}
    suspects = {pathway: voided for pathway in typed if (voided := rules.taken_back(happened[pathway]))}
    if not suspects:
        return
    rulebook, new = await current(tx), {row.milestone.id: row.milestone for row in written}
    for pathway, (_, history) in (await store.histories(tx.connection, list(suspects))).items():
        earlier = tuple(row for row in history.milestones if row.id not in new)
        before = evaluate(msgspec.structs.replace(history, milestones=earlier), rulebook)
        mine = [row.milestone for row in written if row.pathway == pathway]
        again = rules.excused_again(before, derived[pathway], suspects[pathway], mine, rulebook, tx.now)
        if again is not None:
            raise Conflict(
                "This was recorded before and taken back, and to record it now turns late into in time. Correct what"
                " was taken back instead: a second person then agrees to it.",
                by=str(again.id),
            )


async def _lock(
    tx: Tx, entries: Sequence[Entry], known: set[UUID], declined: Sequence[NewPathway] = ()
) -> dict[UUID, tuple[str, str]]:
    """Lock the pathways of entries, and every other one of the children on whose incidents they may bear.

    Among these are the children of ``declined``: pathways to open whose notice is declined by an entry. On which
    incidents it does bear depends on what others record until all are locked, so that it is asked afterwards: to lock
    some of a child's incidents first and others later would let two people wait for each other in a circle.
    """
    children = {new.subject.child for new in declined}
    if bearing := _bearing(entries) & known:
        children |= await store.children_of(tx.connection, bearing)
    if not children:
        return await store.lock(tx.connection, known) if known else {}
    await tx.with_all_incidents_of(children)
    return await store.lock(tx.connection, known | await store.of_children(tx.connection, children))


async def _touched(tx: Tx, entries: Sequence[Entry], known: set[UUID]) -> set[UUID]:
    """The pathways that entries change: their own, and those of the same child on which they bear."""
    bearing = _bearing(entries) & known
    if not bearing:
        return set(known)
    declined = {entry.pathway for entry in entries if entry.kind == "notice_not_shared"}
    return known | await store.of_same_children(tx.connection, bearing, declined)


def _bearing(entries: Sequence[Entry]) -> set[UUID]:
    return {entry.pathway for entry in entries if entry.kind in rules.BEARS_ON_OTHERS}


def _check_roles(
    tx: Tx, entries: Sequence[Entry], where: Mapping[UUID, tuple[str, str]], lent: Mapping[UUID, str] | None
) -> None:
    for entry in entries:
        area, force = where[entry.pathway]
        if not rules.may_record(tx.actor, entry.kind, (lent or {}).get(entry.pathway, area), force):
            raise Forbidden(f"You may not record {entry.kind.replace('_', ' ')} here.")


async def record_one(tx: Tx, entry: Entry) -> Milestone:
    """Record one milestone; raises as `record`, naming fields without their number."""
    try:
        recorded = await record(tx, [entry])
    except Refused as refused:
        raise Refused(
            [msgspec.structs.replace(wrong, field=wrong.field.removeprefix("entries[0].")) for wrong in refused.wrong]
        ) from refused
    return recorded.milestones[0]


async def replay(tx: Tx, written: Sequence[Written], *, opened: Sequence[NewPathway]) -> dict[UUID, Derived]:
    """Write a past that was recorded elsewhere, each milestone with the time it was recorded then.

    Only for synthetic partnerships (the demonstration, benchmarks): a real history comes in by
    `import-history` and counts as known from its import.

    Raises:
        Forbidden: the actor is not the system.
    """
    if tx.actor.kind != "system":
        raise Forbidden("Only the system replays a synthetic past.")
    await store.open_pathways(tx.connection, opened, tx.now)
    happened: dict[UUID, list[Milestone]] = {}
    for row in written:
        happened.setdefault(row.pathway, []).append(row.milestone)
    fresh = {new.subject.facts.id for new in opened}
    return await deriving.recompute(tx, fresh, happened, fresh, written)


async def _visible(tx: Tx, pathways: list[UUID]) -> dict[UUID, tuple[str, str, UUID]]:
    """Of these pathways, those the actor may record on."""
    if tx.actor.kind != "client":
        return await store.visible(tx.connection, pathways)
    # A machine reads nothing back: it is known by what it sends, to its own force or area.
    async with tx.recording():
        return await store.visible(tx.connection, pathways)


def _rows(
    tx: Tx,
    entries: Sequence[Entry],
    before: Mapping[UUID, Iterable[Milestone]],
    where: Mapping[UUID, tuple[str, str]],
) -> list[Written]:
    rows = []
    for entry, identity in zip(entries, new_ids(tx.now, len(entries)), strict=True):
        root = record_id = identity
        if entry.supersedes is not None:
            old = next((m for m in before.get(entry.pathway, ()) if m.id == entry.supersedes), None)
            if old is None:
                raise NotFound("There is no such milestone on this pathway.")
            first = next((m for m in before[entry.pathway] if m.supersedes == entry.supersedes), None)
            if first is not None:
                raise Superseded("Somebody else corrected this first.", by=str(first.id))
            if old.kind != entry.kind:
                raise Conflict("A correction keeps the kind; retract it and record the other.")
            root, record_id = old.root, old.record
        # By place, in the order of the struct: thousands are made.
        milestone = Milestone(
            identity,
            root,
            entry.record or record_id,
            entry.kind,
            entry.at,
            entry.on,
            entry.precision,
            tx.now,
            entry.source,
            entry.outcome,
            entry.detail,
            entry.supersedes,
            entry.retracted,
        )
        area, force = where[entry.pathway]
        rows.append(
            Written(
                milestone,
                entry.pathway,
                area,
                force,
                entry.origin,
                entry.reason,
                entry.authorised_by,
            )
        )
    return rows


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What a milestone should have said, or that it never happened (``retract``).

    ``reason`` says what was wrong; ``source`` where the right value comes from (a log, a record). ``each`` holds what
    of the detail differs between the pathways that the fact covers. ``carries``: what the record that tells the same
    is to say, where it was proposed from there (see `pathways.owning`).
    """

    reason: str
    source: str = ""
    retract: bool = False
    at: datetime | None = None
    on: date | None = None
    precision: Precision | None = None
    outcome: str | None = None
    detail: dict[str, Any] | None = None
    each: dict[UUID, dict[str, Any]] = {}
    carries: dict[str, Any] | None = None


class Effect(msgspec.Struct, frozen=True):
    """What a correction changes on one pathway."""

    subject: Subject
    before: Derived
    after: Derived
    history: History
    forgiven: tuple[str, ...]


async def preview(tx: Tx, milestone: UUID, correction: Correction) -> list[Effect]:
    """What a correction would change, for every pathway that the fact covers; writes nothing.

    Raises:
        NotFound: no such milestone for this actor.
        Superseded: it has been corrected already; ``facts['by']`` is what stands.
        Refused: the correction is wrong in itself; every wrong field is named.
    """
    entries = await _correcting(tx, milestone, correction, None)
    wrong = list(dict.fromkeys(found for entry in entries for found in rules.wrong_with(entry, tx.now)))
    if wrong:
        raise Refused(wrong)
    async with tx.recording():
        found = await store.histories(tx.connection, [entry.pathway for entry in entries])
        rulebook = await current(tx)
    effects = []
    for entry in entries:
        subject, history = found[entry.pathway]
        old = next(m for m in history.milestones if m.id == entry.supersedes)
        changed = Milestone(
            id=new_id(tx.now),
            root=old.root,
            record=old.record,
            kind=old.kind,
            at=entry.at,
            on=entry.on,
            precision=entry.precision,
            recorded_at=tx.now,
            source=entry.source,
            outcome=entry.outcome,
            detail=entry.detail,
            supersedes=old.id,
            retracted=entry.retracted,
        )
        before = evaluate(history, rulebook)
        after_history = msgspec.structs.replace(history, milestones=(*history.milestones, changed))
        after = evaluate(after_history, rulebook)
        forgiven = tuple(clock.standard for clock in rules.forgiven(before, after, tx.now))
        effects.append(Effect(subject, before, after, history, forgiven))
    return effects


async def correct(
    tx: Tx,
    milestone: UUID,
    correction: Correction,
    *,
    authorised_by: UUID | None = None,
    proposed_by: UUID | None = None,
    lent: Mapping[UUID, str] | None = None,
) -> Recorded:
    """Record a correction of one fact on every pathway it covers.

    Args:
        tx: the transaction.
        milestone: the row to correct, in any of the pathways that the fact covers.
        correction: what it should have said.
        authorised_by: the second person who agreed, where late becomes in time.
        proposed_by: who proposed it, when the actor is that second person.
        lent: as `record`.

    Raises:
        NeedsSecondPerson: it turns late into in time and no second person agreed.
        Refused: it does so and names no source, or a field is wrong.
        NotFound, Superseded, Forbidden: as `record`.
    """
    entries = await _correcting(tx, milestone, correction, authorised_by)
    async with tx.recording():
        # What it would excuse is judged by what stands when it is recorded, whoever else corrects beside it.
        await _lock(tx, entries, {entry.pathway for entry in entries})
    effects = await preview(tx, milestone, correction)
    forgiven = sorted({name for effect in effects for name in effect.forgiven})
    if forgiven:
        if not correction.source.strip():
            raise Refused(
                [
                    Wrong(
                        "source",
                        "nothing",
                        "where the right time comes from",
                        "This correction turns late into in time: name the log or record.",
                    )
                ]
            )
        if authorised_by is None or authorised_by == (proposed_by or tx.actor.id):
            raise NeedsSecondPerson(
                "This correction turns late into in time, so a second person must agree to it.",
                standards=forgiven,
            )
    return await record(tx, await _correcting(tx, milestone, correction, authorised_by), lent=lent)


async def _correcting(tx: Tx, milestone: UUID, correction: Correction, authorised_by: UUID | None) -> list[Entry]:
    """The entries that correct a fact, one for each pathway it covers."""
    async with tx.recording():
        rows = await store.chain(tx.connection, milestone)
    target = next((row for row in rows if row["id"] == milestone), None)
    if target is None or target["pathway"] not in await store.visible(tx.connection, [target["pathway"]]):
        raise NotFound("There is no such milestone.")
    if target["superseded_by"] is not None:
        raise Superseded("Somebody else corrected this first.", by=str(target["superseded_by"]))
    precision = correction.precision or target["precision"]
    dated = correction.at is not None or correction.on is not None
    moved = dated and (correction.at, correction.on, precision) != (
        target["occurred_at"],
        target["occurred_on"],
        target["precision"],
    )
    alone = target["kind"] in rules.DECIDED_PER_CHILD

    def said(row: asyncpg.Record) -> Correction:
        """What the correction says of one child: what was decided for another stays."""
        apart = alone and row["id"] != milestone
        return msgspec.structs.replace(correction, outcome=None, detail=None) if apart else correction

    return [
        Entry(
            pathway=row["pathway"],
            kind=row["kind"],
            at=correction.at if dated else row["occurred_at"],
            on=correction.on if dated else row["occurred_on"],
            precision=precision if dated else row["precision"],
            outcome=row["outcome"] if (outcome := said(row).outcome) is None else outcome,
            detail=row["detail"]
            | (said(row).detail or {})
            | correction.each.get(row["pathway"], {})
            | ({"correction_source": correction.source} if correction.source else {}),
            source="typed",
            supersedes=row["id"],
            retracted=correction.retract,
            reason=correction.reason,
            authorised_by=authorised_by,
        )
        for row in rows
        if row["superseded_by"] is None
        and row["kind"] == target["kind"]
        and (row["id"] == milestone or not alone or moved or correction.retract)
    ]
