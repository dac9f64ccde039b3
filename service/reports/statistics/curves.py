"""Kaplan-Meier: the share still waiting after each minute, of everybody, those who still wait included.

A curve is exact at one minute. Those who wait at the report instant are counted as at risk until then and nothing is
assumed of them afterwards.
"""

from typing import Final

import msgspec
import numpy as np

from service.reports.statistics.waits import WAITING, Floats, Ints, Waits, sums

#: Rounding of products: a share that differs from a half by less than this is a half.
TOLERANCE: Final = 1e-9
#: Longest wait, in minutes, for which a slot for every minute is cheaper than sorting (16 years).
_DENSE: Final = 1 << 23
#: So many slots for each row at most: a few waits of months are sorted sooner.
_WIDE: Final = 8


class Curve(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Steps of the share still waiting.

    ``times``: minutes at which anybody leaves, ascending. ``at_risk``: how many were waiting just before. ``exits``:
    how many left. ``waiting``: the share still waiting after it. ``last``: the wait up to which the curve speaks.
    ``rank``: of each row of ``waits``, how many of ``times`` are at or before its end.
    """

    waits: Waits
    times: Ints
    at_risk: Floats
    exits: Floats
    waiting: Floats
    last: int
    rank: Ints
    entry_rank: Ints | None

    def share_waiting(self, minutes: int) -> float | None:
        """The share still waiting after so many minutes; None beyond what the curve speaks for."""
        if minutes > self.last and not self.ended:
            return None
        step = int(np.searchsorted(self.times, minutes, side="right"))
        return float(self.waiting[step - 1]) if step else 1.0

    @property
    def ended(self) -> bool:
        """Whether nobody is left waiting at the end of the curve."""
        return len(self.waiting) > 0 and float(self.waiting[-1]) <= TOLERANCE


def curve(waits: Waits) -> Curve:
    """Fit the curve to rows; without rows it is empty and says nothing."""
    left = waits.causes != WAITING
    times = _distinct(waits.minutes[left])
    dense = _top(waits) <= min(_DENSE, _WIDE * len(waits.minutes))
    rank = np.searchsorted(times, np.arange(_top(waits) + 2), side="right") if dense else None
    row_rank = rank[waits.minutes] if rank is not None else np.searchsorted(times, waits.minutes, side="right")
    size = len(times)
    exits = sums(row_rank[left] - 1, waits.counts[left], size)
    # A row is at risk at every step up to and including its rank.
    ends = sums(row_rank, waits.counts, size + 1)
    at_risk: Floats = np.cumsum(ends[::-1])[::-1][1:]
    entry_rank: Ints | None = None
    if waits.entered is not None:
        entry_rank = np.searchsorted(times, waits.entered, side="right")
        begins = sums(entry_rank, waits.counts, size + 1)
        at_risk = at_risk - np.cumsum(begins[::-1])[::-1][1:]
    waiting: Floats = np.cumprod(1.0 - exits / at_risk, dtype=np.float64)
    waiting[waiting < TOLERANCE] = 0.0
    full = Curve(
        waits=waits,
        times=times,
        at_risk=at_risk,
        exits=exits,
        waiting=waiting,
        last=int(waits.minutes.max()) if len(waits.minutes) else 0,
        rank=row_rank,
        entry_rank=entry_rank,
    )
    return full if entry_rank is None else _until_nobody_is_observed(full)


def _until_nobody_is_observed(full: Curve) -> Curve:
    """End a curve with delayed entry where its few early rows have all gone: it cannot know what others did there."""
    if not len(full.times) or full.waits.entered is None:
        return full
    gone = np.flatnonzero(full.waiting == 0.0)
    if not len(gone) or full.waits.entered.max() < full.times[gone[0]]:
        return full
    keep = int(gone[0])
    return msgspec.structs.replace(
        full,
        times=full.times[:keep],
        at_risk=full.at_risk[:keep],
        exits=full.exits[:keep],
        waiting=full.waiting[:keep],
        last=int(full.times[keep]) - 1,
        rank=np.minimum(full.rank, keep),
        entry_rank=None if full.entry_rank is None else np.minimum(full.entry_rank, keep),
    )


def _top(waits: Waits) -> int:
    return int(waits.minutes.max()) if len(waits.minutes) else 0


def _distinct(minutes: Ints) -> Ints:
    if len(minutes) and minutes.max() <= min(_DENSE, _WIDE * len(minutes)):
        there = np.zeros(int(minutes.max()) + 1, dtype=bool)
        there[minutes] = True
        return np.flatnonzero(there)
    return np.unique(minutes)
