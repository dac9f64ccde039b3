"""Which cells are hidden, and how much is told of them: primary and complementary suppression, audited.

A cell is hidden when 1 to the threshold children, or as few incidents, stand behind it. Then the table is
attacked: for each such cell another table is looked for that tells a reader the same, with the cell at the lowest and
at the highest of the range that must stay possible. Where there is none, one more cell is hidden, or less is told of
hidden ones, and the table is attacked again. The same numbers always give the same answer.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import Final

from service.reports.disclosure.cells import (
    BLANK,
    EXACT,
    LARGE,
    NEAR,
    SMALL,
    SOME,
    THRESHOLD,
    Cell,
    Label,
    Published,
    Sum,
)
from service.reports.disclosure.witness import Witnesses

_NOTHING: Final[Mapping[Hashable, Hashable]] = {}
#: How many times a table is found to give something away before it is hidden coarsely. Reports of an area need fewer
#: than two hundred.
_PATIENCE: Final = 1_000


def protect(
    cells: Mapping[Hashable, Cell],
    sums: Sequence[Sum],
    *,
    threshold: int = THRESHOLD,
    twins: Mapping[Hashable, Hashable] = _NOTHING,
    fixed: Mapping[Hashable, Label] | None = None,
    alike: Iterable[tuple[Hashable, Hashable]] = (),
    patience: int = _PATIENCE,
) -> Published:
    """What may be told of each cell that a report tells.

    Args:
        cells: every count, and every rest that follows from counts.
        sums: how they add up. They must be true of the numbers.
        threshold: small numbers are 1 to this.
        twins: the same figure in another report (as reported: as known now). A figure that differs from its twin by a
            small number is told only as near it, and nothing tells more; if one of the two is hidden, so is the other.
        fixed: labels already given to readers, which nothing can take back: told before.
        alike: further pairs that are treated so: hardly different, or of the same number, in one report.
        patience: how often cell by cell is tried; then all details are hidden, after as many times more all lines, then
            all totals: a reader waits for seconds at most, and whoever waits is still said to.

    Raises:
        ValueError: a sum is not true, or names a cell that is not there.
    """
    for each in sums:
        if any(key not in cells for key in each.keys):
            raise ValueError(f"{each.total!r} is the sum of cells that are not there")
    one = _leaders(cells, ((each.total, each.parts[0]) for each in sums if len(each.parts) == 1))
    merged = _merged(cells, one)
    several = [Sum(one[each.total], tuple(one[key] for key in each.parts)) for each in sums if len(each.parts) > 1]
    tied: dict[Hashable, tuple[Hashable, ...]] = {}
    for key, other in (*twins.items(), *alike):
        if one[key] != one[other]:
            tied[one[key]] = (*tied.get(one[key], ()), one[other])
    given = {one[key]: label for key, label in (fixed or {}).items()}
    labels: dict[Hashable, Label] = {}
    for here, among in _apart(merged, several, tied):
        own = {key: tied[key] for key in here if key in tied}
        labels.update(_Table(here, among, threshold, own, given).labels(patience))
    near: dict[Hashable, Hashable] = {}
    for key in [key for key, label in labels.items() if label == NEAR]:
        told_near = _near(key, merged, tied, labels, threshold)
        if told_near is None:
            labels[key] = SOME if merged[key].waits and merged[key].children else BLANK
        else:
            near[key] = told_near
    told = {key: labels[one[key]] for key in cells}
    exact = {key: cells[key].children for key, label in told.items() if label == EXACT}
    speaking = _speaking(merged, several, labels)
    spoken_for = {key: speaking[one[key]] for key in cells if one[key] in speaking}
    near_to = {key: near[one[key]] for key in cells if one[key] in near}
    return Published(threshold=threshold, labels=told, exact=exact, near=near_to, spoken_for=spoken_for)


def _leaders(cells: Mapping[Hashable, Cell], pairs: Iterable[tuple[Hashable, Hashable]]) -> dict[Hashable, Hashable]:
    """For each cell one of those that it is paired with, directly or through others: the same for all of them."""
    leader: dict[Hashable, Hashable] = {key: key for key in cells}

    def lead(key: Hashable) -> Hashable:
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    for one, other in pairs:
        leader[lead(other)] = lead(one)
    return {key: lead(key) for key in cells}


def _near(
    key: Hashable,
    cells: Mapping[Hashable, Cell],
    twins: Mapping[Hashable, Sequence[Hashable]],
    labels: Mapping[Hashable, Label],
    threshold: int,
) -> Hashable | None:
    """The twin that a figure can be told as near: one that is told, and not as one that is near a third."""
    told = (twin for twin in twins.get(key, ()) if labels[twin] == EXACT)
    return next((twin for twin in told if abs(cells[twin].children - cells[key].children) <= threshold), None)


def _speaking(
    cells: Mapping[Hashable, Cell], sums: Sequence[Sum], labels: Mapping[Hashable, Label]
) -> dict[Hashable, Hashable]:
    """For those who wait and are not told apart, the nearest total that says that somebody does."""
    above = _above(cells, sums)
    found: dict[Hashable, Hashable] = {}
    for key, label in labels.items():
        total = key
        while cells[key].waits and cells[key].told and label == BLANK and labels[total] == BLANK and total in above:
            total = found[key] = above[total]
    return found


def _above(cells: Mapping[Hashable, Cell], sums: Sequence[Sum]) -> dict[Hashable, Hashable]:
    """The total that each part of those who wait is counted in.

    Two counts that are the same by what they mean may each be the total of the other's parts: of two as large the one
    that is named first is the total, so that none is above itself.
    """
    place = {key: number for number, key in enumerate(cells)}
    return {
        key: each.total
        for each in sums
        if _divides(each, cells)
        for key in each.parts
        if (cells[each.total].children, place[key]) > (cells[key].children, place[each.total])
    }


def _divides(each: Sum, cells: Mapping[Hashable, Cell]) -> bool:
    """Whether a sum divides those who wait: each of several groups of them may be nobody or all."""
    return cells[each.total].waits and sum(cells[key].waits for key in each.parts) > 1


def _merged(cells: Mapping[Hashable, Cell], one: Mapping[Hashable, Hashable]) -> dict[Hashable, Cell]:
    """A count that stands in several places is one cell: told if it is told anywhere, the fewest known behind it."""
    found: dict[Hashable, Cell] = {}
    for key, cell in cells.items():
        other = found.get(one[key])
        if other is None:
            found[one[key]] = cell
            continue
        if other.children != cell.children:
            raise ValueError(f"the parts of {key!r} do not add up to it")
        known = [each.behind for each in (other, cell) if each.behind is not None]
        found[one[key]] = Cell(
            children=cell.children,
            behind=min(known, default=None),
            told=cell.told or other.told,
            weight=max(cell.weight, other.weight),
            width=other.width or cell.width,
            waits=cell.waits or other.waits,
        )
    return found


def _apart(
    cells: Mapping[Hashable, Cell], sums: Sequence[Sum], twins: Mapping[Hashable, tuple[Hashable, ...]]
) -> list[tuple[dict[Hashable, Cell], list[Sum]]]:
    """Cells that have to do with each other, with their sums: what has not is protected by itself."""
    pairs = [(each.total, key) for each in sums for key in each.parts]
    pairs.extend((one, other) for one, others in twins.items() for other in others)
    leader = _leaders(cells, pairs)
    groups: dict[Hashable, tuple[dict[Hashable, Cell], list[Sum]]] = {}
    for key, cell in cells.items():
        groups.setdefault(leader[key], ({}, []))[0][key] = cell
    for each in sums:
        groups[leader[each.total]][1].append(each)
    return list(groups.values())


class _Table:
    def __init__(
        self,
        cells: Mapping[Hashable, Cell],
        sums: Sequence[Sum],
        threshold: int,
        twins: Mapping[Hashable, tuple[Hashable, ...]],
        fixed: Mapping[Hashable, Label],
    ) -> None:
        self._cells, self._sums, self._threshold, self._fixed = cells, sums, threshold, fixed
        self._twins = twins
        self._tied: dict[Hashable, list[Hashable]] = {}
        for one, others in twins.items():
            for other in others:
                self._tied.setdefault(one, []).append(other)
                self._tied.setdefault(other, []).append(one)
        self._witnesses = Witnesses({key: cell.children for key, cell in cells.items()}, sums)
        for number, each in enumerate(sums):
            if self._witnesses.off(number):
                raise ValueError(f"the parts of {each.total!r} do not add up to it")
        #: Who waits is counted in a total that says so, whatever is said of themselves.
        self._within = _above(cells, sums)
        self._labels: dict[Hashable, Label] = {key: self._first(key) for key in cells}
        self._seen: dict[Hashable, tuple[int, int]] = {}
        self._moved_near = False
        for each in sums:
            self._keep_whole(each)
        for key in [key for key in cells if self._labels[key] != EXACT]:
            self._hide_twins(key)

    def labels(self, patience: int) -> dict[Hashable, Label]:
        """Attack and hide until nothing is given away."""
        tried, coarse = 0, 0
        while True:
            self._seen = {}
            self._moved_near = False
            for key in self._cells:
                while not self._is_safe(key) and self._tell_less(key):
                    tried += 1
                    if tried > patience:
                        self._tell_least(coarse)
                        tried, coarse = 0, coarse + 1
            few = self._few_together()
            if few is not None and self._tell_less(few):
                continue
            if not self._moved_near:
                return self._labels

    # What is hidden for its own sake.

    def _first(self, key: Hashable) -> Label:
        cell = self._cells[key]
        if key in self._fixed:
            return self._fixed[key]
        if not cell.told:
            return self._least(key)
        if self._is_nobody(key):
            return EXACT
        if self._is_primary(cell):
            return self._class_of(cell)
        return NEAR if self._near(key) else EXACT

    def _near(self, key: Hashable) -> list[int]:
        """The numbers of twins from which a cell differs by little."""
        numbers = [self._cells[twin].children for twin in self._twins.get(key, ())]
        return [each for each in numbers if 0 < abs(each - self._cells[key].children) <= self._threshold]

    def _keep_whole(self, each: Sum) -> None:
        """A small total is not broken down: how many parts it has would tell how large it is at least."""
        some = [key for key in each.parts if self._cells[key].children and self._cells[key].told]
        if 0 < self._cells[each.total].children <= self._threshold and len(some) > 1:
            for key in some:
                if key not in self._fixed:
                    self._labels[key] = self._least(key)
                    self._cover(key)

    def _is_primary(self, cell: Cell) -> bool:
        few = cell.behind is not None and 0 < cell.behind <= self._threshold
        return cell.children > 0 and (cell.children <= self._threshold or few)

    def _is_nobody(self, key: Hashable) -> bool:
        """Nobody waits: nothing needs this hidden, except that others who wait are not told apart from it."""
        return self._cells[key].waits and not self._cells[key].children

    def _least(self, key: Hashable) -> Label:
        """The least that is told of a cell: of those who wait, that there is somebody, here or in a total of theirs."""
        cell = self._cells[key]
        return SOME if cell.waits and cell.children and key not in self._within else BLANK

    def _cover(self, key: Hashable) -> None:
        """Say no more of those beside whom nobody waits: else what is not told apart would be known for somebody."""
        if not self._cells[key].waits or self._labels[key] != BLANK:
            return
        beside = [each for each in self._sums if key in each.parts and self._cells[each.total].waits]
        empty = [other for each in beside for other in each.parts if self._is_nobody(other)]
        while empty:
            other = empty.pop()
            if self._labels[other] == EXACT and other not in self._fixed:
                self._labels[other] = BLANK
                self._hide_twins(other)
                empty.extend(
                    part for each in self._sums if each.total == other for part in each.parts if self._is_nobody(part)
                )

    def _class_of(self, cell: Cell) -> Label:
        if cell.children == 0:
            return BLANK
        return SMALL if cell.children <= self._threshold else LARGE

    # The attack.

    def _is_safe(self, key: Hashable) -> bool:
        """Whether a reader cannot narrow a cell down."""
        cell = self._cells[key]
        if self._labels[key] == EXACT or not self._needs(key, cell):
            return True
        return any(self._possible(key, low) and self._possible(key, high) for low, high in self._ranges(key, cell))

    def _bounds(self, key: Hashable) -> tuple[int, int | None]:
        label = self._labels[key]
        if label == EXACT:
            return self._cells[key].children, self._cells[key].children
        if label == SMALL:
            return 1, self._threshold
        if label == LARGE:
            return self._threshold + 1, None
        if label == SOME:
            return 1, None
        if label == NEAR:
            near = self._near(key)
            return max(0, max(near) - self._threshold), min(near) + self._threshold
        return 0, None

    def _needs(self, key: Hashable, cell: Cell) -> bool:
        # Also where a figure is not told: by how little it differs from its twin would be told by what it adds up with.
        return self._is_primary(cell) or self._labels[key] == NEAR or bool(cell.told and self._near(key))

    def _ranges(self, key: Hashable, cell: Cell) -> list[tuple[int, int]]:
        """Ranges one of which must stay possible at both of its ends."""
        if cell.children <= self._threshold and self._labels[key] != NEAR:
            # Of what is not told nobody has been told that it is somebody: as many numbers stay possible from nought.
            return [(1, self._threshold)] if cell.told else [(1, self._threshold), (0, self._threshold - 1)]
        reach = (self._threshold if self._labels[key] == NEAR else cell.width or self._threshold) - 1
        lowest = 0 if self._labels[key] == NEAR else self._threshold + 1
        under = sorted({reach * step // 4 for step in range(5)}, reverse=True)
        starts = [cell.children - each for each in under if cell.children - each >= lowest] or [cell.children]
        return [(start, start + reach) for start in starts]

    def _possible(self, key: Hashable, value: int) -> bool:
        """Whether a reader cannot exclude a value. What a search shows stays true when less is told."""
        true = self._cells[key].children
        least, most = self._seen.get(key, (true, true))
        if least <= value <= most:
            return True
        found = self._witnesses.find(key, value, self._bounds)
        for other, number in (found or {}).items():
            low, high = self._seen.get(other, (self._cells[other].children,) * 2)
            self._seen[other] = min(low, number), max(high, number)
        return found is not None

    def _few_together(self) -> Hashable | None:
        """A total that is told, whose hidden parts are together one number: too few may stand behind that."""
        for each in self._sums:
            if self._labels[each.total] != EXACT:
                continue
            hidden = [self._cells[key] for key in each.parts if self._labels[key] != EXACT]
            known = [cell.behind for cell in hidden if cell.children and cell.behind is not None]
            # One incident may stand behind several parts, so only the largest is certain.
            if known and len(known) == sum(cell.children > 0 for cell in hidden) and max(known) <= self._threshold:
                return next(key for key in each.parts if self._labels[key] != EXACT and self._cells[key].children)
        return None

    # What is done about it.

    def _tell_less(self, key: Hashable) -> bool:
        """Hide one more cell for the sake of this one, or tell less of hidden ones; False when nothing is left."""
        pinning, *around = self._around(key)
        stuck = [self._cells_of([self._witnesses.stuck])] if self._witnesses.stuck is not None else []
        return (
            self._hide_of(pinning)
            # A sum all of whose cells are hidden and that still pins one down tells too much of them.
            or self._blank_of(pinning, key)
            or any(self._hide_of(group) for group in [*stuck, *around])
            or any(self._blank_of(group, key) for group in around)
        )

    def _hide_of(self, group: Sequence[Hashable]) -> bool:
        """Hide the cell that is the least loss."""
        shown = [key for key in group if self._labels[key] == EXACT and self._cells[key].children]
        candidates = [key for key in shown if key not in self._fixed]
        if candidates:
            self._relabel(min(candidates, key=self._loss))
        return bool(candidates)

    def _blank_of(self, group: Sequence[Hashable], key: Hashable) -> bool:
        """Say nothing any more of one cell: of parts before totals, of other cells before the one itself."""
        telling = [
            other
            for other in group
            if self._labels[other] not in (BLANK, self._least(other))
            and other not in self._fixed
            and self._cells[other].told
            and not self._is_nobody(other)
        ]
        if telling:
            less = min(telling, key=lambda other: (self._cells[other].weight, other == key, self._loss(other)))
            self._moved_near = self._moved_near or self._labels[less] == NEAR
            waits = self._cells[less].waits and self._labels[less] != SOME
            self._labels[less] = SOME if waits else BLANK
            self._hide_twins(less)
            self._cover(less)
        return bool(telling)

    def _tell_least(self, weight: int) -> None:
        """Say the least of every cell up to a weight."""
        for key, cell in self._cells.items():
            if cell.told and cell.weight <= weight and key not in self._fixed and not self._is_nobody(key):
                self._moved_near = self._moved_near or self._labels[key] == NEAR
                self._labels[key] = self._least(key)
                self._hide_twins(key)
                self._cover(key)

    def _around(self, key: Hashable) -> Iterator[list[Hashable]]:
        """The cells of the sums that pin a cell down, of all its sums, of the sums of these, and so on."""
        own = self._witnesses.sums_of[key]
        yield self._cells_of(number for number in own if self._pins(number, key))
        known, edge, sums = {key}, [key], set[int]()
        while edge:
            numbers = [n for cell in edge for n in self._witnesses.sums_of[cell] if n not in sums]
            sums.update(numbers)
            found = self._cells_of(numbers)
            yield found
            edge = [cell for cell in found if cell not in known and self._labels[cell] != EXACT]
            known.update(found)

    def _cells_of(self, numbers: Iterable[int]) -> list[Hashable]:
        return list(dict.fromkeys(cell for n in numbers for cell in self._sums[n].keys))

    def _pins(self, number: int, key: Hashable) -> bool:
        """Whether one sum alone narrows a cell down."""
        each = self._sums[number]
        low = high = 0.0
        for other in each.keys:
            if other != key:
                least, most = self._bounds(other)
                most_of = inf if most is None else most
                # What is left for the cell: the total less the other parts, or the parts together.
                adds = (other == each.total) == (key != each.total)
                low += least if adds else -most_of
                high += most_of if adds else -least
        return not any(low <= start and stop <= high for start, stop in self._ranges(key, self._cells[key]))

    def _loss(self, key: Hashable) -> tuple[int, int, int]:
        """How much a reader loses with a cell: details before lines before totals, small before large."""
        cell = self._cells[key]
        few = cell.behind is not None and cell.behind <= self._threshold
        return cell.weight, int(few), cell.children

    def _relabel(self, key: Hashable) -> None:
        self._moved_near = self._moved_near or self._labels[key] == NEAR
        self._labels[key] = self._class_of(self._cells[key])
        self._hide_twins(key)

    def _hide_twins(self, key: Hashable) -> None:
        """If one of two reports hides a figure, so does the other; and nothing is near what is not told."""
        for other in self._tied.get(key, ()):
            if other in self._fixed or self._is_nobody(other):
                continue
            if self._labels[other] in (EXACT, NEAR) and self._labels[key] != NEAR:
                self._relabel(other)
