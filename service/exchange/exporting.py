"""Write pathways as the history file, in the order in which they came, a part at a time.

Each part is read and its trace left in one transaction, which ends before the part is given out:
an export of any size needs little memory and keeps no transaction open while a slow reader reads.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final
from uuid import UUID

from schema.ids import new_id
from service.access import audit
from service.actor import Actor
from service.clocks import ReadyCalendar
from service.clocks.local_time import day_ended_by, local
from service.database import Database, Tx
from service.enquiries.conferences.rules import working_days_late
from service.exchange import rules, store
from service.exchange.history import history_heading, history_line
from service.exchange.rules import Stored
from service.pathways import rulebook

PART: Final = 5_000
#: Columns after the contract's: what follows from the times. They are ignored when the file comes in.
DERIVED: Final = (
    "icpc_due_on",
    "unassessed_hours",
    "current_holder",
    "current_stage",
    "icpc_late_working_days",
    "icpc_late_reason",
    "icpc_late_agreed_by_manager",
    "icpc_late_agreed_by_chair",
)
_FIRST: Final = UUID(int=0)


async def lines(
    database: Database, actor: Actor, *, purpose: str, area: str | None = None
) -> AsyncIterator[tuple[str, int]]:
    """The heading, then each part of the file with the number of its rows.

    Args:
        database: where.
        actor: whose records they are to see.
        purpose: why, for the trace that each part leaves before it is given out.
        area: only this area's.
    """
    yield history_heading(DERIVED), 0
    export = new_id(database.timepiece.now())
    after, part = _FIRST, 0
    while True:
        part += 1
        async with database.transaction(actor) as tx:
            found, text = await _read(tx, after, area)
            if found or part == 1:
                detail = {"export": str(export), "part": part, "rows": len(found), "area": area}
                await audit.viewed(tx, "history_exported", purpose, [each.id for each in found], detail)
        if found or part == 1:
            yield text, len(found)
        if not found:
            return
        after = found[-1].id


async def _read(tx: Tx, after: UUID, area: str | None) -> tuple[list[store.Exported], str]:
    """The next part. A machine sees its own area's records for this alone, and no restricted ones."""
    if tx.actor.kind != "client":
        found = await store.export_pathways(tx.connection, after, area, PART, restricted=True)
        return found, await _part(tx, found)
    async with tx.recording():
        found = await store.export_pathways(tx.connection, after, area, PART, restricted=False)
        return found, await _part(tx, found)


async def _part(tx: Tx, found: list[store.Exported]) -> str:
    which = [each.id for each in found]
    milestones = await store.export_milestones(tx.connection, which, rules.KINDS)
    conferences = await store.export_conferences(tx.connection, which)
    waits = await store.export_waits(tx.connection, which)
    calendar = (await rulebook.current(tx)).calendar(None)
    made = []
    for each in found:
        row = rules.row_of(
            Stored(
                reference=each.reference,
                area=each.area,
                district=each.district,
                child=each.child,
                milestones=milestones.get(each.id, ()),
            )
        )
        derived = (
            _due_on(conferences.get(each.id)),
            rules.hours(waits.get(each.id, ()), tx.now),
            each.holder,
            each.stage,
            *_lateness(conferences.get(each.id), tx.now, calendar),
        )
        made.append(history_line(row, derived))
    return "".join(made)


def _due_on(due: store.Conference | None) -> str:
    """The last day on which the conference is in time."""
    if due is None:
        return ""
    return (day_ended_by(due.due_at) if due.end_of_day else local(due.due_at).date()).isoformat()


def _lateness(due: store.Conference | None, now: datetime, calendar: ReadyCalendar) -> tuple[str, str, str, str]:
    """By how many working days the conference is or was late, why, and who agreed to that; blank in time."""
    until = (due.stopped_at or now) if due else now
    if due is None or until <= due.due_at:
        return ("", "", "", "")
    late = working_days_late(due.due_at, until, calendar)
    return (str(late), due.late_reason or "", due.agreed_manager or "", due.agreed_chair or "")
