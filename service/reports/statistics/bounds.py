"""Waits of which only the day is known: a median has an earliest and a latest value, and no point is invented.

For the share waiting after t minutes the extremes are known. It is least when everybody who may have left by t did so,
and as late before t as possible; it is greatest when everybody who may still have been there was, and the others left
as early as possible. Both fall with t, so that a centile's bounds are found by halving.
"""

from collections.abc import Callable

import msgspec
import numpy as np
import numpy.typing as npt

from service.reports.statistics.centiles import centiles
from service.reports.statistics.clusters import LEVEL
from service.reports.statistics.curves import TOLERANCE, Curve, curve
from service.reports.statistics.waits import WAITING, Ints, Waits


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """Between which minutes a centile certainly lies, and its interval: ends are None where nothing bounds them."""

    share: float
    earliest: int | None
    latest: int | None
    low: int | None
    high: int | None
    at_least: int


def centile_bounds(shortest: Waits, longest: npt.ArrayLike, share: float = 0.5, level: float = LEVEL) -> Bounds:
    """The bounds of the wait by which a share has left.

    Args:
        shortest: the rows with the shortest length that each wait may have had.
        longest: the longest that it may have had; the same where the time is known.
        share: of the children who have left.
        level: of the interval, which takes the uncertainty about times and that about children together.
    """
    least, most = shortest.minutes, np.asarray(longest, np.int64)
    gone = shortest.causes != WAITING

    def early(minute: int) -> Curve:
        lengths = np.where(gone & (least <= minute), np.minimum(most, minute), least)
        return _with(shortest, lengths)

    def late(minute: int) -> Curve:
        lengths = np.where(gone & (most <= minute), least, most)
        return _with(shortest, lengths)

    top = int(most.max()) if len(most) else 0
    first, last = _reached(early, share, top), _reached(late, share, top)
    return Bounds(
        share=share,
        earliest=first,
        latest=last,
        low=None if first is None else centiles(early(first), (share,), level)[0].low,
        high=None if last is None else centiles(late(last), (share,), level)[0].high,
        at_least=int(least.max()) if len(least) else 0,
    )


def _with(waits: Waits, lengths: Ints) -> Curve:
    return curve(msgspec.structs.replace(waits, minutes=lengths))


def _reached(fitted: Callable[[int], Curve], share: float, top: int) -> int | None:
    """The first minute at which the share waiting has come down."""

    def down(minute: int) -> bool:
        then = fitted(minute)
        step = int(np.searchsorted(then.times, minute, side="right"))
        return step > 0 and float(then.waiting[step - 1]) <= 1 - share + TOLERANCE

    if not down(top):
        return None
    low, high = -1, top
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if down(middle) else (middle, high)
    return high
