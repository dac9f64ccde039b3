"""Write section 47 enquiries, record that the child was seen, and complete them: one for each child.

What happened goes through the one door for milestones in the same transaction: `enquiry_started` when the discussion
that decided it was held, `child_seen`, `history_considered`, and `enquiry_completed` when a manager authorises.
"""

from typing import Any
from uuid import UUID

import msgspec

from service.clocks.local_time import local_day
from service.database import Tx
from service.enquiries import changing, checking, rules
from service.enquiries.rules import Body, Seen
from service.enquiries.viewing import View
from service.errors import Conflict, Refused, Wrong


async def save(tx: Tx, enquiry: UUID, body: Body, version: int) -> int:
    """Write an enquiry; a draft stops nothing, but checks and an analysis of history that was missing are recorded.

    Returns:
        The new version.

    Raises:
        Refused: a check that cannot be.
        PreconditionFailed: somebody changed it meanwhile; ``facts`` say who, and what from what to what.
        Conflict: it is completed, or authorised.
    """
    found = await changing.writing(tx, enquiry, version)
    if found.enquiry.state != "open":
        raise Conflict("This enquiry is completed. A manager may send it back; what is authorised is corrected.")
    if wrong := rules.wrong_with_checks(body, local_day(tx.now)):
        raise Refused(wrong)
    body = checking.numbered(tx, body)
    row = msgspec.structs.replace(found.enquiry, body=msgspec.to_builtins(body))
    saved = await changing.saved(tx, found, row, version)
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
    await changing.tell(tx, found, "history_considered", tx.now, detail=detail)


async def record_seen(tx: Tx, enquiry: UUID, seen: Seen, version: int) -> int:
    """Record that a social worker saw the child, alone or not.

    Raises:
        Refused: no time, or one that cannot be; not alone without a reason.
        PreconditionFailed: somebody changed the enquiry meanwhile.
        Conflict: the child was seen already; a wrong time is corrected.
    """
    found = await changing.writing(tx, enquiry, version)
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
    saved = await changing.saved(tx, found, found.enquiry, version)
    await changing.tell(
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
    found = await changing.writing(tx, enquiry, version)
    if found.enquiry.state != "open":
        raise Conflict("This enquiry is completed already.")
    if wrong := rules.missing_for_completion(found.body, found.kind, seen=found.seen is not None):
        raise Refused(wrong, "This enquiry is not complete. What you wrote is kept.")
    row = msgspec.structs.replace(found.enquiry, state="completed", returned=None)
    return await changing.saved(tx, found, row, version, completed=True)
