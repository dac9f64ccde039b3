"""The limit of a stage on its curve: what the standard says in words, and how long after entering that is.

An elapsed limit lies at one place. One in working days, in months or at the start of school falls sooner or later after
entering, by the day and hour of it: its shortest and longest lengths are those of the beginnings in the period.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from schema.standards import Duration
from schema.vocabulary import GRADES, Grade
from service.clocks import Rulebook
from service.clocks.calendar import ReadyCalendar
from service.clocks.deadlines import due_after
from service.clocks.standards import Version
from service.reports.board.rules import words
from service.reports.board.rules.pictures import of_stage
from service.reports.board.rules.tables import Column, Table
from service.reports.disclosure.hidden import NOT_SHOWN
from service.reports.measures.figures import BoardFigures, Curve
from service.web.charts.staying import Mark

#: How far apart the beginnings are that are tried, and how many there are at most: then they are further apart.
_STEP: Final = timedelta(hours=1)
_MOST: Final = 3000
_MINUTE: Final = timedelta(minutes=1)


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """A limit: for which grades, in the standard's words, and from how many minutes to how many after entering."""

    grades: tuple[Grade, ...]
    says: str
    least: int
    most: int

    @property
    def whom(self) -> str:
        """For whom it is: ``high``, ``high and medium``, or nothing where it is everybody's."""
        names = [words.group(grade).lower() for grade in self.grades]
        return "" if len(names) == len(GRADES) else " and ".join(names)


def limits(
    rulebook: Rulebook, standard: str, places: Iterable[tuple[str, str]], since: datetime, until: datetime
) -> list[Limit]:
    """The limits that held in a period, the shortest first.

    Args:
        rulebook: of standards and calendars.
        standard: its key.
        places: areas with their forces.
        since: when the period begins in which children entered.
        until: when it ends, or the report's instant where that is sooner.
    """
    ready = rulebook.calendar(None)
    step = max(_STEP, (until - since) / _MOST)
    starts = [since + number * step for number in range(max(1, int((until - since) / step)))]
    reaches: dict[tuple[str, Grade], tuple[int, int]] = {}
    for area, force in dict.fromkeys(places):
        for version, began in _held(rulebook, standard, area, force, starts):
            for grade in GRADES:
                reach = _reach(version.durations[grade], began, ready, area, version.standard.holder)
                if reach is not None:
                    key = (_says(version, grade), grade)
                    least, most = reaches.get(key, reach)
                    reaches[key] = (min(least, reach[0]), max(most, reach[1]))
    found: dict[tuple[int, int, str], list[Grade]] = {}
    for (says, grade), (least, most) in reaches.items():
        found.setdefault((least, most, says), []).append(grade)
    return [
        Limit(grades=tuple(grades), says=says, least=least, most=most)
        for (least, most, says), grades in sorted(found.items())
    ]


def _held(
    rulebook: Rulebook, standard: str, area: str, force: str, starts: Sequence[datetime]
) -> Iterator[tuple[Version, list[datetime]]]:
    """The versions of a standard that held in one place, each with the beginnings that it is for."""
    lines = {line for every in rulebook.scope(area, force).by_kind.values() for line in every if line.key == standard}
    for line in lines:
        held: dict[Version, list[datetime]] = {}
        for start in starts:
            version, _ = line.at(start)
            if version is not None:
                held.setdefault(version, []).append(start)
        yield from held.items()


def _says(version: Version, grade: Grade) -> str:
    within = version.standard.within
    said = within if isinstance(within, str) else within[grade]
    return f"the {said}" if said.startswith(("next", "same")) else said


def _reach(
    duration: Duration, starts: Sequence[datetime], ready: ReadyCalendar, area: str, agency: str
) -> tuple[int, int] | None:
    """The shortest and the longest that a limit lies after entering, in minutes; None where it cannot be computed."""
    lengths = []
    for start in starts[:1] if duration.unit == "elapsed" else starts:
        due = due_after(duration, start, None, ready, area=area, agency=agency).at
        if due is not None:
            lengths.append(int((due - start) / _MINUTE))
    return (min(lengths), max(lengths)) if lengths else None


def marks(found: Iterable[Limit]) -> list[Mark]:
    """Limits as they stand on the curve."""
    return [Mark(f"Limit{f', {each.whom}' if each.whom else ''}: {each.says}", each.least, each.most) for each in found]


def table(figures: BoardFigures, stage: str, found: Sequence[Limit], *, guarded: bool) -> Table:
    """Each limit in words, and how many of those whom it is for were still in the stage when it came."""
    return Table(
        key=f"limits_{stage}",
        title="At the limit",
        columns=(
            Column("Grade"),
            Column("The standard's limit"),
            Column("Comes after", means="counted from entering, by the day and hour of it"),
            Column("Still there by then", means="of those who entered in the period, whichever way they leave"),
        ),
        rows=tuple(_rows(figures, stage, found, guarded=guarded)),
    )


def _rows(
    figures: BoardFigures, stage: str, found: Sequence[Limit], *, guarded: bool
) -> Iterator[tuple[str, str, str, str]]:
    for each in found:
        after = words.short(each.least)
        if each.most != each.least:
            after += f" to {words.short(each.most)}"
        for group in each.grades if each.whom else ("all",):
            curve = next((one.curve for one in of_stage(figures, stage, "grade" if each.whom else "all")
                          if one.group == group), None)  # fmt: skip
            first, last = (_still(curve, at, guarded=guarded) for at in (each.least, each.most))
            still = first if first == last else f"{first} to {last}"
            yield words.group(group), each.says, after, still


def _still(curve: Curve | None, minutes: int, *, guarded: bool) -> str:
    """The share still there after so many minutes; a curve that has lost its ends says nothing beyond them."""
    if curve is None or not curve.minutes:
        return str(NOT_SHOWN) if guarded else words.NOT_KNOWN
    place = sum(at <= minutes for at in curve.minutes)
    if place == 0:
        return f"at least {words.percent(curve.left[0])}" if guarded else words.percent(1.0)
    if place == len(curve.minutes) and minutes > curve.minutes[-1] and curve.left[-1] > 0:
        return f"at most {words.percent(curve.left[-1])}"
    return words.percent(curve.left[place - 1])
