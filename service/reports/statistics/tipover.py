"""What goes late by the end of the shift and by Monday.

Two numbers stand side by side. What falls due by then is certain: so many go late if nobody acts. How many of those
will be handled in time is estimated from how fast cases of the same stage and grade have left lately at the same length
of wait; the range knows how few those were. Below 50 that left, nothing is estimated and the certain number stands
alone. Nobody is ranked by any of this.
"""

import math
from collections.abc import Mapping
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from service.reports.statistics.clusters import Spreads, corrected, families_of
from service.reports.statistics.curves import Curve, curve
from service.reports.statistics.distributions import normal_quantile
from service.reports.statistics.waits import FAMILIES, Floats, Ints, Mask, Waits

#: How many must have left lately for their pace to say anything of those who wait.
ENOUGH: Final = 50
#: Share of such forecasts that the range holds.
RANGE: Final = 0.9
_HOURS_OF_WEEK: Final = 168


class Cases(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Who waits now. ``age`` and ``due_in``: minutes waited and minutes until due, negative for late.

    ``group``: stage and grade, by any number. ``incident``: cases of one incident are handled together.
    """

    age: Ints
    due_in: Ints
    group: Ints
    incident: Ints


class TipOver(msgspec.Struct, frozen=True, kw_only=True):
    """What goes late within a horizon.

    ``already``: late now. ``falling_due``: go late by then if nobody acts, exactly. ``expected`` of those, with
    ``low`` and ``high``, will not have been handled in time; None where nothing can be estimated.
    ``by_age_only``: how many of ``falling_due`` are counted as not handled, since too few like them have left lately.
    """

    already: int
    falling_due: int
    expected: float | None
    low: float | None
    high: float | None
    by_age_only: int


def tip_over(cases: Cases, lately: Mapping[int, Waits], horizon: int, pace: npt.ArrayLike | None = None) -> TipOver:
    """Forecast.

    Args:
        cases: who waits.
        lately: the waits of each group as a recent period saw them (``lifetable.in_period``).
        horizon: minutes from now; what is due exactly then is not late yet.
        pace: of each case, how fast things are done until it is due against a usual hour (``pace_until``).
    """
    due = (cases.due_in >= 0) & (cases.due_in < horizon)
    fast = np.ones(len(cases.age)) if pace is None else np.asarray(pace, np.float64)
    late, own = forecast(cases, lately, due, fast)
    known = ~np.isnan(late)
    falling, estimated = int(due.sum()), int(known.sum())
    expected = low = high = None
    if estimated:
        sure = falling - estimated
        middle = float(late[known].sum())
        wide = normal_quantile(0.5 + RANGE / 2) * math.sqrt(_chance(late[known], cases.incident[known]) + own)
        expected = sure + middle
        low, high = sure + max(0.0, middle - wide), sure + min(float(estimated), middle + wide)
    return TipOver(
        already=int((cases.due_in < 0).sum()),
        falling_due=falling,
        expected=expected,
        low=low,
        high=high,
        by_age_only=falling - estimated,
    )


def pace_until(exits_by_hour: npt.ArrayLike, hour: int, minutes: npt.ArrayLike) -> Floats:
    """How fast things are done from now until so many minutes ahead, against a usual hour of the week.

    Args:
        exits_by_hour: how many left in each hour of the week lately, from Monday midnight, 168 numbers.
        hour: of the week, now.
        minutes: ahead, of each case.
    """
    share = np.asarray(exits_by_hour, np.float64)
    usual = share.mean()
    weeks = 1 + int(np.max(minutes, initial=0)) // (60 * _HOURS_OF_WEEK)
    ahead = np.tile(np.roll(share / usual if usual else np.ones(_HOURS_OF_WEEK), -hour), weeks + 1)
    done = np.concatenate(([0.0], np.cumsum(ahead)))
    hours = np.asarray(minutes, np.float64) / 60
    there = np.interp(hours, np.arange(len(done)), done)
    return np.divide(there, hours, out=np.ones_like(hours), where=hours > 0)


def forecast(cases: Cases, lately: Mapping[int, Waits], due: Mask, pace: Floats) -> tuple[Floats, float]:
    """The chance of each case that falls due to be late, and the variance of their sum since the pace is an estimate.

    Not a number where it does not fall due, or where nothing can be estimated.
    """
    late = np.full(len(cases.age), np.nan)
    variance = 0.0
    for group in np.unique(cases.group[due]).tolist():
        waits = lately.get(group)
        if waits is None or waits.exits < ENOUGH:
            continue
        fitted = curve(waits)
        here = np.flatnonzero(due & (cases.group == group) & (cases.age + cases.due_in <= fitted.last))
        now, then = _step(fitted, cases.age[here]), _step(fitted, cases.age[here] + cases.due_in[here])
        left = np.concatenate(([1.0], fitted.waiting))
        told = left[then] > 0
        here, now, then = here[told], now[told], then[told]
        late[here] = np.power(left[then] / left[now], pace[here])
        variance += _own(fitted, now, then, late[here] * pace[here])
    return late, variance


def _step(fitted: Curve, minutes: Ints) -> Ints:
    """How many of the curve's times are at or before a length of wait."""
    return np.searchsorted(fitted.times, minutes, side="right")


def _own(fitted: Curve, now: Ints, then: Ints, weight: Floats) -> float:
    """The variance of a weighted sum of logarithms of shares still waiting, from one step to another."""
    steps = np.unique(np.concatenate((now, then)))
    steps = steps[steps > 0]
    if not len(steps):
        return 0.0
    families = families_of(fitted.waits)
    influences = Spreads(fitted.alone(), [families]).influences(steps - 1, np.array([len(steps)]))
    of = np.concatenate((np.zeros((1, FAMILIES)), influences))
    place = np.concatenate(([0], steps))
    moved = weight @ (of[np.searchsorted(place, then)] - of[np.searchsorted(place, now)])
    found = float(np.square(corrected(moved, families)).sum())
    return found if math.isfinite(found) else 0.0


def _chance(late: Floats, incident: Ints) -> float:
    """The variance of how many go late by chance, if cases of one incident all do or none."""
    _, code = np.unique(incident, return_inverse=True)
    expected, together = np.bincount(code, weights=late), np.bincount(code)
    return float((expected * (together - expected)).sum())
