"""Waits of which only the day is known: a median has an earliest and a latest value, and no point is invented.

For the share waiting after t minutes the extremes are known. It is least when everybody who may have left by t did so,
and as late before t as possible; it is greatest when everybody who may still have been there was, and the others left
as early as possible. Both fall with t, so that a centile's bounds are found by halving.

Neither extreme is fitted anew for each t: it differs little from one curve in which everybody left at their latest, or
at their earliest.
"""

from collections.abc import Callable

import msgspec
import numpy as np
import numpy.typing as npt

from service.reports.statistics.curves import TOLERANCE, curve
from service.reports.statistics.waits import WAITING, Ints, Waits, sums


class Bounds(msgspec.Struct, frozen=True):
    """Between which minutes a centile certainly lies; ends are None where nothing bounds them."""

    earliest: int | None
    latest: int | None


def centile_bounds(shortest: Waits, longest: npt.ArrayLike, share: float = 0.5) -> Bounds:
    """The bounds of the wait by which a share has left.

    Args:
        shortest: the rows with the shortest length that each wait may have had, all observed from the start.
        longest: the longest that it may have had; the same where the time is known.
        share: of the children who have left.
    """
    most = np.asarray(longest, np.int64)
    if not len(most):
        return Bounds(None, None)
    top = int(most.max())
    return Bounds(
        _reached(_Least(shortest, most).waiting, share, top), _reached(_Greatest(shortest, most).waiting, share, top)
    )


class _Least:
    """The least share that may be waiting.

    Before t it is the curve of those who left at their latest. At t leave all who may have left by then and are still
    there: n of them are at risk in both.
    """

    def __init__(self, rows: Waits, most: Ints) -> None:
        gone = rows.causes != WAITING
        self._fitted = curve(msgspec.structs.replace(rows, minutes=np.where(gone, most, rows.minutes)))
        self._may_go, self._gone, self._exits = rows.minutes[gone], most[gone], rows.counts[gone]
        self._censored, self._others = rows.minutes[~gone], rows.counts[~gone]

    def waiting(self, minute: int) -> float:
        """The share after so many minutes."""
        step = int(np.searchsorted(self._fitted.times, minute))
        before = float(self._fitted.waiting[step - 1]) if step else 1.0
        there = self._gone >= minute
        exits = float(self._exits[there & (self._may_go <= minute)].sum())
        at_risk = float(self._exits[there].sum() + self._others[self._censored >= minute].sum())
        return before * (1 - exits / at_risk) if exits else before


class _Greatest:
    """The greatest share that may be waiting.

    It is the curve of those who left at their earliest, but that whoever may still be there at t has not left.
    """

    def __init__(self, rows: Waits, most: Ints) -> None:
        gone = rows.causes != WAITING
        self._fitted = curve(msgspec.structs.replace(rows, minutes=np.where(gone, rows.minutes, most)))
        vague = gone & (rows.minutes < most)
        self._rank = np.searchsorted(self._fitted.times, rows.minutes[vague])
        self._least, self._most, self._counts = rows.minutes[vague], most[vague], rows.counts[vague]

    def waiting(self, minute: int) -> float:
        """The share after so many minutes."""
        fitted = self._fitted
        steps = int(np.searchsorted(fitted.times, minute, side="right"))
        there = (self._least <= minute) & (self._most > minute)
        staying = sums(self._rank[there], self._counts[there], steps)
        at_risk = fitted.at_risk[:steps] + np.cumsum(staying) - staying
        return float(np.prod(1.0 - (fitted.exits[:steps] - staying) / at_risk))


def _reached(waiting: Callable[[int], float], share: float, top: int) -> int | None:
    """The first minute at which the share waiting has come down."""
    enough = 1 - share + TOLERANCE
    if waiting(top) > enough:
        return None
    low, high = -1, top
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if waiting(middle) <= enough else (middle, high)
    return high
