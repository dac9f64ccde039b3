"""The wait by which half of the children, or any share, have left: with an interval that knows of siblings."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from service.reports.statistics.clusters import LEVEL, Families, families_of, log_survival_influences, reach, spread
from service.reports.statistics.curves import TOLERANCE, Curve
from service.reports.statistics.estimates import Centile
from service.reports.statistics.waits import Floats, Ints

MEDIAN: Final = 0.5
#: Steps looked at first; between two of them the interval's end is then found to the minute.
_COARSE: Final = 256


def median(fitted: Curve, level: float = LEVEL) -> Centile:
    """The wait by which half have left."""
    return centiles(fitted, (MEDIAN,), level)[0]


def centiles(fitted: Curve, shares: Sequence[float], level: float = LEVEL) -> list[Centile]:
    """The waits by which these shares have left.

    An interval holds every wait at which the band around the curve, symmetric on the complementary log-log scale,
    includes the share (Brookmeyer and Crowley 1982, with the error by family).
    """
    waits = fitted.waits
    families = families_of(waits)
    ends = _ends(fitted, shares, reach(families.freedom, level), families)
    return [
        Centile(
            share=share,
            minutes=_first(fitted, fitted.waiting, 1 - share),
            low=low,
            high=high,
            at_least=fitted.last,
            children=waits.children,
            exits=waits.exits,
            families=families.there,
        )
        for share, (low, high) in zip(shares, ends, strict=True)
    ]


def band(fitted: Curve, minutes: npt.ArrayLike, level: float = LEVEL) -> tuple[Floats, Floats, Floats]:
    """The share waiting after each of some minutes (ascending), with the lower and the upper end of its interval.

    Before the first exit and after the last the ends are the share itself; with one family nothing bounds them.
    """
    steps = np.searchsorted(fitted.times, np.asarray(minutes, np.int64), side="right") - 1
    left = np.where(steps >= 0, np.append(fitted.waiting, 1.0)[steps], 1.0)
    low, high = left.copy(), left.copy()
    there = (left > 0.0) & (left < 1.0)
    families = families_of(fitted.waits)
    if there.any() and families.there < 2:
        low[there], high[there] = 0.0, 1.0
    elif there.any():
        low[there], high[there] = _bands(fitted, steps[there], reach(families.freedom, level), families)
    return left, low, high


def _first(fitted: Curve, band: Floats, left: float) -> int | None:
    """The first time at which a band has come down to a share."""
    there = np.flatnonzero(band <= left + TOLERANCE)
    return int(fitted.times[there[0]]) if len(there) else None


def _ends(
    fitted: Curve, shares: Sequence[float], wide: float, families: Families
) -> list[tuple[int | None, int | None]]:
    steps = np.flatnonzero((fitted.waiting > 0.0) & (fitted.waiting < 1.0))
    if not len(steps) or families.there < 2:
        return [(None, None)] * len(shares)
    if len(steps) > 2 * _COARSE:
        looked = steps[np.unique(np.linspace(0, len(steps) - 1, _COARSE).astype(np.int64))]
        lower, upper = _bands(fitted, looked, wide, families)
        steps = np.unique(
            np.concatenate([_around(looked, band, 1 - share) for band in (lower, upper) for share in shares])
        )
    lower, upper = _bands(fitted, steps, wide, families)
    return [(_at(fitted, steps, lower, 1 - share), _at(fitted, steps, upper, 1 - share)) for share in shares]


def _bands(fitted: Curve, steps: Ints, wide: float, families: Families) -> tuple[Floats, Floats]:
    """The band around the share waiting at some steps."""
    error = spread(log_survival_influences(fitted, steps), families)
    logarithm = np.log(fitted.waiting[steps])
    width = np.minimum(wide * error / np.abs(logarithm), 50.0)
    return np.exp(logarithm * np.exp(width)), np.exp(logarithm * np.exp(-width))


def _around(looked: Ints, band: Floats, left: float) -> Ints:
    """Every step between the last at which the band was above a share and the first at which it no longer is."""
    crossed = np.flatnonzero(band <= left + TOLERANCE)
    if not len(crossed):
        return looked[-1:]
    at = int(crossed[0])
    return np.arange(looked[at - 1] + 1 if at else looked[0], looked[at] + 1)


def _at(fitted: Curve, steps: Ints, band: Floats, left: float) -> int | None:
    there = np.flatnonzero(band <= left + TOLERANCE)
    return int(fitted.times[steps[there[0]]]) if len(there) else None
