"""What the figures of a report rest on: the number beside each estimate is a count too, and adds up with the others.

A median rests on those who entered, less those of whom only the day is known; so do the 90th centile, the share of each
way out and of each cohort. Whoever reads the number beside an estimate and how many entered knows how many those others
are. As with every identity, one that is not true of the numbers is none.
"""

from typing import Any, Final

from service.reports.disclosure.cells import Cell, Sum
from service.reports.disclosure.identities import stage_rows
from service.reports.measures.figures import BoardFigures, StageFigures

Path = tuple[str, ...]
_UNASSESSED: Final = "unassessed/all/all"


class Resting:
    """Finds these sums of one report.

    Args:
        figures: the report.
        cells: its counts by their paths; what is left of totals is added.
        root: under which its paths stand.
    """

    def __init__(self, figures: BoardFigures, cells: dict[Any, Cell], root: Path) -> None:
        self._figures, self._cells, self._root = figures, cells, root
        self.sums: list[Sum] = []

    def find(self) -> list[Sum]:
        """Every one of them."""
        for path, stage in stage_rows(self._figures, self._root):
            self._stage(path, stage)
        self._by_group()
        self._fairness()
        self._ledger()
        self._elsewhere()
        return self.sums

    def _stage(self, path: Path, stage: StageFigures) -> None:
        number = (*path, "median", "n")
        self._adds((*path, "entered"), number, (*path, "completeness", "approximate"))
        self._same(number, (*path, "ninetieth", "n"))
        for way in stage.exits:
            self._same(number, (*path, "exits", way.cause, "incidence", "n"))
        for cohort in stage.cohorts:
            begun = (*path, "cohorts", str(cohort.begins))
            self._same((*begun, "entered"), (*begun, "left_by_horizon", "n"))
        self._same((*path, "within", "cannot_compute"), (*path, "completeness", "cannot_compute"))
        if stage.by == "all":
            self._same((*path, "within", "cannot_compute"), (*self._root, "quality", "cannot_compute", stage.stage))

    def _by_group(self) -> None:
        """The number of a stage's estimates by grade, by district, by force, by hours."""
        groups: dict[tuple[str, str], list[Path]] = {}
        for path, stage in stage_rows(self._figures, self._root):
            if stage.by != "all" and path[1] == "stages":
                groups.setdefault((stage.stage, stage.by), []).append(path)
        for (name, _), rows in groups.items():
            whole = (*self._root, "stages", f"{name}/all/all")
            self._adds((*whole, "median", "n"), *((*row, "median", "n") for row in rows))

    def _fairness(self) -> None:
        """Of each group those whose waits are known to the minute; of every characteristic they are the same."""
        characteristics: dict[str, list[Path]] = {}
        for split in self._figures.fairness:
            path = (*self._root, "fairness", f"{split.characteristic}/{split.group}")
            characteristics.setdefault(split.characteristic, []).append(path)
            for name in ("left", "difference"):
                self._same((*path, "median", "n"), (*path, name, "n"))
            if not self._same((*path, "children"), (*path, "median", "n")):
                self._part((*path, "children"), (*path, "median", "n"))
        stage = (*self._root, "stages", _UNASSESSED)
        for rows in characteristics.values():
            for total, names in (
                (("median", "n"), ("median", "n")),
                (("within", "share", "n"), ("within", "n")),
                (("entered",), ("children",)),
                (("open", "count"), ("open",)),
            ):
                self._adds((*stage, *total), *((*row, *names) for row in rows))

    def _ledger(self) -> None:
        """Who entered the first stage in the period is new or reopened, and who left it left by one of the ways out."""
        ledger, stage = (*self._root, "ledger"), (*self._root, "stages", _UNASSESSED)
        self._adds((*stage, "entered"), (*ledger, "new"), (*ledger, "reopened"))
        self._adds((*stage, "left"), *((*ledger, "exits", way) for way in self._figures.ledger.exits if way != "moved"))

    def _elsewhere(self) -> None:
        """Enquiries that ended, and children noticed again, each told twice."""
        protection, door = (*self._root, "protection"), (*self._root, "front_door")
        enquiries = self._figures.protection.enquiries
        outcome = "substantiated_continuing_risk"
        self._adds(
            (*protection, "conference_from_enquiry", "of"), *((*protection, "enquiries", each) for each in enquiries)
        )
        self._same((*protection, "conference_from_enquiry", "count"), (*protection, "enquiries", outcome))
        for each in self._figures.front_door.repeats:
            for name in ("of", "count"):
                self._same((*door, "returned", each.key, name), (*door, "repeats", each.key, name))

    # What holds of the numbers.

    def _same(self, one: Path, other: Path) -> bool:
        """The same count told twice."""
        cells = self._cells
        holds = one in cells and other in cells and cells[one].children == cells[other].children
        if holds:
            self.sums.append(Sum(one, (other,)))
        return holds

    def _adds(self, total: Path, *parts: Path) -> None:
        """Parts that are all of a total; where all but one are nought that one is the total."""
        there = [path for path in parts if path in self._cells]
        some = [path for path in there if self._cells[path].children]
        if total in self._cells and some and sum(map(self._count, some)) == self._count(total):
            self.sums.append(Sum(total, tuple(some if len(some) == 1 else there)))

    def _count(self, path: Path) -> int:
        return self._cells[path].children

    def _part(self, total: Path, part: Path) -> None:
        """A part of a total, beside others that are told nowhere."""
        if total in self._cells and part in self._cells:
            rest = self._cells[total].children - self._cells[part].children
            if rest > 0:
                left = (*total, "rest of", *part[-2:])
                self._cells[left] = Cell(children=rest, told=False, weight=0)
                self.sums.append(Sum(total, (part, left)))


def resting(figures: BoardFigures, cells: dict[Any, Cell], root: Path) -> list[Sum]:
    """What the numbers beside estimates add up to; what is left of totals is put into ``cells``."""
    return Resting(figures, cells, root).find()
