"""Ask for, schedule, hold and call off conferences, and agree why one is late.

Postponing and calling off stop nothing. One conference is one record of milestones for all its children; what was
decided stands on each child's own. A reason for lateness counts when both a manager and the conference chair agreed.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.vocabulary import Precision
from service.database import Tx
from service.enquiries import rules as enquiry_rules
from service.enquiries import store as enquiries
from service.enquiries.conferences import rules, store
from service.enquiries.conferences.rules import Asking, Calling, Holding, Lateness, Scheduling
from service.enquiries.conferences.viewing import NOT_THERE, View, load
from service.enquiries.store import Held
from service.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Refused, Wrong
from service.pathways import service as pathways
from service.pathways import store as spine
from service.pathways.rules import Entry
from service.pathways.service import Correction

Side = Literal["manager", "chair"]


async def ask(tx: Tx, asking: Asking) -> UUID:
    """Ask for one conference about these children; a transfer-in conference's clock starts at the notification.

    Raises:
        NotFound: a pathway is not there, or not the actor's.
        Forbidden: the actor asks for no conferences in this area.
        Conflict: the children are of two areas, or one of them has such a conference ahead already.
        Refused: a transfer-in conference without its notification; a pre-birth conference for a child that is born.
    """
    wanted = list(dict.fromkeys(asking.pathways))
    covered = await enquiries.about(tx.connection, wanted)
    if missing := set(wanted) - {each.pathway for each in covered}:
        raise NotFound("There is no such pathway.", pathways=sorted(map(str, missing)))
    areas = {each.area for each in covered}
    if len(areas) > 1:
        raise Conflict("These children are in different areas: each area holds its own conference.")
    (area,) = areas
    if not tx.actor.holds(*rules.ASKS, area=area):
        raise Forbidden("Your role does not ask for conferences in this area.")
    async with tx.recording():
        await spine.lock(tx.connection, set(wanted))
    ahead = [
        each
        for each in await store.of_pathways(tx.connection, wanted)
        if each.state in ("requested", "scheduled") and rules.CLOCK_OF[each.kind] == rules.CLOCK_OF[asking.kind]
    ]
    if ahead:
        raise Conflict(
            "A conference about one of these children is ahead already.",
            conference=str(ahead[0].id),
            pathway=str(ahead[0].pathway),
        )
    if wrong := _wrong_with(asking, covered):
        raise Refused(wrong)
    identity = new_id(tx.now)
    if (held := await unopened(tx, wanted, asking.kind)) is not None:
        await store.add(tx, identity, area, asking.kind, covered, held=held)
        return identity
    await store.add(tx, identity, area, asking.kind, covered)
    if asking.kind == "transfer_in":
        detail = {"from": asking.notified_by.strip(), "conference": str(identity)}
        await _record(tx, wanted, "transfer_in_notified", asking.notified_at, on=asking.notified_on, detail=detail)
    return identity


async def unopened(tx: Tx, covered: list[UUID], kind: str) -> Held | None:
    """The conference that was held about all of these pathways and has no record here: known from a file, or as a
    milestone alone. None while the clock of a further one runs."""
    clocks = await enquiries.clocks(tx.connection, covered)
    standard = rules.CLOCK_OF[kind]
    if any(each.standard == standard and each.stopped_at is None for rows in clocks.values() for each in rows):
        return None
    known = await store.known_records(tx.connection, covered)
    found = await enquiries.held(tx.connection, covered, (rules.HELD_AS[kind],))
    last: dict[UUID, Held] = {each.pathway: each for each in found if each.record not in known}
    records = {each.record for each in last.values()}
    return last[covered[0]] if len(records) == 1 and set(last) == set(covered) else None


def _wrong_with(asking: Asking, covered: Iterable[enquiries.About]) -> list[Wrong]:
    found = []
    if asking.kind == "transfer_in":
        if (asking.notified_at is None) == (asking.notified_on is None):
            got = "both" if asking.notified_at else "nothing"
            found.append(Wrong("notified_at", got, "a time, or a day", "Say when the other area told us."))
        if not asking.notified_by.strip():
            found.append(Wrong("notified_by", "nothing", "who told us", "Enter the area that told us."))
    if asking.kind == "pre_birth" and any(each.date_of_birth is not None for each in covered):
        found.append(Wrong("kind", "pre_birth", "initial, for a child that is born", "Choose the kind."))
    return found


async def schedule(tx: Tx, conference: UUID, said: Scheduling, version: int) -> int:
    """Set when it is planned for. A later change of that is a postponement, with its cause; it stops nothing.

    Raises:
        Refused: the time has passed, or a postponement without its cause.
        PreconditionFailed: somebody changed it meanwhile; ``facts`` say who, and what from what to what.
        Conflict: it was held or called off.
    """
    found = await _writing(tx, conference, version)
    row = found.conference
    planned = said.planned_for.replace(microsecond=0)
    wrong = []
    if planned <= tx.now or planned.year > tx.now.year + 2:
        wrong.append(Wrong("planned_for", planned.isoformat(), "a time that is ahead", "Check the date and time."))
    moved = row.planned_for is not None and planned != row.planned_for
    if moved:
        wrong += rules.wrong_with_cause(said.cause, said.waits_on)
    if wrong:
        raise Refused(wrong)
    detail: dict[str, Any] = {"planned_for": planned.isoformat(), "conference": str(conference)}
    if moved and row.planned_for is not None:
        detail |= {
            "postponed_from": row.planned_for.isoformat(),
            "cause": said.cause.strip(),
            "agency": said.waits_on,
        }
    new = msgspec.structs.replace(
        row,
        state="scheduled",
        planned_for=planned,
        chair=said.chair.strip() or row.chair,
        cause=said.cause.strip() if moved else row.cause,
        waits_on=said.waits_on if moved else row.waits_on,
    )
    saved = await _saved(tx, new, version)
    if planned != row.planned_for:
        await _record(tx, _ids(found), "conference_scheduled", tx.now, detail=detail)
    return saved


async def call_off(tx: Tx, conference: UUID, said: Calling, version: int) -> int:
    """Call a conference off. The clock of every child goes on; another one can be asked for.

    Raises:
        Refused: no cause, or no agency.
        PreconditionFailed, Conflict: as `schedule`.
    """
    found = await _writing(tx, conference, version)
    if wrong := rules.wrong_with_cause(said.cause, said.waits_on):
        raise Refused(wrong)
    row = msgspec.structs.replace(found.conference, state="cancelled", cause=said.cause.strip(), waits_on=said.waits_on)
    saved = await _saved(tx, row, version)
    detail: dict[str, Any] = {"cause": row.cause, "agency": row.waits_on, "conference": str(conference)}
    if row.planned_for is not None:
        detail["was_planned_for"] = row.planned_for.isoformat()
    await _record(tx, _ids(found), "conference_cancelled", tx.now, outcome=row.waits_on, detail=detail)
    return saved


async def hold(tx: Tx, conference: UUID, holding: Holding, version: int) -> int:
    """Record that it was held, with what was decided for each child; not quorate it was held too, and says so.

    Raises:
        Refused: a child without a decision, nobody present, a plan without its category, a time that cannot be.
        PreconditionFailed, Conflict: as `schedule`.
    """
    found = await _writing(tx, conference, version)
    ids = _ids(found)
    if wrong := rules.wrong_with_holding(holding, ids):
        raise Refused(wrong, "This record is not complete. Nothing was recorded.")
    record, row = new_id(tx.now), found.conference
    shared: dict[str, Any] = {
        "quorate": rules.quorate(holding.agencies),
        "agencies_present": list(dict.fromkeys(holding.agencies)),
        "chair": holding.chair.strip(),
        "kind": row.kind,
        "conference": str(conference),
    }
    precision = enquiry_rules.precision_of(holding.precision, holding.on)
    entries = [
        Entry(
            pathway=child.pathway,
            kind=rules.HELD_AS[row.kind],
            at=holding.at.replace(microsecond=0) if holding.at else None,
            on=holding.on,
            precision=precision,
            outcome=child.outcome,
            detail=shared | ({"category": child.category} if child.category else {}),
            record=record,
        )
        for child in holding.children
    ]
    saved = await _saved(
        tx, msgspec.structs.replace(row, state="held", held_record=record, chair=holding.chair.strip()), version
    )
    for child in holding.children:
        await store.decided(tx, conference, child.pathway, child.outcome, child.category)
    await _through_the_door(tx, entries)
    return saved


async def explain(tx: Tx, conference: UUID, said: Lateness, version: int) -> int:
    """Say why it is late, and agree to it for one's own side. A new reason needs the other side's agreement again.

    What both agreed to before stands until both have agreed again.

    Raises:
        Refused: the reason, its words or the interim plan are missing.
        Conflict: it is not late.
        Forbidden: the actor is neither manager nor chair.
        PreconditionFailed: as `schedule`.
    """
    found = await _agreeing(tx, conference, version)
    if wrong := rules.wrong_with_lateness(said):
        raise Refused(wrong)
    side = _side(tx, found, said.side)
    row = msgspec.structs.replace(
        found.conference,
        late_reason=said.reason,
        late_agency=said.agency,
        late_text=said.text.strip(),
        interim_plan=said.interim_plan.strip(),
        agreed_manager=tx.actor.id if side == "manager" else None,
        agreed_manager_name=tx.actor.name if side == "manager" else None,
        agreed_manager_at=tx.now if side == "manager" else None,
        agreed_chair=tx.actor.id if side == "chair" else None,
        agreed_chair_name=tx.actor.name if side == "chair" else None,
        agreed_chair_at=tx.now if side == "chair" else None,
        agreed_again=found.conference.delay_record is not None,
    )
    return await _saved(tx, row, version)


async def agree(tx: Tx, conference: UUID, version: int, side: Side | None = None) -> int:
    """The other side agrees to the reason that stands; with both, it is recorded on every late child's pathway.

    Agreed again, it corrects what was recorded before.

    Raises:
        Conflict: there is no reason yet, one's own side agreed already, or both are one person.
        Forbidden, PreconditionFailed: as `explain`.
    """
    found = await _agreeing(tx, conference, version)
    row = found.conference
    if row.late_reason is None:
        raise Conflict("No reason has been given yet. Say why it is late first.")
    own = _side(tx, found, side)
    other = row.agreed_chair if own == "manager" else row.agreed_manager
    if (row.agreed_manager if own == "manager" else row.agreed_chair) is not None:
        raise Conflict(f"The {own} has agreed already. The other side must agree too.")
    if other is None or other == tx.actor.id:
        raise Conflict("Manager and chair are two people: somebody else agrees for the other side.")
    changes: dict[str, Any] = (
        {"agreed_manager": tx.actor.id, "agreed_manager_name": tx.actor.name, "agreed_manager_at": tx.now}
        if own == "manager"
        else {"agreed_chair": tx.actor.id, "agreed_chair_name": tx.actor.name, "agreed_chair_at": tx.now}
    )
    record = row.delay_record or new_id(tx.now)
    before = next((each for each in found.milestones if each.record == row.delay_record), None)
    row = msgspec.structs.replace(row, **changes, delay_record=record, agreed_again=False)
    saved = await _saved(tx, row, version)
    late = [child for child in found.children if child.late] or list(found.children)
    detail = {
        "text": row.late_text,
        "interim_plan": row.interim_plan,
        "manager": row.agreed_manager_name,
        "chair": row.agreed_chair_name,
        "conference": str(conference),
    } | ({"agency": row.late_agency} if row.late_agency or before else {})
    if before is not None:
        again = Correction(reason="Manager and chair agreed again", outcome=row.late_reason, detail=detail)
        await pathways.correct(tx, before.id, again)
        return saved
    await _record(
        tx,
        [child.about.pathway for child in late],
        "conference_delay_agreed",
        tx.now,
        outcome=row.late_reason,
        detail=detail,
        record=record,
    )
    return saved


def _side(tx: Tx, found: View, wanted: Side | None) -> Side:
    area = found.conference.area
    manages, chairs = tx.actor.holds(*rules.MANAGES, area=area), tx.actor.holds(*rules.CHAIRS, area=area)
    if not (manages or chairs) or (wanted == "manager" and not manages) or (wanted == "chair" and not chairs):
        raise Forbidden("A manager and the conference chair agree why a conference is late.")
    return wanted or ("manager" if manages else "chair")


async def _agreeing(tx: Tx, conference: UUID, version: int) -> View:
    found = await _changing(tx, conference, version)
    _side(tx, found, None)
    if not found.late:
        raise Conflict("This conference is not late, and not planned for after its target day.")
    return found


async def _writing(tx: Tx, conference: UUID, version: int) -> View:
    """A conference that is still ahead, for those who arrange it."""
    found = await _changing(tx, conference, version)
    if not tx.actor.holds(*rules.ARRANGES, area=found.conference.area):
        raise Forbidden("The conference service, or a team manager, arranges and records conferences.")
    state = found.conference.state
    if state == "held":
        raise Conflict("This conference was held. If a time or outcome is wrong, correct the child's milestone.")
    if state == "cancelled":
        raise Conflict("This conference was called off. Ask for another one.")
    return found


async def _changing(tx: Tx, conference: UUID, version: int) -> View:
    await store.lock(tx.connection, conference)
    found = await load(tx, conference)
    row = found.conference
    async with tx.recording():
        everyone = len(await store.children(tx.connection, conference))
    if everyone != len(found.children):
        raise Forbidden("You do not see every child of this conference: somebody who does changes it.")
    if row.version != version:
        was = await store.revision(tx.connection, conference, version)
        raise PreconditionFailed(
            "Somebody changed this conference meanwhile.",
            version=row.version,
            changed=enquiry_rules.changed(was.body if was else {}, store.body_of(row)),
            by=row.changed_by,
            at=row.changed_at.isoformat(),
        )
    return found


async def _saved(tx: Tx, row: store.Row, version: int) -> int:
    saved = await store.save(tx, row, version)
    if saved is None:  # the row is locked at this version: it is no longer the actor's to see
        raise NotFound(NOT_THERE)
    return saved


def _ids(found: View) -> list[UUID]:
    return [child.about.pathway for child in found.children]


async def _record(
    tx: Tx,
    covered: list[UUID],
    kind: str,
    at: datetime | None,
    *,
    on: date | None = None,
    precision: Precision | None = None,
    outcome: str | None = None,
    detail: dict[str, Any],
    record: UUID | None = None,
) -> None:
    """One record for all the children it covers."""
    shared = record or new_id(tx.now)
    await _through_the_door(
        tx,
        [
            Entry(
                pathway=pathway,
                kind=kind,
                at=at.replace(microsecond=0) if at else None,
                on=on,
                precision=enquiry_rules.precision_of(precision, on),
                outcome=outcome,
                detail=detail,
                record=shared,
            )
            for pathway in covered
        ],
    )


async def _through_the_door(tx: Tx, entries: list[Entry]) -> None:
    try:
        await pathways.record(tx, entries)
    except Refused as refused:
        wrong = [msgspec.structs.replace(each, field=each.field.rpartition("].")[2]) for each in refused.wrong]
        raise Refused(list(dict.fromkeys(wrong))) from refused
