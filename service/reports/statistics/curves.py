"""Kaplan-Meier: the share still waiting after each minute, of everybody, those who still wait included.

A curve is exact at one minute. Those who wait at the report instant are counted as at risk until then and nothing is
assumed of them afterwards.
"""

from typing import Final

import msgspec
import numpy as np

from service.reports.statistics.waits import WAITING, Floats, Ints, Mask, Waits, sums

#: Rounding of products: a share that differs from a half by less than this is a half.
TOLERANCE: Final = 1e-9
#: Slots for each row at most, one for every minute there may be; a few waits of months are sorted sooner.
_WIDE: Final = 8


class Curve(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Steps of the share still waiting.

    ``times``: minutes at which anybody leaves, ascending. ``at_risk``: how many were waiting just before. ``exits``:
    how many left. ``waiting``: the share still waiting after it. ``last``: the wait up to which the curve speaks.
    ``rank``: of each row of ``waits``, how many of ``times`` are at or before its end. ``gone``: whether it left there.
    """

    waits: Waits
    times: Ints
    at_risk: Floats
    exits: Floats
    waiting: Floats
    last: int
    rank: Ints
    gone: Mask
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

    def gone_by(self, cause: int) -> Mask:
        """Which rows left by one route within what the curve speaks for."""
        mine: Mask = self.gone & (self.waits.causes == cause)
        return mine


def curve(waits: Waits) -> Curve:
    """Fit the curve to rows; without rows it is empty and says nothing."""
    slot, minutes = _slots(waits.minutes)
    width = len(minutes)
    gone = waits.causes != WAITING
    ended = sums(slot + width * gone, waits.counts, 2 * width).reshape(2, width)
    there = np.flatnonzero(ended[1])
    times, exits = minutes[there], ended[1][there]
    at_risk: Floats = np.cumsum(ended.sum(axis=0)[::-1])[::-1][there]
    entry_rank: Ints | None = None
    if waits.entered is not None:
        entry_rank = np.searchsorted(times, waits.entered, side="right")
        begins = sums(entry_rank, waits.counts, len(times) + 1)
        at_risk = at_risk - np.cumsum(begins[::-1])[::-1][1:]
    waiting: Floats = np.cumprod(1.0 - exits / at_risk, dtype=np.float64)
    waiting[waiting < TOLERANCE] = 0.0
    full = Curve(
        waits=waits,
        times=times,
        at_risk=at_risk,
        exits=exits,
        waiting=waiting,
        last=int(minutes[-1]) if width else 0,
        rank=np.cumsum(ended[1] > 0)[slot],
        gone=gone,
        entry_rank=entry_rank,
    )
    return full if entry_rank is None else _until_nobody_is_observed(full)


def _until_nobody_is_observed(full: Curve) -> Curve:
    """End a curve with delayed entry where its few early rows have all gone: it cannot know what others did there."""
    gone = np.flatnonzero(full.waiting == 0.0)
    if not len(gone) or full.waits.entered is None or full.waits.entered.max() < full.times[gone[0]]:
        return full
    keep = int(gone[0])
    last = int(full.times[keep]) - 1
    return msgspec.structs.replace(
        full,
        times=full.times[:keep],
        at_risk=full.at_risk[:keep],
        exits=full.exits[:keep],
        waiting=full.waiting[:keep],
        last=last,
        rank=np.minimum(full.rank, keep),
        gone=full.gone & (full.waits.minutes <= last),
        entry_rank=None if full.entry_rank is None else np.minimum(full.entry_rank, keep),
    )


def _slots(minutes: Ints) -> tuple[Ints, Ints]:
    """A slot for every row, and the minute of each slot: one for every minute there may be, or only for those seen."""
    if not len(minutes):
        return minutes, minutes
    top = int(minutes.max())
    if top <= _WIDE * len(minutes):
        return minutes, np.arange(top + 1)
    seen, slot = np.unique(minutes, return_inverse=True)
    return slot, seen
