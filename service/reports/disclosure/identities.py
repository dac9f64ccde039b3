"""Counts that a report tells in several places, and counts that add up across its tables.

Whoever reads a page looks at all of it: the children who left by advice stand among the ways out of a stage, in the
ledger and at the front door, and a number that is hidden in one of them is told by another. Each identity here follows
from what the figures mean, and is held against the numbers before it is used: one that is not true of a report (a wait
of which only the day is known is in one table and not in another) is none that its reader could rely on.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from service.reports.disclosure.cells import Cell, Sum
from service.reports.measures.figures import BoardFigures, Count, Open, Queue, StageFigures

Path = tuple[str, ...]
_ALL: Final = "all/all"
_STOCK: Final = "unassessed"
_CONTACT: Final = "contact_decision"
#: Outcomes of contacts that the months count as referrals.
_REFERRALS: Final = ("referral", "strategy_discussion", "immediate_protection")
#: Lists at the front door and of discussions whose rows divide one number.
_DIVIDED: Final = (
    ("protection", "postponements"),
    ("protection", "postponed_by_agency"),
    ("protection", "conference_lateness"),
    ("protection", "conference_lateness_by_agency"),
    ("protection", "review_postponements"),
    ("protection", "review_postponed_by_agency"),
    ("front_door", "early_help"),
)
#: Counts of those who fell due in the period, of whom so many were in time, by the stage that says the same.
_DUE: Final[Mapping[str, Path]] = {
    "strategy_record": ("protection", "record_in_time"),
    "conference": ("protection", "conference_in_time"),
    "contact_decision": ("front_door", "decided_working_day"),
    "school": ("police", "school_in_time"),
}
#: Kinds of what was recorded since a report.
_RECORDED: Final = ("corrections", "retractions", "recorded_late")
#: The longest limit of a stage that is told week by week.
_WEEKS_OF_A_LIMIT: Final = 5
_QUALITY: Final = ("approximate", "out_of_order", "ungraded", "school_unknown")


def stage_rows(figures: BoardFigures, root: Path) -> Iterator[tuple[Path, StageFigures]]:
    """The stages of a report with where they stand, those in sections of their own last."""
    for each in figures.stages:
        yield (*root, "stages", f"{each.stage}/{each.by}/{each.group}"), each
    yield from apart(figures, root)


def apart(figures: BoardFigures, root: Path) -> list[tuple[Path, StageFigures]]:
    """Stages that stand in a section of their own, and may stand among the stages as well."""
    places = (
        (("police", "incidents"), figures.police.incidents),
        (("police", "late_found"), figures.police.late_found),
        (("protection", "requested_to_held"), figures.protection.requested_to_held),
    )
    return [((*root, *path), one) for path, one in places if one is not None]


class Identities:
    """What is the same and what adds up across the tables of one report.

    Args:
        figures: the report.
        cells: its counts by their paths; totals that are told nowhere are added.
        root: under which its paths stand.
        threshold: two numbers that may be of the same children are taken for one above this: of small ones, which are
            hidden wherever they stand, many are alike by chance.
    """

    def __init__(self, figures: BoardFigures, cells: dict[Any, Cell], root: Path, threshold: int) -> None:
        self._figures, self._cells, self._root, self._most = figures, cells, root, threshold
        self._first: dict[Hashable, Path] = {}
        self.sums: list[Sum] = []

    def find(self) -> list[Sum]:
        """Every one of them."""
        for path, stage in self._rows():
            self._stage(path, stage)
        self._rows_told_twice()
        for queue in self._figures.queues:
            self._queue(queue)
        self._outcomes()
        self._fell_due()
        self._standing()
        self._sizes()
        self._divided()
        self._months()
        self._parts()
        self._recorded_since()
        return self.sums

    # What is the same.

    def _alike(self, path: Path, *kind: Hashable, small: bool = True) -> None:
        """A count that is the same as each other of its kind that has the same number."""
        cell = self._cells.get(path)
        if cell is None or not (small or cell.children > self._most):
            return
        first = self._first.setdefault((*kind, cell.children), path)
        if first != path:
            self.sums.append(Sum(first, (path,)))

    def _rows(self) -> Iterator[tuple[Path, StageFigures]]:
        return stage_rows(self._figures, self._root)

    def _rows_told_twice(self) -> None:
        for path, one in apart(self._figures, self._root):
            other = (*self._root, "stages", f"{one.stage}/{one.by}/{one.group}")
            for key in [key for key in self._cells if key[: len(path)] == path and "rest of" not in key]:
                twin = (*other, *key[len(path) :])
                if twin in self._cells and self._cells[twin].children == self._cells[key].children:
                    self.sums.append(Sum(twin, (key,)))

    def _stage(self, path: Path, found: StageFigures) -> None:
        group = f"{found.by}/{found.group}"
        if (found.stage, group) == (_STOCK, _ALL):
            self._alike((*path, "entered"), "size", small=False)
        for way in found.exits:
            self._alike((*path, "exits", way.cause, "count"), "exit", found.stage, group, way.cause)
        months = [(*path, "cohorts", str(cohort.begins), "entered") for cohort in found.cohorts]
        self._add((*path, "median", "n"), months)

    def _queue(self, queue: Queue) -> None:
        """Who stands in a stage at the end of a week: who stood there before, and who came, less who went."""
        base = (*self._root, "queues", queue.stage, "weeks")
        paths = [(*base, str(week.begins)) for week in queue.weeks]
        for path in paths:
            self._part((*path, "due"), (*path, "met"))
        for before, path in pairwise(paths):
            into = [(*before, "stock"), (*path, "arrived")]
            out = [(*path, "stock"), (*path, "left")]
            self._equal((*path, "stock and arrived"), into, out)
        if paths:
            self._alike((*paths[-1], "stock"), "stock", queue.stage)
        # Of a limit in whole weeks all who came in one fall due together.
        for weeks in range(_WEEKS_OF_A_LIMIT + 1):
            pairs = [((*came, "arrived"), (*due, "due")) for came, due in zip(paths, paths[weeks:], strict=False)]
            same = [pair for pair in pairs if self._number(pair[0]) and self._number(pair[0]) == self._number(pair[1])]
            if 2 * len(same) >= sum(bool(self._number(came)) for came, _ in pairs):
                self.sums += [Sum(came, (due,)) for came, due in same]

    def _outcomes(self) -> None:
        """Who left a stage by one way: in the ledger, at the front door, of an enquiry."""
        found = self._figures
        door = ("front_door", "outcomes_by_grade")
        told: list[tuple[str, str, Path, Mapping[str, int]]] = [
            (_STOCK, _ALL, ("ledger", "exits"), found.ledger.exits),
            (_CONTACT, _ALL, ("front_door", "outcomes"), found.front_door.outcomes),
            ("under_enquiry", _ALL, ("protection", "enquiries"), found.protection.enquiries),
        ]
        told += [
            (_CONTACT, f"grade/{grade}", (*door, grade), ways)
            for grade, ways in found.front_door.outcomes_by_grade.items()
        ]
        for stage, group, base, ways in told:
            for way in ways:
                self._alike((*self._root, *base, way), "exit", stage, group, way)
        reasons = [(*self._root, "police", "not_shared", reason) for reason in found.police.not_shared]
        for declined in self._of_kind("exit", _STOCK, _ALL, "notice_not_shared"):
            self._add(declined, reasons)

    def _fell_due(self) -> None:
        """In time, of those who fell due: beside the share within standard of the same stage."""
        places: dict[str, Path] = dict(_DUE)
        places |= {each.key: ("protection", "further", each.key) for each in self._figures.protection.further}
        for path, stage in self._rows():
            if stage.by == "all" and stage.stage in places and stage.within is not None:
                other: Path = (*self._root, *places[stage.stage])
                for one, two in ((("within", "met"), "count"), (("within", "share", "n"), "of")):
                    self._alike((*path, *one), "in time", stage.stage, two)
                    self._alike((*other, two), "in time", stage.stage, two)

    def _standing(self) -> None:
        """Who waits now: of a stage, without a worker, at the end of its last week, in the ledger."""
        opens: list[tuple[Path, str, Open]] = [
            ((*path, "open"), stage.stage, stage.open) for path, stage in self._rows() if stage.by == "all"
        ]
        opens.append(((*self._root, "capacity", "unallocated"), "allocation", self._figures.capacity.unallocated))
        linked = self._figures.front_door.linked_not_reviewed
        opens.append(((*self._root, "front_door", "linked_not_reviewed"), "linked_not_reviewed", linked))
        for path, stage, _ in opens:
            self._alike((*path, "count"), "stock", stage)
            for name in ("past_limit", "without_limit", "approximate"):
                self._alike((*path, name), "open", stage, name)
        for name in ("closing", "live"):
            self._alike((*self._root, "ledger", name), "stock", _STOCK)
        for each in self._characteristics():
            self._alike((*self._root, "fairness", f"open by {each}"), "stock", _STOCK)

    def _sizes(self) -> None:
        """All who are counted: of quality, of a share, of every characteristic."""
        root = self._root
        for path in (
            ("quality", "pathways"), ("bouncing", "of"), ("child_days", "notified"), ("protection", "held"),
            *(("fairness", f"children by {each}") for each in self._characteristics()),
        ):  # fmt: skip
            self._alike((*root, *path), "size", small=False)
        for path in [
            key for key in self._cells if key[-1] == "of" and key[1] in {"protection", "front_door", "police"}
        ]:
            self._alike(path, "size", small=False)

    # What adds up.

    def _divided(self) -> None:
        """Lists of counts that divide one number, and discussions in hours and out of them."""
        for section, name in _DIVIDED:
            rows: list[Count] = getattr(getattr(self._figures, section), name)
            if rows and len({row.of for row in rows}) == 1:
                base = (*self._root, section, name)
                of = [(*base, row.key, "of") for row in rows]
                self.sums += [Sum(of[0], (other,)) for other in of[1:]]
                self._within(of[0], [(*base, row.key, "count") for row in rows], name)
        hours = [(*self._root, "protection", "by_hours", each.key) for each in self._figures.protection.by_hours]
        for name in ("count", "of"):
            self._add((*self._root, "protection", "quorate", name), [(*path, name) for path in hours])
        again = [
            (*self._root, "front_door", "notices_again", each.key) for each in self._figures.front_door.notices_again
        ]
        for sooner, later in pairwise(again):
            self._part((*later, "count"), (*sooner, "count"))

    def _months(self) -> None:
        """What was decided month by month is what was decided."""
        door = (*self._root, "front_door")
        months: dict[str, list[Path]] = {}
        for each in self._figures.front_door.months:
            path = (*door, "months", f"{each.begins}/{each.grade}")
            months.setdefault(each.grade, []).append(path)
        for grade, paths in months.items():
            ways = (*door, "outcomes") if grade == "all" else (*door, "outcomes_by_grade", grade)
            outcomes = [key for key in self._cells if key[:-1] == ways]
            referrals = [key for key in outcomes if key[-1] in _REFERRALS]
            for name, of in (("decided", outcomes), ("referrals", referrals)):
                self._equal((*door, f"{name} in all", grade), [(*path, name) for path in paths], of)

    def _parts(self) -> None:
        """Some of a number, so that the others are known."""
        pathways = (*self._root, "quality", "pathways")
        for path in (
            *(("quality", name) for name in _QUALITY),
            *(("quality", "not_recorded", name) for name in self._figures.quality.not_recorded),
        ):
            self._part(pathways, (*self._root, *path))
        self._part((*self._root, "bouncing", "of"), (*self._root, "bouncing", "pathways"))
        for outcome in self._figures.front_door.after_three:
            door = (*self._root, "front_door")
            self._part((*door, "outcomes", outcome), (*door, "after_three", outcome))
        protection = (*self._root, "protection")
        held = self._of_kind("exit", "conference", _ALL, "conference_held")
        for name, totals in (
            ("conference_days", held),
            ("assessment_days", self._of_kind("exit", "assessment", _ALL, "assessment_authorised")),
            ("enquiry_days", [(*protection, "conference_from_enquiry", "of")]),
        ):
            days = [key for key in self._cells if key[:-1] == (*protection, name)]
            for total in totals:
                self._add(total, days)

    def _recorded_since(self) -> None:
        """What was recorded since a report, by the agency whose record it is; what turned late into in time is a part
        of an agency's corrections and retractions.
        """
        if self._figures.restated is None:
            return
        base = (*self._root, "restated")
        rows = [(*base, "agencies", each.agency) for each in self._figures.restated.agencies]
        for kind in _RECORDED:
            self._add((*base, kind), [(*row, kind) for row in rows])
        for row in rows:
            changed, of = (*row, "changed"), ((*row, "corrections"), (*row, "retractions"))
            self._cells[changed] = Cell(children=self._sum(of), told=False, weight=2)
            self.sums.append(Sum(changed, of))
            self._part(changed, (*row, "forgave"))

    def _characteristics(self) -> list[str]:
        return list(dict.fromkeys(each.characteristic for each in self._figures.fairness))

    def _of_kind(self, *kind: Hashable) -> list[Path]:
        return [path for key, path in self._first.items() if isinstance(key, tuple) and key[:-1] == kind]

    def _sum(self, paths: Sequence[Path]) -> int:
        return sum(map(self._number, paths))

    def _number(self, path: Path) -> int:
        return self._cells[path].children

    def _equal(self, total: Path, some: Sequence[Path], others: Sequence[Path]) -> None:
        """Two ways to divide one number that is told nowhere."""
        if all((some, others)) and all(key in self._cells for key in (*some, *others)):
            number = self._sum(some)
            if number == self._sum(others):
                self._cells[total] = Cell(children=number, told=False, weight=2)
                self.sums += [Sum(total, tuple(some)), Sum(total, tuple(others))]

    def _add(self, total: Path, parts: Sequence[Path]) -> None:
        """Parts that are all of a total, where they are."""
        there = [path for path in parts if path in self._cells]
        if there and total in self._cells and self._sum(there) == self._cells[total].children:
            self.sums.append(Sum(total, tuple(there)))

    def _within(self, total: Path, parts: Sequence[Path], name: str) -> None:
        """Parts of a total, with what is left of it."""
        there = [path for path in parts if path in self._cells]
        rest = self._cells[total].children - self._sum(there) if total in self._cells else -1
        if not there or rest < 0:
            return
        if rest:
            left = (*total, "rest of", name)
            self._cells[left] = Cell(children=rest, told=False, weight=0)
            there.append(left)
        self.sums.append(Sum(total, tuple(there)))

    def _part(self, total: Path, part: Path) -> None:
        """One part of a total, that others may stand beside: its reader is not told that there are none."""
        if total in self._cells and part in self._cells:
            rest = self._cells[total].children - self._cells[part].children
            if rest >= 0:
                left = (*total, "rest of", *part[-2:])
                self._cells[left] = Cell(children=rest, told=False, weight=0)
                self.sums.append(Sum(total, (part, left)))


def identities(figures: BoardFigures, cells: dict[Any, Cell], root: Path, threshold: int) -> list[Sum]:
    """What is the same and what adds up across the tables of a report; untold totals are put into ``cells``."""
    return Identities(figures, cells, root, threshold).find()
