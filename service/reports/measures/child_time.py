"""What is told of children's time at unassessed risk, and of who had them meanwhile. Units as in `figures`."""

from datetime import date

import msgspec


class ChildWeek(msgspec.Struct, frozen=True, kw_only=True):
    """Child-days at unassessed risk in one week; the holders add up to ``certain``, and so do the grades.

    ``more``: up to so many more, where an end or a beginning is known to the day alone.
    """

    begins: date
    certain: float
    more: float
    by_holder: dict[str, float]
    by_grade: dict[str, float]
    complete: bool
    bank_holiday: bool


class ChildQuarter(msgspec.Struct, frozen=True, kw_only=True):
    begins: date
    certain: float
    more: float
    complete: bool


class ChildDays(msgspec.Struct, frozen=True, kw_only=True):
    """Child-days at unassessed risk. At each instant a child counts once; unit: days of 86,400 seconds.

    ``waiting``: children waiting at the report's instant. ``notified``: children of whom children's social care was
    told in the period, each once. ``children_per_incident`` shows that recording fewer children is no improvement.
    ``weeks``: those of the period; for whoever works with the children half a year of them at least.
    """

    total: float
    more: float
    by_holder: dict[str, float]
    by_grade: dict[str, float]
    weeks: list[ChildWeek]
    waiting: int
    waiting_by_holder: dict[str, int]
    notified: int
    per_100_notified: float | None
    incidents: int
    children_per_incident: float | None
    before: float
    """Child-days of the period before, which is as long."""
    quarters: list[ChildQuarter] = []
    """Quarters of the year, eight up to that of the period's last day; ``more`` as of a week."""


class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """Time that one holder had children in one stage before they were assessed, in child-days of the period.

    ``working + out_of_hours + waiting_on_partner = total``; the last: only another agency's answer or attendance was
    awaited. ``change`` against the period before, and its share of the whole change. ``behind``:
    incidents or children of these pathways, whichever are fewer.
    """

    holder: str
    stage: str
    total: float
    working: float
    out_of_hours: float
    waiting_on_partner: float
    approximate: float
    pathways: int
    before: float
    change: float
    share_of_change: float | None
    behind: int
    behind_parts: dict[str, int] = {}
    """Incidents or children behind ``before``, by that name; not for a board."""


class TimeUse(msgspec.Struct, frozen=True, kw_only=True):
    """Where the time goes, longest first. ``unassessed`` is before the first decision, ``whole`` until the end."""

    unassessed: list[Spent]
    whole: list[Spent]
    total: float
    before: float


class Bounced(msgspec.Struct, frozen=True, kw_only=True):
    """How often pathways came back in the period to a holder who had passed them on, by one way."""

    way: str
    count: int


class Bouncing(msgspec.Struct, frozen=True, kw_only=True):
    """``pathways`` of the ``of`` that began in the period have come back since; ``ways`` are of the period."""

    pathways: int
    of: int
    ways: list[Bounced]
