"""Charts of individual values and moving ranges (XmR): what a process does by itself, and what is a signal.

Only flows and shares are charted so, never stocks (a stock remembers last week) and never cumulated numbers. Limits
stand at 2.66 mean moving ranges from the centre, moving ranges beyond 3.267 of their mean left out of it once (Making
Data Count; Wheeler, Understanding Variation). They come from the first points of a span and then stay: a baseline is
replaced when a person, knowing why, says that the process has changed, and never by itself.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from service.reports.statistics.waits import Floats

#: Points from which limits are no longer called trial limits.
ENOUGH: Final = 12
#: Points of a span that limits are made from.
BASELINE: Final = 26
#: Points on one side of the centre that are a shift; points in one direction that are a trend.
SHIFT: Final = 7
TREND: Final = 7
_LIMITS: Final = 2.66
_WILD: Final = 3.267

Rule = Literal["outside", "shift", "trend", "two_of_three"]
Direction = Literal["up", "down"]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The centre, the process limits, and the lines two thirds of the way to them. ``trial``: from few points."""

    centre: float
    low: float
    high: float
    near_low: float
    near_high: float
    points: int
    trial: bool


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One value. ``left_out`` says why it is drawn without counting; ``marks`` are printed beside it."""

    begins: date
    value: float | None
    left_out: str | None = None
    marks: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did to the process. ``new_baseline``: a person decided that limits begin again here."""

    on: date
    words: str
    new_baseline: bool = False


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """Points of a chart, first to last, that the process does not produce by itself."""

    rule: Rule
    first: int
    last: int
    direction: Direction


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Points of a chart, first to last, with one baseline; no limits where there are fewer than three points."""

    first: int
    last: int
    limits: Limits | None


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A chart ready to draw."""

    points: tuple[Point, ...]
    spans: tuple[Span, ...]
    signals: tuple[Signal, ...]
    changes: tuple[Change, ...]

    @property
    def limits(self) -> Limits | None:
        """The limits that hold now."""
        return self.spans[-1].limits if self.spans else None


def limits(
    values: npt.ArrayLike, *, floor: float | None = None, ceiling: float | None = None, wild: bool = True
) -> Limits | None:
    """The limits from values in order; None for fewer than three.

    Args:
        values: what the baseline is made of.
        floor: below which no value can lie (0 of a count), so that no limit does.
        ceiling: above which none can (1 of a share).
        wild: whether moving ranges beyond their own limit are left out of their mean.
    """
    found = np.asarray(values, np.float64)
    if len(found) < 3:
        return None
    ranges = np.abs(np.diff(found))
    mean = float(ranges.mean())
    if wild and (kept := ranges[ranges < _WILD * mean]).size:
        mean = float(kept.mean())
    centre, reach = float(found.mean()), _LIMITS * mean
    low = centre - reach if floor is None else max(floor, centre - reach)
    high = centre + reach if ceiling is None else min(ceiling, centre + reach)
    return Limits(
        centre=centre,
        low=low,
        high=high,
        near_low=max(low, centre - reach * 2 / 3),
        near_high=min(high, centre + reach * 2 / 3),
        points=len(found),
        trial=len(found) < ENOUGH,
    )


def chart(
    points: Sequence[Point],
    *,
    changes: Sequence[Change] = (),
    floor: float | None = None,
    ceiling: float | None = None,
    baseline: int = BASELINE,
) -> Chart:
    """Draw limits and find signals.

    Args:
        points: in order of time.
        changes: to annotate; only those with ``new_baseline`` begin new limits.
        floor: see ``limits``.
        ceiling: see ``limits``.
        baseline: how many counted points of a span its limits are made from.
    """
    anew = [change.on for change in changes if change.new_baseline]
    begins = [sum(point.begins < day for point in points) for day in anew]
    edges = sorted({0, *begins, len(points)})
    spans: list[Span] = []
    found: list[Signal] = []
    for first, after in pairwise(edges):
        counted = [n for n in range(first, after) if points[n].value is not None and points[n].left_out is None]
        values = np.array([points[n].value for n in counted], np.float64)
        drawn = limits(values[:baseline], floor=floor, ceiling=ceiling)
        spans.append(Span(first=first, last=after - 1, limits=drawn))
        if drawn is not None:
            found += [_renumbered(signal, counted) for signal in signals(values, drawn)]
    return Chart(points=tuple(points), spans=tuple(spans), signals=tuple(found), changes=tuple(changes))


def signals(values: npt.ArrayLike, drawn: Limits) -> list[Signal]:
    """Every signal among values, by where it begins: longest runs, each point outside, two of three near a limit."""
    found = np.asarray(values, np.float64)
    side = np.sign(np.round(found - drawn.centre, 12))
    step = np.sign(np.round(np.diff(found), 12))
    outside = np.where(found > drawn.high, 1, np.where(found < drawn.low, -1, 0))
    near = np.where(outside != 0, 0, np.where(found > drawn.near_high, 1, np.where(found < drawn.near_low, -1, 0)))
    all_found = [_signal("outside", n, n, outside[n]) for n in np.flatnonzero(outside).tolist()]
    all_found += [_signal("shift", a, b, side[a]) for a, b in _runs(side) if b - a + 1 >= SHIFT]
    all_found += [_signal("trend", a, b + 1, step[a]) for a, b in _runs(step) if b - a + 2 >= TREND]
    for towards in (1, -1):
        three = [n for n in range(len(found) - 2) if np.count_nonzero(near[n : n + 3] == towards) >= 2]
        for a, b in _joined(three):
            those = np.flatnonzero(near[a : b + 3] == towards) + a
            all_found.append(_signal("two_of_three", int(those[0]), int(those[-1]), towards))
    return sorted(all_found, key=lambda each: (each.first, each.last, each.rule))


def _renumbered(signal: Signal, counted: list[int]) -> Signal:
    return msgspec.structs.replace(signal, first=counted[signal.first], last=counted[signal.last])


def _signal(rule: Rule, first: int, last: int, towards: float) -> Signal:
    return Signal(rule=rule, first=int(first), last=int(last), direction="up" if towards > 0 else "down")


def _runs(signs: Floats) -> list[tuple[int, int]]:
    """First and last of every stretch of one sign other than nought."""
    runs: list[tuple[int, int]] = []
    for n, sign in enumerate(signs):
        if runs and sign and runs[-1][1] == n - 1 and signs[n - 1] == sign:
            runs[-1] = (runs[-1][0], n)
        elif sign:
            runs.append((n, n))
    return runs


def _joined(starts: list[int]) -> list[tuple[int, int]]:
    """Neighbouring windows as one."""
    joined: list[tuple[int, int]] = []
    for n in starts:
        joined[-1:] = [(joined[-1][0], n)] if joined and n == joined[-1][1] + 1 else [*joined[-1:], (n, n)]
    return joined
