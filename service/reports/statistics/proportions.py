"""Shares with their denominators and intervals that stay between nothing and all.

Wilson's interval, with the number of children replaced by the number of independent ones that they are worth: how much
families of incidents differ says how many (Korn and Graubard 1998, with Wilson's form).
"""

import math

import msgspec
import numpy as np
import numpy.typing as npt

from service.reports.statistics.clusters import LEVEL, families, reach, spread
from service.reports.statistics.distributions import normal_quantile
from service.reports.statistics.estimates import Estimate
from service.reports.statistics.waits import Floats


def share(met: int, of: int, level: float = LEVEL) -> Estimate | None:
    """A share of things that are independent (incidents, meetings); None where there is nothing to share."""
    if of <= 0:
        return None
    return _wilson(met, of, float(of), normal_quantile(0.5 + level / 2), families=of)


def share_by_family(
    met: npt.ArrayLike, of: npt.ArrayLike, *, incidents: int | None = None, level: float = LEVEL
) -> Estimate | None:
    """A share of children, from the sums of each family.

    Args:
        met: for each family, how many met it.
        of: for each family, how many there were.
        incidents: how many incidents they came from, where it is known. Where all or none met it, families say nothing
            of how alike siblings are, and the children count as so many.
        level: of the interval.
    """
    hits, all_of = np.asarray(met, np.float64), np.asarray(of, np.float64)
    children = int(all_of.sum())
    if children == 0:
        return None
    value = float(hits.sum()) / children
    (of_families,) = families(all_of[np.newaxis])
    if of_families.there < 2:
        return Estimate(value=value, low=None, high=None, children=children, families=of_families.there)
    error = float(spread(_influences(hits, all_of), of_families))
    if 0 < value < 1 and error > 0:
        # Chance among families may make children look more independent than independent ones; never counted so.
        worth = min(float(children), value * (1 - value) / error**2)
    else:
        worth = float(min(children, incidents or of_families.there))
    found = _wilson(int(hits.sum()), children, worth, reach(of_families.freedom, level), families=of_families.there)
    return msgspec.structs.replace(found, freedom=of_families.freedom)


def _influences(hits: Floats, all_of: Floats) -> Floats:
    total = all_of.sum()
    influence: Floats = (hits - hits.sum() / total * all_of) / total
    return influence


def _wilson(met: int, of: int, worth: float, wide: float, *, families: int) -> Estimate:
    value = met / of
    square = wide * wide / worth
    middle = (value + square / 2) / (1 + square)
    half = math.sqrt(square * (value * (1 - value) + square / 4)) / (1 + square)
    return Estimate(
        value=value,
        low=0.0 if met == 0 else max(0.0, middle - half),
        high=1.0 if met == of else min(1.0, middle + half),
        children=of,
        families=families,
        error=math.sqrt(value * (1 - value) / worth),
    )
