"""The wait by which half of the children, or any share, have left: with an interval that knows of siblings."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from service.reports.statistics.clusters import LEVEL, Spreads, families_of_each, reach
from service.reports.statistics.curves import TOLERANCE, Curve, Curves
from service.reports.statistics.estimates import Centile
from service.reports.statistics.waits import WAITING, Floats, Ints

MEDIAN: Final = 0.5
#: Steps looked at first; between two of them the interval's end is then found to the minute.
_COARSE: Final = 256
_NONE: Final = np.zeros(0, np.int64)


def median(fitted: Curve, level: float = LEVEL) -> Centile:
    """The wait by which half have left."""
    return centiles(fitted, (MEDIAN,), level)[0]


def centiles(fitted: Curve, shares: Sequence[float], level: float = LEVEL) -> list[Centile]:
    """The waits by which these shares have left: as `Intervals.centiles`, of one curve."""
    return Intervals(fitted.alone(), level).centiles(shares)[0]


def band(fitted: Curve, minutes: npt.ArrayLike, level: float = LEVEL) -> tuple[Floats, Floats, Floats]:
    """The share waiting after each of some minutes: as `Intervals.bands`, of one curve."""
    return Intervals(fitted.alone(), level).bands([np.asarray(minutes, np.int64)])[0]


class Intervals:
    """Intervals around several curves, worked out for all of them at once."""

    def __init__(self, fitted: Curves, level: float = LEVEL) -> None:
        self._fitted = fitted
        self._families = families_of_each(fitted)
        self._reach = [reach(each.freedom, level) for each in self._families]
        self._spreads = Spreads(fitted, self._families)

    def centiles(self, shares: Sequence[float]) -> list[list[Centile]]:
        """The waits by which these shares have left, of each group.

        An interval holds every wait at which the band around the curve, symmetric on the complementary log-log scale,
        includes the share (Brookmeyer and Crowley 1982, with the error by family).
        """
        fitted, waits = self._fitted, self._fitted.waits
        ends = self._ends(shares)
        there = np.concatenate(([0.0], np.cumsum(waits.counts)))[fitted.rows]
        left = np.concatenate(([0.0], np.cumsum(waits.counts * (waits.causes != WAITING))))[fitted.rows]
        found = []
        for place, (begin, after) in enumerate(fitted.spans()):
            times, waiting = fitted.times[begin:after], fitted.waiting[begin:after]
            found.append(
                [
                    Centile(
                        share=share,
                        minutes=_first(times, waiting, 1 - share),
                        low=low,
                        high=high,
                        at_least=int(fitted.last[place]),
                        children=int(there[place + 1] - there[place]),
                        exits=int(left[place + 1] - left[place]),
                        families=self._families[place].there,
                    )
                    for share, (low, high) in zip(shares, ends[place], strict=True)
                ]
            )
        return found

    def bands(self, minutes: Sequence[Ints]) -> list[tuple[Floats, Floats, Floats]]:
        """The share waiting after each of some minutes (ascending) of each group, with both ends of its interval.

        Before the first exit and after the last the ends are the share itself; with one family nothing bounds them.
        """
        shares, asked = [], []
        for place, (begin, after) in enumerate(self._fitted.spans()):
            steps = np.searchsorted(self._fitted.times[begin:after], minutes[place], side="right") - 1
            left = np.where(steps >= 0, np.append(self._fitted.waiting[begin:after], 1.0)[steps], 1.0)
            there = (left > 0.0) & (left < 1.0)
            shares.append((left, there))
            asked.append(steps[there] if self._families[place].there > 1 else _NONE)
        found = []
        for place, ((left, there), ends) in enumerate(zip(shares, self._bands(asked), strict=True)):
            low, high = left.copy(), left.copy()
            low[there], high[there] = ends if self._families[place].there > 1 else (0.0, 1.0)
            found.append((left, low, high))
        return found

    def _ends(self, shares: Sequence[float]) -> list[list[tuple[int | None, int | None]]]:
        fitted = self._fitted
        told = (fitted.waiting > 0.0) & (fitted.waiting < 1.0)
        every = [
            np.flatnonzero(told[begin:after]) if self._families[place].there > 1 else _NONE
            for place, (begin, after) in enumerate(fitted.spans())
        ]
        many = [len(steps) > 2 * _COARSE for steps in every]
        looked = [_some(steps) if more else steps for steps, more in zip(every, many, strict=True)]
        found = self._bands(looked)
        if any(many):
            fine = [
                np.unique(np.concatenate([_around(steps, band, 1 - share) for band in bands for share in shares]))
                if more
                else _NONE
                for steps, bands, more in zip(looked, found, many, strict=True)
            ]
            finer = self._bands(fine)
            looked = [one if more else other for one, other, more in zip(fine, looked, many, strict=True)]
            found = [one if more else other for one, other, more in zip(finer, found, many, strict=True)]
        return [
            [
                (_first(fitted.times[begin:after][steps], lower, 1 - share),
                 _first(fitted.times[begin:after][steps], upper, 1 - share))
                for share in shares
            ]
            for (begin, after), steps, (lower, upper) in zip(fitted.spans(), looked, found, strict=True)
        ]  # fmt: skip

    def _bands(self, steps: Sequence[Ints]) -> list[tuple[Floats, Floats]]:
        """The band around the share waiting at some steps of each group."""
        size = [len(each) for each in steps]
        if not any(size):
            return [(np.zeros(0), np.zeros(0)) for _ in steps]
        fitted = self._fitted
        error = self._spreads.at(steps)
        logarithm = np.log(fitted.waiting[np.concatenate(steps) + np.repeat(fitted.steps[:-1], size)])
        width = np.minimum(np.repeat(self._reach, size) * error / np.abs(logarithm), 50.0)
        lower, upper = np.exp(logarithm * np.exp(width)), np.exp(logarithm * np.exp(-width))
        marks = np.concatenate(([0], np.cumsum(size))).tolist()
        return [(lower[begin:after], upper[begin:after]) for begin, after in pairwise(marks)]


def _first(times: Ints, band: Floats, left: float) -> int | None:
    """The first time at which a band has come down to a share."""
    if not len(band):
        return None
    down = band <= left + TOLERANCE
    place = int(down.argmax())
    return int(times[place]) if down[place] else None


def _some(steps: Ints) -> Ints:
    return steps[np.unique(np.linspace(0, len(steps) - 1, _COARSE).astype(np.int64))]


def _around(looked: Ints, band: Floats, left: float) -> Ints:
    """Every step between the last at which the band was above a share and the first at which it no longer is."""
    crossed = np.flatnonzero(band <= left + TOLERANCE)
    if not len(crossed):
        return looked[-1:]
    at = int(crossed[0])
    return np.arange(looked[at - 1] + 1 if at else looked[0], looked[at] + 1)
