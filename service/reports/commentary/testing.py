"""Which changes are signals: every test of a report judged together.

Weekly series are tested by the mean of their latest weeks against the weeks before, on a scale on which counts (square
root) and shares (arc sine) vary alike whatever their size; how much weeks differ by themselves is taken from the weeks
before alone. A shift that began some weeks ago is looked for over four weeks and over eight, which counts as two tests.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, Literal

import msgspec
import numpy as np

from service.reports.commentary.inputs import Interval, Stage, Week
from service.reports.statistics.clusters import LEVEL
from service.reports.statistics.distributions import student_quantile, student_tail
from service.reports.statistics.multiple import holm
from service.reports.statistics.series import log_hours
from service.reports.statistics.stocks import NetChange, net_change
from service.reports.statistics.waits import FAMILIES, Floats

#: Latest weeks that are set against those before.
WINDOWS: Final = (4, 8)
#: Weeks before that a comparison needs, and takes at most.
LEAST: Final = 8
MOST: Final = 26
#: Weeks over which a stock's net change is tested.
STOCK_WEEKS: Final = 13
#: Mean number a week below which four weeks are taken as one period.
FEW: Final = 2.0
#: What chance alone makes of independent events on these scales; weeks never differ less.
_CHANCE: Final = 0.5
#: Judged a little more strictly than one in twenty: small groups have heavier tails than their distributions say.
LEVEL_OF_REPORT: Final = 0.04

Kind = Literal["typical", "share", "stock", "flow"]


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A weekly series in its latest weeks, with an interval, and before: means a week of a flow, or shares."""

    since: date
    weeks: int
    now: float
    low: float
    high: float
    before: float
    of: int
    weeks_before: int
    holidays: int
    chance: float


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """One test. ``worse``: the direction is one that nobody wants. ``signal``: it stands beside all others."""

    stage: Stage
    kind: Kind
    chance: float
    worse: bool
    moved: Moved | None = None
    net: NetChange | None = None
    signal: bool = False


def judged(stages: Sequence[Stage], arriving: str) -> list[Tested]:
    """Every test of a report, with those that stand when all are judged together.

    Args:
        stages: of everybody in scope.
        arriving: the key of the stage whose arrivals are the notices; a fall there is an alarm.
    """
    all_tests = [test for stage in stages for test in (_typical(stage), _share(stage), _stock(stage))]
    all_tests += [_flow(stage) for stage in stages if stage.key == arriving]
    found = [test for test in all_tests if test is not None]
    stands = holm([each.chance for each in found], LEVEL_OF_REPORT)
    return [msgspec.structs.replace(each, signal=signal) for each, signal in zip(found, stands, strict=True)]


def _typical(stage: Stage) -> Tested | None:
    """Half of the children leave later or earlier than in the period before."""
    now, before = _logarithm(stage.now), _logarithm(stage.before)
    if now is None or before is None:
        return None
    error = math.hypot(now[1], before[1])
    chance = student_tail(abs(now[0] - before[0]) / error, FAMILIES - 1) if error else 1.0
    return Tested(stage=stage, kind="typical", chance=chance, worse=now[0] > before[0])


def _logarithm(found: Interval) -> tuple[float, float] | None:
    """The logarithm of a duration and its standard error, the larger of what the two ends of the interval say."""
    if not found.value or not found.low or found.high is None:
        return None
    middle = log_hours(found.value)
    wide = max(log_hours(found.high) - middle, middle - log_hours(found.low))
    return middle, wide / student_quantile(0.5 + LEVEL / 2, FAMILIES - 1)


def _told(weeks: list[Week], secret: Callable[[Week], bool]) -> list[Week]:
    """The weeks after the last that may not be told: those are weeks with few, and without them others mislead."""
    return weeks[max((n + 1 for n, week in enumerate(weeks) if secret(week)), default=0) :]


def _share(stage: Stage) -> Tested | None:
    """The share within the limit, of weeks whose limit has passed for everybody."""
    weeks = [week for week in stage.weeks if week.complete and week.settled]
    weeks = _told(weeks, lambda week: week.due is None or week.met is None)
    weeks = [week for week in weeks if week.due]
    moved = shifted(weeks, lambda week: week.due or 0, lambda week: week.met or 0)
    return (
        None
        if moved is None
        else Tested(stage=stage, kind="share", chance=moved.chance, worse=moved.now < moved.before, moved=moved)
    )


def _flow(stage: Stage) -> Tested | None:
    """How many arrive. Fewer notices than usual are an alarm: risk does not vanish, recording does.

    Of the weeks before, those that may not be told though many arrived (of few incidents) are left out one by one: the
    latest weeks have none of them, so that neither side of the comparison holds what the other may not.
    """
    complete = [week for week in stage.weeks if week.complete]
    latest = complete[-max(WINDOWS) :]
    before = [week for week in complete[: -max(WINDOWS)] if week.arrived is not None or not week.many]
    weeks = _told([*before, *latest], lambda week: week.arrived is None)
    moved = shifted(weeks, None, lambda week: week.arrived or 0)
    return (
        None
        if moved is None
        else Tested(stage=stage, kind="flow", chance=moved.chance, worse=moved.now < moved.before, moved=moved)
    )


def _stock(stage: Stage) -> Tested | None:
    """Whether the number waiting grows or shrinks from week to week."""
    stocks = [week.stock for week in stage.weeks if week.complete][-STOCK_WEEKS - 1 :]
    if any(stock is None for stock in stocks):
        return None
    net = net_change([stock for stock in stocks if stock is not None])
    if net is None or net.low == net.high:
        return None
    return Tested(stage=stage, kind="stock", chance=net.chance, worse=net.weekly > 0, net=net)


def shifted(weeks: Sequence[Week], of: Callable[[Week], int] | None, events: Callable[[Week], int]) -> Moved | None:
    """The latest weeks against those before, by whichever window differs most; None with too few weeks.

    Args:
        weeks: those that count, in order.
        of: of how many a week's events are a share; None where the events themselves are the series.
        events: how many.
    """
    counted = np.array([events(week) for week in weeks], np.float64)
    all_of = None if of is None else np.array([of(week) for week in weeks], np.float64)
    usual = counted if all_of is None else all_of
    together = 4 if len(usual) and usual.mean() < FEW else 1
    found = [_window(weeks, counted, all_of, window, together) for window in WINDOWS]
    best = min((each for each in found if each is not None), key=lambda each: each.chance, default=None)
    return None if best is None else msgspec.structs.replace(best, chance=min(1.0, len(WINDOWS) * best.chance))


def _window(weeks: Sequence[Week], counted: Floats, all_of: Floats | None, window: int, together: int) -> Moved | None:
    usable = min(len(weeks), window + MOST)
    usable -= (usable - window) % together
    if usable - window < LEAST:
        return None
    first = len(weeks) - usable
    values = counted[first:].reshape(-1, together).sum(axis=1)
    weights = np.ones(len(values)) if all_of is None else all_of[first:].reshape(-1, together).sum(axis=1)
    recent = window // together
    scaled = _scaled(values, None if all_of is None else weights)
    before, base = scaled[:-recent], weights[:-recent]
    latest, weight = scaled[-recent:], weights[-recent:]
    centre = float(np.average(before, weights=base))
    spread = math.sqrt(float((base * np.square(before - centre)).sum()) / (len(before) - 1))
    spread = max(spread, _CHANCE)
    middle = float(np.average(latest, weights=weight))
    freedom = len(before) - 1
    error = spread * math.sqrt(1 / float(weight.sum()) + 1 / float(base.sum()))
    reach = student_quantile(0.5 + LEVEL / 2, freedom) * spread / math.sqrt(float(weight.sum()))
    low, high = _restored(middle - reach, all_of is None), _restored(middle + reach, all_of is None)
    now = float(values[-recent:].sum()) / (window if all_of is None else float(weight.sum()))
    return Moved(
        since=weeks[-window].begins,
        weeks=window,
        now=now,
        low=min(now, low / (together if all_of is None else 1)),
        high=max(now, high / (together if all_of is None else 1)),
        before=float(values[:-recent].sum()) / ((usable - window) if all_of is None else float(base.sum())),
        of=int(weight.sum()) if all_of is not None else int(values[-recent:].sum()),
        weeks_before=usable - window,
        holidays=sum(week.bank_holiday for week in weeks[-window:]),
        chance=student_tail(abs(middle - centre) / error, freedom),
    )


def _scaled(values: Floats, of: Floats | None) -> Floats:
    """The scale on which counts, or shares of so many, vary alike whatever their size (Anscombe 1948)."""
    scaled: Floats = np.sqrt(values + 0.375) if of is None else np.arcsin(np.sqrt((values + 0.375) / (of + 0.75)))
    return scaled


def _restored(value: float, count: bool) -> float:
    if count:
        return max(0.0, max(0.0, value) ** 2 - 0.375)
    return math.sin(min(max(value, 0.0), math.pi / 2)) ** 2
