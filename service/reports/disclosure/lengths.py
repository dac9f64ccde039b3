"""Lengths of waits and shares: told where more than the threshold of children lie on both sides, else as a band."""

from typing import Any

import msgspec

from service.reports.disclosure import hidden
from service.reports.disclosure.hidden import NOT_SHOWN
from service.reports.measures.figures import Curve, Estimate

#: A curve steps down at each single leaving; among fewer children than the threshold this many times they could be
#: told apart.
_CURVE: int = 10


def wait(minutes: float | None, count: int, share: float, threshold: int, *, exact: bool) -> Any:
    """A centile of waits, ``share`` of the children lying beyond it; a band where those are few."""
    if not exact:
        return NOT_SHOWN
    if minutes is None or min(share, 1 - share) * count > threshold:
        return minutes
    return hidden.wait(minutes)


def estimate(found: Estimate, share: float, threshold: int, n: object, *, exact: bool) -> Estimate:
    """The same of an estimate with its interval; ``n`` is what is told of its number."""
    if exact and min(share, 1 - share) * found.n > threshold:
        return msgspec.structs.replace(found, n=n)
    value: Any = NOT_SHOWN
    least: Any = None
    if exact:
        value = None if found.value is None else hidden.wait(found.value)
        least = None if found.at_least is None else hidden.wait(found.at_least)
    return msgspec.structs.replace(found, value=value, low=None, high=None, at_least=least, n=n)


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


def curve(found: Curve | None, count: int, threshold: int) -> Curve | None:
    """A curve without its ends, where single children leave, in whole percents; None for few children."""
    if found is None or count <= _CURVE * threshold:
        return None
    least = threshold / count
    kept = [place for place, left in enumerate(found.left) if least < left < 1 - least]
    return Curve(
        minutes=tuple(found.minutes[place] for place in kept),
        left=tuple(round(found.left[place], 2) for place in kept),
        low=tuple(round(found.low[place], 2) for place in kept),
        high=tuple(round(found.high[place], 2) for place in kept),
    )
