"""When the backlog clears at the present rate, and what rate clears it by a date."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil, sqrt
from statistics import fmean, stdev
from typing import Final

import msgspec

from service.reports.backlog.rules.passing import RATE_DAYS, Day
from service.reports.statistics.distributions import student_quantile
from service.reports.statistics.queueing import clearing, relief_capacity
from service.web import times

#: Weeks to the Monday by which it is asked what would clear it, where nobody names a day.
_WEEKS: Final = 4
#: What lies further ahead than this is not told as a date: no rate stays as it is for so long.
_FAR: Final = timedelta(days=366)


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """Local days on which nothing would be left, at the rates of the last days; None: not at these rates.

    ``needed`` clears everything by ``by``, in incidents a day, if as many arrive as now.
    """

    clears: date | None
    earliest: date | None
    latest: date | None
    by: date
    needed: float


def usual_day(today: date) -> date:
    """The Monday four weeks ahead."""
    return today + timedelta(days=-today.weekday() % 7 + 7 * _WEEKS)


def outlook(queue: int, days: Sequence[Day], today: date, by: date | None = None) -> Outlook | None:
    """Look ahead.

    Args:
        queue: incidents held now.
        days: what arrived and was cleared; the last two weeks of them count.
        today: from when on.
        by: the day asked for, after today.

    Returns:
        None where there are no two weeks to go by.
    """
    last = days[-RATE_DAYS:]
    if len(last) < RATE_DAYS:
        return None
    net = [each.cleared - each.arrived for each in last]
    reach = student_quantile(0.975, len(net) - 1) * stdev(net) / sqrt(len(net))
    found = clearing(queue, fmean(net), slowest=fmean(net) - reach, fastest=fmean(net) + reach)
    until = by or usual_day(today)
    return Outlook(
        clears=_on(today, found.time),
        earliest=_on(today, found.earliest),
        latest=_on(today, found.latest),
        by=until,
        needed=round(relief_capacity(fmean(each.arrived for each in last), queue, 0, (until - today).days), 1),
    )


def _on(today: date, after: float | None) -> date | None:
    if after is None or after > _FAR.days:
        return None
    return today + timedelta(days=ceil(after))


def outlook_sentences(queue: int, found: Outlook | None) -> list[str]:
    """When it clears, and what it takes."""
    if found is None or not queue:
        return []
    if found.clears is None:
        best = f"; at the best that is likely, not before {times.day(found.earliest)}" if found.earliest else ""
        said = f"At this rate it is never cleared{best}."
    else:
        said = f"At this rate it is cleared by {times.day(found.clears)}"
        if found.earliest and found.latest:
            said += f" (likely between {times.day(found.earliest)} and {times.day(found.latest)})."
        else:
            said += ", but the rate is so uncertain that it may never be."
    return [said, f"To clear it by {times.day(found.by)} takes {found.needed:,.1f} a day."]
