"""Which counts of a report add up to each other whatever happens, as anybody finds who looks at enough reports.

Nothing here is read from the code: counts, and the sums of rows that stand together, that agree in many reports of
different children agree for a reason. Whether the disclosure control knows it is asked of the sums that it declares.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

import numpy

from service.reports.disclosure import THRESHOLD, Cell, Sum
from service.reports.disclosure.collecting import Collected, Path
from service.reports.measures.figures import BoardFigures

#: Counts with their coefficients, which add up to nought in every report.
Relation = dict[Path, int]
_PRIME = 2**61 - 1
#: A count with one number in more of the reports than this says too little.
_ALIKE = 0.3
#: Made of fractions of a day, rounded one by one.
_ROUNDED = frozenset({"child_days", "time_use"})


def told(figures: BoardFigures) -> dict[Path, int]:
    """Every count that a report tells."""
    cells = Collected(figures, THRESHOLD).cells
    return {key: cell.children for key, cell in cells.items() if cell.told and key[1] not in _ROUNDED}


def relations(reports: Sequence[Mapping[Path, int]]) -> list[Relation]:
    """Counts that are the same in all reports, and that are two others together; rows may stand for their sum."""
    terms = _terms(reports)
    table = numpy.array([[sum(each.get(key, 0) for key in term) for term in terms] for each in reports])
    telling = [
        place
        for place in range(len(terms))
        if numpy.unique(table[:, place], return_counts=True)[1].max() <= _ALIKE * len(reports)
    ]
    # Equal vectors have equal sums under any weights; others with a chance of one to 2**63.
    weights = numpy.random.default_rng(7).integers(1, 2**63, len(reports), dtype=numpy.uint64)
    marks = (table[:, telling].astype(numpy.uint64).T * weights).sum(axis=1, dtype=numpy.uint64)
    first: dict[int, int] = {}
    found = []
    for place, mark in zip(telling, marks.tolist(), strict=True):
        other = first.setdefault(mark, place)
        if other != place:
            found.append(_relation([terms[other]], [terms[place]]))
    known = numpy.array(list(first), numpy.uint64)
    places = list(first.values())
    order = numpy.argsort(known)
    for one in range(len(places)):
        both = known[one] + known[one + 1 :]
        at = numpy.minimum(numpy.searchsorted(known, both, sorter=order), len(known) - 1)
        for other in numpy.flatnonzero(known[order[at]] == both).tolist():
            total = places[int(order[at[other]])]
            found.append(_relation([terms[total]], [terms[places[one]], terms[places[one + 1 + other]]]))
    return [each for each in found if each]


def holds(relation: Relation, report: Mapping[Path, int]) -> bool:
    """Whether a relation is true of one report."""
    return not sum(by * report.get(key, 0) for key, by in relation.items())


def _terms(reports: Sequence[Mapping[Path, int]]) -> list[tuple[Path, ...]]:
    """Each count, and counts whose paths differ in one name: the ways out of one stage, the grades of one month."""
    keys = list(dict.fromkeys(key for each in reports for key, number in each.items() if number))
    rows: dict[tuple[Any, ...], list[Path]] = {}
    for key in keys:
        for place in range(2, len(key)):
            rows.setdefault((place, *key[:place], *key[place + 1 :]), []).append(key)
    return [*((key,) for key in keys), *(tuple(row) for row in rows.values() if len(row) > 1)]


def _relation(total: Sequence[Sequence[Path]], parts: Sequence[Sequence[Path]]) -> Relation:
    found: Relation = {}
    for sign, terms in ((-1, total), (1, parts)):
        for key in (key for term in terms for key in term):
            found[key] = found.get(key, 0) + sign
    return {key: by for key, by in found.items() if by}


class Declared:
    """What follows from the sums that are declared of one report, and from nothing else; ``noughts`` count nobody."""

    def __init__(self, cells: Mapping[Any, Cell], sums: Sequence[Sum], noughts: Collection[Any] = ()) -> None:
        self._cells = cells
        self._rows: list[dict[Any, int]] = []
        self._row_of: dict[Any, int] = {}
        # What is told nowhere is worked out first, so that the sums that it stands in are joined.
        rows = [{key: by for key, by in _row(each).items() if key not in noughts} for each in sums]
        for row in sorted(rows, key=len):
            left = self._reduced(row)
            if left:
                pivot = min(left, key=lambda key: (cells[key].told, str(key)))
                by = pow(left[pivot], -1, _PRIME)
                self._row_of[pivot] = len(self._rows)
                self._rows.append({key: number * by % _PRIME for key, number in left.items()})

    def follows(self, relation: Mapping[Any, int]) -> bool:
        """Whether a relation is known of this report; counts that are not in it are nought."""
        return not self._reduced({key: by for key, by in relation.items() if key in self._cells})

    def _reduced(self, row: Mapping[Any, int]) -> dict[Any, int]:
        left = {key: by % _PRIME for key, by in row.items()}
        waiting = [self._row_of[key] for key in left if key in self._row_of]
        heapify(waiting)
        while waiting:
            number = heappop(waiting)
            own = self._rows[number]
            pivot = next(iter(self._pivot(number)))
            by = left.get(pivot, 0)
            if not by:
                continue
            for key, coefficient in own.items():
                new = (left.get(key, 0) - by * coefficient) % _PRIME
                if new and key not in left and key in self._row_of:
                    heappush(waiting, self._row_of[key])
                if new:
                    left[key] = new
                else:
                    left.pop(key, None)
        return left

    def _pivot(self, number: int) -> Iterator[Any]:
        return (key for key in self._rows[number] if self._row_of.get(key) == number)


def _row(each: Sum) -> dict[Any, int]:
    row: dict[Any, int] = {each.total: -1}
    for part in each.parts:
        row[part] = row.get(part, 0) + 1
    return row


def in_words(relation: Relation) -> str:
    """A relation as somebody writes it who found it."""
    sides: dict[bool, list[str]] = {True: [], False: []}
    for key, by in sorted(relation.items()):
        sides[by < 0].append(("" if abs(by) == 1 else f"{abs(by)} ") + "/".join(key[1:]))
    return f"{' + '.join(sides[True])} = {' + '.join(sides[False])}"
