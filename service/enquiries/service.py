"""Start, write, complete and authorise section 47 enquiries: one for each child.

What happened goes through the one door for milestones in the same transaction: `enquiry_started` when the discussion
that decided it was held, `child_seen`, `history_considered`, and `enquiry_completed` when a manager authorises.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.vocabulary import Precision
from service.clocks.local_time import local_day
from service.database import Tx
from service.enquiries import checking, rules, store
from service.enquiries.rules import Body, Seen, Starting
from service.enquiries.store import About, Held, Row
from service.enquiries.viewing import NOT_THERE, View, load
from service.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Refused, Wrong
from service.pathways import service as pathways
from service.pathways import store as spine
from service.pathways.rules import Entry


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """The enquiry of one child; ``joined`` where it was open already and the discussion counts for that one."""

    enquiry: UUID
    child: UUID
    pathways: tuple[UUID, ...]
    joined: bool = False


async def start(tx: Tx, starting: Starting) -> list[Started]:
    """Start one enquiry for each child of these pathways, or join the one that is open.

    Of several discussions that say they began one enquiry the earliest counts, and the engine asks which is right.

    Raises:
        Refused: a pathway's discussion is not there, or no time is to be had.
        NotFound, Forbidden: as `pathways.service.record`.
    """
    wanted = list(dict.fromkeys(starting.pathways))
    covered = await _about(tx, wanted)
    async with tx.recording():
        await spine.lock(tx.connection, set(wanted))
    milestones = await store.held(tx.connection, wanted, ("strategy_held", "enquiry_started", "enquiry_completed"))
    children: dict[UUID, list[About]] = {}
    for each in covered:
        children.setdefault(each.child, []).append(each)
    found: list[Started] = []
    entries: list[Entry] = []
    for child, own in children.items():
        ids = [each.pathway for each in own]
        stand = [milestone for milestone in milestones if milestone.pathway in ids]
        done, more = await _start_one(tx, starting, child, own, stand)
        found.append(done)
        entries += more
    if entries:
        await pathways.record(tx, entries)
    return found


async def _start_one(
    tx: Tx, starting: Starting, child: UUID, own: list[About], stand: list[Held]
) -> tuple[Started, list[Entry]]:
    ids = tuple(each.pathway for each in own)
    running = _running(stand)
    known = [row for row in await store.of_pathways(tx.connection, ids) if row.state != "authorised"]
    row = next((each for each in known if each.started_record in {held.record for held in running}), None)
    if row is not None:
        await store.cover(tx, row.id, own)
        entries = [_begun(running[0], each.pathway) for each in own if each.pathway not in _of(running)]
        return Started(enquiry=row.id, child=child, pathways=ids, joined=True), entries
    identity = new_id(tx.now)
    initiated = _initiated_by(starting, stand)
    record = running[0].record if running else new_id(tx.now)
    body = Body(
        lead_social_worker=starting.lead_social_worker.strip(),
        police_officer=starting.police_officer.strip(),
        history=starting.history.strip(),
    )
    await store.add(
        tx,
        identity=identity,
        child=child,
        area=own[0].area,
        discussion=starting.discussion,
        initiated_by=initiated.record if initiated else None,
        started_record=record,
        body=msgspec.to_builtins(body),
        covered=own,
    )
    if running:
        # It began before it was written here: in a file, or as a milestone alone.
        entries = [_begun(running[0], each.pathway) for each in own if each.pathway not in _of(running)]
    else:
        entries = [_entry(starting, initiated, identity, record, each.pathway) for each in own]
    return Started(enquiry=identity, child=child, pathways=ids, joined=bool(running)), entries


def _running(stand: Sequence[Held]) -> list[Held]:
    """Enquiries that began and have not been completed, of one child."""
    running: dict[UUID, Held] = {}
    for milestone in stand:
        if milestone.kind == "enquiry_started":
            running.setdefault(milestone.pathway, milestone)
        elif milestone.kind == "enquiry_completed":
            running.pop(milestone.pathway, None)
    return list(running.values())


def _of(milestones: Sequence[Held]) -> set[UUID]:
    return {milestone.pathway for milestone in milestones}


def _initiated_by(starting: Starting, stand: Sequence[Held]) -> Held | None:
    """The discussion that decided it: the one that was named, else the earliest since the last enquiry that says so."""
    discussions: list[Held] = []
    for milestone in stand:
        if milestone.kind == "strategy_held":
            discussions.append(milestone)
        elif milestone.kind == "enquiry_completed":
            discussions.clear()
    if starting.initiated_by is not None:
        named = next((each for each in stand if each.record == starting.initiated_by), None)
        if named is None:
            raise Refused(
                [
                    Wrong(
                        "initiated_by",
                        str(starting.initiated_by),
                        "a discussion that was held about each of these children",
                        "Start the enquiry from the discussion that decided it.",
                    )
                ]
            )
        return named
    said = [each for each in discussions if each.detail.get("initiates_enquiry") is True]
    return said[0] if said else discussions[-1] if discussions and starting.at is starting.on is None else None


def _entry(starting: Starting, initiated: Held | None, enquiry: UUID, record: UUID, pathway: UUID) -> Entry:
    at, on, precision = starting.at, starting.on, rules.precision_of(starting.precision, starting.on)
    if at is None and on is None and initiated is not None:
        at, on, precision = initiated.at, initiated.on, rules.precision_of(None, initiated.on)
    if wrong := rules.wrong_with_times(at, on):
        raise Refused(wrong, "No discussion is on record: say when the enquiry began.")
    considered = bool(starting.history.strip()) or bool(initiated and initiated.detail.get("history_considered"))
    return Entry(
        pathway=pathway,
        kind="enquiry_started",
        at=at.replace(microsecond=0) if at else None,
        on=on,
        precision=precision,
        outcome=starting.kind,
        detail={"history_considered": considered, "enquiry": str(enquiry)},
        record=record,
    )


def _begun(first: Held, pathway: UUID) -> Entry:
    """A further incident of a child whose enquiry is under way: the same fact for another pathway."""
    return Entry(
        pathway=pathway,
        kind="enquiry_started",
        at=first.at,
        on=first.on,
        precision=rules.precision_of("estimated" if first.precision == "estimated" else None, first.on),
        outcome=first.outcome,
        detail=first.detail,
        record=first.record,
    )


async def _about(tx: Tx, wanted: Sequence[UUID]) -> list[About]:
    covered = await store.about(tx.connection, wanted)
    if missing := set(wanted) - {each.pathway for each in covered}:
        raise NotFound("There is no such pathway.", pathways=sorted(map(str, missing)))
    return covered


async def save(tx: Tx, enquiry: UUID, body: Body, version: int) -> int:
    """Write an enquiry; a draft stops nothing, but checks and an analysis of history that was missing are recorded.

    Returns:
        The new version.

    Raises:
        Refused: a check that cannot be.
        PreconditionFailed: somebody changed it meanwhile; ``facts`` say who, and what from what to what.
        Conflict: it is completed, or authorised.
    """
    found = await _writing(tx, enquiry, version)
    if found.enquiry.state != "open":
        raise Conflict("This enquiry is completed. A manager may send it back; what is authorised is corrected.")
    if wrong := rules.wrong_with_checks(body, local_day(tx.now)):
        raise Refused(wrong)
    body = checking.numbered(tx, body)
    row = msgspec.structs.replace(found.enquiry, body=msgspec.to_builtins(body))
    saved = await _saved(tx, found, row, version)
    await _considered(tx, found, body)
    if body.checks or found.body.checks:
        await checking.tell(tx, enquiry, found.covers, body.checks)
    return saved


async def _considered(tx: Tx, found: View, body: Body) -> None:
    started = found.started
    if not body.history.strip() or started is None or started.detail.get("history_considered") is not False:
        return
    if any(each.kind == "history_considered" for each in found.milestones):
        return
    detail = {"history_considered": body.history.strip()}
    await _record(tx, found, "history_considered", tx.now, detail=detail)


async def record_seen(tx: Tx, enquiry: UUID, seen: Seen, version: int) -> int:
    """Record that a social worker saw the child, alone or not.

    Raises:
        Refused: no time, or one that cannot be; not alone without a reason.
        PreconditionFailed: somebody changed the enquiry meanwhile.
        Conflict: the child was seen already; a wrong time is corrected.
    """
    found = await _writing(tx, enquiry, version)
    if found.seen is not None:
        raise Conflict("It is on record that the child was seen. Correct that milestone if its time is wrong.")
    wrong = rules.wrong_with_times(seen.at, seen.on)
    if not seen.seen_alone and not seen.why_not_alone.strip():
        wrong.append(Wrong("why_not_alone", "nothing", "why not alone", "Say why the child was not seen alone."))
    if wrong:
        raise Refused(wrong)
    detail: dict[str, Any] = {"seen_alone": seen.seen_alone}
    if not seen.seen_alone:
        detail["why_not_alone"] = seen.why_not_alone.strip()
    if seen.said.strip():
        detail["said"] = seen.said.strip()
    saved = await _saved(tx, found, found.enquiry, version)
    await _record(
        tx,
        found,
        "child_seen",
        seen.at,
        on=seen.on,
        precision=rules.precision_of(seen.precision, seen.on),
        detail=detail,
    )
    return saved


async def complete(tx: Tx, enquiry: UUID, version: int) -> int:
    """Say that an enquiry is complete; a manager authorises it. It stops nothing until then.

    Raises:
        Refused: something is missing; every missing field is named.
        PreconditionFailed, Conflict: as `save`.
    """
    found = await _writing(tx, enquiry, version)
    if found.enquiry.state != "open":
        raise Conflict("This enquiry is completed already.")
    if wrong := rules.missing_for_completion(found.body, found.kind, seen=found.seen is not None):
        raise Refused(wrong, "This enquiry is not complete. What you wrote is kept.")
    row = msgspec.structs.replace(found.enquiry, state="completed", returned=None)
    return await _saved(tx, found, row, version, completed=True)


async def send_back(tx: Tx, enquiry: UUID, version: int, why: str) -> int:
    """A manager sends a completed enquiry back to be worked on.

    Raises:
        Refused: no reason.
        PreconditionFailed, Conflict, Forbidden: it changed meanwhile, does not wait, or the actor is no manager.
    """
    found = await _authorising(tx, enquiry, version)
    if not why.strip():
        raise Refused([Wrong("why", "nothing", "what is to be done", "Say what is still to be done.")])
    row = msgspec.structs.replace(found.enquiry, state="open", returned=why.strip())
    return await _saved(tx, found, row, version)


async def authorise(tx: Tx, enquiry: UUID, version: int, at: datetime | None = None) -> int:
    """A manager authorises a completed enquiry: that completes it, and says whether a conference is required.

    Found not to be required after the conference's target day it stays late.

    Raises:
        PreconditionFailed, Conflict, Forbidden: as `send_back`.
        Refused: the time cannot be.
    """
    found = await _authorising(tx, enquiry, version)
    body = found.body
    detail: dict[str, Any] = {
        "conference_required": body.conference_required,
        "next_step": body.next_step,
        "rationale": body.rationale.strip(),
        "completed_by": found.enquiry.completed_by,
        "authorised_by": tx.actor.name,
        "enquiry": str(enquiry),
    }
    record = new_id(tx.now)
    row = msgspec.structs.replace(found.enquiry, state="authorised", completed_record=record)
    saved = await _saved(tx, found, row, version, authorised=True)
    await _record(tx, found, "enquiry_completed", at or tx.now, outcome=body.outcome, detail=detail, record=record)
    return saved


async def drop_conference(tx: Tx, enquiry: UUID, version: int, reason: str) -> int:
    """A manager finds that the conference an enquiry required is not required after all.

    Raises:
        Refused: no reason.
        Conflict: no conference is awaited.
        PreconditionFailed, Forbidden: as `send_back`.
    """
    found = await _writing(tx, enquiry, version, by=rules.AUTHORISES)
    if not any(
        clock.standard == "conference" and clock.standing == "ok" and clock.stopped_at is None
        for clocks in found.clocks.values()
        for clock in clocks
    ):
        raise Conflict("No conference is awaited for this child.")
    if not reason.strip():
        raise Refused([Wrong("reason", "nothing", "why no conference is required", "Say why.")])
    saved = await _saved(tx, found, found.enquiry, version)
    await _record(
        tx, found, "conference_not_required", tx.now, detail={"reason": reason.strip(), "decided_by": tx.actor.name}
    )
    return saved


async def _authorising(tx: Tx, enquiry: UUID, version: int) -> View:
    found = await _writing(tx, enquiry, version, by=rules.AUTHORISES)
    if found.enquiry.state != "completed":
        raise Conflict("This enquiry does not wait for a manager.")
    return found


async def _writing(tx: Tx, enquiry: UUID, version: int, *, by: tuple[str, ...] = rules.WRITES) -> View:
    """An enquiry that the actor may change, locked, if it still is at this version."""
    await store.lock(tx.connection, enquiry)
    found = await load(tx, enquiry)
    if not tx.actor.holds(*by, area=found.child.area):
        raise Forbidden("Your role does not do this in an enquiry of this area.")
    if found.version != version:
        await _raise_changed(tx, found, version)
    return found


async def _raise_changed(tx: Tx, found: View, version: int) -> None:
    row = found.enquiry
    was = await store.revision(tx.connection, row.id, version)
    before: dict[str, Any] = {"state": was.state, **was.body} if was else {}
    raise PreconditionFailed(
        "Somebody changed this enquiry meanwhile.",
        version=row.version,
        changed=rules.changed(before, {"state": row.state, **row.body}),
        by=row.changed_by,
        at=row.changed_at.isoformat(),
    )


async def _saved(
    tx: Tx, found: View, row: Row, version: int, *, completed: bool = False, authorised: bool = False
) -> int:
    saved = await store.save(tx, row, version, completed=completed, authorised=authorised)
    if saved is None:  # the row is locked at this version: it is no longer the actor's to see
        raise NotFound(NOT_THERE)
    return saved


async def _record(
    tx: Tx,
    found: View,
    kind: str,
    at: datetime | None,
    *,
    on: date | None = None,
    precision: Precision = "minute",
    outcome: str | None = None,
    detail: dict[str, Any],
    record: UUID | None = None,
) -> None:
    """One fact about the child, for every pathway that the enquiry covers."""
    shared = record or new_id(tx.now)
    entries = [
        Entry(
            pathway=each.pathway,
            kind=kind,
            at=at.replace(microsecond=0) if at else None,
            on=on,
            precision=precision,
            outcome=outcome,
            detail=detail,
            record=shared,
        )
        for each in found.covers
    ]
    try:
        await pathways.record(tx, entries)
    except Refused as refused:
        raise Refused(
            [msgspec.structs.replace(wrong, field=wrong.field.rpartition("].")[2]) for wrong in refused.wrong]
        ) from refused
