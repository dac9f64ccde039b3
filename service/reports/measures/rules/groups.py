"""Some records by group, so that whatever is counted of them is counted of all groups at once.

A report divides the same stays in many ways: by grade, district, force and hours. Each way is one number beside every
record, and counting by it is one pass whatever the number of groups.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from service.reports.measures.figures import Estimate
from service.reports.measures.rules.frame import Ints, Mask, Part
from service.reports.measures.rules.records import FAMILIES
from service.reports.statistics.distributions import student_quantile

_CONFIDENT: Final = 0.975
#: More than any number of minutes.
_ROOM: Final = 32


class Groups:
    """The records of each group, one group's after the other's.

    ``part``: all of them. ``of``: the group of each. ``rows``: where each group's begin, and where the last ones end.

    Args:
        part: the records, in this order.
        sizes: how many each group has.
    """

    __slots__ = ("of", "part", "rows")

    def __init__(self, part: Part, sizes: Sequence[int]) -> None:
        self.rows: Ints = np.cumsum([0, *sizes], dtype=np.int64)
        self.of: Ints = np.repeat(np.arange(len(sizes)), sizes)
        self.part = part

    @classmethod
    def at(cls, part: Part, places: Sequence[Ints]) -> "Groups":
        """The records that are at some places for each group."""
        return cls(part.that(np.concatenate(places)), [len(each) for each in places])

    @classmethod
    def one(cls, part: Part) -> "Groups":
        """All records as one group."""
        return cls(part, [len(part)])

    def __len__(self) -> int:
        return len(self.rows) - 1

    def first(self, count: int) -> "Groups":
        """The first groups alone."""
        return Groups(self.part.that(slice(0, int(self.rows[count]))), np.diff(self.rows[: count + 1]).tolist())

    def counts(self, mask: Mask) -> list[int]:
        """How many records of a mask each group has."""
        found: list[int] = np.diff(np.concatenate(([0], np.cumsum(mask)))[self.rows]).tolist()
        return found

    def behind(self, mask: Mask) -> list[int]:
        """How many incidents or children stand behind them, as `rules.behind` counts."""
        return self.part.that(mask).behind_each(self.of[mask], len(self))

    def families(self, mask: Mask) -> Ints:
        """How many records of a mask each group (rows) has of each family (columns)."""
        code = self.of[mask] * FAMILIES + self.part.rows["family"][mask]
        return np.bincount(code, minlength=len(self) * FAMILIES).reshape(-1, FAMILIES)

    def shares(self, met: Mask, of: Mask) -> list[Estimate]:
        """The share of ``met`` among ``of`` in each group: as `shares`."""
        return shares(self.families(met & of), self.families(of))


class Ordered:
    """Values of each code below ``size``, in order."""

    __slots__ = ("_counts", "_first", "_values")

    def __init__(self, code: Ints, values: Ints, size: int) -> None:
        self._counts: list[int] = np.bincount(code, minlength=size).tolist()
        self._first: list[int] = np.cumsum([0, *self._counts]).tolist()
        self._values = np.sort(code << _ROOM | values) & ((1 << _ROOM) - 1)

    def centile(self, code: int, part_below: float) -> float | None:
        """The smallest value that this share of a code's values does not exceed; None without any."""
        number = self._counts[code]
        if not number:
            return None
        return float(self._values[self._first[code] + max(0, math.ceil(part_below * number) - 1)])

    def largest(self, code: int) -> int | None:
        """The largest value of a code; None without any."""
        return int(self._values[self._first[code + 1] - 1]) if self._counts[code] else None


def shares(met: Ints, of: Ints) -> list[Estimate]:
    """Shares by Wilson's interval with as many children as siblings leave of them.

    Args:
        met: how many of each family (columns) met it, of each group (rows).
        of: how many there were.
    """
    total, hits, groups = of.sum(axis=1), met.sum(axis=1), (of > 0).sum(axis=1)
    value = hits / np.maximum(total, 1)
    between = np.square(met - value[:, np.newaxis] * of).sum(axis=1)
    columns = zip(total.tolist(), groups.tolist(), value.tolist(), between.tolist(), strict=True)
    return [_share(*column) for column in columns]


def _share(total: int, groups: int, value: float, squares: float) -> Estimate:
    if not total:
        return Estimate(value=None, n=0)
    if groups < 2:
        return Estimate(value=value, n=total)
    between = squares * groups / (groups - 1) / total**2
    alone = value * (1 - value) / total
    # Fewer children than there are, where siblings share their fate; never more.
    effective = total / max(1.0, between / alone) if alone > 0 else float(total)
    low, high = _wilson(value, effective, student_quantile(_CONFIDENT, groups - 1))
    return Estimate(value=value, low=low, high=high, n=total)


def _wilson(value: float, n: float, reach: float) -> tuple[float, float]:
    square = reach * reach
    middle = (value + square / (2 * n)) / (1 + square / n)
    width = reach * math.sqrt(value * (1 - value) / n + square / (4 * n * n)) / (1 + square / n)
    return max(0.0, middle - width), min(1.0, middle + width)
