"""What a manager says of an enquiry: authorised, sent back, or that no conference is required after all."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Tx
from service.enquiries import changing, rules
from service.enquiries.viewing import View
from service.errors import Conflict, Refused, Wrong


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
    return await changing.saved(tx, found, row, version)


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
    saved = await changing.saved(tx, found, row, version, authorised=True)
    await changing.tell(
        tx, found, "enquiry_completed", at or tx.now, outcome=body.outcome, detail=detail, record=record
    )
    return saved


async def drop_conference(tx: Tx, enquiry: UUID, version: int, reason: str) -> int:
    """A manager finds that the conference an enquiry required is not required after all.

    Raises:
        Refused: no reason.
        Conflict: no conference is awaited.
        PreconditionFailed, Forbidden: as `send_back`.
    """
    found = await changing.writing(tx, enquiry, version, by=rules.AUTHORISES)
    if not any(
        clock.standard == "conference" and clock.standing == "ok" and clock.stopped_at is None
        for clocks in found.clocks.values()
        for clock in clocks
    ):
        raise Conflict("No conference is awaited for this child.")
    if not reason.strip():
        raise Refused([Wrong("reason", "nothing", "why no conference is required", "Say why.")])
    saved = await changing.saved(tx, found, found.enquiry, version)
    await changing.tell(
        tx, found, "conference_not_required", tx.now, detail={"reason": reason.strip(), "decided_by": tx.actor.name}
    )
    return saved


async def _authorising(tx: Tx, enquiry: UUID, version: int) -> View:
    found = await changing.writing(tx, enquiry, version, by=rules.AUTHORISES)
    if found.enquiry.state != "completed":
        raise Conflict("This enquiry does not wait for a manager.")
    return found
