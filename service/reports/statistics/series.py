"""From weeks of counts to points of a chart: what is left out, what is marked, and when weeks are too short.

Below ten events a week a weekly chart shows little but chance: four weeks are taken together, and where even those hold
few events the time between events is charted instead (``rare``).
"""

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, Literal

import msgspec

from service.reports.statistics.xmr import Point

#: Events that a period holds on average where a chart of periods says something.
ENOUGH_EVENTS: Final = 10
WEEKS_TOGETHER: Final = 4
BANK_HOLIDAY: Final = "week with a bank holiday"
UNFINISHED: Final = "not over yet"
UNSETTLED: Final = "its limit has not passed for everybody"
NOBODY: Final = "nobody to count"

Grain = Literal["weeks", "four_weeks", "between_events"]


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """One week. ``events`` of ``of`` (a share), or ``events`` alone (a flow).

    ``complete``: the week is over. ``settled``: the limit has passed for everybody who is counted in it.
    """

    begins: date
    events: int
    of: int | None = None
    complete: bool = True
    settled: bool = True
    bank_holiday: bool = False
    weeks: int = 1


def grain(tallies: Sequence[Tally]) -> Grain:
    """Over what periods a chart of these weeks says something; of a share, those it is a share of are the events."""
    counted = [tally.events if tally.of is None else tally.of for tally in tallies if tally.complete]
    mean = sum(counted) / len(counted) if counted else 0.0
    if mean >= ENOUGH_EVENTS:
        return "weeks"
    return "four_weeks" if mean * WEEKS_TOGETHER >= ENOUGH_EVENTS else "between_events"


def four_weeks(tallies: Sequence[Tally]) -> list[Tally]:
    """Weeks taken together by four, counted back from the latest complete one; an odd beginning is left off."""
    done = [tally for tally in tallies if tally.complete]
    first = len(done) % WEEKS_TOGETHER
    return [_together(done[n : n + WEEKS_TOGETHER]) for n in range(first, len(done), WEEKS_TOGETHER)]


def _together(group: Sequence[Tally]) -> Tally:
    return Tally(
        begins=group[0].begins,
        events=sum(tally.events for tally in group),
        of=None if group[0].of is None else sum(tally.of or 0 for tally in group),
        complete=all(tally.complete for tally in group),
        settled=all(tally.settled for tally in group),
        bank_holiday=any(tally.bank_holiday for tally in group),
        weeks=len(group),
    )


def flow_points(tallies: Sequence[Tally]) -> list[Point]:
    """Points of how many there were."""
    return _points(tallies, lambda tally: float(tally.events))


def share_points(tallies: Sequence[Tally]) -> list[Point]:
    """Points of the share; a week whose limit has not fully passed is left out: only the quick would count."""
    return _points(tallies, lambda tally: tally.events / tally.of if tally.of else None)


def _points(tallies: Sequence[Tally], value: Callable[[Tally], float | None]) -> list[Point]:
    return [
        Point(
            begins=tally.begins,
            value=value(tally),
            left_out=_left_out(tally, value(tally)),
            marks=(BANK_HOLIDAY,) if tally.bank_holiday else (),
        )
        for tally in tallies
    ]


def _left_out(tally: Tally, value: float | None) -> str | None:
    if not tally.complete:
        return UNFINISHED
    if value is None:
        return NOBODY
    return UNSETTLED if tally.of is not None and not tally.settled else None


def log_hours(minutes: float) -> float:
    """A duration as it is compared: its logarithm, so that 2 hours lie as far from 1 as 48 from 24."""
    return math.log(max(minutes, 1.0) / 60)
