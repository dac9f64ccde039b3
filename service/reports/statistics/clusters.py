"""How much an estimate would differ with other incidents: linearised, by family.

Every estimate here is a function of the hazards of leaving, so that a small change of a row's weight changes it by

    (leaves at t) g(t) / Y(t)  -  the sum over the steps s at which it was at risk of g(s) hazard(s) / Y(s)

where g is the estimate's derivative by the hazard and Y the number at risk. Summed over a family this is the family's
influence; the influences of all families add to nought, and their squares to the variance (Lin and Wei 1989, Williams
1995). One pass over the rows, whatever the number of families.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import msgspec
import numpy as np

from service.reports.statistics.curves import Curves
from service.reports.statistics.distributions import student_quantile
from service.reports.statistics.waits import FAMILIES, Floats, Ints, Mask, Waits, sums

#: All intervals hold in 95 of 100 cases.
LEVEL: Final = 0.95
#: Steps looked at together.
_BLOCK: Final = 1_000


class Families(msgspec.Struct, frozen=True, eq=False):
    """How many children each family has. ``there``: families with any; ``freedom``: degrees of freedom of an error,
    one less than the number of families of equal size that these are worth.

    Families of unequal size are worth fewer equal ones (Carter, Schnepel and Steigerwald 2017). A large family pulls
    the estimate towards itself: its influence is divided by what is left without it (the jackknife's answer).
    """

    sizes: Floats
    there: int
    freedom: int


def families(sizes: Floats) -> list[Families]:
    """The families of several groups (rows) from how many children each has (columns)."""
    there = np.count_nonzero(sizes, axis=1).tolist()
    columns = zip(sizes, there, sizes.sum(axis=1).tolist(), np.square(sizes).sum(axis=1).tolist(), strict=True)
    return [
        Families(each, number, max(1, round(total**2 / squares) - 1) if number > 1 else 0)
        for each, number, total, squares in columns
    ]


def families_of(waits: Waits) -> Families:
    """The families of rows."""
    return families(sums(waits.families, waits.counts, FAMILIES)[np.newaxis])[0]


def families_of_each(fitted: Curves) -> list[Families]:
    """The families of each group's rows."""
    cell = fitted.group * FAMILIES + fitted.waits.families
    return families(sums(cell, fitted.waits.counts, FAMILIES * len(fitted)).reshape(-1, FAMILIES))


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


def spreads(influences: Floats, families: Sequence[Families]) -> list[float]:
    """The standard errors of one estimate of each group (rows), from the influence of each family (columns)."""
    found: list[float] = np.sqrt(np.square(influences * _alone(families)).sum(axis=1)).tolist()
    return found


def _alone(families: Sequence[Families]) -> Floats:
    """By what the influence of each family (columns) of each group (rows) is corrected: as `corrected`."""
    sizes = np.array([each.sizes for each in families]).reshape(-1, FAMILIES)
    there = np.array([[each.there] for each in families]).reshape(-1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = np.sqrt((there - 1) / there) / (1.0 - sizes / sizes.sum(axis=1, keepdims=True))
    return np.where(there < 2, np.nan, alone)


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


def influences(fitted: Curves, derivative: Floats, cause: int | None = None) -> Floats:
    """The influence of each family (columns) on one estimate of each group (rows).

    Args:
        fitted: the curves whose hazards the estimates are functions of.
        derivative: of the estimate by the hazard at each of the curves' times.
        cause: the route whose hazard it is; of leaving by any route without.
    """
    waits = fitted.waits
    gone, exits = fitted.gone, fitted.exits
    if cause is not None:
        gone = gone & (waits.causes == cause)
        exits = sums(fitted.steps[fitted.group[gone]] + fitted.rank[gone] - 1, waits.counts[gone], len(fitted.times))
    row = Risks(fitted, derivative / fitted.at_risk, exits).of_rows(gone)
    cell = fitted.group * FAMILIES + waits.families
    return sums(cell, row, FAMILIES * len(fitted)).reshape(-1, FAMILIES)


class Risks:
    """What being at risk at each of the curves' times takes from an influence, and leaving at it adds.

    ``step``: what leaving at each time adds. ``upto``: what being at risk takes up to each time. ``ranks``: where each
    group's sums begin: one for each of its times and one before them.
    """

    __slots__ = ("_exit", "_fitted", "ranks", "upto")

    def __init__(self, fitted: Curves, step: Floats, exits: Floats) -> None:
        self._fitted = fitted
        risk = step * exits / fitted.at_risk
        self.ranks = fitted.steps[:-1] + np.arange(len(fitted))
        self.upto = np.zeros(len(risk) + len(fitted))
        self._exit = np.zeros(len(self.upto))
        for group, (first, after) in enumerate(fitted.spans()):
            if first == after:
                continue
            place = first + group + 1
            np.add.accumulate(risk[first:after], out=self.upto[place : place + after - first])
            self._exit[place : place + after - first] = step[first:after]

    def of_rows(self, gone: Mask) -> Floats:
        """The influence of each row: what its exit adds, less its risk from when it came until then."""
        fitted, ranks = self._fitted, self.ranks[self._fitted.group]
        row = self.of_ends(gone)
        if fitted.entry_rank is not None:
            row += self.upto[ranks + fitted.entry_rank] * fitted.waits.counts
        return row

    def of_ends(self, gone: Mask) -> Floats:
        """The same as if each row had been at risk from the start."""
        place = self.ranks[self._fitted.group] + self._fitted.rank
        table = np.concatenate((-self.upto, self._exit - self.upto))
        row: Floats = table[place + len(self.upto) * gone]
        row *= self._fitted.waits.counts
        return row


class Spreads:
    """How much minus the logarithm of the share waiting would differ with other incidents, of several curves."""

    def __init__(self, fitted: Curves, of: Sequence[Families]) -> None:
        self._fitted = fitted
        # A step at which everybody leaves has no logarithm; it can only be the last and is never asked for.
        staying = np.where(fitted.exits < fitted.at_risk, fitted.at_risk - fitted.exits, 1.0)
        self._risks = Risks(fitted, 1.0 / staying, fitted.exits)
        self._scale = _alone(of)
        waits, ranks = fitted.waits, self._risks.ranks[fitted.group]
        self._rows, place, family = fitted.rows, ranks + fitted.rank, waits.families
        row, count = self._risks.of_ends(fitted.gone), waits.counts
        if fitted.entry_rank is not None:
            # Who was there from the start came at no risk.
            late = np.flatnonzero(fitted.entry_rank)
            come = (ranks + fitted.entry_rank)[late]
            order = np.argsort(np.concatenate((fitted.group, fitted.group[late])), kind="stable")
            self._rows = self._rows + np.searchsorted(late, self._rows)
            row = np.concatenate((row, self._risks.upto[come] * count[late]))[order]
            count = np.concatenate((count, -count[late]))[order]
            place = np.concatenate((place, come))[order]
            family = np.concatenate((family, family[late]))[order]
        self._place, self._family, self._row, self._count = place, family, row, count

    def at(self, steps: Ints, size: Ints) -> Floats:
        """The errors at some steps of each group, one group's after the other's: as `influences`."""
        found = [
            np.sqrt(np.square(some * np.repeat(self._scale[groups], size[groups], axis=0)).sum(axis=1))
            for groups, some in self._blocks(steps, size)
        ]
        return np.concatenate(found)

    def influences(self, steps: Ints, size: Ints) -> Floats:
        """The influence of each family (columns) at some steps of each group (rows), one group's after the other's.

        Args:
            steps: places among all the curves' times, ascending; the share waiting there must be above nought.
            size: how many of them each group has.
        """
        return np.concatenate([found for _, found in self._blocks(steps, size)])

    def _blocks(self, steps: Ints, size: Ints) -> Iterator[tuple[slice, Floats]]:
        """The same of some groups after others, as many as a processor holds at hand."""
        groups, upto = len(size), self._risks.upto
        asked = steps + np.repeat(np.arange(1, groups + 1), size)
        # A rank's column: the first asked-for step at which a row of this rank has ended; beyond all, one more.
        column = np.cumsum(np.bincount(asked + 1, minlength=len(upto) + 2))[: len(upto)]
        column += np.repeat(np.arange(groups), np.diff(self._fitted.steps) + 1)
        cell = column[self._place] * FAMILIES + self._family
        first, marks = np.concatenate(([0], np.cumsum(size + 1))), np.concatenate(([0], np.cumsum(size)))
        begin = 0
        while begin < groups:
            after = max(begin + 1, int(np.searchsorted(first, first[begin] + _BLOCK, side="right")) - 1)
            rows = slice(self._rows[begin], self._rows[after])
            here, last = cell[rows] - first[begin] * FAMILIES, first[begin + 1 : after + 1] - first[begin] - 1
            cells = FAMILIES * int(first[after] - first[begin])
            ended = sums(here, self._row[rows], cells).reshape(-1, FAMILIES)
            there = np.cumsum(sums(here, self._count[rows], cells).reshape(-1, FAMILIES), axis=0)
            inside = np.delete(np.arange(len(ended)), last)
            found: Floats = ended[inside]
            for one, other in pairwise((marks[begin : after + 1] - marks[begin]).tolist()):
                if one < other:
                    np.add.accumulate(found[one:other], axis=0, out=found[one:other])
            beyond = np.repeat(there[last], size[begin:after], axis=0) - there[inside]
            beyond *= upto[asked[marks[begin] : marks[after]], np.newaxis]
            found -= beyond
            yield slice(begin, after), found
            begin = after
