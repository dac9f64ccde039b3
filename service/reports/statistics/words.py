"""Lengths of time in words, an estimate with its interval in one unit."""

from typing import Final

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
