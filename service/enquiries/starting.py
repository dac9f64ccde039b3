"""Start section 47 enquiries: one for each child, when the discussion that decided it was held."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Tx
from service.enquiries import rules, store
from service.enquiries.rules import Body, Starting
from service.enquiries.store import About, Held
from service.errors import NotFound, Refused, Wrong
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
