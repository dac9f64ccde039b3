"""Current rates: are children waiting longer now?

A cohort answers only when it is old. The life table of a period takes everybody who waited at any time in it, from the
length of wait they had when it began (delayed entry) to that at which they left or it ended: what would become of a
child who met this period's rates at every length of wait. The same device keeps out what happened before the first
complete date of a source.
"""

import numpy as np
import numpy.typing as npt

from service.reports.statistics.waits import WAITING, Waits, waits


def in_period(
    started: npt.ArrayLike,
    minutes: npt.ArrayLike,
    causes: npt.ArrayLike,
    *,
    since: npt.ArrayLike,
    until: int,
    counts: npt.ArrayLike | None = None,
    families: npt.ArrayLike | None = None,
) -> Waits:
    """The waits as a period saw them.

    Args:
        started: the minute, on any one scale, at which each wait began.
        minutes: how long it was at its exit or at the report instant.
        causes: ``WAITING`` or the route.
        since: the minute on that scale at which the period begins; an exit at it belongs to the period before. For each
            wait its own, where some came under observation later.
        until: the minute at which it ends; an exit at it belongs to this one.
        counts: how many children each row stands for.
        families: the family of each row.
    """
    begun, length = np.asarray(started, np.int64), np.asarray(minutes, np.int64)
    ended, seen = begun + length, np.broadcast_to(np.asarray(since, np.int64), begun.shape)
    here = (begun < until) & ((ended > seen) | (begun >= seen))
    code = np.where(ended <= until, np.asarray(causes, np.int64), WAITING)
    length, entered = np.minimum(length, until - begun), np.maximum(0, seen - begun)
    if here.all():
        return waits(length, code, counts, families, entered)
    weight = None if counts is None else np.asarray(counts)[here]
    family = None if families is None else np.asarray(families)[here]
    return waits(length[here], code[here], weight, family, entered[here])
