"""Charts for what is rare: the time between one event and the next.

Times between events that come at random are exponential; raised to the power 1/3.6 they are nearly normal (Nelson
1994), so that limits of individual values hold for them. Where events become rarer, it rises.
"""

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from service.reports.statistics.waits import Floats
from service.reports.statistics.xmr import Change, Chart, Limits, Point, chart, limits

_POWER: Final = 1 / 3.6


def transformed(times: npt.ArrayLike) -> Floats:
    """Times between events on the scale on which they are charted."""
    return np.power(np.asarray(times, np.float64), _POWER)


def restored(value: float) -> float:
    """A time from that scale."""
    return math.pow(max(0.0, value), 1 / _POWER)


def time_limits(times: npt.ArrayLike) -> Limits | None:
    """Limits of times between events, in their own unit; None for fewer than three."""
    drawn = limits(transformed(times), floor=0.0)
    return None if drawn is None else _restored(drawn)


def time_chart(days: Sequence[date], changes: Sequence[Change] = ()) -> Chart:
    """A chart of the whole days between one event and the next, each named by the later; signals as of any chart.

    Args:
        days: of the events.
        changes: of the process, to annotate; limits begin anew as on any chart.
    """
    events = sorted(days)
    gaps = [float((later - earlier).days) for earlier, later in pairwise(events)]
    scaled = [Point(begins=day, value=value) for day, value in zip(events[1:], transformed(gaps).tolist(), strict=True)]
    drawn = chart(scaled, changes=changes, floor=0.0)
    return msgspec.structs.replace(
        drawn,
        points=tuple(Point(begins=day, value=gap) for day, gap in zip(events[1:], gaps, strict=True)),
        spans=tuple(
            msgspec.structs.replace(span, limits=None if span.limits is None else _restored(span.limits))
            for span in drawn.spans
        ),
    )


def _restored(drawn: Limits) -> Limits:
    return msgspec.structs.replace(
        drawn,
        centre=restored(drawn.centre),
        low=restored(drawn.low),
        high=restored(drawn.high),
        near_low=restored(drawn.near_low),
        near_high=restored(drawn.near_high),
    )
