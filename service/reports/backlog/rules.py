"""Pure figures of the backlog. What is counted is incidents: one with several children counts once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

_LONDON: Final = ZoneInfo("Europe/London")
GRADES: Final = ("high", "medium", "standard", "ungraded")
#: Bands of age: name, and the age below which an incident stands in it.
BANDS: Final = (
    ("under 1 day", timedelta(days=1)),
    ("1 to 3 days", timedelta(days=3)),
    ("3 to 7 days", timedelta(days=7)),
    ("7 to 14 days", timedelta(days=14)),
    ("over 14 days", timedelta.max),
)
#: Days over which arrivals and clearances are averaged: whole weeks, so that weekends weigh as they should.
RATE_DAYS: Final = 14
#: When a shift of the triage desk ends; a force that works otherwise changes nothing but what is late by then.
SHIFT_ENDS: Final = (time(7), time(15), time(23))
_MONDAY: Final = time(9)
_WEEK: Final = 7


class OpenNotice(msgspec.Struct, frozen=True):
    """One child's notice that has not left the force. Field order is column order."""

    pathway: UUID
    incident: UUID
    reference: str
    area: str
    district: str | None
    grade: str
    urgent: bool
    aware_at: datetime | None
    aware_on: date | None
    due_at: datetime | None


class OpenIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident of which at least one child's notice has not left the force.

    ``known_at``: when police knew; of a time known to the day alone the end of that day, so that an
    age is never made longer than is certain (``approximate``).
    """

    incident: UUID
    reference: str
    areas: tuple[str, ...]
    district: str | None
    grade: str
    urgent: bool
    known_at: datetime | None
    approximate: bool
    due_at: datetime | None
    pathways: tuple[UUID, ...]

    @property
    def first(self) -> bool:
        """Whether it goes before all others: high, urgent for a child, or not graded."""
        return self.urgent or self.grade in {"high", "ungraded"}


class Horizons(msgspec.Struct, frozen=True):
    """The instants that the desk looks ahead to."""

    now: datetime
    shift: datetime
    monday: datetime


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The backlog in numbers, all of incidents."""

    total: int
    by_grade: dict[str, int]
    bands: dict[str, tuple[int, ...]]
    age_unknown: int
    oldest: dict[str, timedelta]
    late: int
    late_by_shift: int
    late_by_monday: int


class Rates(msgspec.Struct, frozen=True):
    """Incidents a day, to one decimal, over the days that were there to average."""

    arriving: float
    clearing: float
    days: int

    @property
    def in_a_week(self) -> int:
        """How many more (or fewer) there will be a week from now at this rate."""
        return round(_WEEK * (self.arriving - self.clearing))


def incidents(notices: Iterable[OpenNotice]) -> list[OpenIncident]:
    """One row for each incident, in the order in which they are worked."""
    groups: dict[UUID, list[OpenNotice]] = {}
    for notice in notices:
        groups.setdefault(notice.incident, []).append(notice)
    found = [_incident(group) for group in groups.values()]
    found.sort(key=worst_first)
    return found


def worst_first(incident: OpenIncident) -> tuple[Any, ...]:
    """High, urgent and ungraded first, the oldest before; then by lateness; without a limit last."""
    far = datetime.max.replace(tzinfo=_LONDON)
    by_age = incident.known_at or far if incident.first else incident.due_at or far
    return (not incident.first, by_age, incident.due_at or far, incident.reference)


def _incident(group: Sequence[OpenNotice]) -> OpenIncident:
    known = [each for each in map(_known, group) if each is not None]
    due = [notice.due_at for notice in group if notice.due_at is not None]
    first = min(known, default=None)
    return OpenIncident(
        incident=group[0].incident,
        reference=group[0].reference,
        areas=tuple(dict.fromkeys(notice.area for notice in group)),
        district=group[0].district,
        grade=min((notice.grade for notice in group), key=GRADES.index),
        urgent=any(notice.urgent for notice in group),
        known_at=first[0] if first else None,
        approximate=first[1] if first else False,
        due_at=min(due, default=None),
        pathways=tuple(notice.pathway for notice in group),
    )


def _known(notice: OpenNotice) -> tuple[datetime, bool] | None:
    if notice.aware_at is not None:
        return notice.aware_at, False
    if notice.aware_on is not None:
        return datetime.combine(notice.aware_on + timedelta(days=1), time(), _LONDON), True
    return None


def chosen(rows: Iterable[OpenIncident], filters: Mapping[str, str], horizons: Horizons) -> list[OpenIncident]:
    """The incidents that filters leave: ``grade``, ``area``, ``district``, ``due`` (late, shift, monday)."""
    until = {"late": horizons.now, "shift": horizons.shift, "monday": horizons.monday}
    limit = until.get(filters.get("due", ""))
    return [
        row
        for row in rows
        if filters.get("grade", row.grade) == row.grade
        and ("area" not in filters or filters["area"] in row.areas)
        and filters.get("district", row.district) == row.district
        and (limit is None or (row.due_at is not None and row.due_at < limit))
    ]


def horizons(now: datetime) -> Horizons:
    """The end of this shift, and Monday at nine (the next one, on a Monday after nine)."""
    local = now.astimezone(_LONDON)
    ends = [datetime.combine(local.date() + timedelta(days=n), at, _LONDON) for n in (0, 1) for at in SHIFT_ENDS]
    monday = datetime.combine(local.date() + timedelta(days=-local.weekday() % _WEEK), _MONDAY, _LONDON)
    if monday <= now:
        monday = datetime.combine(monday.date() + timedelta(days=_WEEK), _MONDAY, _LONDON)
    return Horizons(now, next(end for end in ends if end > now), monday)


def figures(rows: Sequence[OpenIncident], horizons: Horizons) -> Figures:
    """Count."""
    bands = {grade: [0] * len(BANDS) for grade in GRADES}
    oldest: dict[str, timedelta] = {}
    unknown = 0
    for row in rows:
        if row.known_at is None:
            unknown += 1
            continue
        age = horizons.now - row.known_at
        bands[row.grade][next(n for n, (_, below) in enumerate(BANDS) if age < below)] += 1
        oldest[row.grade] = max(age, oldest.get(row.grade, timedelta(0)))
    due = [row.due_at for row in rows if row.due_at is not None]
    return Figures(
        total=len(rows),
        by_grade={grade: sum(row.grade == grade for row in rows) for grade in GRADES},
        bands={grade: tuple(numbers) for grade, numbers in bands.items()},
        age_unknown=unknown,
        oldest=oldest,
        late=sum(each < horizons.now for each in due),
        late_by_shift=sum(horizons.now <= each < horizons.shift for each in due),
        late_by_monday=sum(horizons.now <= each < horizons.monday for each in due),
    )


def rates(flow: Sequence[tuple[date, int, int]]) -> Rates | None:
    """Average the last whole weeks of (day, arrived, cleared); None where nothing moved at all."""
    last = flow[-RATE_DAYS:]
    if not last or not any(arrived or cleared for _, arrived, cleared in last):
        return None
    return Rates(
        round(sum(arrived for _, arrived, _ in last) / len(last), 1),
        round(sum(cleared for _, _, cleared in last) / len(last), 1),
        len(last),
    )


def sentences(found: Figures, rate: Rates | None) -> list[str]:
    """The backlog as a person would tell it to the next shift."""
    if not found.total:
        return ["Every incident with children has been shared or decided on.", *_flow(found, rate)]
    most = max(GRADES, key=lambda grade: (found.by_grade[grade], -GRADES.index(grade)))
    those = "is" if found.total == 1 else "are"
    noun = "incident" if found.total == 1 else "incidents"
    said = [f"{found.total:,} {noun} with children {those} not yet shared; {found.by_grade[most]:,} {most}."]
    if most in found.oldest:
        said.append(f"The oldest {most} is {_old(found.oldest[most])} old.")
    return said + _flow(found, rate)


def _flow(found: Figures, rate: Rates | None) -> list[str]:
    if rate is None:
        return []
    text = f"You are clearing {rate.clearing:g} a day and {rate.arriving:g} arrive"
    more = rate.in_a_week
    if more > 0:
        return [f"{text}: at this rate {more:,} more by next week."]
    if more < 0 and found.total:
        fewer = min(-more, found.total)
        return [f"{text}: at this rate {fewer:,} fewer by next week."]
    return [f"{text}: at this rate as many next week."]


def _old(age: timedelta) -> str:
    hours = int(age.total_seconds()) // 3600
    count, word = (hours // 24, "day") if hours >= 48 else (hours, "hour")
    return f"{count:,} {word}{'' if count == 1 else 's'}"
