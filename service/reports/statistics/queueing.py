"""Formulas of queues: when one is cleared, what clears it, and how many stay open.

From Fong et al., Waiting list management (medRxiv 2022.08.23.22279117), as the NHS-R community publishes them with
worked examples. Rates and times are in one unit: cases a week and weeks, or cases a day and days.
"""

import msgspec


class Clearing(msgspec.Struct, frozen=True, kw_only=True):
    """When a queue is down to a size at present rates. ``time`` is None where it never gets there.

    ``earliest`` and ``latest`` come from the interval of the net rate; ``latest`` None: possibly never.
    """

    time: float | None
    earliest: float | None
    latest: float | None


def relief_capacity(demand: float, queue: float, target_queue: float, time: float) -> float:
    """The rate of clearing that brings a queue to a size within a time. Special measures are due above twice the size.

    Raises:
        ValueError: the time is not after now.
    """
    if time <= 0:
        raise ValueError("a queue cannot be cleared by now")
    return max(0.0, demand + (queue - target_queue) / time)


def clearing(
    queue: float, net: float, *, slowest: float | None = None, fastest: float | None = None, size: float = 0
) -> Clearing:
    """When a queue is down to a size.

    Args:
        queue: how many wait.
        net: how many more leave than arrive, in one unit of time; with ``slowest`` and ``fastest`` as its interval.
        slowest: the least it may be.
        fastest: the most it may be.
        size: what it is to come down to.
    """
    if queue <= size:
        return Clearing(time=0.0, earliest=0.0, latest=0.0)
    over = queue - size
    return Clearing(time=_time(over, net), earliest=_time(over, fastest), latest=_time(over, slowest))


def _time(over: float, net: float | None) -> float | None:
    return over / net if net is not None and net > 0 else None


def implied_caseload(more_a_week: float, weeks_open: float) -> float:
    """How many more are open in the long run if so many more begin each week and each is open so long (Little)."""
    return more_a_week * weeks_open
