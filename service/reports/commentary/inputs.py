"""What the commentary reads: figures of one report, as ``mapping`` makes them from the delay measures.

Durations are minutes, shares between 0 and 1. A number that may not be told has words and no value.
"""

from datetime import date

import msgspec


class Told(msgspec.Struct, frozen=True):
    """A number and how it is said; ``value`` None: not told, or not known."""

    value: float | None
    words: str


class Interval(msgspec.Struct, frozen=True, kw_only=True):
    """An estimate with its 95% interval; ``value`` None: not estimable, then ``at_least`` where that is known."""

    value: float | None
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    n: int = 0


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """One week of a stage; a number that may not be told is None. See ``measures.figures.Week``.

    ``many``: how many arrived may not be told, but that it is no small number.
    """

    begins: date
    arrived: int | None
    stock: int | None
    due: int | None
    met: int | None
    complete: bool = True
    settled: bool = True
    bank_holiday: bool = False
    many: bool = False


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Part of a stage's children: a grade or a district, its name as people say it ("high grade").

    ``longer``: minutes that half of them now wait longer than in the period before.
    """

    name: str
    children: Told
    past_limit: Told
    missed: Told
    longer: float | None = None


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """One stage for everybody in the report's scope. ``agency`` is who holds children in it, by its code.

    ``now`` and ``before``: the wait by which half have left, at this period's and the last period's rates.
    ``unit``: who waits, in the plural. ``groups`` are alternatives that each add up to the whole, kind by kind.
    """

    key: str
    name: str
    agency: str
    waiting: Told
    past_limit: Told
    oldest: Told
    now: Interval
    before: Interval
    within: Interval
    missed: Told
    weeks: tuple[Week, ...] = ()
    groups: tuple[Group, ...] = ()
    waits: int = 0
    approximate: int = 0
    cannot_compute: int = 0
    unit: str = "children"


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """Child-days that one agency held children in one stage before they were assessed, in this period and the last."""

    agency: str
    stage: str
    total: float
    before: float


class ChildDays(msgspec.Struct, frozen=True, kw_only=True):
    """Child-days at unassessed risk; ``more``: up to so many more, where a day alone is known.

    ``grades``: the child-days of each grade, by its name as people say it ("high grade"). ``held``: what all that is
    ``spent`` adds up to, told or not: more than ``total`` where a child waits in two incidents at once; None: as much.
    """

    total: float
    before: float
    more: float = 0.0
    held: float | None = None
    grades: tuple[tuple[str, float], ...] = ()
    spent: tuple[Spent, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One report. ``cautions`` hold of all of it (a feed that is silent), as whole sentences."""

    stages: tuple[Stage, ...]
    child_days: ChildDays | None = None
    cautions: tuple[str, ...] = ()
