"""Estimates in words: a number never without its interval, and what is not known said so."""

from service.reports.statistics.estimates import Centile, Estimate

_HOUR = 60
_DAY = 24 * _HOUR


def length(minutes: float) -> str:
    """``45 minutes``, ``14.5 hours``, ``6.2 days``: one unit, so that the ends of an interval can be compared."""
    if minutes < 1.5 * _HOUR:
        whole = round(minutes)
        return f"{whole} minute{'' if whole == 1 else 's'}"
    if minutes < 2 * _DAY:
        return f"{_tenths(minutes / _HOUR)} hours"
    return f"{_tenths(minutes / _DAY)} days"


def _tenths(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def at_least(minutes: float) -> str:
    """A length as a lower bound, rounded down, so that it is never claimed to be more than is known."""
    if minutes < 2 * _DAY:
        return length(minutes)
    return f"{_tenths(int(minutes * 10 / _DAY) / 10)} days"


def centile(found: Centile) -> str:
    """``3.4 days (2.9 days to 4.1 days)``, or ``not yet estimable (at least 6.2 days)``."""
    if found.minutes is None:
        if not found.children:
            return "nobody to count"
        known = found.low if found.low is not None else found.at_least
        return f"not yet estimable (at least {at_least(known)})"
    if found.low is None and found.high is None:
        return f"{length(found.minutes)} (too few incidents for an interval)"
    low = "" if found.low is None else f"{length(found.low)} "
    high = "or more" if found.high is None else f"to {length(found.high)}"
    return f"{length(found.minutes)} ({low}{high})"


def share(found: Estimate | None) -> str:
    """``71% (64% to 77%) of 203``."""
    if found is None:
        return "nobody to count"
    interval = "" if found.low is None or found.high is None else f" ({found.low:.0%} to {found.high:.0%})"
    return f"{found.value:.0%}{interval} of {found.children:,}"


def difference(found: Estimate | None) -> str:
    """``12 percentage points more (5 to 19)``, ``3 percentage points fewer (10 fewer to 4 more)``."""
    if found is None:
        return "cannot be compared yet"
    points = abs(round(100 * found.value))
    text = f"{points} percentage point{'' if points == 1 else 's'} {'more' if found.value >= 0 else 'fewer'}"
    if found.low is None or found.high is None:
        return text
    low, high = round(100 * found.low), round(100 * found.high)
    if low * high < 0:
        return f"{text} ({-low} fewer to {high} more)"
    return f"{text} ({min(abs(low), abs(high))} to {max(abs(low), abs(high))})"


def longer(found: Estimate | None) -> str:
    """``5.2 hours longer (1.1 hours to 9.3 hours)``, ``40 minutes shorter (2 hours shorter to 1.5 hours longer)``."""
    if found is None:
        return "cannot be compared yet"
    text = f"{length(abs(found.value))} {'longer' if found.value >= 0 else 'shorter'}"
    if found.low is None or found.high is None:
        return text
    if found.low * found.high < 0:
        return f"{text} ({length(-found.low)} shorter to {length(found.high)} longer)"
    near, far = sorted((abs(found.low), abs(found.high)))
    return f"{text} ({length(near)} to {length(far)})"
