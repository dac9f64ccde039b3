"""Whether a hidden number could be another one: a search for a table that tells its readers the same.

A reader who solves for a hidden cell gets no further than the tables that agree with everything published. To show
that a value stays possible it is enough to find one such table in whole numbers; where none is found within the steps
allowed the cell counts as given away, which errs towards hiding more.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Final

from service.reports.disclosure.cells import Sum

#: Tries of one search. Tables of a board's report need fewer than thirty.
_STEPS: Final = 40
#: Searches, each of which tries other cells first: one that errs at its first step would not come back to it in time.
_TURNS: Final = 3
#: What a label tells of a cell: from, to (None: no end).
Bounds = Callable[[Hashable], tuple[int, int | None]]


class Witnesses:
    """The search, over sums in which the true numbers agree."""

    def __init__(self, true: Mapping[Hashable, int], sums: Sequence[Sum]) -> None:
        self.true = true
        self.sums = sums
        #: The first sum at which the last search could not go on.
        self.stuck: int | None = None
        self.sums_of: dict[Hashable, list[int]] = {key: [] for key in true}
        for number, each in enumerate(sums):
            for key in each.keys:
                self.sums_of[key].append(number)

    def find(self, key: Hashable, value: int, bounds: Bounds) -> dict[Hashable, int] | None:
        """Numbers that differ from the true ones, ``key`` being ``value``, within the bounds; None if none is found."""
        low, high = bounds(key)
        if value < low or (high is not None and value > high):
            return None
        self.stuck = None
        for turn in range(_TURNS):
            search = _Search(self, bounds, turn)
            search.move(key, value)
            if search.settle():
                return search.changed
        return None

    def off(self, number: int) -> int:
        """By how much the true parts of a sum fall short of its total."""
        each = self.sums[number]
        return self.true[each.total] - sum(self.true[key] for key in each.parts)


class _Search:
    def __init__(self, known: Witnesses, bounds: Bounds, turn: int) -> None:
        self._known = known
        self._turn = turn
        self._bounds = bounds
        self._steps = _STEPS
        self._off: dict[int, int] = {}
        self.changed: dict[Hashable, int] = {}

    def move(self, key: Hashable, value: int) -> None:
        """Give a cell another value; every cell is moved once at most."""
        self._shift(key, value - self._known.true[key])
        self.changed[key] = value

    def _shift(self, key: Hashable, by: int) -> None:
        for number in self._known.sums_of[key]:
            off = self._off.get(number, 0) + (by if key == self._known.sums[number].total else -by)
            if off:
                self._off[number] = off
            else:
                self._off.pop(number, None)

    def settle(self) -> bool:
        """Move further cells until every sum agrees again."""
        if not self._off:
            return True
        if self._steps == 0:
            return False
        self._steps -= 1
        for key, value in self._fewest():
            self.move(key, value)
            if self.settle():
                return True
            del self.changed[key]
            self._shift(key, self._known.true[key] - value)
        return False

    def _fewest(self) -> list[tuple[Hashable, int]]:
        """The ways out of the sum that has the fewest."""
        fewest: list[tuple[Hashable, int]] | None = None
        for number, off in self._off.items():
            moves = self._moves(number, off)
            if fewest is None or len(moves) < len(fewest):
                fewest = moves
            if not moves:
                if self._known.stuck is None:
                    self._known.stuck = number
                break
        return fewest or []

    def _moves(self, number: int, off: int) -> list[tuple[Hashable, int]]:
        """Cells of a sum that can take up what is off, those that take most first: by turns those that touch the fewest
        other sums, that touch the most, and the largest.
        """
        each = self._known.sums[number]
        moves: list[tuple[int, int, int, Hashable, int]] = []
        for key in each.keys:
            if key in self.changed:
                continue
            low, high = self._bounds(key)
            true = self._known.true[key]
            if low == high:
                continue
            wanted = true - off if key == each.total else true + off
            value = max(low, wanted if high is None else min(high, wanted))
            if value != true and (value > true) == (wanted > true):
                short, sums, place = abs(value - wanted), len(self._known.sums_of[key]), len(moves)
                order = ((short, sums, place), (short, -sums, -place), (int(short > 0), -true, sums))
                moves.append((*order[self._turn], key, value))
        return [(key, value) for _, _, _, key, value in sorted(moves, key=lambda move: move[:3])]
