"""Two groups of children compared over one horizon that all of both could reach.

Families are numbered the same way in both groups, so that an incident with children in both (a pathway of last month
that was still waiting this month) moves both sides at once, and the interval of the difference knows it.
"""

import numpy as np

from service.reports.statistics.clusters import LEVEL, families_of, reach, spread_of_difference
from service.reports.statistics.curves import Curve
from service.reports.statistics.distributions import student_tail
from service.reports.statistics.estimates import Estimate, plain_interval
from service.reports.statistics.incidence import mean_influences, restricted_mean, share_influences, share_left
from service.reports.statistics.waits import Floats


def difference_left(
    now: Curve, before: Curve, horizon: int, cause: int | None = None, level: float = LEVEL
) -> Estimate | None:
    """How much more of the children (a share, negative for less) left within the horizon than before."""
    here, there = share_left(now, horizon, cause), share_left(before, horizon, cause)
    if here is None or there is None:
        return None
    return _difference(
        now,
        before,
        here - there,
        share_influences(now, horizon, cause),
        share_influences(before, horizon, cause),
        level,
    )


def difference_mean(now: Curve, before: Curve, horizon: int, level: float = LEVEL) -> Estimate | None:
    """How many minutes longer (negative for shorter) the mean wait up to the horizon is than before."""
    here, there = restricted_mean(now, horizon), restricted_mean(before, horizon)
    if here is None or there is None:
        return None
    return _difference(
        now, before, here.value - there.value, mean_influences(now, horizon), mean_influences(before, horizon), level
    )


def chance(estimate: Estimate) -> float:
    """How often a difference as large as this would come about if there were none (the p value)."""
    return student_tail(abs(estimate.value) / estimate.error, estimate.freedom) if estimate.error else 1.0


def _difference(now: Curve, before: Curve, value: float, here: Floats, there: Floats, level: float) -> Estimate:
    families, earlier = families_of(now.waits), families_of(before.waits)
    error, freedom = spread_of_difference(here, families, there, earlier)
    low, high = plain_interval(value, error, reach(freedom, level))
    return Estimate(
        value=value,
        low=low,
        high=high,
        children=now.waits.children + before.waits.children,
        families=int(np.count_nonzero(families.sizes + earlier.sizes)),
        error=error if np.isfinite(error) else None,
        freedom=freedom,
    )
