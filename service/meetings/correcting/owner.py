"""How a discussion follows corrections of the milestones that tell it, made on a child's pathway."""

from datetime import datetime
from typing import Final

import msgspec

from service.database import Tx
from service.errors import Conflict, Refused, Wrong
from service.meetings import store as meetings
from service.meetings.changing import locked, saved
from service.meetings.correcting import service, store
from service.meetings.facts import correct
from service.meetings.holding import store as held
from service.meetings.structs import Discussion
from service.pathways.owning import Agreed, Fact, Owner
from service.pathways.service import Correction
from service.timepiece import minute_of

_KINDS: Final = (
    "threshold_reached",
    "strategy_requested",
    "strategy_scheduled",
    "strategy_postponed",
    "strategy_cancelled",
    "strategy_held",
    "strategy_record_issued",
)
#: Corrections that are no correction but something to be done, or are made where the whole record is at hand.
_INSTEAD: Final = {
    ("strategy_held", False): (
        "A strategy discussion's record tells this. Correct the record: that corrects it for every child it covers."
    ),
    ("strategy_requested", True): "A discussion was asked for. If it is not needed, call it off.",
    ("strategy_scheduled", True): "A discussion stands at this time. Postpone it, call it off, or fix another time.",
}


class _OfDiscussion:
    """What a discussion's own area corrects is corrected in its record, and in every other area that it covers.

    Another area corrects its own child's pathway alone, and the discussion's page says so.
    """

    async def record_of(self, tx: Tx, fact: Fact) -> str | None:
        row = await _discussion(tx, fact)
        if row is None:
            return None
        return f"/meetings/{row.id}/record" if fact.kind == "strategy_held" else f"/meetings/{row.id}"

    async def check(self, tx: Tx, fact: Fact, change: Correction) -> bool:
        row = await _found(tx, fact)
        if instead := _INSTEAD.get((fact.kind, change.retract)):
            raise Conflict(instead, discussion=str(row.id))
        if change.on is not None and not change.retract:
            help_ = "A discussion's own times have an hour and a minute."
            raise Refused([Wrong("at", change.on.isoformat(), "a time of day too", help_)])
        if fact.kind == "strategy_cancelled" and change.retract:
            await _may_stand_again(tx, row)
        elif change.at is not None and not change.retract:
            await _possible(tx, row, fact, change.at)
        return False

    async def follow(self, tx: Tx, fact: Fact, change: Correction, agreed: Agreed | None) -> None:
        row = await locked(tx, (await _found(tx, fact)).id, None)
        covered = await meetings.covered(tx.connection, row.id)
        await correct(tx, row, covered, await store.elsewhere(tx.connection, fact.record), change, agreed)
        if fact.kind == "strategy_held":
            await _not_held(tx, row, change, agreed)
        elif fact.kind == "strategy_record_issued":
            await _sent(tx, row, change)
        elif fact.kind in ("strategy_postponed", "strategy_cancelled"):
            await _delayed(tx, row, fact, change)
        elif fact.kind in ("threshold_reached", "strategy_requested"):
            await _asked(tx, row, fact, change)

    async def carry_out(self, tx: Tx, fact: Fact, change: Correction, agreed: Agreed) -> None:
        await service.amend_as_agreed(tx, (await _found(tx, fact)).id, change, agreed)


async def _discussion(tx: Tx, fact: Fact) -> Discussion | None:
    found = await store.discussion_of(tx.connection, fact.record)
    return await meetings.discussion(tx.connection, found) if found else None


async def _found(tx: Tx, fact: Fact) -> Discussion:
    row = await _discussion(tx, fact)
    if row is None:
        raise Conflict("The discussion that tells this is not yours to see.")
    return row


async def _may_stand_again(tx: Tx, row: Discussion) -> None:
    covered = await meetings.covered(tx.connection, row.id)
    others = await meetings.open_covering(tx.connection, [each.pathway for each in covered])
    if others:
        raise Conflict("Another discussion that is to be held covers this child.", discussion=str(others[0]))


async def _possible(tx: Tx, row: Discussion, fact: Fact, at: datetime) -> None:
    """Times of one discussion stand in their order."""
    if fact.kind in ("threshold_reached", "strategy_requested") and row.held_from and minute_of(at) > row.held_from:
        help_ = "It was held before that: one of the two times is wrong."
        raise Refused([Wrong("at", at.isoformat(), f"a time not after it was held ({row.held_from:%H:%M})", help_)])
    if fact.kind != "strategy_record_issued" or row.held_until is None:
        return
    if at < minute_of(row.held_until):
        raise Refused([Wrong("at", at.isoformat(), "a time after the discussion", "Check the date and time.")])
    last = await _last_of_others(tx, row)
    if last is not None and at < last:
        help_ = "Another required recipient got it later: the last one counts."
        raise Refused([Wrong("at", at.isoformat(), f"a time not before {last.isoformat()}", help_)])


async def _last_of_others(tx: Tx, row: Discussion) -> datetime | None:
    needed = {each.id for each in await meetings.invitees(tx.connection, row.id) if each.required}
    first: dict[object, datetime] = {}
    for copy in await store.sent(tx.connection, row.id):
        if copy.invitee in needed:
            first.setdefault(copy.invitee, copy.sent_at)
    return max((at for at in first.values() if at != row.issued_at), default=None)


async def _asked(tx: Tx, row: Discussion, fact: Fact, change: Correction) -> None:
    detail = change.detail or {}
    after = row
    if fact.kind == "strategy_requested":
        urgency = {True: "immediate", False: "usual"}.get(detail.get("immediate", "unsaid"), row.urgency)
        after = msgspec.structs.replace(row, requested_at=change.at or row.requested_at, urgency=urgency)
    elif change.retract:
        after = msgspec.structs.replace(row, threshold_at=None)
    else:
        after = msgspec.structs.replace(
            row,
            threshold_at=change.at or row.threshold_at,
            reason=str(detail.get("reason") or row.reason),
            manager_name=str(detail.get("manager") or row.manager_name),
            manager=row.manager if detail.get("manager") in (None, row.manager_name) else None,
        )
    await saved(tx, row, after, "request_corrected", reason=change.reason.strip())


async def _delayed(tx: Tx, row: Discussion, fact: Fact, change: Correction) -> None:
    kind = fact.kind.removeprefix("strategy_")
    delay = await store.delay_of(tx.connection, fact.record)
    detail = change.detail or {}
    if delay is not None:
        delay = msgspec.structs.replace(
            delay,
            at=change.at or delay.at,
            agency=change.outcome or str(detail.get("agency") or delay.agency),
            cause=str(detail.get("cause") or delay.cause),
            note=str(detail.get("note", delay.note)),
        )
        await store.correct_delay(tx, row.id, kind, delay, reason=change.reason.strip(), retracted=change.retract)
    after = row
    if fact.kind == "strategy_cancelled":
        at = None if change.retract else change.at or row.cancelled_at
        after = msgspec.structs.replace(row, cancelled_at=at, sequence=row.sequence + (at is None))
    more = {"agency": [fact.outcome, None if change.retract else change.outcome or fact.outcome]}
    await saved(tx, row, after, f"{kind}_corrected", more, reason=change.reason.strip())


async def _sent(tx: Tx, row: Discussion, change: Correction) -> None:
    copies = await store.sent(tx.connection, row.id)
    last = [each for each in copies if each.sent_at == row.issued_at]
    if change.retract:
        await store.correct_copies(tx, row.id, last, reason=change.reason.strip(), retracted=True)
        after = msgspec.structs.replace(row, issued_at=None)
    else:
        at = change.at or row.issued_at
        if at is not None:
            moved = [msgspec.structs.replace(each, sent_at=at) for each in last]
            await store.correct_copies(tx, row.id, moved, reason=change.reason.strip())
        after = msgspec.structs.replace(row, issued_at=at)
    await saved(tx, row, after, "sending_corrected", reason=change.reason.strip())


async def _not_held(tx: Tx, row: Discussion, change: Correction, agreed: Agreed | None) -> None:
    """It never took place: it is to be held still, and what was written is the draft of its record."""
    kept = await meetings.records(tx.connection, row.id)
    if kept:
        written = msgspec.structs.replace(kept[-1].record, actions=[])
        await held.save_draft(tx, row.id, written)
    copies = await store.sent(tx.connection, row.id)
    await store.correct_copies(tx, row.id, copies, reason=change.reason.strip(), retracted=True)
    covered = await meetings.covered(tx.connection, row.id)
    issued = await meetings.fact_rows(tx.connection, row.id, "strategy_record_issued")
    gone = Correction(reason=change.reason, source=change.source, retract=True)
    await correct(tx, row, covered, [milestone for _, milestone in sorted(issued.items())], gone, agreed)
    after = msgspec.structs.replace(
        row,
        held_from=None,
        held_until=None,
        quorate=None,
        in_hours=None,
        initiates_enquiry=False,
        issued_at=None,
    )
    await saved(tx, row, after, "not_held_after_all", reason=change.reason.strip())


#: The milestones of which a discussion's record tells too.
KEPT: Final[dict[str, Owner]] = dict.fromkeys(_KINDS, _OfDiscussion())
