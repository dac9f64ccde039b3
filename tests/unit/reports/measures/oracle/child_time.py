"""Child-days at unassessed risk and where the time goes, instant by instant, without regard to speed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from schema.calendars import load_shipped
from tests.fixtures.oracle.counting import DAY, is_working_day, wall
from tests.fixtures.oracle.holding import replay
from tests.unit.reports.measures.oracle.figures import Period
from tests.unit.reports.measures.oracle.stays import Stay, earliest, stays
from tests.unit.reports.measures.oracle.worlds import Pathway, World

_LONDON = ZoneInfo("Europe/London")
_WORST = ("high", "medium", "standard", "ungraded")
_NOBODY = ("not_shared", "decided", "closed", "withdrawn")
_HOURS = {hours.agency: hours for hours in load_shipped().hours}


@dataclass
class Wait:
    """One wait: surely from ``since`` until ``surely``, perhaps from ``earliest`` until ``until``; None: it goes on."""

    each: Pathway
    since: datetime
    earliest: datetime
    surely: datetime | None
    until: datetime | None


def waits(world: World) -> list[Wait]:
    return [_wait(each, stay) for each in world.pathways for stay in stays(each.found) if stay.stage == "unassessed"]


def _wait(each: Pathway, stay: Stay) -> Wait:
    since, end = stay.start.at, stay.end
    until = None if end is None else max(end.at, since)
    surely = None if end is None or until is None else max(until if end.on is None else earliest(end), since)
    return Wait(each, since, earliest(stay.start), surely, until)


@dataclass
class Piece:
    """A stretch in which nothing changes of a child: ``sure``, under which grade, with which holder."""

    since: datetime
    until: datetime
    sure: bool
    grade: str
    holder: str


def pieces(world: World) -> Iterator[Piece]:
    """Every stretch in which a child waited, or may have, each instant once."""
    every = waits(world)
    for child in {w.each.child for w in every}:
        mine = [w for w in every if w.each.child == child]
        edges = {edge for w in mine for edge in (w.since, w.earliest, w.surely, w.until) if edge is not None}
        edges |= {h.at for w in mine for h in w.each.found} | {world.now}
        ordered = sorted(edge for edge in edges if edge <= world.now)
        for since, until in pairwise(ordered):
            sure = [w for w in mine if w.since <= since and (w.surely is None or since < w.surely)]
            perhaps = sure or [w for w in mine if w.earliest <= since and (w.until is None or since < w.until)]
            if perhaps:
                grade, holder = under(perhaps, since)
                yield Piece(since, until, bool(sure), grade, holder)


def under(open_then: Sequence[Wait], at: datetime) -> tuple[str, str]:
    """The highest grade of what is open, and who holds the oldest."""
    oldest = min(open_then, key=lambda w: (w.since, w.each.history.pathway.id))
    held = replay(oldest.each.found, at)
    return min((w.each.grade for w in open_then), key=_WORST.index), held[0] if held else "police"


def spent(since: datetime, until: datetime, period: Period, now: datetime) -> float:
    """Days of 86,400 seconds of a stretch that lie in a period and have passed."""
    return max(timedelta(), min(until, period.until, now) - max(since, period.since)) / DAY


@dataclass
class ChildDays:
    total: float
    more: float
    by_holder: dict[str, float]
    by_grade: dict[str, float]
    waiting: int
    waiting_by_holder: dict[str, int]


def child_days(world: World, period: Period) -> ChildDays:
    by_holder: dict[str, float] = defaultdict(float)
    by_grade: dict[str, float] = defaultdict(float)
    more = 0.0
    for piece in pieces(world):
        days = spent(piece.since, piece.until, period, world.now)
        if piece.sure:
            by_holder[piece.holder] += days
            by_grade[piece.grade] += days
        else:
            more += days
    holders = Counter[str]()
    now_open = [w for w in waits(world) if w.until is None]
    for child in {w.each.child for w in now_open}:
        mine = [w for w in waits(world) if w.each.child == child and (w.until is None or w.until > world.now)]
        sure = [w for w in mine if w.until is None and w.since <= world.now]
        holders[under(sure or mine, world.now)[1]] += 1
    return ChildDays(
        total=sum(by_holder.values()),
        more=more,
        by_holder={name: days for name, days in by_holder.items() if days},
        by_grade={name: days for name, days in by_grade.items() if days},
        waiting=len({w.each.child for w in now_open}),
        waiting_by_holder=dict(holders),
    )


@dataclass
class Held:
    """Who had one pathway from when until when, and at which stage."""

    each: Pathway
    holder: str
    stage: str
    since: datetime
    until: datetime


def held(world: World) -> Iterator[Held]:
    for each in world.pathways:
        edges = sorted({h.at for h in each.found if h.at < world.now} | {world.now})
        for since, until in pairwise(edges):
            found = replay(each.found, since)
            if found is not None:
                yield Held(each, *found, since, until)


def time_use(world: World, period: Period, *, whole: bool) -> dict[tuple[str, str], tuple[float, float, float, int]]:
    """By holder and stage: days in all, in the holder's working hours, waiting on a partner; of how many pathways."""
    found: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    whose: dict[tuple[str, str], set[int]] = defaultdict(set)
    every = waits(world)
    for one in held(world):
        spans = [(one.since, one.until)]
        if whole and one.stage in _NOBODY:
            continue
        if not whole:
            mine = [(w.since, w.until or world.now) for w in every if w.each is one.each]
            spans = [(max(one.since, a), min(one.until, b)) for a, b in mine]
        for a, b in spans:
            since, until = max(a, period.since), min(b, period.until, world.now)
            if since >= until:
                continue
            row = found[one.holder, one.stage]
            whose[one.holder, one.stage].add(id(one.each))
            row[0] += (until - since) / DAY
            if one.stage == "information" or (one.stage == "convening" and one.holder != "childrens_social_care"):
                row[2] += (until - since) / DAY
            else:
                row[1] += worked(one.holder, since, until) / DAY
    return {key: (row[0], row[1], row[2], len(whose[key])) for key, row in found.items()}


def worked(agency: str, since: datetime, until: datetime) -> timedelta:
    """Working time of an agency, day by day; of one whose hours nobody recorded, social care's."""
    hours = _HOURS.get(agency, _HOURS["childrens_social_care"])
    total, day = timedelta(), wall(since).date()
    while day <= wall(until).date():
        if hours.agency == "police" or is_working_day(day):
            opens, closes = {"police": (0, 1440), "education": (510, 960)}.get(hours.agency, (540, 1020))
            a, b = (_at(day, minutes) for minutes in (opens, closes))
            total += max(timedelta(), min(until, b) - max(since, a))
        day += DAY
    return total


def _at(day: date, minutes: int) -> datetime:
    local = datetime.combine(day, time(), _LONDON) + timedelta(minutes=minutes)
    return local.astimezone(ZoneInfo("UTC"))


def bounces(world: World, period: Period) -> tuple[set[object], Counter[str]]:
    """By which way pathways came back in a period to who had passed them on; and which that began in it ever have."""
    who, ways = set[object](), Counter[str]()
    for each in world.pathways:
        past: list[str] = []
        for one in (h for h in held(World([each], world.now + DAY))):
            if past and one.holder == past[-1]:
                continue
            if one.holder in past and past[-1] != "no_agency":
                who |= {id(each)} if period.has(earliest(each.found[0])) else set()
                days = [earliest(h) for h in each.found if h.at == one.since and h.on is not None]
                ways[f"{past[-1]} to {one.holder}"] += period.has(max(days, default=one.since))
            past.append(one.holder)
    return who, +ways
