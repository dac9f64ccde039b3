"""How much an estimate would differ with other incidents: linearised, by family.

Every estimate here is a function of the hazards of leaving, so that a small change of a row's weight changes it by

    (leaves at t) g(t) / Y(t)  -  the sum over the steps s at which it was at risk of g(s) hazard(s) / Y(s)

where g is the estimate's derivative by the hazard and Y the number at risk. Summed over a family this is the family's
influence; the influences of all families add to nought, and their squares to the variance (Lin and Wei 1989, Williams
1995). One pass over the rows, whatever the number of families.
"""

import math
from typing import Final

import msgspec
import numpy as np

from service.reports.statistics.curves import Curve
from service.reports.statistics.distributions import student_quantile
from service.reports.statistics.waits import FAMILIES, Floats, Ints, Mask, Waits, sums

#: All intervals hold in 95 of 100 cases.
LEVEL: Final = 0.95


class Families(msgspec.Struct, frozen=True, eq=False):
    """How many children each family has. ``there``: families with any; ``freedom``: degrees of freedom of an error.

    Families of unequal size are worth fewer equal ones (Carter, Schnepel and Steigerwald 2017). A large family pulls
    the estimate towards itself: its influence is divided by what is left without it (the jackknife's answer).
    """

    sizes: Floats

    @property
    def there(self) -> int:
        """How many families have children."""
        return int(np.count_nonzero(self.sizes))

    @property
    def freedom(self) -> int:
        """One less than the number of families of equal size that these are worth."""
        if self.there < 2:
            return 0
        return max(1, round(float(self.sizes.sum() ** 2 / np.square(self.sizes).sum())) - 1)


def families_of(waits: Waits) -> Families:
    """The families of rows."""
    return Families(sums(waits.families, waits.counts, FAMILIES))


def corrected(influences: Floats, families: Families) -> Floats:
    """Influences as leaving a family out would show them, such that their squares add to the variance."""
    there = families.there
    if there < 2:
        return np.full(influences.shape, np.nan)
    alone = np.sqrt((there - 1) / there) / (1.0 - families.sizes / families.sizes.sum())
    scaled: Floats = influences * (alone if influences.ndim == 1 else alone[:, np.newaxis])
    return scaled


def spread(influences: Floats, families: Families) -> Floats:
    """The standard error from influences, with families in the first dimension."""
    error: Floats = np.sqrt(np.square(corrected(influences, families)).sum(axis=0))
    return error


def spread_of_difference(
    here: Floats, families: Families, there: Floats, families_there: Families
) -> tuple[float, int]:
    """The standard error of a difference and its degrees of freedom (Satterthwaite 1946).

    A family with children on both sides moves both, so that the difference is taken family by family.
    """
    one, other = corrected(here, families), corrected(there, families_there)
    error = float(np.sqrt(np.square(one - other).sum()))
    first, second = float(np.square(one).sum()), float(np.square(other).sum())
    if not math.isfinite(error):
        return math.nan, 0
    weight = first**2 / families.freedom + second**2 / families_there.freedom
    return error, max(1, round((first + second) ** 2 / weight)) if weight else 1


def reach(freedom: int, level: float = LEVEL) -> float:
    """How many standard errors an interval reaches to each side."""
    return student_quantile(0.5 + level / 2, freedom)


def influences(fitted: Curve, derivative: Floats, cause: int | None = None) -> Floats:
    """The influence of each family on one estimate.

    Args:
        fitted: the curve whose hazards the estimate is a function of.
        derivative: of the estimate by the hazard at each of the curve's times.
        cause: the route whose hazard it is; of leaving by any route without.
    """
    gone = fitted.gone if cause is None else fitted.gone_by(cause)
    exits = fitted.exits
    if cause is not None:
        exits = sums(fitted.rank[gone] - 1, fitted.waits.counts[gone], len(fitted.times))
    step = derivative / fitted.at_risk
    risk = _summed(step * exits / fitted.at_risk)
    row = _rows(fitted, step, risk, gone)
    if fitted.entry_rank is not None:
        row += risk[fitted.entry_rank] * fitted.waits.counts
    return sums(fitted.waits.families, row, FAMILIES)


def log_survival_influences(fitted: Curve, steps: Ints) -> Floats:
    """The influence of each family (rows) on minus the logarithm of the share waiting at several steps (columns).

    ``steps`` are indices into the curve's times, ascending; the share waiting there must be above nought.
    """
    waits = fitted.waits
    # A step at which everybody leaves has no logarithm; it can only be the last and is never asked for.
    staying = np.where(fitted.exits < fitted.at_risk, fitted.at_risk - fitted.exits, 1.0)
    step = 1.0 / staying
    risk = _summed(step * fitted.exits / fitted.at_risk)
    # The column of a rank: the first asked-for step at which a row of this rank has ended; beyond all, the last one.
    column = np.searchsorted(steps + 1, np.arange(len(fitted.times) + 1), side="left")
    columns = len(steps)
    first = waits.families * (columns + 1)
    cell = first + column[fitted.rank]
    cells = FAMILIES * (columns + 1)
    ended = _upto(sums(cell, _rows(fitted, step, risk, fitted.gone), cells), columns)
    beyond = _after(sums(cell, waits.counts, cells), columns)
    total = ended - beyond * risk[steps + 1]
    if fitted.entry_rank is not None:
        cell = first + column[fitted.entry_rank]
        total += _upto(sums(cell, risk[fitted.entry_rank] * waits.counts, cells), columns)
        total += _after(sums(cell, waits.counts, cells), columns) * risk[steps + 1]
    return total


def _summed(steps: Floats) -> Floats:
    """Sums of steps up to each rank, from nought."""
    return np.concatenate(([0.0], np.cumsum(steps)))


def _rows(fitted: Curve, step: Floats, risk: Floats, gone: Mask) -> Floats:
    """The influence of each row if it had been at risk from the start: what its exit adds, less its risk until then."""
    table = np.concatenate((-risk, -risk + np.concatenate(([0.0], step))))
    row: Floats = table[fitted.rank + len(risk) * gone]
    row *= fitted.waits.counts
    return row


def _upto(cells: Floats, columns: int) -> Floats:
    """Sums over this column and those before."""
    return np.cumsum(cells.reshape(FAMILIES, columns + 1), axis=1)[:, :columns]


def _after(cells: Floats, columns: int) -> Floats:
    """Sums over the columns after this one; of whole numbers, so that taking away loses nothing."""
    upto = np.cumsum(cells.reshape(FAMILIES, columns + 1), axis=1)
    return upto[:, -1:] - upto[:, :-1]
