"""Estimates in words: a number never without its interval, and what is not known said so."""

from typing import Final

from service.reports.statistics.estimates import Centile, Estimate

_HOUR: Final = 60
_DAY: Final = 24 * _HOUR


def length(minutes: float) -> str:
    """``45 minutes``, ``14.5 hours``, ``6.2 days``: one unit, the one that suits it."""
    return _sized(minutes, _unit(minutes))


def with_interval(minutes: float, low: float | None, high: float | None) -> str:
    """``3.4 days (2.9 to 4.1)``, all in the unit of the first; ``3.4 days (2.9 or more)``; bare without an interval."""
    size = _unit(minutes)
    text = _sized(minutes, size)
    if low is None and high is None:
        return text
    if high is None:
        return f"{text} ({_number(low or 0.0, size)} or more)"
    return f"{text} ({'up' if low is None else _number(low, size)} to {_number(high, size)})"


def _unit(minutes: float) -> int:
    if minutes < 1.5 * _HOUR:
        return 1
    return _HOUR if minutes < 2 * _DAY else _DAY


def _sized(minutes: float, size: int) -> str:
    number = _number(minutes, size)
    unit = {1: "minute", _HOUR: "hour", _DAY: "day"}[size]
    return f"{number} {unit}{'' if number == '1' else 's'}"


def _number(minutes: float, size: int) -> str:
    return f"{round(minutes):,}" if size == 1 else _tenths(minutes / size)


def _tenths(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")


def at_least(minutes: float) -> str:
    """A length as a lower bound, rounded down, so that it is never claimed to be more than is known."""
    size = _unit(minutes)
    return _sized(int(minutes * 10 / size) / 10 * size if size > 1 else int(minutes), size)


def centile(found: Centile) -> str:
    """``3.4 days (2.9 to 4.1)``, or ``not yet estimable (at least 6.2 days)``."""
    if found.minutes is None:
        if not found.children:
            return "nobody to count"
        known = found.low if found.low is not None else found.at_least
        return f"not yet estimable (at least {at_least(known)})"
    if found.low is None and found.high is None:
        return f"{length(found.minutes)} (too few incidents for an interval)"
    return with_interval(found.minutes, found.low, found.high)


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
    """``5.2 hours longer (1.1 to 9.3)``, ``40 minutes shorter (120 shorter to 90 longer)``."""
    if found is None:
        return "cannot be compared yet"
    size = _unit(abs(found.value))
    text = f"{_sized(abs(found.value), size)} {'longer' if found.value >= 0 else 'shorter'}"
    if found.low is None or found.high is None:
        return text
    if found.low * found.high < 0:
        return f"{text} ({_number(-found.low, size)} shorter to {_number(found.high, size)} longer)"
    near, far = sorted((abs(found.low), abs(found.high)))
    return f"{text} ({_number(near, size)} to {_number(far, size)})"
