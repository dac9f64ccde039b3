"""Find a time: slots, answers, and what becomes of the time that was found. None of it stops a clock."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from schema.meetings import Answer, CancelCause, Form, PostponeCause, SlotSaid
from service.database import Tx
from service.errors import Conflict, Forbidden, NotFound, Refused, Wrong
from service.meetings import rules as meeting_rules
from service.meetings import store as meetings
from service.meetings.changing import locked, saved
from service.meetings.facts import Fact, tell
from service.meetings.invitations import service as invitations
from service.meetings.requesting import rules, store
from service.meetings.structs import Discussion, Invitee, Slot


async def offer_slots(tx: Tx, discussion: UUID, expected: int, said: Sequence[SlotSaid]) -> int:
    """Offer further times, three at most at once; the new version.

    Raises:
        NotFound, Forbidden, PreconditionFailed: as `changing.locked`.
        Conflict: the discussion is over.
        Refused: too many, the same twice, over already, or ending before they begin.
    """
    row = await _open(tx, discussion, expected)
    known = await meetings.slots(tx.connection, discussion)
    if wrong := rules.wrong_with_slots(said, known, tx.now):
        raise Refused(wrong)
    for slot in said:
        await store.add_slot(tx, discussion, slot)
    offered = [slot.starts_at.isoformat() for slot in said]
    await invitations.tell(tx, discussion)
    return await saved(tx, row, row, "slots_offered", {"slots": [None, offered]})


async def withdraw_slot(tx: Tx, discussion: UUID, expected: int, slot: UUID) -> int:
    """Offer a time no longer; the new version.

    Raises:
        NotFound: it is not offered; or as `changing.locked`.
        Conflict: it is the time that was set: postpone or cancel instead.
    """
    row = await _open(tx, discussion, expected)
    found = await _slot(tx, discussion, slot)
    if row.scheduled_slot == slot:
        raise Conflict("This is the time that was set: postpone or cancel the discussion.")
    await store.withdraw_slot(tx, discussion, slot)
    return await saved(tx, row, row, "slot_withdrawn", {"slots": [found.starts_at.isoformat(), None]})


async def answer(
    tx: Tx,
    discussion: UUID,
    slot: UUID,
    said: Answer,
    *,
    invitee: UUID | None = None,
    representative: str = "",
    note: str = "",
) -> UUID:
    """Answer a slot: for oneself or one's agency, or, by those who convene, for an agency that told them.

    An answer changes no version: any number of agencies answer at once, and the newest of each counts.

    Raises:
        NotFound: no such discussion, slot or invitation for this actor.
        Forbidden: it is somebody else's invitation.
        Conflict: the discussion is over.
        Refused: a representative without a name.
    """
    row = await meetings.discussion(tx.connection, discussion)
    if row is None:
        raise NotFound("There is no such discussion.")
    if not meeting_rules.is_open(row):
        raise Conflict("This discussion is over: there is nothing left to answer.")
    await _slot(tx, discussion, slot)
    found = await _invitation(tx, row, invitee)
    if wrong := rules.wrong_with_answer(said, representative):
        raise Refused(wrong)
    return await store.add_answer(tx, discussion, slot, found.id, said, representative, note)


async def schedule(
    tx: Tx, discussion: UUID, expected: int, slot: UUID, *, place: str | None = None, form: Form | None = None
) -> int:
    """Set the time; the new version.

    Raises:
        NotFound, Forbidden, PreconditionFailed: as `changing.locked`; or the slot is not offered.
        Conflict: the discussion is over, or a time is set already and this one is later: that is a postponement.
        Refused: the time is over.
    """
    row = await _open(tx, discussion, expected)
    found = await _slot(tx, discussion, slot)
    _to_come(tx, found)
    if row.scheduled_from is not None and found.starts_at > row.scheduled_from:
        raise Conflict("A later time is a postponement: say why, and which agency it waits on.")
    after = msgspec.structs.replace(
        _at(row, found),
        place=row.place if place is None else place.strip() or None,
        form=form or row.form,
    )
    version = await saved(tx, row, after, "scheduled")
    if row.kind == "initial" and found.starts_at != row.scheduled_from:
        fact = Fact(kind="strategy_scheduled", at=tx.now, detail={"planned_for": found.starts_at.isoformat()})
        await tell(tx, after, await meetings.covered(tx.connection, discussion), [fact])
    return version


async def place(tx: Tx, discussion: UUID, expected: int, *, where: str, form: Form | None = None) -> int:
    """Change where it takes place, or how one joins, and in which form; the new version. Its time stands.

    Everybody asked is told that something changed where a time is set, and never in a mail what.

    Raises:
        NotFound, Forbidden, PreconditionFailed: as `changing.locked`.
        Conflict: the discussion is over.
    """
    row = await _open(tx, discussion, expected)
    after = msgspec.structs.replace(row, place=where.strip() or None, form=form or row.form)
    if after == row:
        return row.version
    if row.scheduled_from is not None:
        after = msgspec.structs.replace(after, sequence=row.sequence + 1)
    return await saved(tx, row, after, "place_changed")


async def postpone(
    tx: Tx,
    discussion: UUID,
    expected: int,
    *,
    cause: PostponeCause,
    agency: str,
    note: str = "",
    slot: UUID | None = None,
) -> int:
    """Put off the time that was set, to another slot or to none yet; the new version. Stops no clock.

    Raises:
        NotFound, Forbidden, PreconditionFailed: as `changing.locked`; or the slot is not offered.
        Conflict: no time was set, or the discussion is over.
        Refused: no cause or agency, or the new time is not later.
    """
    row = await _open(tx, discussion, expected)
    wrong = rules.wrong_with_delay("postponed", cause, agency, note)
    if row.scheduled_from is None:
        raise Conflict("No time was set that could be postponed.")
    found = await _slot(tx, discussion, slot) if slot is not None else None
    if found is not None and found.starts_at <= row.scheduled_from:
        wrong.append(Wrong("slot", found.starts_at.isoformat(), "a later time", "An earlier time is simply scheduled."))
    if wrong:
        raise Refused(wrong)
    if found is not None:
        _to_come(tx, found)
    after = _at(row, found)
    times = (row.scheduled_from, after.scheduled_from)
    await store.add_delay(tx, discussion, "postponed", cause, agency, note, times)
    if row.scheduled_slot is not None:
        await store.withdraw_slot(tx, discussion, row.scheduled_slot)
    version = await saved(tx, row, after, "postponed", {"cause": [None, cause], "agency": [None, agency]})
    await _tell_delay(tx, after, "strategy_postponed", cause, agency, note, times)
    return version


async def cancel(tx: Tx, discussion: UUID, expected: int, *, cause: CancelCause, agency: str, note: str = "") -> int:
    """Call the discussion off; the new version. The clocks run on until another one is held.

    Raises:
        NotFound, Forbidden, PreconditionFailed: as `changing.locked`.
        Conflict: the discussion is over.
        Refused: no cause or agency.
    """
    row = await _open(tx, discussion, expected)
    if wrong := rules.wrong_with_delay("cancelled", cause, agency, note):
        raise Refused(wrong)
    times = (row.scheduled_from, None)
    await store.add_delay(tx, discussion, "cancelled", cause, agency, note, times)
    after = msgspec.structs.replace(row, cancelled_at=tx.now.replace(microsecond=0), sequence=row.sequence + 1)
    version = await saved(tx, row, after, "cancelled", {"cause": [None, cause], "agency": [None, agency]})
    await _tell_delay(tx, after, "strategy_cancelled", cause, agency, note, times)
    return version


async def _tell_delay(
    tx: Tx,
    row: Discussion,
    kind: str,
    cause: str,
    agency: str,
    note: str,
    times: tuple[datetime | None, datetime | None],
) -> None:
    """Postponements and cancellations are counted from milestones, a review's too; a review's changes no holder."""
    detail = rules.detail_of_delay(cause, agency, note, *times)
    if row.kind == "review":
        detail["review"] = True
    fact = Fact(kind=kind, at=tx.now, outcome=agency, detail=detail)
    await tell(tx, row, await meetings.covered(tx.connection, row.id), [fact])


async def _open(tx: Tx, discussion: UUID, expected: int) -> Discussion:
    row = await locked(tx, discussion, expected)
    if not meeting_rules.is_open(row):
        raise Conflict("This discussion is over.")
    return row


async def _slot(tx: Tx, discussion: UUID, slot: UUID) -> Slot:
    found = next((each for each in await meetings.slots(tx.connection, discussion) if each.id == slot), None)
    if found is None:
        raise NotFound("This time is not offered.")
    return found


def _at(row: Discussion, slot: Slot | None) -> Discussion:
    """The discussion set to a slot, or to none; calendars learn of it by the sequence."""
    return msgspec.structs.replace(
        row,
        scheduled_slot=slot.id if slot else None,
        scheduled_from=slot.starts_at if slot else None,
        scheduled_until=slot.ends_at if slot else None,
        sequence=row.sequence + 1,
    )


def _to_come(tx: Tx, slot: Slot) -> None:
    if slot.ends_at < tx.now:
        raise Refused([Wrong("slot", slot.starts_at.isoformat(), "a time to come", "Offer another time.")])


async def _invitation(tx: Tx, row: Discussion, invitee: UUID | None) -> Invitee:
    """The invitation that is answered: the one named, else the actor's own."""
    known = await meetings.invitees(tx.connection, row.id)
    mine = [each for each in known if meeting_rules.is_mine(each, tx.actor, row.forces)]
    if invitee is None:
        if not mine:
            raise Refused([Wrong("invitee", "nobody", "an invitation", "Say whose answer this is.")])
        return next((each for each in mine if each.person is not None), mine[0])
    found = next((each for each in known if each.id == invitee), None)
    if found is None:
        raise NotFound("There is no such invitation.")
    convenes = tx.actor.kind == "system" or set(row.areas) & set(tx.actor.areas(*meeting_rules.CONVENERS))
    if found not in mine and not convenes:
        raise Forbidden("This is somebody else's invitation.")
    return found
