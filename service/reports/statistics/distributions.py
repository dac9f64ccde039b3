"""Quantiles and tails of the normal and Student distributions, without a library for them.

Student's distribution for whole degrees of freedom has closed sums (Abramowitz and Stegun, Handbook of Mathematical
Functions, 26.7.3 and 26.7.4).
"""

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Final

_NORMAL: Final = NormalDist()


def normal_quantile(share: float) -> float:
    """The value below which this share of the normal distribution lies."""
    return _NORMAL.inv_cdf(share)


def normal_tail(value: float) -> float:
    """The chance of being further from nought than this, on either side."""
    return math.erfc(abs(value) / math.sqrt(2))


@lru_cache(maxsize=4096)
def student_tail(value: float, freedom: int) -> float:
    """The chance of being further from nought than this, on either side, with whole degrees of freedom."""
    if freedom < 1:
        return 1.0
    angle = math.atan(abs(value) / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    even = freedom % 2 == 0
    term = 1.0 if even else cosine
    total = term if freedom > 1 else 0.0
    for step in range(2 if even else 3, freedom - 1, 2):
        term *= cosine * cosine * (step - 1) / step
        total += term
    inside = sine * total if even else 2 / math.pi * (angle + sine * total)
    return max(0.0, 1.0 - inside)


@lru_cache(maxsize=1024)
def student_quantile(share: float, freedom: int) -> float:
    """The value below which this share (a half or more) of Student's distribution lies; infinite without freedom."""
    if freedom < 1:
        return math.inf
    low, high = 0.0, 1.0
    beyond = 2 * (1 - share)
    while student_tail(high, freedom) > beyond:
        low, high = high, high * 2
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if student_tail(middle, freedom) > beyond else (low, middle)
    return (low + high) / 2
