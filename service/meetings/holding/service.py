"""Write the record of a discussion, hold it, and send it out."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from schema.meetings import How, Record
from service.clocks import working_time_between
from service.database import Tx
from service.errors import Conflict, NotFound, PreconditionFailed, Refused, Wrong
from service.meetings import rules as meeting_rules
from service.meetings import store as meetings
from service.meetings.acting import service as acting
from service.meetings.changing import locked, saved
from service.meetings.facts import Fact, lent, tell
from service.meetings.holding import rules, store
from service.meetings.holding.quoracy import quoracy
from service.meetings.structs import Covered, Discussion, Draft, Invitee, Kept, Quoracy
from service.pathways import rulebook
from service.timepiece import minute_of

KIND: Final = "strategy_held"
_AGAIN: Final = "Held, after it had been recorded as held in error."
_HOURS_OF: Final = "childrens_social_care"
_MINUTE: Final = timedelta(minutes=1)


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A discussion that was just held, and the pathways on which it began an enquiry."""

    discussion: Discussion
    version: int
    quoracy: Quoracy
    record: Record
    covered: tuple[Covered, ...]
    begun: tuple[UUID, ...]


#: What other subjects do in the transaction in which a discussion is held (an enquiry starts for each child).
ON_HELD: list[Callable[[Tx, Held], Awaitable[None]]] = []


async def draft(tx: Tx, discussion: UUID) -> tuple[int, Draft | None]:
    """The version of the draft, 0 where nobody has begun, and the record as far as it is written.

    The draft has versions of its own: writing it stands in nobody's way who convenes the discussion, nor they in its.

    Raises:
        NotFound: there is no such discussion for this actor.
    """
    await _seen(tx, discussion)
    return await store.draft(tx.connection, discussion)


async def save_draft(tx: Tx, discussion: UUID, expected: int, record: Record) -> int:
    """Keep what is written so far; the draft's new version. A draft stops no clock.

    Args:
        tx: the transaction.
        discussion: whose record it is.
        expected: the version of the draft on which this is based.
        record: what is written.

    Raises:
        NotFound, Forbidden: as `changing.locked`.
        PreconditionFailed: somebody else saved it meanwhile; ``facts`` say what differs, and hold what they saved.
        Conflict: the discussion was held or called off.
    """
    await _still_open(tx, discussion, None)
    known = await _unsaved_by_others(tx, discussion, expected, record)
    if not meeting_rules.changed(known.record if known else Record(), record):
        return expected
    return await store.save_draft(tx, discussion, record)


async def _unsaved_by_others(tx: Tx, discussion: UUID, expected: int, record: Record) -> Draft | None:
    """The draft that stands, where it is the one that a record was written from.

    Raises:
        PreconditionFailed: somebody else saved it meanwhile.
    """
    version, known = await store.draft(tx.connection, discussion)
    if version == expected:
        return known
    standing = known.record if known else Record()
    fields = sorted(meeting_rules.changed(record, standing))
    changes: list[dict[str, Any]] = []
    if known is not None:
        by = known.saved_by_name or "Somebody"
        changes.append({"what": "draft_saved", "fields": fields, "by": by, "at": known.saved_at})
    raise PreconditionFailed(
        "The draft of this record has been saved since you read it.",
        version=version,
        changes=changes,
        fields=fields,
        draft=msgspec.to_builtins(standing),
    )


async def quorate(tx: Tx, row: Discussion, record: Record) -> Quoracy:
    """Quoracy of a record by what the area required when the discussion was held."""
    entries = await meetings.required(tx.connection)
    return quoracy(record.attendance, meeting_rules.required_on(entries, row.area, record.held_from or tx.now))


async def hold(tx: Tx, discussion: UUID, expected: int, record: Record, *, draft_version: int = 0) -> Held:
    """Record that a discussion took place, with its attendance, decisions and actions.

    Args:
        tx: the transaction.
        discussion: which one.
        expected: its version, on which this is based.
        record: the record, whole.
        draft_version: the version of the draft that the record was written from; 0 where there was none.

    Raises:
        NotFound, Forbidden: as `changing.locked`.
        PreconditionFailed: as `changing.locked`; or somebody else saved the draft meanwhile, as `save_draft`.
        Conflict: it was held or called off already.
        Refused: the record is not complete or contradicts itself; every wrong field is named.
    """
    row = await _still_open(tx, discussion, expected)
    await _unsaved_by_others(tx, discussion, draft_version, record)
    covered = await meetings.covered(tx.connection, discussion)
    found = await quorate(tx, row, record)
    asked = await acting.to_ask_about(tx, row)
    async with lent(tx, row, sorted({each.area for each in covered})):
        under_way = await store.under_way(tx.connection, discussion)
    await check(tx, row, record, found, covered, under_way, asked)
    after = await held_as(tx, row, record, found)
    known = await meetings.records(tx.connection, discussion)
    await store.add_record(tx, discussion, len(known) + 1, record, _AGAIN if known else None)
    await store.drop_draft(tx.connection, discussion)
    version = await saved(tx, row, after, "held")
    await tell(tx, after, covered, [fact_of(record, after, covered, found)])
    await acting.give_all(tx, after, covered, record.actions)
    await acting.answer_what_changed(tx, after, record.earlier_actions)
    begun = {child.child for child in record.children if child.section_47 == "yes"}
    held = Held(
        discussion=msgspec.structs.replace(after, version=version),
        version=version,
        quoracy=found,
        record=record,
        covered=tuple(covered),
        begun=tuple(each.pathway for each in covered if each.child in begun),
    )
    for heard in ON_HELD:
        await heard(tx, held)
    return held


async def issue(
    tx: Tx,
    discussion: UUID,
    expected: int,
    invitees: Sequence[UUID] | None = None,
    *,
    how: How = "tracker",
    sent_at: datetime | None = None,
) -> int:
    """Remember to whom the record was sent (None: everybody asked); the new version.

    The time of the last required recipient is when the record was issued.

    Raises:
        NotFound, Forbidden, PreconditionFailed: as `changing.locked`.
        Conflict: the discussion was not held.
        Refused: somebody who was not asked, or a time before its end or ahead.
    """
    row = await locked(tx, discussion, expected)
    kept = await meetings.records(tx.connection, discussion)
    if row.held_until is None or not kept:
        raise Conflict("There is no record yet: hold the discussion first.")
    known = await meetings.invitees(tx.connection, discussion)
    chosen = [each.id for each in known] if invitees is None else list(dict.fromkeys(invitees))
    at = (sent_at or tx.now).replace(microsecond=0)
    if wrong := _wrong_issue(row, known, chosen, at, tx.now):
        raise Refused(wrong)
    # Written to the minute it may seem to be sent before the discussion was over, and would stop no clock.
    at = max(at, row.held_until)
    await store.add_copies(tx, discussion, chosen, kept[-1].number, how, at)
    issued = row.issued_at or await _issued_at(tx, row, known)
    after = msgspec.structs.replace(row, issued_at=issued)
    version = await saved(tx, row, after, "record_sent", {"recipients": [None, [str(each) for each in chosen]]})
    if row.issued_at is None and issued is not None:
        detail: dict[str, Any] = {"recipients": len(known), "review": row.kind == "review"}
        fact = Fact(kind="strategy_record_issued", at=issued, detail=detail)
        await tell(tx, after, await meetings.covered(tx.connection, discussion), [fact])
    return version


async def records(tx: Tx, discussion: UUID) -> list[Kept]:
    """Every number of the record, with the reasons of its corrections.

    Raises:
        NotFound: there is no such discussion for this actor.
    """
    await _seen(tx, discussion)
    return await meetings.records(tx.connection, discussion)


def _wrong_issue(
    row: Discussion, known: Sequence[Invitee], chosen: Sequence[UUID], at: datetime, now: datetime
) -> list[Wrong]:
    asked = {each.id for each in known}
    found = [
        Wrong("invitees", str(each), "somebody who was asked", "Invite them first.")
        for each in chosen
        if each not in asked
    ]
    if not chosen:
        found.append(Wrong("invitees", "nobody", "at least one recipient", "Choose to whom it was sent."))
    if row.held_until is not None and at < minute_of(row.held_until):
        found.append(Wrong("sent_at", at.isoformat(), "a time after the discussion", "Check the date and time."))
    if at > now + timedelta(minutes=5):
        found.append(Wrong("sent_at", at.isoformat(), "a time that has passed", "Record it when it is sent."))
    return found


async def _issued_at(tx: Tx, row: Discussion, known: Sequence[Invitee]) -> datetime | None:
    """When the last required recipient got it; None while one of them has not."""
    first: dict[UUID, datetime] = {}
    for copy in await meetings.copies(tx.connection, row.id):
        first.setdefault(copy.invitee, copy.sent_at)
    needed = [each.id for each in known if each.required]
    if any(each not in first for each in needed):
        return None
    return max(first[each] for each in needed) if needed else None


async def _still_open(tx: Tx, discussion: UUID, expected: int | None) -> Discussion:
    row = await locked(tx, discussion, expected)
    if not meeting_rules.is_open(row):
        raise Conflict("This discussion was held or called off already.")
    return row


async def _seen(tx: Tx, discussion: UUID) -> Discussion:
    row = await meetings.discussion(tx.connection, discussion)
    if row is None:
        raise NotFound("There is no such discussion.")
    return row


async def check(
    tx: Tx,
    row: Discussion,
    record: Record,
    found: Quoracy,
    covered: Sequence[Covered],
    under_way: set[UUID],
    asked: Sequence[UUID],
) -> None:
    """Refuse a record that is not complete or contradicts itself.

    Raises:
        Refused: every wrong field is named.
    """
    children = {each.child: each.given_names for each in covered}
    invited = {each.id for each in await meetings.invitees(tx.connection, row.id)}
    wrong = rules.wrong_with_record(
        record, row, children, found, tx.now, under_way=under_way, invited=invited, earlier=asked
    )
    wrong += await acting.wrong_with_owners(tx, record.actions, "actions")
    if wrong:
        raise Refused(wrong, "This record is not complete. Nothing was recorded; a draft stops no clock.")


async def held_as(tx: Tx, row: Discussion, record: Record, found: Quoracy) -> Discussion:
    """A discussion as its record says that it was held."""
    if record.held_from is None or record.held_until is None:
        raise Refused([Wrong("held_from", "nothing", "when it began and ended", "Enter both times.")])
    # Written to the minute it may seem to begin before it was asked for, and would stop no clock.
    started = max(record.held_from, rules.asked_at(row)).replace(microsecond=0)
    return msgspec.structs.replace(
        row,
        form=record.form or row.form,
        chair=record.chair.strip(),
        held_from=started,
        held_until=max(record.held_until.replace(microsecond=0), started),
        quorate=found.quorate,
        in_hours=await in_hours(tx, started),
        initiates_enquiry=any(child.section_47 == "yes" for child in record.children),
    )


async def in_hours(tx: Tx, at: datetime) -> bool | None:
    """Whether children's social care works at an instant, by the calendar; None where it does not reach."""
    calendar = (await rulebook.current(tx)).calendar(None)
    try:
        return working_time_between(calendar, at, at + _MINUTE, _HOURS_OF) > timedelta()
    except ValueError:
        return None


def fact_of(record: Record, after: Discussion, covered: Sequence[Covered], found: Quoracy) -> Fact:
    """What the record of a discussion tells every pathway."""
    of_child = {child.child: rules.detail_of_child(child) for child in record.children}
    return Fact(
        kind=KIND,
        at=after.held_from or after.requested_at,
        outcome="quorate" if found.quorate else "not_quorate",
        detail=rules.detail_of(record, after, found, in_hours=after.in_hours),
        each={each.pathway: of_child[each.child] for each in covered},
    )
