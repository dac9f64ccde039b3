"""Which cells are hidden, and how much is told of them: primary and complementary suppression, audited.

A cell is hidden when 1 to the threshold children, or 1 to the threshold incidents, stand behind it. Then the table is
attacked: for each such cell another table is looked for that tells a reader the same, with the cell at the lowest and
at the highest of the range that must stay possible. Where there is none, one more cell is hidden, or less is told of
hidden ones, and the table is attacked again. The same numbers always give the same answer.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Final

from service.reports.disclosure.cells import (
    BLANK,
    EXACT,
    LARGE,
    NEAR,
    SMALL,
    THRESHOLD,
    Cell,
    Label,
    Published,
    Sum,
)
from service.reports.disclosure.witness import Witnesses

_NOTHING: Final[Mapping[Hashable, Hashable]] = {}


def protect(
    cells: Mapping[Hashable, Cell],
    sums: Sequence[Sum],
    *,
    threshold: int = THRESHOLD,
    twins: Mapping[Hashable, Hashable] = _NOTHING,
    fixed: Mapping[Hashable, Label] | None = None,
) -> Published:
    """What may be told of each cell that a report tells.

    Args:
        cells: every count, and every rest that follows from counts.
        sums: how they add up. They must be true of the numbers.
        threshold: small numbers are 1 to this.
        twins: the same figure in another report (as reported: as known now). A figure that differs from its twin by a
            small number is told only as near it; if one of the two is hidden, so is the other.
        fixed: labels already given to readers, which nothing can take back: told before.

    Raises:
        ValueError: a sum is not true, or names a cell that is not there.
    """
    return _Table(cells, sums, threshold, twins, fixed or {}).published()


class _Table:
    def __init__(
        self,
        cells: Mapping[Hashable, Cell],
        sums: Sequence[Sum],
        threshold: int,
        twins: Mapping[Hashable, Hashable],
        fixed: Mapping[Hashable, Label],
    ) -> None:
        self._cells, self._sums, self._threshold, self._fixed = cells, sums, threshold, fixed
        self._twins = twins
        self._tied: dict[Hashable, list[Hashable]] = {}
        for one, other in twins.items():
            self._tied.setdefault(one, []).append(other)
            self._tied.setdefault(other, []).append(one)
        self._witnesses = Witnesses({key: cell.children for key, cell in cells.items()}, sums)
        for number, each in enumerate(sums):
            if any(key not in cells for key in each.keys) or self._witnesses.off(number, {}):
                raise ValueError(f"the parts of {each.total!r} do not add up to it")
        self._labels: dict[Hashable, Label] = {key: self._first(key) for key in cells}
        for key in [key for key in cells if self._labels[key] != EXACT]:
            self._hide_twins(key)

    def published(self) -> Published:
        """Attack and hide until nothing is given away."""
        while True:
            given = self._given_away()
            if given is None or not self._tell_less(given):
                return self._as_told()

    def _as_told(self) -> Published:
        exact = {key: self._cells[key].children for key, label in self._labels.items() if label == EXACT}
        return Published(threshold=self._threshold, labels=dict(self._labels), exact=exact)

    # What is hidden for its own sake.

    def _first(self, key: Hashable) -> Label:
        cell = self._cells[key]
        if key in self._fixed:
            return self._fixed[key]
        if not cell.told:
            return BLANK
        if self._is_primary(cell):
            return self._class_of(cell)
        twin = self._twins.get(key)
        if twin is not None and 0 < abs(self._cells[twin].children - cell.children) <= self._threshold:
            return NEAR
        return EXACT

    def _is_primary(self, cell: Cell) -> bool:
        few = cell.incidents is not None and 0 < cell.incidents <= self._threshold
        return cell.children > 0 and (cell.children <= self._threshold or few)

    def _class_of(self, cell: Cell) -> Label:
        if cell.children == 0:
            return BLANK
        return SMALL if cell.children <= self._threshold else LARGE

    # The attack.

    def _given_away(self) -> Hashable | None:
        """A cell that a reader can narrow down, or one of hidden parts that are few incidents together."""
        told = self._as_told()
        bounds = {key: told.bounds(key, self._twins.get(key)) for key in self._cells}
        seen: dict[Hashable, tuple[int, int]] = {}
        for key, cell in self._cells.items():
            if self._labels[key] == EXACT or not self._needs(key, cell):
                continue
            for low, high in self._ranges(key, cell):
                if self._possible(key, low, bounds, seen) and self._possible(key, high, bounds, seen):
                    break
            else:
                return key
        return self._few_together()

    def _needs(self, key: Hashable, cell: Cell) -> bool:
        return self._is_primary(cell) or self._labels[key] == NEAR

    def _ranges(self, key: Hashable, cell: Cell) -> list[tuple[int, int]]:
        """Ranges one of which must stay possible at both of its ends."""
        if cell.children <= self._threshold and self._labels[key] != NEAR:
            return [(1, self._threshold)]
        reach = (cell.width or self._threshold) - 1
        lowest = 0 if self._labels[key] == NEAR else self._threshold + 1
        under = sorted({reach * step // 4 for step in range(5)}, reverse=True)
        starts = [cell.children - each for each in under if cell.children - each >= lowest] or [cell.children]
        return [(start, start + reach) for start in starts]

    def _possible(
        self,
        key: Hashable,
        value: int,
        bounds: Mapping[Hashable, tuple[int, int | None]],
        seen: dict[Hashable, tuple[int, int]],
    ) -> bool:
        """Whether a reader cannot exclude a value; what one search shows of other cells is kept."""
        true = self._cells[key].children
        least, most = seen.get(key, (true, true))
        if least <= value <= most:
            return True
        found = self._witnesses.find(key, value, bounds)
        for other, number in (found or {}).items():
            low, high = seen.get(other, (self._cells[other].children,) * 2)
            seen[other] = min(low, number), max(high, number)
        return found is not None

    def _few_together(self) -> Hashable | None:
        """A total that is told, whose hidden parts are together one number: too few incidents may stand behind that."""
        for each in self._sums:
            if self._labels[each.total] != EXACT:
                continue
            hidden = [self._cells[key] for key in each.parts if self._labels[key] != EXACT]
            known = [cell.incidents for cell in hidden if cell.children and cell.incidents is not None]
            # One incident may stand behind several parts, so only the largest is certain.
            if known and len(known) == sum(cell.children > 0 for cell in hidden) and max(known) <= self._threshold:
                return next(key for key in each.parts if self._labels[key] != EXACT and self._cells[key].children)
        return None

    # What is done about it.

    def _tell_less(self, key: Hashable) -> bool:
        """Hide one more cell for the sake of this one, or tell less of hidden ones; False when nothing is left."""
        around = self._around(key)
        for group in around:
            shown = [other for other in group if self._labels[other] == EXACT and self._cells[other].children]
            candidates = [other for other in shown if other not in self._fixed]
            if candidates:
                self._hide(min(candidates, key=lambda other: self._loss(other)))
                return True
        for group in around:
            telling = [
                other
                for other in group
                if self._labels[other] in (SMALL, LARGE, NEAR, EXACT)
                and other not in self._fixed
                and self._cells[other].told
            ]
            if telling:
                # Parts before totals, other cells before the one itself.
                less = min(telling, key=lambda other: (self._cells[other].weight, other == key, self._loss(other)))
                self._labels[less] = BLANK
                self._hide_twins(less)
                return True
        return False

    def _around(self, key: Hashable) -> list[list[Hashable]]:
        """The cells of the sums of a cell, then those of the sums of these, and so on."""
        groups: list[list[Hashable]] = []
        known, edge, sums = {key}, [key], set[int]()
        while edge:
            numbers = [n for cell in edge for n in self._witnesses.sums_of.get(cell, ()) if n not in sums]
            sums.update(numbers)
            found = dict.fromkeys(cell for n in numbers for cell in self._witnesses.of(n).keys)
            groups.append([key, *(cell for cell in found if cell != key)])
            edge = [cell for cell in found if cell not in known and self._labels[cell] != EXACT]
            known.update(found)
        return groups

    def _loss(self, key: Hashable) -> tuple[int, int, int]:
        """How much a reader loses with a cell: details before lines before totals, small before large."""
        cell = self._cells[key]
        few = cell.incidents is not None and cell.incidents <= self._threshold
        return cell.weight, int(few), cell.children

    def _hide(self, key: Hashable) -> None:
        self._labels[key] = self._class_of(self._cells[key])
        self._hide_twins(key)

    def _hide_twins(self, key: Hashable) -> None:
        """If one of two reports hides a figure, so does the other; and nothing is near what is not told."""
        for other in self._tied.get(key, ()):
            if other not in self._fixed and self._labels[other] in (EXACT, NEAR) and self._labels[key] != NEAR:
                self._labels[other] = self._class_of(self._cells[other])
                self._hide_twins(other)
