"""How many of those that fall due will be late: by how fast such incidents have left the desk lately."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Literal

import msgspec
import numpy as np

from service.reports.backlog.rules.horizons import Horizons
from service.reports.backlog.rules.passing import last_to_leave
from service.reports.backlog.rules.rows import GRADES, LONDON, Notice, OpenIncident, by_incident, worst
from service.reports.statistics.lifetable import in_period
from service.reports.statistics.tipover import Cases, TipOver, pace_until, tip_over
from service.reports.statistics.waits import WAITING, Floats, Waits

_MINUTE: Final = 60
_HOURS_OF_DAY: Final = 24
_HOURS_OF_WEEK: Final = 168


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """Of incidents that fall due by an instant, how many will be late: what is likely, and nine times in ten."""

    by: Literal["shift", "monday"]
    falling_due: int
    late: int
    low: int
    high: int


def expected(
    rows: Sequence[OpenIncident], notices: Iterable[Notice], ahead: Horizons, since: datetime
) -> list[Expected]:
    """What becomes of those that fall due by the end of the shift and by Monday; nothing where it cannot be told.

    Args:
        rows: incidents held.
        notices: all of them, and those that left since ``since``.
        ahead: now, and the instants looked ahead to.
        since: the beginning of the days by whose pace it is told.
    """
    held = [row for row in rows if row.known_at is not None and row.due_at is not None and not row.approximate]
    lately, by_hour = _lately(notices, since, ahead.now)
    age = np.array([_minutes(row.known_at, ahead.now) for row in held], np.int64)
    due_in = np.array([_minutes(ahead.now, row.due_at) for row in held], np.int64)
    cases = Cases(
        age=age,
        due_in=due_in,
        group=np.array([GRADES.index(row.first_grade) for row in held], np.int64),
        incident=np.arange(len(held)),
    )
    local = ahead.now.astimezone(LONDON)
    pace = pace_until(by_hour, local.weekday() * _HOURS_OF_DAY + local.hour, np.maximum(due_in, 0))
    found: list[Expected] = []
    for by, until in (("shift", ahead.shift), ("monday", ahead.monday)):
        told = _told("shift" if by == "shift" else "monday", tip_over(cases, lately, _minutes(ahead.now, until), pace))
        if told is not None:
            found.append(told)
    return found


def _told(by: Literal["shift", "monday"], found: TipOver) -> Expected | None:
    if not found.falling_due or found.expected is None or found.low is None or found.high is None:
        return None
    return Expected(
        by=by,
        falling_due=found.falling_due,
        late=round(found.expected),
        low=int(found.low),
        high=min(found.falling_due, int(np.ceil(found.high))),
    )


def _minutes(since: datetime | None, until: datetime | None) -> int:
    return 0 if since is None or until is None else int((until - since).total_seconds()) // _MINUTE


def _lately(notices: Iterable[Notice], since: datetime, now: datetime) -> tuple[dict[int, Waits], Floats]:
    """How incidents of each grade left the desk at each length of wait, and how many in each hour of the week."""
    rows: dict[int, list[tuple[int, int, int]]] = {}
    by_hour = np.zeros(_HOURS_OF_WEEK)
    for group in by_incident(notices).values():
        known = min((each.aware_at for each in group if each.aware_at is not None), default=None)
        if known is None or known > now or all(each.coverage == "shared_only" for each in group):
            continue
        last = last_to_leave(group)
        left = None if last is None else last.left_at
        if last is not None and left is not None and left > since and last.left_in_an_hour:
            local = left.astimezone(LONDON)
            by_hour[local.weekday() * _HOURS_OF_DAY + local.hour] += 1
        grade = GRADES.index(worst(each.first_grade for each in group))
        cause = WAITING if left is None else 1
        # Times out of order are kept and flagged: what left before the police knew of it left at once.
        waited = _minutes(known, max(known, left or now))
        rows.setdefault(grade, []).append((_minutes(since, known), waited, cause))
    return {
        grade: in_period(*np.array(each, np.int64).T, since=0, until=_minutes(since, now))
        for grade, each in rows.items()
    }, by_hour


def expected_sentences(found: Sequence[Expected]) -> list[str]:
    """What is likely, in words."""
    return [
        f"Of {each.falling_due:,} that {'falls' if each.falling_due == 1 else 'fall'} due by "
        f"{'the end of this shift' if each.by == 'shift' else 'Monday'}, about {each.late:,} "
        f"({each.low:,} to {each.high:,}) will be late at the present pace."
        for each in found
    ]
