"""Two groups of children compared over one horizon that all of both could reach.

Families are numbered the same way in both groups, so that an incident with children in both (a pathway of last month
that was still waiting this month) moves both sides at once, and the interval of the difference knows it.
"""

import numpy as np

from service.reports.statistics.clusters import families_of_each, reach, spread, spread_of_difference
from service.reports.statistics.curves import Curve, Curves
from service.reports.statistics.distributions import student_tail
from service.reports.statistics.estimates import Estimate, plain_interval
from service.reports.statistics.incidence import mean_influences, means, share_estimate, share_influences, shares_left
from service.reports.statistics.waits import Floats

#: A number of each group, and the influence of each family on it.
_Found = tuple[list[float | None], Floats]


def difference_left(now: Curve, before: Curve, horizon: int, cause: int | None = None) -> Estimate | None:
    """How much more of the children (a share, negative for less) left within the horizon than before."""
    here, there = Reached(now.alone(), horizon, cause), Reached(before.alone(), horizon, cause)
    return here.difference_left(0, there)


def difference_mean(now: Curve, before: Curve, horizon: int) -> Estimate | None:
    """How many minutes longer (negative for shorter) the mean wait up to the horizon is than before."""
    return Reached(now.alone(), horizon).difference_mean(0, Reached(before.alone(), horizon))


class Reached:
    """How far several groups came by one horizon, with what each family adds to it."""

    def __init__(self, fitted: Curves, horizon: int, cause: int | None = None) -> None:
        self._families = families_of_each(fitted)
        self._left = shares_left(fitted, horizon, cause), share_influences(fitted, horizon, cause)
        self._mean = means(fitted, horizon), mean_influences(fitted, horizon)

    def left(self, place: int) -> Estimate | None:
        """The share of one group that left."""
        value, families = self._left[0][place], self._families[place]
        return None if value is None else share_estimate(value, float(spread(self._left[1][place], families)), families)

    def difference_left(self, place: int, others: "Reached") -> Estimate | None:
        """How much more of one group left than of that at the same place among others."""
        return self._difference(place, others, self._left, others._left)

    def difference_mean(self, place: int, others: "Reached") -> Estimate | None:
        """How many minutes longer one group waited than that at the same place among others."""
        return self._difference(place, others, self._mean, others._mean)

    def _difference(self, place: int, others: "Reached", here: _Found, there: _Found) -> Estimate | None:
        now, before = here[0][place], there[0][place]
        if now is None or before is None:
            return None
        families, earlier = self._families[place], others._families[place]
        error, freedom = spread_of_difference(here[1][place], families, there[1][place], earlier)
        low, high = plain_interval(now - before, error, reach(freedom))
        return Estimate(
            value=now - before,
            low=low,
            high=high,
            children=int(families.sizes.sum()) + int(earlier.sizes.sum()),
            families=int(np.count_nonzero(families.sizes + earlier.sizes)),
            error=error if np.isfinite(error) else None,
            freedom=freedom,
        )


def chance(estimate: Estimate) -> float:
    """How often a difference as large as this would come about if there were none (the p value)."""
    return student_tail(abs(estimate.value) / estimate.error, estimate.freedom) if estimate.error else 1.0
