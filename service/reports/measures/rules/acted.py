"""What discussions asked agencies to do, and whether it was done in time, by the agency that owns it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from service.meetings.acting.rules import IN_TIME, Event, overdue
from service.reports.measures.figures import Acted, Estimate, Tally
from service.reports.measures.rules import records
from service.reports.measures.rules.frame import Span
from service.reports.measures.rules.reckoning import estimate_of
from service.reports.statistics.proportions import share_by_family


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """An action as it was known at an instant: its events in the order in which they were told, and whom it is about.

    The first event gave it. ``children`` and ``incidents`` are those of the audience.
    """

    events: Sequence[Event]
    children: frozenset[UUID]
    incidents: frozenset[UUID]


class _Standing(msgspec.Struct, frozen=True):
    """Where an action stood. ``state``: in_time, late, cancelled, or not_done."""

    agency: str
    due: datetime
    state: str
    about: Given


_FINISHED: Final = ("in_time", "late", "not_done")


def acted(given: Iterable[Given], span: Span, instant: int) -> list[Acted]:
    """Actions by owning agency, at the report's instant in seconds. Agencies that had none to do are left out."""
    agencies: dict[str, list[_Standing]] = {}
    for each in map(_standing, given):
        agencies.setdefault(each.agency, []).append(each)
    found = [_of_agency(agency, rows, span, instant) for agency, rows in sorted(agencies.items())]
    return [each for each in found if each.due.count or each.overdue_now.count]


def _of_agency(agency: str, rows: Sequence[_Standing], span: Span, instant: int) -> Acted:
    def fell_due(row: _Standing) -> bool:
        return span.since <= row.due.timestamp() < min(span.until, instant)

    def ended(state: str) -> Tally:
        return _tally(rows, lambda row: fell_due(row) and row.state == state)

    return Acted(
        agency=agency,
        due=_tally(rows, fell_due),
        in_time=ended("in_time"),
        late=ended("late"),
        not_done=ended("not_done"),
        cancelled=ended("cancelled"),
        share=_share([row for row in rows if fell_due(row) and row.state in _FINISHED]),
        overdue_now=_tally(rows, lambda row: row.state == "not_done" and row.due.timestamp() < instant),
    )


def _standing(given: Given) -> _Standing:
    """By the due time and owner that stood last. Done late: also where a time that had passed was moved before."""
    due = [each.due_at for each in given.events if each.kind in ("given", "due_changed") and each.due_at is not None]
    owners = [each.owner_agency for each in given.events if each.owner_agency is not None]
    over = next((each for each in reversed(given.events) if each.kind in ("done", "cancelled")), None)
    state = "not_done"
    if over is not None and over.kind == "cancelled":
        state = "cancelled"
    elif over is not None:
        missed = any(each.cause != IN_TIME and each.true_from < over.at for each in overdue(given.events))
        state = "late" if missed else "in_time"
    return _Standing(owners[-1], due[-1], state, given)


def _tally(rows: Iterable[_Standing], chosen: Callable[[_Standing], bool]) -> Tally:
    here = [row.about for row in rows if chosen(row)]
    children: set[UUID] = set().union(*(each.children for each in here))
    incidents: set[UUID] = set().union(*(each.incidents for each in here))
    return Tally(count=len(here), behind=min(len(children), len(incidents)))


def _share(rows: Sequence[_Standing]) -> Estimate:
    met, of = [0] * records.FAMILIES, [0] * records.FAMILIES
    for row in rows:
        family = records.token(min(row.about.incidents)) % records.FAMILIES
        of[family] += 1
        met[family] += row.state == "in_time"
    incidents: set[UUID] = set().union(*(row.about.incidents for row in rows))
    found = share_by_family(met, of, incidents=len(incidents))
    return estimate_of(found, len(rows))
