"""The counts of a report as cells, and how they add up.

Every whole number of a report is taken for a count of children unless it is named here as something else, so that a
figure that is added to the report later is protected before anybody thinks of it. A path is the names of the fields
that lead to a number, with rows of lists named by what they are about.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from service.reports.disclosure.cells import Cell, Sum
from service.reports.disclosure.identities import identities
from service.reports.disclosure.nearly import nearly
from service.reports.disclosure.resting import resting
from service.reports.measures.child_time import ChildDays, Spent
from service.reports.measures.figures import (
    Acted,
    BoardFigures,
    Count,
    Estimate,
    Open,
    Split,
    StageFigures,
    Week,
    Within,
)
from service.reports.measures.ledgers import Ledger

Path = tuple[str, ...]
#: Counts of children who wait now, by the last names of their paths.
_WAITING: Final = frozenset({"open", "waiting", "closing", "live", "stock", "past_limit", "overdue"})
_WAITING_BY: Final = frozenset({"waiting_by_holder", "unallocated_bands"})
#: Whole numbers that count nobody.
NOT_COUNTS: Final = frozenset({"horizon", "oldest", "residual", "uncounted", "behind", "incidents"})
#: Parts of a report that say what it is about.
ABOUT: Final = frozenset({"scope", "period", "before", "instant", "known", "definitions"})
#: What names a row of a list.
_NAMES: Final = (
    *(
        "stage",
        "by",
        "characteristic",
        "group",
        "key",
        "begins",
        "grade",
        "cause",
        "way",
        "agency",
        "holder",
        "id",
        "day",
    ),
)
#: Rows that only those who see records are shown: days of the ledger, named workers.
WITHHELD: Final = frozenset({"days", "workers", "behind_parts"})
#: The ways out of single weeks, of which nearly every one is few: what is told of them is that of the period.
WITHHELD_OF: Final[Mapping[type[Any], frozenset[str]]] = {Week: frozenset({"exits"})}


#: Estimates of a stage of whose number a board is told nothing: they rest on children of other periods too, and beside
#: what it is told of this one their number would be one more way to work out what is hidden.
UNCOUNTED: Final = frozenset({"current", "before"})


def is_withheld(value: Any, name: str) -> bool:
    """Whether a part of a struct is for those alone who see records."""
    return name in WITHHELD or name in WITHHELD_OF.get(type(value), ())


#: The number of a struct that its ``behind`` is of.
_BEHIND: Final = frozenset({"count", "entered", "children", "met", "pathways"})
#: Child-days are protected as whole hundredths.
HUNDREDTHS: Final = 100


def few_days(threshold: int) -> int:
    """Child-days up to this many may well be of few children, whose number the report does not say."""
    return 2 * threshold


def name_of(row: Any) -> str:
    """What a row of a list is about."""
    fields = row.__struct_fields__
    return "/".join(str(getattr(row, name)) for name in _NAMES if name in fields)


def parts(value: Any) -> Iterator[tuple[str, Any]]:
    """The named parts of a struct, a list of structs or a mapping."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield name, getattr(value, name)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield str(name), part
    elif isinstance(value, list | tuple) and value and isinstance(value[0], msgspec.Struct):
        for row in value:
            yield name_of(row), row


class Collected:
    """The cells and sums of one report, in the order of the report.

    Args:
        figures: the report.
        threshold: small numbers are 1 to this.
        report: the name under which its paths stand.
    """

    def __init__(self, figures: BoardFigures, threshold: int, report: str = "") -> None:
        self.cells: dict[Any, Cell] = {}
        self.sums: list[Sum] = []
        #: Counts that may well be of the same children, the latter told before: neither is told where the other is not.
        self.alike: list[tuple[Path, Path]] = []
        self._root: Path = (report,)
        self._stand: Mapping[str, int] = figures.behind_parts
        self._few_days = few_days(threshold) * HUNDREDTHS
        for name, part in parts(figures):
            if name not in ABOUT and not is_withheld(figures, name):
                self._walk(part, (*self._root, name))
        self._breakdowns(figures.stages)
        self._months(figures)
        self._groups(figures.fairness)
        unallocated = (*self._root, "capacity", "unallocated", "count")
        bands = figures.capacity.unallocated_bands
        self._split(unallocated, [(*self._root, "capacity", "unallocated_bands", band) for band in bands])
        days = (*self._root, "child_days")
        self._split(
            (*days, "waiting"), [(*days, "waiting_by_holder", each) for each in figures.child_days.waiting_by_holder]
        )
        self._child_days(days, figures.child_days)
        self._spent(figures)
        self.sums.extend(identities(figures, self.cells, self._root, threshold))
        self.sums.extend(resting(figures, self.cells, self._root))
        same, near = nearly(figures, self.cells, self._root, threshold)
        self.sums.extend(same)
        self.alike.extend(near)

    def _walk(self, value: Any, path: Path) -> None:
        for name, part in parts(value):
            if is_withheld(value, name):
                continue
            here = (*path, name)
            if isinstance(part, bool):
                continue
            if isinstance(part, int):
                if name in NOT_COUNTS:
                    continue
                self.cells[here] = Cell(
                    children=part,
                    behind=self._behind(value, here),
                    weight=_weight(value, name),
                    waits=name in _WAITING or path[-1] in _WAITING_BY or (isinstance(value, Open) and name == "count"),
                )
            elif not (isinstance(value, StageFigures) and name in UNCOUNTED):
                self._walk(part, here)
        self._within(value, path)

    def _behind(self, value: Any, path: Path) -> int | None:
        """How many incidents or children stand behind a count, whichever are fewer, where the report says."""
        own: Mapping[str, int] = getattr(value, "behind_parts", {})
        found = own.get(path[-1], getattr(value, "behind", None) if path[-1] in _BEHIND else None)
        return self._known(path) if found is None else found

    def _known(self, path: Path) -> int | None:
        return self._stand.get("/".join(path[1:]))

    # How counts add up.

    def _split(self, total: Path, of: Sequence[Path], *, whole: bool = True, behind: int | None = None) -> None:
        """Parts of a total, and what is left of it; nothing where they overlap.

        ``whole``: several parts are known to be all there is, where they add up to it. ``behind``: incidents or
        children behind what is left.
        """
        there = [path for path in of if path in self.cells]
        if total not in self.cells or not there:
            return
        rest = self.cells[total].children - sum(self.cells[path].children for path in there)
        if rest < 0:
            return
        if rest or len(there) == 1 or not whole:
            left = (*total, "rest of", *(there[0][-2:] if len(there) == 1 else ("them",)))
            self.cells[left] = Cell(children=rest, behind=behind, told=False, weight=0)
            there.append(left)
        self.sums.append(Sum(total, tuple(there)))

    def _same(self, one: Path, other: Path) -> bool:
        """Whether two counts are the same, told twice."""
        cells = self.cells
        same = one in cells and other in cells and cells[one].children == cells[other].children
        if same:
            self.sums.append(Sum(one, (other,)))
        return same

    def _total(self, path: Path, of: Sequence[Path], behind: int | None = None) -> Path:
        """A total that is not told but known to whoever adds up."""
        there = tuple(key for key in of if key in self.cells)
        children, waits = sum(self.cells[key].children for key in there), all(self.cells[key].waits for key in there)
        self.cells[path] = Cell(children=children, behind=behind, told=False, weight=2, waits=bool(there) and waits)
        self.sums.append(Sum(path, there))
        return path

    def _within(self, value: Any, path: Path) -> None:
        """What adds up inside one struct."""
        if isinstance(value, Open):
            # Nobody is past a limit who has none, so that the two together tell how many there are at least.
            for names in (("past_limit", "without_limit"), ("approximate",)):
                self._split((*path, "count"), [(*path, name) for name in names], whole=False)
        elif isinstance(value, Count):
            self._split((*path, "of"), [(*path, "count")], behind=value.behind_parts.get("rest"))
            self._same((*path, "of"), (*path, "share", "n"))
        elif isinstance(value, Within):
            of = [(*path, name) for name in ("met", "missed", "overdue")]
            due = self._total((*path, "due"), of, value.behind)
            self._same(due, (*path, "share", "n"))
        elif isinstance(value, Acted):
            done = [(*path, name, "count") for name in ("in_time", "late", "not_done")]
            self._split((*path, "due", "count"), [*done, (*path, "cancelled", "count")])
            self._same(self._total((*path, "wanted"), done), (*path, "share", "n"))
            self._split((*path, "overdue_now", "count"), [(*path, "not_done", "count")])
        elif isinstance(value, StageFigures):
            # Whose limit fell in the period and who are open are among all who are past theirs.
            past, overdue = (*path, "open", "past_limit"), (*path, "within", "overdue")
            if value.within is not None and value.within.overdue == value.open.past_limit:
                self.alike.append((past, overdue))
            else:
                self._split(past, [overdue])
            ways = [(*path, "exits", way.cause, "count") for way in value.exits]
            # Every way out is told, so that one alone is all of them; and where there is no limit, nobody has one.
            if len(ways) != 1 or not self._same((*path, "left"), ways[0]):
                self._split((*path, "left"), ways)
            if value.within is None:
                self._same((*path, "open", "count"), (*path, "open", "without_limit"))
            self._same((*path, "entered"), (*path, "completeness", "all"))
            self._split((*path, "completeness", "all"), [(*path, "completeness", "approximate")])
        elif isinstance(value, Ledger):
            entered = self._total((*path, "into"), [(*path, n) for n in ("opening", "new", "reopened", "moved_in")])
            out = [(*path, "exits", cause) for cause in value.exits]
            self._split(entered, [*out, (*path, "closing")])
            self._same((*path, "closing"), (*path, "live"))

    def _breakdowns(self, stages: Sequence[StageFigures]) -> None:
        """Each count of a whole stage by grade, by district, by force, by hours."""
        wholes = {each.stage: (*self._root, "stages", name_of(each)) for each in stages if each.by == "all"}
        groups: dict[tuple[str, str], list[Path]] = {}
        for each in stages:
            if each.by != "all":
                groups.setdefault((each.stage, each.by), []).append((*self._root, "stages", name_of(each)))
        for (stage, by), rows in groups.items():
            whole = wholes.get(stage)
            for path in [key for key in self.cells if whole and key[: len(whole)] == whole and "rest of" not in key]:
                after = path[len(whole or ()) :]
                if after[-1] != "n":
                    self._split_by(path, [(*row, *after) for row in rows], by)

    def _split_by(self, total: Path, of: Sequence[Path], by: str) -> None:
        there = [path for path in of if path in self.cells]
        rest = self.cells[total].children - sum(self.cells[path].children for path in there)
        if not there or rest < 0:
            return
        if rest:
            left = (*total, "rest of", by)
            self.cells[left] = Cell(children=rest, told=False, weight=0)
            there.append(left)
        self.sums.append(Sum(total, tuple(there)))

    def _months(self, figures: BoardFigures) -> None:
        """Contacts decided by month and grade, and referrals among them."""
        base = (*self._root, "front_door", "months")
        for month in figures.front_door.months:
            here = (*base, name_of(month))
            self._split((*here, "decided"), [(*here, "referrals")])
            self._same((*here, "decided"), (*here, "share", "n"))
        for begins in {month.begins for month in figures.front_door.months}:
            rows = {m.grade: (*base, name_of(m)) for m in figures.front_door.months if m.begins == begins}
            if "all" in rows:
                for count in ("decided", "referrals"):
                    others = [(*row, count) for grade, row in rows.items() if grade != "all"]
                    self._split_by((*rows["all"], count), others, "grade")
        door = (*self._root, "front_door")
        by_grade = figures.front_door.outcomes_by_grade
        for outcome in figures.front_door.outcomes:
            of = [(*door, "outcomes_by_grade", grade, outcome) for grade in by_grade]
            self._split_by((*door, "outcomes", outcome), of, "grade")
        outcomes = [(*door, "outcomes", each) for each in figures.front_door.outcomes]
        whole = self._total((*door, "outcomes in all"), outcomes)
        for name in ("decided_24_hours", "decided_working_day"):
            self._same(whole, (*door, name, "of"))

    def _spent(self, figures: BoardFigures) -> None:
        """Child-days of a holder in a stage, of the period and of the one before: told where enough children stand
        behind them. In hundredths of a day.
        """
        for name, rows in (("unassessed", figures.time_use.unassessed), ("whole", figures.time_use.whole)):
            base = (*self._root, "time_use", name)
            # The total is told, as the report's own and as the child-days of the period.
            self._divided_days("total", base, rows, (*base, "total"), told=True)
            before = (*self._root, "time_use", "before") if name == "unassessed" else (*base, "before")
            self._divided_days("before", base, rows, before, told=name == "unassessed")

    def _divided_days(self, name: str, base: Path, rows: Sequence[Spent], whole: Path, *, told: bool) -> None:
        days = {name_of(row): round(getattr(row, name) * HUNDREDTHS) for row in rows}
        if not days:
            return
        period = (*self._root, "child_days", name)
        off = self.cells[period].children - sum(days.values()) if base[-1] == "unassessed" else 0
        if 0 < abs(off) <= len(days):
            days[max(days, key=lambda key: days[key])] += off
        for row in rows:
            value, here = days[name_of(row)], (*base, name_of(row), name)
            behind = row.behind if name == "total" else row.behind_parts.get(name, self._of_days(here, value))
            self.cells[here] = Cell(children=value, behind=behind, width=max(2, value // 2))
        self._total(whole, [(*base, key, name) for key in days], self._of_days(whole, sum(days.values())))
        self.cells[whole] = msgspec.structs.replace(self.cells[whole], told=told)
        if base[-1] == "unassessed":
            self._same(period, whole)

    def _child_days(self, path: Path, found: ChildDays) -> None:
        """Child-days by holder and by grade are two divisions of the same. A few of them may be of few children."""
        for row, base in [(found, path), *((week, (*path, "weeks", name_of(week))) for week in found.weeks)]:
            total = (*base, "total" if row is found else "certain")
            stand = self._of_days(total, None)
            for name in ("by_holder", "by_grade"):
                days = {key: round(value * HUNDREDTHS) for key, value in getattr(row, name).items()}
                added = sum(days.values())
                whole = self.cells.setdefault(total, Cell(children=added, behind=stand, weight=2)).children
                if days and abs(whole - added) <= len(days):
                    # Rounded, the two divisions may differ by as many hundredths as they have parts.
                    days[max(days, key=lambda key: days[key])] += whole - added
                elif days:
                    continue
                for key, value in days.items():
                    here = (*base, name, key)
                    self.cells[here] = Cell(children=value, behind=self._of_days(here, value), width=max(2, value // 2))
                self.sums.append(Sum(total, tuple((*base, name, key) for key in days)))

        before, value = (*path, "before"), round(found.before * HUNDREDTHS)
        self.cells[before] = Cell(children=value, behind=self._of_days(before, value), width=max(2, value // 2))
        for quarter in found.quarters:
            value = round(quarter.certain * HUNDREDTHS)
            period = self.cells.get((*path, "total"))
            if period is not None and abs(period.children - value) == 1:
                # The same quarter, rounded in its parts.
                value = period.children
            here = (*path, "quarters", name_of(quarter), "certain")
            self.cells[here] = Cell(children=value, behind=self._of_days(here, value), width=max(2, value // 2))
            self._same((*path, "total"), here)

    def _of_days(self, path: Path, days: int | None) -> int | None:
        """Whose child-days they are; where the report does not say, a few of them may be of few."""
        found = self._known(path)
        return 1 if found is None and days is not None and days <= self._few_days else found

    def _groups(self, fairness: Sequence[Split]) -> None:
        """Every characteristic divides the same children."""
        base = (*self._root, "fairness")
        whole: dict[tuple[str, int], Path] = {}
        for characteristic in dict.fromkeys(each.characteristic for each in fairness):
            rows = [(*base, name_of(each)) for each in fairness if each.characteristic == characteristic]
            for count in ("children", "open"):
                of = [(*row, count) for row in rows]
                added = sum(self.cells[path].children for path in of)
                if (count, added) in whole:
                    self.sums.append(Sum(whole[count, added], tuple(of)))
                else:
                    whole[count, added] = self._total((*base, f"{count} by {characteristic}"), of)


def _weight(value: Any, name: str) -> int:
    if isinstance(value, StageFigures) and value.by == "all":
        return 2
    if name in {"of", "waiting", "closing", "opening", "notified"}:
        return 2
    if isinstance(value, Estimate) or name in {"past_limit", "without_limit", "approximate", "cannot_compute"}:
        return 0
    return 1
