"""Kaplan-Meier: the share still waiting after each minute, of everybody, those who still wait included.

A curve is exact at one minute. Those who wait at the report instant are counted as at risk until then and nothing is
assumed of them afterwards. A report needs hundreds of curves, of groups of the same children: they are fitted together,
each step for all groups at once, and lie one after the other.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np

from service.reports.statistics.waits import WAITING, Floats, Ints, Mask, Waits, sums

#: Rounding of products: a share that differs from a half by less than this is a half.
TOLERANCE: Final = 1e-9


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

    def alone(self) -> "Curves":
        """This curve as the only one of several."""
        return Curves(
            waits=self.waits,
            rows=np.array([0, len(self.gone)]),
            group=np.zeros(len(self.gone), np.int64),
            steps=np.array([0, len(self.times)]),
            times=self.times,
            at_risk=self.at_risk,
            exits=self.exits,
            waiting=self.waiting,
            last=np.array([self.last]),
            rank=self.rank,
            gone=self.gone,
            entry_rank=self.entry_rank,
        )


class Curves(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """Curves of several groups, fitted together; columns as of one curve, those of each group after those before.

    ``rows`` and ``steps``: where the rows and the times of each group begin, and where the last ones end. ``group``:
    of each row. ``rank`` and ``entry_rank`` count the times of the row's own group.
    """

    waits: Waits
    rows: Ints
    group: Ints
    steps: Ints
    times: Ints
    at_risk: Floats
    exits: Floats
    waiting: Floats
    last: Ints
    rank: Ints
    gone: Mask
    entry_rank: Ints | None

    def __len__(self) -> int:
        return len(self.rows) - 1

    def __getitem__(self, place: int) -> Curve:
        first, after = int(self.rows[place]), int(self.rows[place + 1])
        begin, end = int(self.steps[place]), int(self.steps[place + 1])
        return Curve(
            waits=self.waits.that(slice(first, after)),
            times=self.times[begin:end],
            at_risk=self.at_risk[begin:end],
            exits=self.exits[begin:end],
            waiting=self.waiting[begin:end],
            last=int(self.last[place]),
            rank=self.rank[first:after],
            gone=self.gone[first:after],
            entry_rank=None if self.entry_rank is None else self.entry_rank[first:after],
        )

    def spans(self) -> Iterator[tuple[int, int]]:
        """Where the times of each group begin and end."""
        return pairwise(self.steps.tolist())

    def owners(self) -> Ints:
        """The group of each of the times."""
        return np.repeat(np.arange(len(self)), self.steps[1:] - self.steps[:-1])


def curve(waits: Waits) -> Curve:
    """Fit the curve to rows; without rows it is empty and says nothing."""
    return curves(waits, np.array([0, len(waits.minutes)]))[0]


def curves(waits: Waits, rows: Ints) -> Curves:
    """Fit a curve to the rows of each group.

    Args:
        waits: the rows of all groups, one group after the other.
        rows: where those of each group begin, and where the last ones end.
    """
    groups = len(rows) - 1
    every = np.arange(groups)
    group = np.repeat(every, np.diff(rows))
    order, first = _in_order(group, waits.minutes)
    gone = waits.causes != WAITING
    counts = waits.counts[order]
    # Of each length of wait of a group: how many left, and how many waited so long or longer.
    ended = np.add.reduceat(counts * gone[order], first) if len(first) else counts
    there = np.flatnonzero(ended)
    owner = group[first[there]]
    times, exits = waits.minutes[order[first[there]]], ended[there]
    steps = np.searchsorted(owner, np.arange(groups + 1))
    upto = np.concatenate(([0.0], np.cumsum(counts)))
    at_risk: Floats = upto[rows[1:]][owner] - upto[first[there]]
    rank = np.empty(len(order), np.int64)
    rank[order] = np.repeat(np.cumsum(ended > 0), np.diff(np.append(first, len(order)))) - steps[group]
    entry_rank: Ints | None = None
    if waits.entered is not None:
        entry_rank = _entered(waits.entered, group, times, steps, owner)
        ranks = steps[:-1] + every
        begins = sums(entry_rank + ranks[group], waits.counts, len(times) + groups)
        come = np.cumsum(begins[::-1])[::-1]
        after = upto[-1] - upto[rows[1:]]
        at_risk = at_risk - (come[np.arange(1, len(times) + 1) + owner] - after[owner])
    full = Curves(
        waits=waits,
        rows=rows,
        group=group,
        steps=steps,
        times=times,
        at_risk=at_risk,
        exits=exits,
        waiting=_products(1.0 - exits / at_risk, steps),
        last=_last(waits.minutes, rows),
        rank=rank,
        gone=gone,
        entry_rank=entry_rank,
    )
    return full if entry_rank is None else _until_nobody_is_observed(full)


def _products(factors: Floats, steps: Ints) -> Floats:
    """The product of each group's factors up to each of them; what is as good as nought is nought."""
    found = np.empty(len(factors))
    for first, after in pairwise(steps.tolist()):
        if first < after:
            np.multiply.accumulate(factors[first:after], out=found[first:after])
    found[found < TOLERANCE] = 0.0
    return found


def _last(minutes: Ints, rows: Ints) -> Ints:
    """The longest wait of each group; nought where it has none."""
    found = np.zeros(len(rows) - 1, np.int64)
    there = np.flatnonzero(np.diff(rows))
    if len(there):
        found[there] = np.maximum.reduceat(minutes, rows[:-1][there])
    return found


def _entered(entered: Ints, group: Ints, times: Ints, steps: Ints, owner: Ints) -> Ints:
    """How many of its group's times each row had passed when it came under observation."""
    found = np.zeros(len(entered), np.int64)
    late = np.flatnonzero(entered >= 0)
    top = 1 + max(int(entered.max(initial=0)), int(times.max(initial=0)))
    line = times + owner * top
    found[late] = np.searchsorted(line, entered[late] + group[late] * top, side="right") - steps[group[late]]
    return found


def _until_nobody_is_observed(full: Curves) -> Curves:
    """End a curve with delayed entry where its few early rows have all gone: it cannot know what others did there."""
    nobody = np.flatnonzero(full.waiting == 0.0)
    if not len(nobody) or full.waits.entered is None:
        return full
    keep, last = np.diff(full.steps), full.last.copy()
    for group in np.unique(np.searchsorted(full.steps, nobody, side="right") - 1).tolist():
        first, after = full.steps[group], full.steps[group + 1]
        gone = int(np.flatnonzero(full.waiting[first:after] == 0.0)[0])
        ended = int(full.times[first + gone])
        if int(full.waits.entered[full.rows[group] : full.rows[group + 1]].max()) >= ended:
            keep[group], last[group] = gone, ended - 1
    if np.array_equal(keep, np.diff(full.steps)):
        return full
    steps = np.concatenate(([0], np.cumsum(keep)))
    owners = full.owners()
    kept = np.arange(len(full.times)) - full.steps[owners] < keep[owners]
    return msgspec.structs.replace(
        full,
        steps=steps,
        times=full.times[kept],
        at_risk=full.at_risk[kept],
        exits=full.exits[kept],
        waiting=full.waiting[kept],
        last=last,
        rank=np.minimum(full.rank, keep[full.group]),
        gone=full.gone & (full.waits.minutes <= last[full.group]),
        entry_rank=None if full.entry_rank is None else np.minimum(full.entry_rank, keep[full.group]),
    )


def _in_order(group: Ints, minutes: Ints) -> tuple[Ints, Ints]:
    """Rows by group and minute; and the first of each minute of a group, as a place among them."""
    top = 1 + int(minutes.max(initial=0))
    line = group * top + minutes
    # Two bytes after two: numbers of two bytes are put in order by counting them.
    order, shift = np.argsort(line.astype(np.uint16), kind="stable"), 16
    while int(group.max(initial=0) + 1) * top >> shift:
        order = order[np.argsort((line[order] >> shift).astype(np.uint16), kind="stable")]
        shift += 16
    line = line[order]
    return order, np.flatnonzero(np.append(True, line[1:] != line[:-1])[: len(line)])
