"""A report, or several that one reader may hold side by side, made safe to show."""

from collections.abc import Mapping, Sequence
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
        beside: other reports of the same measures that the same readers have or may ask for: as reported and as known
            now, the areas of a partnership, the periods that make up this one. They are protected together, so that
            no two of them tell what one hides. The answer for one report is the same whichever of a set is asked for
            only if the set is the same.
        issued: what an earlier issue of this report told (`told_of`). What it told stays told, so a figure that has
            moved by little since is told as near what it was, and what it hid stays hidden.

    Returns:
        The same structs. Where a number is not told there stands a `Hidden` in its place, which prints as words; test
        with `is_hidden`, draw with `number`. Lists of named workers and of days are empty.
    """
    earlier = {0: issued} if issued is not None else {}
    return together([figures, *beside], threshold=threshold, issued=earlier)[0]


def together(
    reports: Sequence[BoardFigures],
    *,
    threshold: int = THRESHOLD,
    issued: Mapping[int, Told] = _NOTHING,
    known: Sequence[BoardFigures] = (),
) -> list[BoardFigures]:
    """Several reports that one reader may hold side by side, each made safe to show beside the others.

    Args:
        reports: as measured.
        threshold: small numbers are 1 to this.
        issued: for some of the reports, by their place, what an earlier issue of it told; ``known`` follow ``reports``.
        known: further reports that the reader sees by themselves, as they are told without these: what they tell
            nothing can take back, so that these say the less.
    """
    names = [f"{_MAIN} {number}" for number in range(len(reports) + len(known))]
    fixed: dict[Any, Label] = {}
    if known:
        first = len(reports)
        alone = {number - first: told for number, told in issued.items() if number >= first}
        fixed.update(_protected(known, names[first:], alone, threshold, {})[0].labels)
    published, twins, cells = _protected([*reports, *known], names, issued, threshold, fixed)
    secret = {cells[key].children for key, label in published.labels.items() if label != EXACT and cells[key].told}
    return [
        Telling(published, twins, name, secret, district=each.scope.district is not None).report(each)
        for name, each in zip(names, reports, strict=False)
    ]


def _protected(
    reports: Sequence[BoardFigures],
    names: Sequence[str],
    issued: Mapping[int, Told],
    threshold: int,
    fixed: Mapping[Any, Label],
) -> tuple[Published, dict[Any, Any], dict[Any, Cell]]:
    """What may be told of each count of these reports, with the figures that each is near."""
    cells, sums, alike = _collected(reports, names)
    twins = _twins(reports, names, cells)
    labels = dict(fixed)
    for number, told in issued.items():
        _hold(names[number], told, cells, twins, labels)
    sums.extend(_nested(reports, names, cells))
    return protect(cells, sums, threshold=threshold, twins=twins, fixed=labels, alike=alike), twins, cells


def told_of(figures: BoardFigures, *, threshold: int = THRESHOLD) -> Told:
    """What this report tells of its counts when it is issued, to be kept: None where it hides one."""
    cells, sums, alike = _collected([figures], [_MAIN])
    published = protect(cells, sums, threshold=threshold, alike=alike)
    return {_SLASH.join(key[1:]): published.exact.get(key) for key, cell in cells.items() if cell.told}


def _collected(
    reports: Sequence[BoardFigures], names: Sequence[str]
) -> tuple[dict[Any, Cell], list[Sum], list[tuple[Path, Path]]]:
    cells: dict[Any, Cell] = {}
    sums: list[Sum] = []
    alike: list[tuple[Path, Path]] = []
    for name, each in zip(names, reports, strict=True):
        collected = Collected(each, name)
        cells.update(collected.cells)
        sums.extend(collected.sums)
        alike.extend(collected.alike)
    return cells, sums, alike


def _hold(name: str, told: Told, cells: dict[Any, Cell], twins: dict[Any, Any], fixed: dict[Any, Label]) -> None:
    """Let each count of a report be the twin of what an issue told of it, which nobody can take back."""
    for key in _of(cells, name):
        before = told.get(_SLASH.join(key[1:]), _NEVER)
        if before == _NEVER or not cells[key].told:
            continue
        other = (f"{name} issued", *key[1:])
        # Of what was hidden only that is known: it is hidden still, whatever it has become.
        cells[other] = Cell(children=cells[key].children if before is None else before)
        fixed[other] = EXACT if before is not None else BLANK
        twins[key] = other


def _about(figures: BoardFigures) -> tuple[Any, ...]:
    scope = figures.scope
    return figures.period, scope.areas, scope.force, scope.district, scope.grade


def _twins(reports: Sequence[BoardFigures], names: Sequence[str], cells: dict[Any, Cell]) -> dict[Any, Any]:
    """The same figure of the same children and days, known at another time. The one that is known now is told."""
    first: dict[tuple[Any, ...], int] = {}
    for number, each in sorted(enumerate(reports), key=lambda one: one[1].known.basis != "known_now"):
        first.setdefault(_about(each), number)
    found: dict[Any, Any] = {}
    for number, each in enumerate(reports):
        main = first[_about(each)]
        if main != number:
            for key in _of(cells, names[number]):
                other = (names[main], *key[1:])
                if other in cells and cells[key].told:
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
