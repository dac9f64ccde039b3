"""Whether a hidden number could be another one: a search for a table that tells its readers the same.

A reader who solves for a hidden cell gets no further than the tables that agree with everything published. To show
that a value stays possible it is enough to find one such table in whole numbers; where none is found within the steps
allowed the cell counts as given away, which errs towards hiding more.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Final

from service.reports.disclosure.cells import Sum

#: Tries of one search. Tables of a board's report need fewer than thirty.
_STEPS: Final = 300
Bounds = Mapping[Hashable, tuple[int, int | None]]


class Witnesses:
    """The search, over sums in which the true numbers agree."""

    def __init__(self, true: Mapping[Hashable, int], sums: Sequence[Sum]) -> None:
        self._true = true
        self._sums = sums
        self.sums_of: dict[Hashable, list[int]] = {}
        for number, each in enumerate(sums):
            for key in each.keys:
                self.sums_of.setdefault(key, []).append(number)

    def find(self, key: Hashable, value: int, bounds: Bounds) -> dict[Hashable, int] | None:
        """Numbers that differ from the true ones, ``key`` being ``value``, within the bounds; None if none is found."""
        low, high = bounds[key]
        if value < low or (high is not None and value > high):
            return None
        search = _Search(self, bounds)
        return search.changed if search.put(key, value) and search.settle() else None

    def off(self, number: int, changed: Mapping[Hashable, int]) -> int:
        """By how much the parts of a sum fall short of its total."""
        each = self._sums[number]
        value = {key: changed.get(key, self._true[key]) for key in each.keys}
        return value[each.total] - sum(value[key] for key in each.parts)

    def of(self, number: int) -> Sum:
        """A sum by its number."""
        return self._sums[number]

    def true(self, key: Hashable) -> int:
        """The true number of a cell."""
        return self._true[key]


class _Search:
    def __init__(self, known: Witnesses, bounds: Bounds) -> None:
        self._known = known
        self._bounds = bounds
        self._steps = _STEPS
        self.changed: dict[Hashable, int] = {}

    def put(self, key: Hashable, value: int) -> bool:
        """Say that a cell has a value; every cell is moved once at most."""
        if key in self.changed:
            return False
        self.changed[key] = value
        return True

    def settle(self) -> bool:
        """Move further cells until every sum agrees again."""
        if self._steps == 0:
            return False
        self._steps -= 1
        broken = self._broken()
        if broken is None:
            return True
        number, off = broken
        for key, value in self._moves(number, off):
            self.changed[key] = value
            if self.settle():
                return True
            del self.changed[key]
        return False

    def _broken(self) -> tuple[int, int] | None:
        """The sum that does not agree and has the fewest ways out."""
        found: tuple[int, int] | None = None
        fewest = 0
        for number in sorted({each for key in self.changed for each in self._known.sums_of.get(key, ())}):
            off = self._known.off(number, self.changed)
            if off:
                ways = sum(key not in self.changed for key in self._known.of(number).keys)
                if found is None or ways < fewest:
                    found, fewest = (number, off), ways
        return found

    def _moves(self, number: int, off: int) -> list[tuple[Hashable, int]]:
        """Cells of a sum that can take up what is off, those that take most and touch fewest other sums first."""
        each = self._known.of(number)
        moves: list[tuple[int, int, int, Hashable, int]] = []
        for key in each.keys:
            if key in self.changed:
                continue
            low, high = self._bounds[key]
            true = self._known.true(key)
            wanted = true - off if key == each.total else true + off
            value = max(low, wanted if high is None else min(high, wanted))
            if value != true and (value > true) == (wanted > true):
                moves.append((abs(value - wanted), len(self._known.sums_of[key]), len(moves), key, value))
        return [(key, value) for _, _, _, key, value in sorted(moves, key=lambda move: move[:3])]
