"""Lengths of waits and shares: told where more than the threshold of children lie on both sides, else as a band."""

from collections.abc import Callable, Collection, Sequence
from math import ceil, floor, sqrt
from typing import Any, Final

import msgspec

from service.reports.disclosure import hidden
from service.reports.disclosure.hidden import NOT_SHOWN
from service.reports.measures.figures import Curve, Estimate, Routes

#: A curve steps down at each single leaving; among fewer children than the threshold this many times they could be
#: told apart.
CURVE: int = 10
#: How far an interval reaches in children, in standard errors of children who are not alike: twice, and for siblings
#: half as far again.
_REACH: Final = 3
_HOUR: Final = 60
_DAY: Final = 1_440
#: Ways out that are not told apart.
OTHER_WAYS: Final = "other_ways"


def wait(minutes: float | None, count: int, share: float, threshold: int, *, exact: bool) -> Any:
    """A centile of waits, ``share`` of the children lying beyond it; a band where those are few."""
    if not exact:
        return NOT_SHOWN
    if minutes is None or min(share, 1 - share) * count > threshold:
        return minutes
    return hidden.wait(minutes)


def estimate(found: Estimate, share: float, threshold: int, n: object, *, exact: bool) -> Estimate:
    """The same of an estimate with its interval; ``n`` is what is told of its number.

    The ends of an interval are waits of single children, beyond which there may be few although there are not beyond
    the centile: then they are told outwards, in whole hours or days.
    """
    beyond = min(share, 1 - share) * found.n
    if exact and beyond > threshold:
        if beyond - _REACH * sqrt(found.n * share * (1 - share)) > threshold:
            return msgspec.structs.replace(found, n=n)
        return msgspec.structs.replace(found, low=_outwards(found.low, floor), high=_outwards(found.high, ceil), n=n)
    value: Any = NOT_SHOWN
    least: Any = None
    if exact:
        value = None if found.value is None else hidden.wait(found.value)
        least = None if found.at_least is None else hidden.wait(found.at_least)
    return msgspec.structs.replace(found, value=value, low=None, high=None, at_least=least, n=n)


def _outwards(minutes: float | None, rounded: Callable[[float], int]) -> float | None:
    """Whole hours of less than two days, else whole days."""
    if minutes is None:
        return None
    step = _HOUR if minutes < 2 * _DAY else _DAY
    return float(step * rounded(minutes / step))


def share(found: Estimate, threshold: int, n: object, *, exact: bool) -> Estimate:
    """A share of ``found.n``; a range where few are on one side of it."""
    if exact and found.value is not None:
        count = found.value * found.n
        if found.value in (0, 1) or threshold < count < found.n - threshold:
            return msgspec.structs.replace(found, n=n)
        low, high = (0, threshold) if count <= threshold else (found.n - threshold, None)
        value: Any = hidden.share(low, high, found.n)
    else:
        value = None if exact else NOT_SHOWN
    return msgspec.structs.replace(found, value=value, low=None, high=None, at_least=None, n=n)


def rounded(found: Estimate) -> Estimate:
    """A share in whole percents: to the last digit it would tell of how many it is, where that number is hidden."""
    value, low, high = (None if each is None else round(each, 2) for each in (found.value, found.low, found.high))
    return msgspec.structs.replace(found, value=value, low=low, high=high)


def about(found: Estimate, n: int, threshold: int) -> Estimate:
    """A share of ``n`` as a range in which more than the threshold may lie, for the sake of another one."""
    low = round((found.value or 0) * n) // (threshold + 1) * (threshold + 1)
    value: Any = hidden.share(low, low + threshold, n)
    return msgspec.structs.replace(found, value=value, low=None, high=None)


def curve(found: Curve | None, count: int, threshold: int) -> Curve | None:
    """A curve without its ends, where single children leave, in whole percents; None for few children."""
    if found is None or count <= CURVE * threshold:
        return None
    least = threshold / count
    kept = [place for place, left in enumerate(found.left) if least < left < 1 - least]
    return Curve(
        minutes=tuple(found.minutes[place] for place in kept),
        left=tuple(round(found.left[place], 2) for place in kept),
        low=tuple(round(found.low[place], 2) for place in kept),
        high=tuple(round(found.high[place], 2) for place in kept),
    )


def routes(found: Routes | None, count: int, threshold: int, told: Collection[str]) -> Routes | None:
    """Ways out over time, each rising by more than the threshold of children at once, in whole percents.

    The ways that are not in ``told`` stand together, with those by which few left; None for few children, or where
    those who stand together are few.
    """
    if found is None or count <= CURVE * threshold:
        return None
    # Of the few who are left at last each single one would show.
    kept = max((place + 1 for place, left in enumerate(found.waiting) if not 0 < left * count <= threshold), default=0)
    ended = {way: shares[:kept] for way, shares in found.ways.items()} if kept else {}
    ways = {way: shares for way, shares in ended.items() if way in told and shares[-1] * count > threshold}
    others = [shares for way, shares in ended.items() if way not in ways]
    if any(shares[-1] for shares in others):
        ways[OTHER_WAYS] = tuple(sum(each) for each in zip(*others, strict=True))
    if not ways or any(shares[-1] * count <= threshold for shares in ways.values()):
        return None
    coarse = {way: _coarse(shares, threshold / count) for way, shares in ways.items()}
    waiting = tuple(round(1 - sum(each), 2) for each in zip(*coarse.values(), strict=True))
    return Routes(minutes=found.minutes[:kept], ways=coarse, waiting=waiting)


def _coarse(shares: Sequence[float], least: float) -> tuple[float, ...]:
    """The same rise in steps of more than ``least``, the last of which takes up what would be less."""
    steps: list[int] = []
    for place, share in enumerate(shares):
        if share - (shares[steps[-1]] if steps else 0.0) > least:
            steps.append(place)
    if steps and shares[-1] > shares[steps[-1]]:
        steps[-1] = len(shares) - 1
    told, at = [], 0.0
    for place in range(len(shares)):
        at = round(shares[place], 2) if place in steps else at
        told.append(at)
    return tuple(told)
