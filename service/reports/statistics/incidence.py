"""What becomes of children by a given wait: any route, or one route among several, each with its interval.

The chance of one route is Aalen and Johansen's incidence: whoever left by another route cannot still leave by this one.
Counting the others as if they still waited (one minus Kaplan-Meier) would promise more than there is.
"""

from collections.abc import Sequence

import numpy as np

from service.reports.statistics.clusters import (
    LEVEL,
    Families,
    families_of,
    families_of_each,
    influences,
    reach,
    spread,
    spreads,
)
from service.reports.statistics.curves import TOLERANCE, Curve, Curves
from service.reports.statistics.estimates import Estimate, plain_interval, share_interval
from service.reports.statistics.waits import FAMILIES, Floats, Ints, Mask, sums


def incidence(fitted: Curve, cause: int) -> Floats:
    """The share that has left by one route, at each of the curve's times. All routes add to the share that left."""
    return _incidences(fitted.alone(), cause)


def left_by_then(fitted: Curve, minutes: int, cause: int | None = None, level: float = LEVEL) -> Estimate | None:
    """The share that has left within so many minutes, by one route or by any; None where the curve ends before."""
    return left_of_each(fitted.alone(), minutes, cause, level)[0]


def left_of_each(
    fitted: Curves, minutes: int | Ints, cause: int | None = None, level: float = LEVEL
) -> list[Estimate | None]:
    """The same of each of several curves; ``minutes`` may be of each."""
    values = shares_left(fitted, minutes, cause)
    if all(value is None for value in values):
        return [None] * len(values)
    families = families_of_each(fitted)
    columns = zip(values, spreads(share_influences(fitted, minutes, cause), families), families, strict=True)
    return [None if value is None else share_estimate(value, error, each, level) for value, error, each in columns]


def share_estimate(value: float, error: float, families: Families, level: float = LEVEL) -> Estimate:
    """A share with its interval."""
    low, high = share_interval(1 - value, error, reach(families.freedom, level))
    return Estimate(
        value=value,
        low=None if high is None else 1 - high,
        high=None if low is None else 1 - low,
        children=int(families.sizes.sum()),
        families=families.there,
        error=error if np.isfinite(error) else None,
        freedom=families.freedom,
    )


class Routes:
    """By which routes those of one curve have left, all at once: a column for each of ``causes``.

    ``reached``: the share that has left by each, at each of the curve's times (rows).
    """

    def __init__(self, fitted: Curve) -> None:
        waits, gone = fitted.waits, np.flatnonzero(fitted.gone)
        self._fitted = fitted
        self.causes: list[int] = np.flatnonzero(np.bincount(waits.causes[gone])).tolist()
        # Rows that have left: the step at which they did, and the column of their route.
        self._step, self._route = fitted.rank[gone] - 1, np.searchsorted(self.causes, waits.causes[gone])
        self._gone = gone
        ways = len(self.causes)
        cell = self._step * ways + self._route
        self._exits = sums(cell, waits.counts[gone], ways * len(fitted.times)).reshape(len(fitted.times), ways)
        self._before = np.concatenate(([1.0], fitted.waiting[:-1]))[: len(fitted.times), np.newaxis]
        self._at_risk = fitted.at_risk[:, np.newaxis]
        self.reached: Floats = np.cumsum(self._before * self._exits / self._at_risk, axis=0)

    def left(self, minutes: int, causes: Sequence[int]) -> list[Estimate | None]:
        """The share that has left within so many minutes by each of some routes: as `left_by_then`."""
        fitted = self._fitted
        if fitted.share_waiting(minutes) is None:
            return [None] * len(causes)
        upto = int(np.searchsorted(fitted.times, minutes, side="right"))
        families = families_of(fitted.waits)
        values = self.reached[upto - 1] if upto else np.zeros(len(self.causes))
        errors = spreads(self._influences(upto, values), [families] * len(self.causes))
        known = dict(zip(self.causes, zip(values.tolist(), errors, strict=True), strict=True))
        nobody = 0.0, 0.0 if families.there > 1 else np.nan
        return [share_estimate(*known.get(cause, nobody), families) for cause in causes]

    def _influences(self, upto: int, values: Floats) -> Floats:
        """The influence of each family (columns) on the share of each route (rows) that left by a step.

        Leaving by a route adds to its share, and leaving by any takes from what would still have left by it.
        """
        at_risk, exits = self._at_risk[:upto], self._fitted.exits[:upto, np.newaxis]
        after = _ratio(values - self.reached[:upto], np.broadcast_to(1 - exits / at_risk, (upto, len(values))))
        own = self._by_family(np.broadcast_to(self._before[:upto] / at_risk, after.shape), self._exits[:upto], own=True)
        return own - self._by_family(after / at_risk, exits, own=False)

    def _by_family(self, step: Floats, exits: Floats, *, own: bool) -> Floats:
        """As `clusters.influences` of each column, from what leaving at each step adds: by its own route, or by any."""
        fitted, ways = self._fitted, len(self.causes)
        counts = fitted.waits.counts[:, np.newaxis]
        risk = np.zeros((len(step) + 1, ways))
        np.cumsum(step * exits / self._at_risk[: len(step)], axis=0, out=risk[1:])
        row = -risk[np.minimum(fitted.rank, len(step))]
        here = np.flatnonzero(self._step < len(step))
        gone, at, route = self._gone[here], self._step[here], self._route[here]
        if own:
            row[gone, route] = step[at, route] - risk[at + 1, route]
        else:
            row[gone] = step[at] - risk[at + 1]
        row *= counts
        if fitted.entry_rank is not None:
            row += risk[np.minimum(fitted.entry_rank, len(step))] * counts
        cell = fitted.waits.families[:, np.newaxis] + np.arange(ways) * FAMILIES
        return sums(cell.ravel(), row.ravel(), ways * FAMILIES).reshape(ways, FAMILIES)


def restricted_mean(fitted: Curve, horizon: int, level: float = LEVEL) -> Estimate | None:
    """The mean wait in minutes when nothing after the horizon counts; None where the curve ends before it.

    Unlike a median it exists whenever the curve reaches the horizon, and it moves when only the long waits move.
    """
    alone = fitted.alone()
    (value,), (families,) = means(alone, horizon), families_of_each(alone)
    if value is None:
        return None
    error = float(spread(mean_influences(alone, horizon)[0], families))
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


def shares_left(fitted: Curves, minutes: int | Ints, cause: int | None = None) -> list[float | None]:
    """The share of each group that has left within so many minutes; None where its curve ends before."""
    reached = 1 - fitted.waiting if cause is None else _incidences(fitted, cause)
    upto = np.concatenate(([0], np.cumsum(_within(fitted, minutes))))[fitted.steps]
    number = upto[1:] - upto[:-1]
    share = np.append(reached, 0.0)[np.where(number > 0, fitted.steps[:-1] + number - 1, len(reached))]
    some = fitted.steps[1:] > fitted.steps[:-1]
    ended = some & (np.append(fitted.waiting, 1.0)[fitted.steps[1:] - 1] <= TOLERANCE)
    told = (minutes <= fitted.last) | ended
    return [value if known else None for value, known in zip(share.tolist(), told.tolist(), strict=True)]


def share_influences(fitted: Curves, minutes: int | Ints, cause: int | None = None) -> Floats:
    """The influence of each family (columns) on the share of each group that has left within so many minutes."""
    within = _within(fitted, minutes)
    staying = 1 - fitted.exits / fitted.at_risk
    if cause is None:
        return influences(fitted, _ratio(np.where(within, _final(fitted, fitted.waiting, within, 1.0), 0.0), staying))
    reached = _incidences(fitted, cause)
    own = influences(fitted, np.where(within, _before(fitted), 0.0), cause)
    left = np.where(within, _final(fitted, reached, within, 0.0) - reached, 0.0)
    return own - influences(fitted, _ratio(left, staying))


def means(fitted: Curves, horizon: int) -> list[float | None]:
    """The mean wait of each group when nothing after the horizon counts; None where its curve ends before it."""
    after = _areas(fitted, horizon)
    found: list[float | None] = []
    for (begin, end), left in zip(fitted.spans(), shares_left(fitted, horizon), strict=True):
        first = float(min(fitted.times[begin], horizon) + after[begin]) if end > begin else float(horizon)
        found.append(None if left is None else first)
    return found


def mean_influences(fitted: Curves, horizon: int) -> Floats:
    """The influence of each family (columns) on the mean wait of each group up to a horizon."""
    return -influences(fitted, _ratio(_areas(fitted, horizon), 1 - fitted.exits / fitted.at_risk))


def _within(fitted: Curves, minutes: int | Ints) -> Mask:
    """Which of the curves' times are within so many minutes, or within those of each curve."""
    here: Mask = fitted.times <= (minutes if isinstance(minutes, int) else minutes[fitted.owners()])
    return here


def _areas(fitted: Curves, horizon: int) -> Floats:
    """The part of the area below each curve up to a horizon that lies after each of its times."""
    times = np.minimum(fitted.times, horizon)
    ends = np.append(times[1:], horizon)
    ends[fitted.steps[1:][np.diff(fitted.steps) > 0] - 1] = horizon
    areas: Floats = fitted.waiting * (ends - times)
    for begin, after in fitted.spans():
        areas[begin:after] = np.cumsum(areas[begin:after][::-1])[::-1]
    return areas


def _incidences(fitted: Curves, cause: int) -> Floats:
    """The share of each group that has left by one route, at each of its times."""
    gone = fitted.gone & (fitted.waits.causes == cause)
    place = fitted.steps[fitted.group[gone]] + fitted.rank[gone] - 1
    found = _before(fitted) * sums(place, fitted.waits.counts[gone], len(fitted.times)) / fitted.at_risk
    for begin, after in fitted.spans():
        found[begin:after] = np.cumsum(found[begin:after])
    return found


def _before(fitted: Curves) -> Floats:
    """The share waiting just before each of the curves' times."""
    found = np.concatenate(([1.0], fitted.waiting))[: len(fitted.times)]
    found[fitted.steps[:-1][np.diff(fitted.steps) > 0]] = 1.0
    return found


def _final(fitted: Curves, column: Floats, within: Mask, otherwise: float) -> Floats:
    """What a column says last within the horizon in each group, at each of its times."""
    last = np.add.reduceat(np.append(within, False), fitted.steps[:-1], dtype=np.int64)
    last[np.diff(fitted.steps) == 0] = 0
    final = np.append(column, otherwise)[np.where(last > 0, fitted.steps[:-1] + last - 1, len(column))]
    found: Floats = final[fitted.owners()]
    return found


def _ratio(above: Floats, below: Floats) -> Floats:
    """A quotient that is nought where everybody left: nothing after such a step depends on it."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 1e-12)
