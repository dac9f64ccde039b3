"""A reader who knows every published number and every label, and solves for what is hidden in whole numbers."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp

from service.reports.disclosure import EXACT, Cell, Published, Sum


class Attacker:
    """Everything that one report, or several, tell; `narrow` is how far a hidden number can be narrowed down."""

    def __init__(self, published: Published, sums: Sequence[Sum]) -> None:
        self._place = {key: number for number, key in enumerate(published.labels)}
        bounds = [published.bounds(key) for key in published.labels]
        self._bounds = Bounds(
            numpy.array([low for low, _ in bounds], dtype=float),
            numpy.array([numpy.inf if high is None else high for _, high in bounds], dtype=float),
        )
        rows = numpy.zeros((len(sums), len(bounds)))
        for number, each in enumerate(sums):
            rows[number, self._place[each.total]] = -1
            for key in each.parts:
                rows[number, self._place[key]] += 1
        self._constraints: Any = [LinearConstraint(rows, 0, 0)] if len(sums) else []

    def narrow(self, key: Hashable) -> tuple[int, float]:
        """The least and the greatest value that a cell can have."""
        return int(self._solve(key, 1)), -self._solve(key, -1)

    def _solve(self, key: Hashable, sign: int) -> float:
        aim = numpy.zeros(len(self._place))
        aim[self._place[key]] = sign
        found = milp(aim, integrality=numpy.ones(len(aim)), bounds=self._bounds, constraints=self._constraints)
        if found.status == 3 or (found.status == 4 and sign < 0):  # no end
            return -numpy.inf
        assert found.status == 0, found.message
        return round(found.fun) if numpy.isfinite(found.fun) else float(found.fun)


def given_away(
    cells: Mapping[Hashable, Cell],
    sums: Sequence[Sum],
    published: Published,
    twins: Iterable[tuple[Hashable, Hashable]] = (),
) -> list[str]:
    """Every small number that is told, or can be narrowed down to less than the whole range of small numbers; and every
    figure that differs from its twin by a small number and can be narrowed down to less than as many.
    """
    attacker = Attacker(published, sums)
    most = published.threshold
    found = []
    for key, cell in cells.items():
        few = cell.behind is not None and 0 < cell.behind <= most
        if not cell.children or (cell.children > most and not few):
            continue
        if published.labels[key] == EXACT:
            found.append(f"{key} is told")
            continue
        low, high = attacker.narrow(key)
        # Of what is told nowhere nobody knows that it is somebody: as many numbers must stay possible from nought.
        first = low if cell.children > most else 1 if cell.told else min(low, 1)
        if low > first or high < first + most - 1:
            found.append(f"{key} ({cell.children}) is between {low} and {high}")
    for key, twin in twins:
        # That nobody waits is told, whatever is told of another time.
        nobody = cells[key].waits and not cells[key].children
        if nobody or not 0 < abs(cells[key].children - cells[twin].children) <= most:
            continue
        low, high = attacker.narrow(key)
        if high - low < most - 1:
            found.append(f"{key} ({cell.children}), near {twin}, is between {low} and {high}")
    return found
