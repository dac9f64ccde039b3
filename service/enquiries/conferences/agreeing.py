"""Say why a conference is late: it counts when both a manager and the conference chair agreed to the reason."""

from typing import Any, Literal
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Tx
from service.enquiries.conferences import changing, rules
from service.enquiries.conferences.rules import Lateness
from service.enquiries.conferences.viewing import View
from service.errors import Conflict, Forbidden, Refused
from service.pathways import service as pathways
from service.pathways.service import Correction

Side = Literal["manager", "chair"]


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
    return await changing.saved(tx, row, version)


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
    saved = await changing.saved(tx, row, version)
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
    await changing.tell(
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
    found = await changing.locked(tx, conference, version)
    _side(tx, found, None)
    if not found.late:
        raise Conflict("This conference is not late, and not planned for after its target day.")
    return found
