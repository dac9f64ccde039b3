"""Working time of many spans at once: an agency's windows as a line of seconds worked since the calendar began."""

from datetime import date, timedelta
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from service.clocks import ReadyCalendar
from service.reports.measures.rules.frame import Ints, Mask, edges

#: Stands in for holders whose hours nobody recorded.
_OTHERWISE: Final = "childrens_social_care"
_lines: WeakKeyDictionary[ReadyCalendar, dict[str, tuple[Ints, Ints]]] = WeakKeyDictionary()
_days: WeakKeyDictionary[ReadyCalendar, Ints] = WeakKeyDictionary()


def _line(ready: ReadyCalendar, agency: str) -> tuple[Ints, Ints]:
    """Edges of the agency's windows, and the seconds worked by each edge."""
    name = agency if agency in ready.hours else _OTHERWISE
    kept = _lines.setdefault(ready, {})
    if name not in kept:
        hours = ready.hours[name]
        points, worked, done = [0], [0], 0
        for ordinal in range(ready.first, ready.last + 1):
            for opens, closes in hours.windows(date.fromordinal(ordinal)):
                a, b = int(opens.timestamp()), int(closes.timestamp())
                done += b - a
                if points[-1] == a:
                    points[-1], worked[-1] = b, done
                else:
                    points += [a, b]
                    worked += [done - (b - a), done]
        kept[name] = (np.array(points, np.int64), np.array(worked, np.int64))
    return kept[name]


def working(ready: ReadyCalendar, agency: str, since: Ints, until: Ints) -> Ints:
    """Seconds of each span in which the agency works."""
    points, worked = _line(ready, agency)
    found: npt.NDArray[np.float64] = np.interp(until, points, worked) - np.interp(since, points, worked)
    return np.rint(found).astype(np.int64)


def at_work(ready: ReadyCalendar, agency: str, instants: Ints) -> Mask:
    """At which instants the agency works."""
    return np.asarray(working(ready, agency, instants, instants + 1) > 0)


def working_days(ready: ReadyCalendar, since: Ints, until: Ints) -> Ints:
    """Working days from one instant to another, the day of the first being day 0."""
    if ready not in _days:
        days = [date.fromordinal(ordinal) for ordinal in range(ready.first, ready.last + 1)]
        _days[ready] = edges([day for day in days if ready.is_working_day(day)])
    begins = _days[ready]
    return np.asarray(
        np.searchsorted(begins, until, side="right") - np.searchsorted(begins, since, side="right"), np.int64
    )


def holiday_weeks(ready: ReadyCalendar) -> frozenset[date]:
    """The Mondays of all weeks that have a bank holiday."""
    return frozenset(day - timedelta(days=day.weekday()) for day in ready.holidays)
