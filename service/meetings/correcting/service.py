"""Correct the record of a discussion that was held, and with it what it told every child's pathway."""

from uuid import UUID

import msgspec

from schema.meetings import Record
from service.database import Tx
from service.errors import Conflict, NeedsSecondPerson, PreconditionFailed, Refused, Wrong
from service.meetings import rules as meeting_rules
from service.meetings import store as meetings
from service.meetings.changing import locked, saved
from service.meetings.correcting import store
from service.meetings.correcting.store import Waiting
from service.meetings.facts import Fact, correct, lent
from service.meetings.holding import service as holding
from service.meetings.holding import store as held
from service.meetings.structs import Discussion, Kept
from service.pathways import proposals
from service.pathways.owning import Agreed
from service.pathways.service import Correction


class Amended(msgspec.Struct, frozen=True, kw_only=True):
    """The version that stands now, or the ``proposal`` that waits for a second person and changed nothing yet."""

    version: int
    proposal: UUID | None = None


async def amend(tx: Tx, discussion: UUID, expected: int, record: Record, *, reason: str, source: str = "") -> Amended:
    """Correct the record of a discussion that was held. The record before stays.

    Its actions have lives of their own and are not changed by it. Where its times or attendance change, the milestone
    is corrected with it, in every area. What would turn late into in time waits for a second person: when they agree,
    record and milestone change together, and until then neither does.

    Raises:
        NotFound, Forbidden, PreconditionFailed: as `changing.locked`.
        Conflict: it was not held.
        Refused: no reason, no source where late becomes in time, or the record is wrong in itself.
    """
    row = await locked(tx, discussion, expected)
    last = await _last(tx, row)
    try:
        async with tx.connection.transaction():
            return Amended(version=await _amend(tx, row, last, record, reason, source, None))
    except NeedsSecondPerson as needs:
        milestone = await store.standing_fact(tx.connection, discussion, holding.KIND, row.area)
        if milestone is None:
            raise
        found = await holding.quorate(tx, row, record)
        after = await holding.held_as(tx, row, record, found)
        fact = holding.fact_of(record, after, await meetings.covered(tx.connection, discussion), found)
        change = _change(fact, reason, source)
        carries = {"discussion": str(discussion), "number": last.number, "record": msgspec.to_builtins(record)}
        change = msgspec.structs.replace(change, carries=carries)
        return Amended(version=row.version, proposal=await proposals.propose(tx, milestone, change, needs))


async def amend_as_agreed(tx: Tx, discussion: UUID, change: Correction, agreed: Agreed) -> None:
    """Correct the record as it was proposed, now that a second person has agreed.

    Raises:
        PreconditionFailed: the record was corrected meanwhile.
        NotFound, Forbidden, Conflict, Refused: as `amend`.
    """
    carries = change.carries or {}
    row = await locked(tx, discussion, None)
    last = await _last(tx, row)
    if last.number != carries.get("number"):
        raise PreconditionFailed(
            "The record was corrected after this was proposed: refuse it, and propose it again.", number=last.number
        )
    record = msgspec.convert(carries["record"], Record)
    await _amend(tx, row, last, record, change.reason, change.source, agreed)


async def waiting(tx: Tx, discussion: UUID) -> list[Waiting]:
    """Corrections of this record that wait for a second person."""
    covered = await meetings.covered(tx.connection, discussion)
    return await store.waiting(tx.connection, [each.pathway for each in covered], discussion)


async def told_otherwise(tx: Tx, row: Discussion) -> bool:
    """Whether another area has corrected, on its own child's pathway, when this was held, or that it was."""
    async with lent(tx, row, row.areas):
        return await store.told_otherwise(tx.connection, row.id)


async def _last(tx: Tx, row: Discussion) -> Kept:
    kept = await meetings.records(tx.connection, row.id)
    if row.held_from is None or not kept:
        raise Conflict("This discussion was not held: there is nothing to correct.")
    return kept[-1]


async def _amend(
    tx: Tx, row: Discussion, kept: Kept, record: Record, reason: str, source: str, agreed: Agreed | None
) -> int:
    last = kept.record
    record = msgspec.structs.replace(record, actions=last.actions, earlier_actions=last.earlier_actions)
    covered = await meetings.covered(tx.connection, row.id)
    found = await holding.quorate(tx, row, record)
    async with lent(tx, row, sorted({each.area for each in covered})):
        under_way = await held.under_way(tx.connection, row.id)
    begun = {child.child for child in last.children if child.section_47 == "yes"}
    if not reason.strip():
        raise Refused([Wrong("reason", "nothing", "why it is corrected", "Say what was wrong and how you know.")])
    complete = msgspec.structs.replace(record, actions=[])
    await holding.check(tx, row, complete, found, covered, under_way - begun, [])
    if not (fields := meeting_rules.changed(last, record)):
        return row.version
    after = await holding.held_as(tx, row, record, found)
    await held.add_record(tx, row.id, kept.number + 1, record, reason.strip())
    version = await saved(tx, row, after, "record_corrected", fields, reason=reason.strip())
    fact = holding.fact_of(record, after, covered, found)
    async with lent(tx, after, sorted({each.area for each in covered})):
        known = await held.standing(tx.connection, row.id, holding.KIND)
        told = await meetings.fact_rows(tx.connection, row.id, holding.KIND)
    if any(not _says(each, fact) for each in known):
        milestones = [milestone for _, milestone in sorted(told.items())]
        await correct(tx, after, covered, milestones, _change(fact, reason, source), agreed)
    return version


def _change(fact: Fact, reason: str, source: str) -> Correction:
    return Correction(
        reason=reason.strip(),
        source=source.strip(),
        at=fact.at,
        precision="minute",
        outcome=fact.outcome,
        detail=fact.detail,
        each=dict(fact.each),
    )


def _says(known: held.Standing, fact: Fact) -> bool:
    """Whether a milestone says what the record says now."""
    wanted = fact.detail | fact.each.get(known.pathway, {})
    told = {name: known.detail.get(name) for name in wanted}
    return (known.at, known.outcome, told) == (fact.at, fact.outcome, wanted)
