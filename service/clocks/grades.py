"""The risk grade over time, and "urgent for this child", which counts as high."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from schema.vocabulary import GRADES, Grade
from service.clocks.order import Event

_KINDS: Final = ("risk_graded", "risk_regraded", "urgent_for_child")
#: Smaller is stricter. Ungraded is held to the strictest.
STRICTNESS: Final[dict[Grade | None, int]] = {None: 0, "high": 0, "medium": 1, "standard": 2}
_BY_NAME: Final[dict[str | None, Grade]] = {grade: grade for grade in GRADES}


class Change(msgspec.Struct, frozen=True, gc=False):
    """The level in force moved at ``event``; ``reasoned``: triage recorded its rationale with it."""

    event: Event
    before: Grade | None
    after: Grade | None
    reasoned: bool


class Grading(msgspec.Struct, frozen=True, gc=False):
    """The officer's first grade, the grade now, and every change of the level that standards use."""

    first: Grade | None
    current: Grade | None
    urgent: bool
    graded_by: Event | None
    changes: tuple[Change, ...]

    def at(self, instant: datetime) -> Grade | None:
        """The level in force at an instant; the first grade counts from the beginning."""
        level = self.first
        if not self.changes:
            return level
        for change in self.changes:
            if change.event.at > instant:
                break
            level = change.after
        return level


UNGRADED: Final = Grading(None, None, False, None, ())


def grading(events: Sequence[Event]) -> Grading:
    """Read the grades from events in order. Grades that nobody knows are passed over."""
    told = [event for event in events if event.kind in _KINDS]
    if not told:
        return UNGRADED
    base = _first(told)
    first = _BY_NAME.get(base.milestone.outcome) if base is not None else None
    if base is not None and len(told) == 1:
        return Grading(first, first, False, base, ())
    return _with_changes(told, base, first)


def _with_changes(told: list[Event], base: Event | None, first: Grade | None) -> Grading:
    grade, urgent, changes = first, False, []
    for event in told:
        if event is base:
            continue
        before: Grade | None = "high" if urgent else grade
        if event.kind == "urgent_for_child":
            urgent = event.milestone.outcome != "no"
        else:
            grade = _BY_NAME.get(event.milestone.outcome, grade)
        after: Grade | None = "high" if urgent else grade
        if after != before:
            changes.append(Change(event, before, after, _reasoned(event)))
    return Grading(first, grade, urgent, base, tuple(changes))


def _first(told: list[Event]) -> Event | None:
    """The officer's first grade; where no officer's is known, the first there is."""
    grades = [e for e in told if e.kind != "urgent_for_child" and e.milestone.outcome in _BY_NAME]
    officers = (e for e in grades if e.kind == "risk_graded" and e.milestone.detail.get("by", "officer") == "officer")
    return next(officers, grades[0] if grades else None)


def _reasoned(event: Event) -> bool:
    detail = event.milestone.detail
    return detail.get("by") == "triage" and bool(str(detail.get("rationale") or "").strip())
