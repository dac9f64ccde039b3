"""One conference as it stands: the children, their target days, and how late each is."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from schema.spine import ClockRow
from service.access import audit
from service.clocks import is_late
from service.database import Tx
from service.enquiries import store as enquiries
from service.enquiries.conferences import rules, store
from service.enquiries.conferences.store import ChildRow, Row
from service.enquiries.store import About, Held
from service.errors import NotFound
from service.pathways import rulebook

NOT_THERE: Final = "There is no such conference."
_TOLD: Final = (
    "strategy_held",
    "transfer_in_notified",
    "enquiry_completed",
    "conference_not_required",
    "conference_scheduled",
    "conference_cancelled",
    "conference_held",
    "transfer_in_conference_held",
    "conference_delay_agreed",
)


class ChildView(msgspec.Struct, frozen=True, kw_only=True):
    """One child of a conference. ``clock`` is None where nothing counts for it yet (no enquiry)."""

    about: About
    outcome: str | None
    category: str | None
    clock: ClockRow | None
    late: bool
    working_days_late: int
    working_days_left: int
    quorate: bool | None
    present: tuple[str, ...]
    held: Held | None


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A conference with its children."""

    conference: Row
    children: tuple[ChildView, ...]
    milestones: tuple[Held, ...]
    now: datetime

    @property
    def version(self) -> int:
        """The version that the next change names."""
        return self.conference.version

    @property
    def late(self) -> bool:
        """Whether it is late for any child, or planned for after a child's target day."""
        return any(child.late for child in self.children)


async def view(tx: Tx, conference: UUID) -> View:
    """One conference as the actor may see it; the view is left in the audit trail.

    Raises:
        NotFound: there is no such conference, or not for this actor.
    """
    found = await load(tx, conference)
    await audit.viewed(
        tx, "conference_viewed", "follow a conference", [child.about.pathway for child in found.children]
    )
    return found


async def load(tx: Tx, conference: UUID) -> View:
    """One conference, without leaving a trace: for changes.

    Raises:
        NotFound: there is no such conference, or not for this actor.
    """
    row = await store.get(tx.connection, conference)
    children = await store.children(tx.connection, conference) if row else []
    about = await enquiries.about(tx.connection, [child.pathway for child in children])
    if row is None or not about:
        raise NotFound(NOT_THERE)
    ids = [each.pathway for each in about]
    clocks = await enquiries.clocks(tx.connection, ids)
    milestones = await enquiries.held(tx.connection, ids, _TOLD)
    calendar = (await rulebook.current(tx)).calendar(None)
    decided = {child.pathway: child for child in children}
    found = []
    for each in about:
        held = next((m for m in milestones if m.pathway == each.pathway and m.record == row.held_record), None)
        clock = clock_of(clocks.get(each.pathway, ()), row, held)
        planned = row.planned_for if row.state == "scheduled" else None
        until = rules.counted_until(clock.stopped_at if clock else None, planned, tx.now)
        late = clock is not None and (
            is_late(clock, tx.now) or bool(clock.stopped_at is None and clock.due_at and until > clock.due_at)
        )
        counted = clock if clock and clock.due_at else None
        due_at = counted.due_at if counted else None
        found.append(
            ChildView(
                about=each,
                outcome=held.outcome if held else decided[each.pathway].outcome,
                category=_category(held, decided[each.pathway]),
                clock=clock,
                late=late,
                working_days_late=rules.working_days_late(due_at, until, calendar) if due_at and late else 0,
                working_days_left=rules.working_days_left(due_at, tx.now, calendar) if due_at else 0,
                quorate=bool(held.detail.get("quorate")) if held else None,
                present=tuple(held.detail.get("agencies_present") or ()) if held else (),
                held=held,
            )
        )
    return View(conference=row, children=tuple(found), milestones=tuple(milestones), now=tx.now)


def _category(held: Held | None, decided: ChildRow) -> str | None:
    """The category of abuse of a child's plan; a conference without a plan has none."""
    said = (held.detail.get("category") if held else None) or decided.category
    return said if (held.outcome if held else decided.outcome) == "plan" else None


def clock_of(clocks: tuple[ClockRow, ...], row: Row, held: Held | None) -> ClockRow | None:
    """The clock that a conference answers: the one it met, else the one that runs, else the last there was."""
    own = [clock for clock in clocks if clock.standard == rules.CLOCK_OF[row.kind] and clock.rules]
    if held is not None:
        met = [clock for clock in own if clock.stop_milestone == held.id]
        return met[0] if met else None
    running = [clock for clock in own if clock.stopped_at is None]
    return running[0] if running else own[-1] if own else None
