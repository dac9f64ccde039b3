"""A report, or several that one reader may hold side by side, made safe to show."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from service.reports.disclosure.cells import BLANK, EXACT, THRESHOLD, Cell, Label, Published, Sum
from service.reports.disclosure.collecting import Collected, Path
from service.reports.disclosure.protection import protect
from service.reports.disclosure.telling import Telling
from service.reports.measures.figures import BoardFigures

_MAIN: Final = "report"
_SLASH: Final = "/"
_NEVER: Final = -1
#: What a report told of its counts, by their paths; None where it hid one.
Told = Mapping[str, int | None]
_NOTHING: Final[Mapping[int, Told]] = {}
#: What is counted at an instant and not over a period: does not add up over consecutive periods.
_STANDING: Final = frozenset(
    {"open", "opening", "closing", "live", "waiting", "waiting_by_holder", "stock", "capacity", "overdue_now"}
)
#: Of these, what is counted at the report's own instant and not at the ends of its days.
_NOW: Final = frozenset(
    {"open", "live", "waiting", "waiting_by_holder", "capacity", "overdue_now", "linked_not_reviewed"}
)


def apply(
    figures: BoardFigures,
    *,
    threshold: int = THRESHOLD,
    beside: Sequence[BoardFigures] = (),
    issued: Told | None = None,
) -> BoardFigures:
    """The report as somebody may see it who is to see figures and no child.

    Args:
        figures: as measured. Nothing in it is changed.
        threshold: small numbers are 1 to this.
        beside: other reports of the same measures that the same readers have, in the order in which they are told: as
            reported before as known now, the areas of a partnership before all of them. See `last_of`.
        issued: what an earlier issue of this report told (`told_of`). What it told stays told, so a figure that has
            moved by little since is told as near what it was, and what it hid stays hidden.

    Returns:
        The same structs. Where a number is not told there stands a `Hidden` in its place, which prints as words; test
        with `is_hidden`, draw with `number`. Lists of named workers and of days are empty.
    """
    earlier = {len(beside): issued} if issued is not None else {}
    return last_of([*beside, figures], threshold=threshold, issued=earlier)


def last_of(
    reports: Sequence[BoardFigures], *, threshold: int = THRESHOLD, issued: Mapping[int, Told] = _NOTHING
) -> BoardFigures:
    """The last of several reports that one reader may hold side by side, made safe to show beside the others.

    Each is told beside those before it and says the less for their sake: what they tell nothing can take back. So each
    report is told the same whichever of them is asked for, and whichever was asked for first.

    Args:
        reports: as measured, the most lasting first: as reported before as known now, areas before all of them.
        threshold: small numbers are 1 to this.
        issued: for some of the reports, by their place, what an earlier issue of it told.
    """
    published, cells = _in_turn(reports, threshold, issued)
    secret = {cells[key].children for key, label in published.labels.items() if label != EXACT and cells[key].told}
    name, district = _name(len(reports) - 1), reports[-1].scope.district is not None
    return Telling(published, name, secret, district=district).report(reports[-1])


def told_of(
    reports: Sequence[BoardFigures], *, threshold: int = THRESHOLD, issued: Mapping[int, Told] = _NOTHING
) -> Told:
    """What the last of these reports tells of its counts, to be kept when it is issued: None where it hides one."""
    published, cells = _in_turn(reports, threshold, issued)
    keys = _of(cells, _name(len(reports) - 1))
    return {_SLASH.join(key[1:]): published.exact.get(key) for key in keys if cells[key].told}


def _in_turn(
    reports: Sequence[BoardFigures], threshold: int, issued: Mapping[int, Told]
) -> tuple[Published, dict[Any, Cell]]:
    """What may be told of each report beside those before it."""
    names = [_name(number) for number in range(len(reports))]
    fixed: Mapping[Any, Label] = {}
    for last in range(1, len(reports)):
        before = {number: told for number, told in issued.items() if number < last}
        fixed = _protected(reports[:last], names[:last], before, threshold, fixed)[0].labels
    return _protected(reports, names, issued, threshold, fixed)


def _name(number: int) -> str:
    return f"{_MAIN} {number}"


def _protected(
    reports: Sequence[BoardFigures],
    names: Sequence[str],
    issued: Mapping[int, Told],
    threshold: int,
    fixed: Mapping[Any, Label],
) -> tuple[Published, dict[Any, Cell]]:
    """What may be told of each count of these reports."""
    cells, sums, alike = _collected(reports, names, threshold)
    twins = _twins(reports, names, cells)
    labels = dict(fixed)
    for number, told in issued.items():
        alike.extend(_hold(names[number], told, cells, twins, labels))
    sums.extend(_nested(reports, names, cells))
    return protect(cells, sums, threshold=threshold, twins=twins, fixed=labels, alike=alike), cells


def _collected(
    reports: Sequence[BoardFigures], names: Sequence[str], threshold: int
) -> tuple[dict[Any, Cell], list[Sum], list[tuple[Path, Path]]]:
    cells: dict[Any, Cell] = {}
    sums: list[Sum] = []
    alike: list[tuple[Path, Path]] = []
    for name, each in zip(names, reports, strict=True):
        collected = Collected(each, threshold, name)
        cells.update(collected.cells)
        sums.extend(collected.sums)
        alike.extend(collected.alike)
    return cells, sums, alike


def _hold(
    name: str, told: Told, cells: dict[Any, Cell], twins: dict[Any, Any], fixed: dict[Any, Label]
) -> Iterator[tuple[Path, Path]]:
    """Let each count of a report be the twin of what an issue told of it, which nobody can take back.

    Yields what was its twin before, in another report, which it stays tied to.
    """
    for key in _of(cells, name):
        before = told.get(_SLASH.join(key[1:]), _NEVER)
        if before == _NEVER or not cells[key].told:
            continue
        other = (f"{name} issued", *key[1:])
        # Of what was hidden only that is known: it is hidden still, whatever it has become.
        cells[other] = Cell(children=cells[key].children if before is None else before)
        fixed[other] = EXACT if before is not None else BLANK
        if key in twins:
            yield key, twins[key]
        twins[key] = other


def _about(figures: BoardFigures) -> tuple[Any, ...]:
    scope = figures.scope
    return figures.period, scope.areas, scope.force, scope.district, scope.grade


def _twins(reports: Sequence[BoardFigures], names: Sequence[str], cells: dict[Any, Cell]) -> dict[Any, Any]:
    """The same figure of the same children and days, known at another time. The report that is told first has it."""
    first: dict[tuple[Any, ...], int] = {}
    found: dict[Any, Any] = {}
    for number, each in enumerate(reports):
        main = first.setdefault(_about(each), number)
        if main == number:
            continue
        # Who waits at one instant and at another are not the same children, known better.
        apart = each.instant != reports[main].instant
        for key in _of(cells, names[number]):
            other = (names[main], *key[1:])
            if other in cells and cells[key].told and not (apart and _NOW & set(key)):
                found[key] = other
    return found


def _nested(reports: Sequence[BoardFigures], names: Sequence[str], cells: dict[Any, Cell]) -> list[Sum]:
    """A report of several areas and those of each; a report of a long period and those of the days in it."""
    found = []
    for whole, name in zip(reports, names, strict=True):
        areas = [n for n, each in zip(names, reports, strict=True) if n != name and _is_area_of(each, whole)]
        days = [n for n, each in zip(names, reports, strict=True) if n != name and _is_part_of(each, whole)]
        for inside, standing in ((areas, True), (days, False)):
            if inside:
                for key in _of(cells, name):
                    if standing or not _STANDING & set(key):
                        found.extend(_sum(key, inside, cells))
    return found


def _sum(total: Path, inside: Sequence[str], cells: dict[Any, Cell]) -> list[Sum]:
    parts: list[Any] = [(name, *total[1:]) for name in inside if (name, *total[1:]) in cells]
    rest = cells[total].children - sum(cells[part].children for part in parts)
    if not parts or rest < 0:
        return []
    if rest:
        left = (*total, "elsewhere", *inside)
        cells[left] = Cell(children=rest, told=False, weight=0)
        parts.append(left)
    return [Sum(total, tuple(parts))]


def _of(cells: dict[Any, Cell], name: str) -> list[Any]:
    return [key for key in cells if key[0] == name]


def _is_area_of(part: BoardFigures, whole: BoardFigures) -> bool:
    same = (part.period, part.known.basis, part.scope.district) == (
        whole.period,
        whole.known.basis,
        whole.scope.district,
    )
    return same and bool(part.scope.areas) and set(part.scope.areas) < set(whole.scope.areas)


def _is_part_of(part: BoardFigures, whole: BoardFigures) -> bool:
    same = part.scope == whole.scope and part.known.basis == whole.known.basis
    inside = whole.period.first <= part.period.first and part.period.last <= whole.period.last
    return same and inside and part.period != whole.period
