"""How much an estimate would differ with other incidents: linearised, by family.

Every estimate here is a function of the hazards of leaving, so that a small change of a row's weight changes it by

    (leaves at t) g(t) / Y(t)  -  the sum over the steps s at which it was at risk of g(s) hazard(s) / Y(s)

where g is the estimate's derivative by the hazard and Y the number at risk. Summed over a family this is the family's
influence; the influences of all families add to nought, and their squares to the variance (Lin and Wei 1989, Williams
1995). One pass over the rows, whatever the number of families.
"""

import math
from typing import Final

import numpy as np

from service.reports.statistics.curves import Curve
from service.reports.statistics.distributions import student_quantile
from service.reports.statistics.waits import FAMILIES, WAITING, Floats, Ints, Waits, sums

#: All intervals hold in 95 of 100 cases.
LEVEL: Final = 0.95


def families_there(waits: Waits) -> int:
    """How many families have rows."""
    return int(np.count_nonzero(sums(waits.families, waits.counts, FAMILIES)))


def spread(influences: Floats, families: int) -> Floats:
    """The standard error from influences of families in the first dimension."""
    if families < 2:
        return np.full(influences.shape[1:], np.nan)
    error: Floats = np.sqrt(np.square(influences).sum(axis=0) * families / (families - 1))
    return error


def reach(families: int, level: float = LEVEL) -> float:
    """How many standard errors an interval reaches to each side."""
    return student_quantile(0.5 + level / 2, families - 1) if families > 1 else math.inf


def influences(fitted: Curve, derivative: Floats, cause: int | None = None) -> Floats:
    """The influence of each family on one estimate.

    Args:
        fitted: the curve whose hazards the estimate is a function of.
        derivative: of the estimate by the hazard at each of the curve's times.
        cause: the route whose hazard it is; of leaving by any route without.
    """
    waits = fitted.waits
    size = len(fitted.times)
    gone = left_by(fitted, cause)
    exits = fitted.exits if cause is None else sums(fitted.rank[gone] - 1, waits.counts[gone], size)
    step = np.append(derivative / fitted.at_risk, 0.0)
    # What being at risk up to each rank has cost.
    risk = np.concatenate(([0.0], np.cumsum(step[:-1] * exits / fitted.at_risk)))
    row = -risk[fitted.rank]
    row[gone] += step[fitted.rank[gone] - 1]
    if fitted.entry_rank is not None:
        row += risk[fitted.entry_rank]
    return sums(waits.families, row * waits.counts, FAMILIES)


def left_by(fitted: Curve, cause: int | None) -> Ints:
    """The rows that left within what the curve speaks for, by one route or any."""
    causes = fitted.waits.causes
    gone = causes != WAITING if cause is None else causes == cause
    return np.flatnonzero(gone & (fitted.waits.minutes <= fitted.last))


def log_survival_influences(fitted: Curve, steps: Ints) -> Floats:
    """The influence of each family (rows) on minus the logarithm of the share waiting at several steps (columns).

    ``steps`` are indices into the curve's times, ascending; the share waiting there must be above nought.
    """
    waits = fitted.waits
    # A step at which everybody leaves has no logarithm; it can only be the last and is never asked for.
    staying = np.where(fitted.exits < fitted.at_risk, fitted.at_risk - fitted.exits, 1.0)
    step = 1.0 / staying
    risk = np.concatenate(([0.0], np.cumsum(step * fitted.exits / fitted.at_risk)))
    columns = len(steps)
    # The column of a rank: the first asked-for step at which a row of this rank has ended; beyond all, the last one.
    ranks = np.arange(len(fitted.times) + 1)
    column = np.searchsorted(steps + 1, ranks, side="left")
    cell = waits.families * (columns + 1) + column[fitted.rank]
    cells = FAMILIES * (columns + 1)
    row = -risk[fitted.rank]
    gone = left_by(fitted, None)
    row[gone] += step[fitted.rank[gone] - 1]
    ended = _upto(sums(cell, row * waits.counts, cells), columns)
    beyond = _after(sums(cell, waits.counts, cells), columns)
    total = ended - beyond * risk[steps + 1]
    if fitted.entry_rank is not None:
        cell = waits.families * (columns + 1) + column[fitted.entry_rank]
        begun = _upto(sums(cell, risk[fitted.entry_rank] * waits.counts, cells), columns)
        later = _after(sums(cell, waits.counts, cells), columns)
        total += begun + later * risk[steps + 1]
    return total


def _upto(cells: Floats, columns: int) -> Floats:
    """Sums over this column and those before."""
    return np.cumsum(cells.reshape(FAMILIES, columns + 1), axis=1)[:, :columns]


def _after(cells: Floats, columns: int) -> Floats:
    """Sums over the columns after this one."""
    table = cells.reshape(FAMILIES, columns + 1)
    return np.cumsum(table[:, ::-1], axis=1)[:, ::-1][:, 1:]
