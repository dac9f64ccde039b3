"""The wait by which half of the children, or any share, have left: with an interval that knows of siblings."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from service.reports.statistics.clusters import LEVEL, Spreads, families_of_each, reach
from service.reports.statistics.curves import TOLERANCE, Curve, Curves
from service.reports.statistics.estimates import Centile
from service.reports.statistics.waits import WAITING, Floats, Ints

MEDIAN: Final = 0.5
#: Steps looked at first; between two of them the interval's end is then found to the minute.
_COARSE: Final = 256


def median(fitted: Curve, level: float = LEVEL) -> Centile:
    """The wait by which half have left."""
    return centiles(fitted, (MEDIAN,), level)[0]


def centiles(fitted: Curve, shares: Sequence[float], level: float = LEVEL) -> list[Centile]:
    """The waits by which these shares have left: as `Intervals.centiles`, of one curve."""
    return Intervals(fitted.alone(), level).centiles(shares)[0]


class Intervals:
    """Intervals around several curves, worked out for all of them at once."""

    def __init__(self, fitted: Curves, level: float = LEVEL) -> None:
        self._fitted = fitted
        self._families = families_of_each(fitted)
        self._reach = np.array([reach(each.freedom, level) for each in self._families])
        self._spreads = Spreads(fitted, self._families)
        # With one family nothing bounds an interval.
        self._able = np.array([each.there > 1 for each in self._families], np.bool_)

    def centiles(self, shares: Sequence[float]) -> list[list[Centile]]:
        """The waits by which these shares have left, of each group.

        An interval holds every wait at which the band around the curve, symmetric on the complementary log-log scale,
        includes the share (Brookmeyer and Crowley 1982, with the error by family).
        """
        fitted, waits = self._fitted, self._fitted.waits
        there = np.concatenate(([0.0], np.cumsum(waits.counts)))[fitted.rows]
        left = np.concatenate(([0.0], np.cumsum(waits.counts * (waits.causes != WAITING))))[fitted.rows]
        every, (lows, highs) = np.arange(len(fitted.times)), self._ends(shares)
        middles = [_minutes(fitted.times, _first(every, fitted.steps, fitted.waiting, 1 - each)) for each in shares]
        columns = zip(
            zip(*middles, strict=True),
            zip(*lows, strict=True),
            zip(*highs, strict=True),
            fitted.last.tolist(),
            np.diff(there).tolist(),
            np.diff(left).tolist(),
            self._families,
            strict=True,
        )
        return [
            [
                Centile(
                    share=share,
                    minutes=minutes,
                    low=low,
                    high=high,
                    at_least=last,
                    children=int(children),
                    exits=int(exits),
                    families=families.there,
                )
                for share, minutes, low, high in zip(shares, middle, lower, upper, strict=True)
            ]
            for middle, lower, upper, last, children, exits, families in columns
        ]

    def bands(self, steps: Ints, size: Ints) -> tuple[Floats, Floats, Floats]:
        """The share waiting after some of the curves' times, with both ends of its interval.

        Where nobody or everybody has left the ends are the share itself; with one family nothing bounds them.

        Args:
            steps: places among all the curves' times, ascending.
            size: how many of them each group has.
        """
        left = self._fitted.waiting[steps]
        owner = np.repeat(np.arange(len(size)), size)
        there = (left > 0.0) & (left < 1.0)
        low, high = np.where(there, 0.0, left), np.where(there, 1.0, left)
        asked = np.flatnonzero(there & self._able[owner])
        low[asked], high[asked] = self._bands(steps[asked], np.bincount(owner[asked], minlength=len(size)))
        return left, low, high

    def _ends(self, shares: Sequence[float]) -> tuple[list[list[int | None]], list[list[int | None]]]:
        """Where the intervals around each centile (rows) of each group (columns) begin, and where they end."""
        fitted = self._fitted
        told = (fitted.waiting > 0.0) & (fitted.waiting < 1.0) & self._able[fitted.owners()]
        steps, marks = np.flatnonzero(told), np.concatenate(([0], np.cumsum(told)))[fitted.steps]
        many = np.diff(marks) > 2 * _COARSE
        groups, looked = np.flatnonzero(many).tolist(), np.ones(len(steps), np.bool_)
        if groups:
            for group in groups:
                begin, after = marks[group], marks[group + 1]
                looked[begin:after] = False
                looked[begin + evenly(after - begin, _COARSE)] = True
            steps, marks = steps[looked], np.concatenate(([0], np.cumsum(looked)))[marks]
        found = self._crossed(steps, marks, shares)
        if groups:
            fine = [_around(steps[marks[group] : marks[group + 1]], found[:, :, group].ravel()) for group in groups]
            size = np.zeros(len(many), np.int64)
            size[many] = [len(each) for each in fine]
            finer = self._crossed(np.concatenate(fine), np.concatenate(([0], np.cumsum(size))), shares)
            found = np.where(many, finer, found)
        low, high = ([_minutes(fitted.times, each) for each in ends] for ends in found)
        return low, high

    def _crossed(self, steps: Ints, marks: Ints, shares: Sequence[float]) -> Ints:
        """The first of some steps of each group at which its band's lower and upper edge (first dimension) have come
        down to each share; as `_first`.
        """
        edges = self._bands(steps, np.diff(marks))
        return np.array([[_first(steps, marks, edge, 1 - share) for share in shares] for edge in edges])

    def _bands(self, steps: Ints, size: Ints) -> tuple[Floats, Floats]:
        """The band around the share waiting at some steps of each group."""
        logarithm = np.log(self._fitted.waiting[steps])
        error = self._spreads.at(steps, size)
        width = np.minimum(np.repeat(self._reach, size) * error / np.abs(logarithm), 50.0)
        return np.exp(logarithm * np.exp(width)), np.exp(logarithm * np.exp(-width))


def evenly(size: int, points: int) -> Ints:
    """At most so many places from the first to the last of a line."""
    if size <= points:
        return np.arange(size)
    return np.unique(np.linspace(0, size - 1, points).astype(np.int64))


def _first(steps: Ints, marks: Ints, band: Floats, left: float) -> Ints:
    """The first step of each group at which a band has come down to a share; -1 where it does not."""
    down = np.flatnonzero(band <= left + TOLERANCE)
    place = np.append(down, len(band))[np.searchsorted(down, marks[:-1])]
    return np.where(place < marks[1:], np.append(steps, -1)[place], -1)


def _minutes(times: Ints, steps: Ints) -> list[int | None]:
    return [
        None if step < 0 else minute
        for step, minute in zip(steps.tolist(), np.append(times, -1)[steps].tolist(), strict=True)
    ]


def _around(looked: Ints, crossed: Ints) -> Ints:
    """For each crossing, every step after the last at which the band was above a share, up to the crossing."""
    lines = []
    for step in crossed.tolist():
        place = int(np.searchsorted(looked, step))
        lines.append(np.arange(looked[place - 1] + 1 if place else step, step + 1) if step >= 0 else looked[-1:])
    return np.unique(np.concatenate(lines))
