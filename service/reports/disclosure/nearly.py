"""Tables of a report that are nearly always the same, such as how the first wait ends, how the contact decision ends,
and what the front door decided.

A decision that ends a child's first wait ends its contact decision too, and is counted at the front door; whoever was
linked to an open case enters the stage that waits for its worker. Such numbers differ by children whose wait had ended
before, or about whom it is decided again: mostly by few, and often by nobody, so that a reader takes one for the other.
Where the numbers are the same they are one count. Where they differ by few, those few are children: the figure that is
told later is told as near the other, like a report beside another.
"""

from collections.abc import Iterator
from typing import Any, Final

from service.reports.disclosure.cells import Cell, Sum
from service.reports.measures.figures import BoardFigures

Path = tuple[str, ...]
#: In the order in which they are told: the ways out of the first wait stand in the ledger as well.
_STAGES: Final = ("unassessed", "contact_decision")
_ALL: Final = "all/all"
#: By what those who enter a stage are nearly always told of before: a decision, a receipt, or each other.
_ENTERED: Final = {
    "contact_decision": "received",
    "linked_not_reviewed": "linked_to_open_case",
    "early_help_offered": "early_help",
    "accepted_not_seen": "accepted",
    "allocation": "accepted",
    "assessment": "accepted",
    "under_enquiry": "enquired",
    "seen_in_enquiry": "enquired",
}


def nearly(
    figures: BoardFigures, cells: dict[Any, Cell], root: Path, threshold: int
) -> tuple[list[Sum], list[tuple[Path, Path]]]:
    """What is the same, and of what differs by no more than the threshold which is near which."""
    same: list[Sum] = []
    near: list[tuple[Path, Path]] = []
    for tables in _tables(figures, root):
        for place, table in enumerate(tables):
            for way, path in table.items():
                number = cells[path].children
                told = [before[way] for before in tables[:place] if way in before]
                same += [Sum(other, (path,)) for other in told if cells[other].children == number]
                near += [(path, other) for other in told if 0 < abs(cells[other].children - number) <= threshold]
    return same, near


def _tables(figures: BoardFigures, root: Path) -> Iterator[list[dict[str, Path]]]:
    """For everybody and for each group the tables that are nearly the same, each with its counts by the way out."""
    found: dict[str, list[dict[str, Path]]] = {}
    for stage in (*_STAGES, "in_transit"):
        for each in figures.stages:
            if each.stage == stage:
                group = f"{each.by}/{each.group}"
                base = (*root, "stages", f"{stage}/{group}", "exits")
                found.setdefault(group, []).append({way.cause: (*base, way.cause, "count") for way in each.exits})
    door = (*root, "front_door")
    found.setdefault(_ALL, []).append({way: (*door, "outcomes", way) for way in figures.front_door.outcomes})
    for grade, ways in figures.front_door.outcomes_by_grade.items():
        told = {way: (*door, "outcomes_by_grade", grade, way) for way in ways}
        found.setdefault(f"grade/{grade}", []).append(told)
    for each in figures.stages:
        if each.stage in _ENTERED:
            group = f"{each.by}/{each.group}"
            entered = (*root, "stages", f"{each.stage}/{group}", "entered")
            found.setdefault(group, []).append({_ENTERED[each.stage]: entered})
    yield from found.values()
