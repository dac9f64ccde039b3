"""Do some children wait longer than others? Each category against all the others, over one horizon.

"Not recorded" is a category like the others: who is not written down may be the one who waits. All categories of one
question are judged together (Holm), so that looking at many of them finds no difference more often than looking at one.
Small numbers are hidden by whoever shows them (``service.reports.disclosure``), not here.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
import numpy as np

from service.reports.statistics.centiles import MEDIAN, Intervals
from service.reports.statistics.comparison import Reached, chance
from service.reports.statistics.curves import Curves, curves
from service.reports.statistics.estimates import Centile, Estimate
from service.reports.statistics.multiple import holm
from service.reports.statistics.waits import Waits, together

NOT_RECORDED: Final = "not_recorded"
#: Judged a little more strictly than it is meant: far from the middle, the error of a small group has heavier tails
#: than Student's distribution (found by simulation; the whole then claims a difference in 1 of 20 at most).
_LEVEL: Final = 0.035


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """One category: its median, the share that left within the horizon, and how that differs from all other children.

    ``longer``: minutes that its mean wait within the horizon is longer. ``signal``: the difference stands also when it
    is judged together with all other categories.
    """

    category: str
    children: int
    median: Centile
    left: Estimate | None
    difference: Estimate | None
    longer: Estimate | None
    signal: bool


def cuts(groups: Mapping[str, Waits], horizon: int) -> list[Cut]:
    """Compare each category with the rest, the largest first and "not recorded" last."""
    if not groups:
        return []
    rest = [together(*(other for name, other in groups.items() if name != category)) for category in groups]
    here, there = _fitted(list(groups.values())), _fitted(rest)
    middles = Intervals(here).centiles((MEDIAN,))
    reached, others = Reached(here, horizon), Reached(there, horizon)
    found = [
        Cut(
            category=category,
            children=rows.children,
            median=middles[place][0],
            left=reached.left(place),
            difference=reached.difference_left(place, others),
            longer=reached.difference_mean(place, others),
            signal=False,
        )
        for place, (category, rows) in enumerate(groups.items())
    ]
    judged = holm([1.0 if cut.longer is None else chance(cut.longer) for cut in found], _LEVEL)
    found = [msgspec.structs.replace(cut, signal=stands) for cut, stands in zip(found, judged, strict=True)]
    return sorted(found, key=lambda cut: (cut.category == NOT_RECORDED, -cut.children, cut.category))


def _fitted(groups: Sequence[Waits]) -> Curves:
    sizes = [len(rows.minutes) for rows in groups]
    return curves(together(*groups), np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))))
