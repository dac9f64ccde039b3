"""Is a backlog growing? Stocks have no process limits: each week's stock is last week's and what came and went.

What is tested is the weekly net change: whether its mean differs from nought.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from service.reports.statistics.clusters import LEVEL
from service.reports.statistics.distributions import student_quantile, student_tail


class NetChange(msgspec.Struct, frozen=True, kw_only=True):
    """The mean change of a stock in a week, with its interval and how often chance alone would move it so far."""

    weekly: float
    low: float | None
    high: float | None
    weeks: int
    chance: float


def net_change(stocks: Sequence[int], level: float = LEVEL) -> NetChange | None:
    """Test the stocks at the ends of weeks, in order; None for fewer than five."""
    changes = np.diff(np.asarray(stocks, np.float64))
    weeks = len(changes)
    if weeks < 4:
        return None
    mean, error = float(changes.mean()), float(changes.std(ddof=1) / np.sqrt(weeks))
    if error == 0:
        return NetChange(weekly=mean, low=mean, high=mean, weeks=weeks, chance=0.0 if mean else 1.0)
    reach = student_quantile(0.5 + level / 2, weeks - 1) * error
    return NetChange(
        weekly=mean, low=mean - reach, high=mean + reach, weeks=weeks, chance=student_tail(abs(mean) / error, weeks - 1)
    )
