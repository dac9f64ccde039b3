"""An estimate with what it rests on, and the scales on which intervals are symmetric."""

import math

import msgspec


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A number with its interval. ``low`` or ``high`` is None where nothing bounds it.

    ``children``: what it rests on. ``families``: how many groups of incidents its interval comes from. ``error``: the
    standard error on the number's own scale, None where there are too few families to know; ``freedom``: its degrees of
    freedom.
    """

    value: float
    low: float | None
    high: float | None
    children: int
    families: int
    error: float | None = None
    freedom: int = 0


class Centile(msgspec.Struct, frozen=True, kw_only=True):
    """The wait, in whole minutes, by which a share of children has left, with its interval.

    ``minutes`` is None where the curve does not come down so far: not yet estimable, and ``at_least`` what is known.
    ``low`` and ``high`` are None where the interval has no such end.
    """

    share: float
    minutes: int | None
    low: int | None
    high: int | None
    at_least: int
    children: int
    exits: int
    families: int


def share_interval(value: float, error: float, reach: float) -> tuple[float | None, float | None]:
    """The interval of a share, symmetric on the complementary log-log scale, so that it stays between 0 and 1."""
    if not math.isfinite(error) or not math.isfinite(reach) or not 0 < value < 1:
        return None, None
    logarithm = math.log(value)
    width = reach * error / (value * abs(logarithm))
    return math.exp(logarithm * math.exp(min(width, 50.0))), math.exp(logarithm * math.exp(-min(width, 50.0)))


def plain_interval(value: float, error: float, reach: float) -> tuple[float | None, float | None]:
    """The interval of a difference, symmetric as it is."""
    if not math.isfinite(error) or not math.isfinite(reach):
        return None, None
    return value - reach * error, value + reach * error
