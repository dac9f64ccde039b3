"""Schedule, hold and call off conferences.

Postponing and calling off stop nothing. One conference is one record of milestones for all its children; what was
decided stands on each child's own.
"""

from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Tx
from service.enquiries import rules as enquiry_rules
from service.enquiries.conferences import changing, rules, store
from service.enquiries.conferences.rules import Calling, Holding, Scheduling
from service.errors import Refused, Wrong
from service.pathways.rules import Entry


async def schedule(tx: Tx, conference: UUID, said: Scheduling, version: int) -> int:
    """Set when it is planned for. A later change of that is a postponement, with its cause; it stops nothing.

    Raises:
        Refused: the time has passed, or a postponement without its cause.
        PreconditionFailed: somebody changed it meanwhile; ``facts`` say who, and what from what to what.
        Conflict: it was held or called off.
    """
    found = await changing.writing(tx, conference, version)
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
    saved = await changing.saved(tx, new, version)
    if planned != row.planned_for:
        await changing.tell(tx, changing.ids(found), "conference_scheduled", tx.now, detail=detail)
    return saved


async def call_off(tx: Tx, conference: UUID, said: Calling, version: int) -> int:
    """Call a conference off. The clock of every child goes on; another one can be asked for.

    Raises:
        Refused: no cause, or no agency.
        PreconditionFailed, Conflict: as `schedule`.
    """
    found = await changing.writing(tx, conference, version)
    if wrong := rules.wrong_with_cause(said.cause, said.waits_on):
        raise Refused(wrong)
    row = msgspec.structs.replace(found.conference, state="cancelled", cause=said.cause.strip(), waits_on=said.waits_on)
    saved = await changing.saved(tx, row, version)
    detail: dict[str, Any] = {"cause": row.cause, "agency": row.waits_on, "conference": str(conference)}
    if row.planned_for is not None:
        detail["was_planned_for"] = row.planned_for.isoformat()
    await changing.tell(tx, changing.ids(found), "conference_cancelled", tx.now, outcome=row.waits_on, detail=detail)
    return saved


async def hold(tx: Tx, conference: UUID, holding: Holding, version: int) -> int:
    """Record that it was held, with what was decided for each child; not quorate it was held too, and says so.

    Raises:
        Refused: a child without a decision, nobody present, a plan without its category, a time that cannot be.
        PreconditionFailed, Conflict: as `schedule`.
    """
    found = await changing.writing(tx, conference, version)
    ids = changing.ids(found)
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
    saved = await changing.saved(
        tx, msgspec.structs.replace(row, state="held", held_record=record, chair=holding.chair.strip()), version
    )
    for child in holding.children:
        await store.decided(tx, conference, child.pathway, child.outcome, child.category)
    await changing.through_the_door(tx, entries)
    return saved
