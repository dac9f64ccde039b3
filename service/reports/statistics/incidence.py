"""What becomes of children by a given wait: any route, or one route among several, each with its interval.

The chance of one route is Aalen and Johansen's incidence: whoever left by another route cannot still leave by this one.
Counting the others as if they still waited (one minus Kaplan-Meier) would promise more than there is.
"""

import numpy as np

from service.reports.statistics.clusters import LEVEL, families_of, influences, reach, spread
from service.reports.statistics.curves import Curve
from service.reports.statistics.estimates import Estimate, plain_interval, share_interval
from service.reports.statistics.waits import Floats, sums


def incidence(fitted: Curve, cause: int) -> Floats:
    """The share that has left by one route, at each of the curve's times. All routes add to the share that left."""
    return np.cumsum(_before(fitted) * _exits(fitted, cause) / fitted.at_risk)


def left_by_then(fitted: Curve, minutes: int, cause: int | None = None, level: float = LEVEL) -> Estimate | None:
    """The share that has left within so many minutes, by one route or by any; None where the curve ends before."""
    value = share_left(fitted, minutes, cause)
    if value is None:
        return None
    families = families_of(fitted.waits)
    error = float(spread(share_influences(fitted, minutes, cause), families))
    low, high = share_interval(1 - value, error, reach(families.freedom, level))
    return Estimate(
        value=value,
        low=None if high is None else 1 - high,
        high=None if low is None else 1 - low,
        children=fitted.waits.children,
        families=families.there,
        error=error if np.isfinite(error) else None,
        freedom=families.freedom,
    )


def restricted_mean(fitted: Curve, horizon: int, level: float = LEVEL) -> Estimate | None:
    """The mean wait in minutes when nothing after the horizon counts; None where the curve ends before it.

    Unlike a median it exists whenever the curve reaches the horizon, and it moves when only the long waits move.
    """
    if fitted.share_waiting(horizon) is None:
        return None
    families = families_of(fitted.waits)
    value, _ = _area(fitted, horizon)
    error = float(spread(mean_influences(fitted, horizon), families))
    low, high = plain_interval(value, error, reach(families.freedom, level))
    return Estimate(
        value=value,
        low=None if low is None else max(0.0, low),
        high=None if high is None else min(float(horizon), high),
        children=fitted.waits.children,
        families=families.there,
        error=error if np.isfinite(error) else None,
        freedom=families.freedom,
    )


def share_left(fitted: Curve, minutes: int, cause: int | None = None) -> float | None:
    """The share that has left within so many minutes; None where the curve ends before."""
    waiting = fitted.share_waiting(minutes)
    if waiting is None or cause is None:
        return None if waiting is None else 1 - waiting
    step = int(np.searchsorted(fitted.times, minutes, side="right"))
    return float(incidence(fitted, cause)[step - 1]) if step else 0.0


def share_influences(fitted: Curve, minutes: int, cause: int | None = None) -> Floats:
    """The influence of each family on the share that has left within so many minutes."""
    within = fitted.times <= minutes
    staying = 1 - fitted.exits / fitted.at_risk
    if cause is None:
        waiting = fitted.waiting[within][-1] if within.any() else 1.0
        return influences(fitted, _ratio(np.where(within, waiting, 0.0), staying))
    reached = incidence(fitted, cause)
    final = reached[within][-1] if within.any() else 0.0
    own = influences(fitted, np.where(within, _before(fitted), 0.0), cause)
    return own - influences(fitted, _ratio(np.where(within, final - reached, 0.0), staying))


def mean_influences(fitted: Curve, horizon: int) -> Floats:
    """The influence of each family on the mean wait up to a horizon."""
    _, after = _area(fitted, horizon)
    return -influences(fitted, _ratio(after, 1 - fitted.exits / fitted.at_risk))


def _area(fitted: Curve, horizon: int) -> tuple[float, Floats]:
    """The area below the curve up to a horizon, and the part of it after each of the curve's times."""
    times = np.minimum(fitted.times, horizon)
    widths = np.diff(np.append(times, horizon))
    after: Floats = np.cumsum((fitted.waiting * widths)[::-1])[::-1]
    first = float(times[0]) if len(times) else float(horizon)
    return first + (float(after[0]) if len(after) else 0.0), after


def _before(fitted: Curve) -> Floats:
    """The share waiting just before each of the curve's times."""
    return np.concatenate(([1.0], fitted.waiting[:-1]))[: len(fitted.times)]


def _exits(fitted: Curve, cause: int) -> Floats:
    gone = fitted.gone_by(cause)
    return sums(fitted.rank[gone] - 1, fitted.waits.counts[gone], len(fitted.times))


def _ratio(above: Floats, below: Floats) -> Floats:
    """A quotient that is nought where everybody left: nothing after such a step depends on it."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 1e-12)
