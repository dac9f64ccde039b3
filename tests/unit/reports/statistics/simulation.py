"""Children whose waits are known in truth, in incidents with siblings who share them."""

import numpy as np

from service.reports.statistics.waits import FAMILIES, WAITING, Waits, waits

#: Mean wait, in minutes, of the exponential waits simulated here.
MEAN = 3000
#: Share of exits that take the first route.
FIRST = 0.6


def siblings(random: np.random.Generator, incidents: int, *, mean: float = MEAN) -> Waits:
    """One to four children in each incident; seven in ten wait as long as their siblings, and all take one route."""
    children = random.integers(1, 5, incidents)
    incident = np.repeat(np.arange(incidents), children)
    together = random.exponential(1, incidents)[incident]
    alone = random.exponential(1, len(incident))
    wait = (np.where(random.random(len(incident)) < 0.7, together, alone) * mean).astype(np.int64)
    limit = random.integers(500, 15_000, incidents)[incident]
    route = np.where(random.random(incidents)[incident] < FIRST, 1, 2)
    return waits(
        np.minimum(wait, limit),
        np.where(wait <= limit, route, WAITING),
        families=random.integers(0, FAMILIES, incidents)[incident],
    )


def share_gone(minutes: int, mean: float = MEAN) -> float:
    """The true share that has left after whole minutes."""
    return float(-np.expm1(-(minutes + 1) / mean))
