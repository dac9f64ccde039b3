"""Waits as the reports hand them over: one row for each group of children who waited alike."""

from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

#: Families are hashes of incidents, so that siblings fall into one; intervals come from how much families differ.
FAMILIES: Final = 40
#: Cause of a row that is still waiting at the report instant, the only censoring there is.
WAITING: Final = 0
#: Entry of a row that was observed from the start: before the first minute.
FROM_THE_START: Final = -1


class Waits(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Rows in columns.

    ``minutes``: waited until the exit, or until the report instant. ``causes``: ``WAITING``, or the code of the route
    taken (1 and up). ``counts``: how many children the row stands for. ``families``: 0 to 39. ``entered``: the length
    of wait at which the row came under observation, after which it counts as at risk.
    """

    minutes: Ints
    causes: Ints
    counts: Floats
    families: Ints
    entered: Ints | None = None

    @property
    def children(self) -> int:
        """How many children the rows stand for."""
        return int(self.counts.sum())

    @property
    def exits(self) -> int:
        """How many of them have left."""
        return int(self.counts[self.causes != WAITING].sum())

    def that(self, chosen: Mask | slice) -> "Waits":
        """Some of the rows: those of a mask, or those from one place to before another."""
        return Waits(
            minutes=self.minutes[chosen],
            causes=self.causes[chosen],
            counts=self.counts[chosen],
            families=self.families[chosen],
            entered=None if self.entered is None else self.entered[chosen],
        )


def waits(
    minutes: npt.ArrayLike,
    causes: npt.ArrayLike,
    counts: npt.ArrayLike | None = None,
    families: npt.ArrayLike | None = None,
    entered: npt.ArrayLike | None = None,
) -> Waits:
    """Put columns together; without ``counts`` each row is one child, without ``families`` each its own.

    A row that entered at or after its end was never at risk and is left out.

    Raises:
        ValueError: columns of different lengths, a negative number, or a count that is not whole.
    """
    length = _column(minutes)
    size = len(length)
    left = _column(causes, size)
    weight = np.ones(size) if counts is None else _column(counts, size).astype(np.float64)
    family = np.arange(size, dtype=np.int64) % FAMILIES if families is None else _column(families, size)
    if entered is None:
        return Waits(minutes=length, causes=left, counts=weight, families=family)
    # Whoever was observed from the start was at risk of leaving in the first minute too.
    begun = _column(entered, size)
    begun = np.where(begun == 0, FROM_THE_START, begun)
    found = Waits(minutes=length, causes=left, counts=weight, families=family, entered=begun)
    seen = begun < length
    return found if seen.all() else found.that(seen)


def together(*parts: Waits) -> Waits:
    """All rows of several, for example of all grades."""
    entered: Ints | None = None
    if any(part.entered is not None for part in parts):
        entered = _joined([np.full(len(p.minutes), FROM_THE_START) if p.entered is None else p.entered for p in parts])
    return Waits(
        minutes=_joined([part.minutes for part in parts]),
        causes=_joined([part.causes for part in parts]),
        counts=np.concatenate([part.counts for part in parts] or [np.zeros(0)]),
        families=_joined([part.families for part in parts]),
        entered=entered,
    )


def sums(codes: Ints, weights: Floats, size: int) -> Floats:
    """The sum of weights for each code from nought to below ``size``."""
    return np.bincount(codes, weights=weights, minlength=size)[:size].astype(np.float64, copy=False)


def _joined(columns: list[Any]) -> Ints:
    return np.concatenate(columns or [np.zeros(0, np.int64)])


def _column(values: npt.ArrayLike, size: int | None = None) -> Ints:
    column = np.asarray(values)
    if column.ndim != 1 or (size is not None and len(column) != size):
        raise ValueError("columns of waits are of one length")
    if column.dtype != np.int64:
        whole = column.astype(np.int64)
        if not np.array_equal(whole, column):
            raise ValueError("minutes, counts and codes are whole numbers")
        column = whole
    if len(column) and column.min() < 0:
        raise ValueError("no wait, count or code is negative")
    return column
