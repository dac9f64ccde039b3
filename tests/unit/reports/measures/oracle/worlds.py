"""Random worlds: children of several incidents, siblings in one and in two areas, whatever happens to records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid5

import msgspec

from schema.spine import History, Milestone
from service.clocks import evaluate
from service.reports.measures.rules import records
from service.reports.measures.rules.pathways import Told, events_of, grade_number
from tests.fixtures.histories import shipped
from tests.fixtures.oracle.happenings import Grades, Happening, happened, with_derived
from tests.fixtures.oracle.lives import life

_IDS = UUID("00000000-0000-5000-8000-0000000000ab")
_AREAS = ("359", "350")


@dataclass
class Pathway:
    """One child in one incident, as the oracle reads it. ``moves``: into which area, when."""

    child: int
    incident: int
    district: str
    force: str
    areas: tuple[tuple[datetime | None, str], ...]
    history: History
    found: list[Happening]
    grade: str

    def area(self, at: datetime) -> str:
        return [area for since, area in self.areas if since is None or since <= at][-1]


@dataclass
class World:
    """Pathways, and the instant at which a report is made of them."""

    pathways: list[Pathway]
    now: datetime


def world(seed: int) -> World:
    """One world, always the same."""
    random = Random(seed)
    size = random.choice((1, 2, 3, 5, 8, 14))
    incidents = [life(random) for _ in range(random.choice((1, size, (size + 1) // 2)))]
    base = min(_days(each)[0] for each in incidents)
    pathways: list[Pathway] = []
    children = max(1, random.choice((size, size, size - 1, (size + 1) // 2)))
    taken: set[tuple[int, int]] = set()
    for number in range(size):
        incident = random.randrange(len(incidents))
        child = random.randrange(children)
        if (child, incident) in taken:
            continue
        taken.add((child, incident))
        history = incidents[incident]
        if any(each.incident == incident for each in pathways) and random.random() < 0.8:
            history = _sibling(random, history)
        history = _near(random, history, base)
        pathways.append(_pathway(random, child, incident, number, history))
    last = max((row.recorded_at for each in pathways for row in each.history.milestones), default=base)
    latest = max(
        [h.at for each in pathways for h in each.found if h.on is None] + [_days(each.history)[1] for each in pathways]
    )
    now = random.choice((last, latest, latest + timedelta(days=random.randrange(40)))) + timedelta(
        minutes=random.randrange(600)
    )
    return World(pathways, max(now, latest).replace(second=0, microsecond=0))


def _days(history: History) -> tuple[datetime, datetime]:
    times = [row.at for row in history.milestones if row.at is not None]
    times += [datetime.combine(row.on, time(12), UTC) for row in history.milestones if row.on is not None]
    return min(times), max(times)


def _near(random: Random, history: History, base: datetime) -> History:
    """The same, moved by whole days to about the same weeks, so that incidents of a child overlap."""
    first = _days(history)[0]
    shift = timedelta(days=(base - first).days + random.choice((0, 0, 0, 1, 3, 10, 45)))
    return History(
        pathway=history.pathway,
        milestones=tuple(
            msgspec.structs.replace(
                row,
                at=None if row.at is None else row.at + shift,
                on=None if row.on is None else row.on + shift,
                recorded_at=row.recorded_at + shift,
            )
            for row in history.milestones
        ),
    )


def _sibling(random: Random, history: History) -> History:
    """Most of the same, some of it later, some of it never."""
    rows: list[Milestone] = []
    corrected = {row.supersedes for row in history.milestones}
    for row in history.milestones:
        if row.supersedes is None and row.id not in corrected and random.random() < 0.2:
            continue
        if row.at is not None and random.random() < 0.2:
            row = msgspec.structs.replace(row, at=row.at + timedelta(minutes=random.randrange(3000)))
        rows.append(row)
    return History(pathway=history.pathway, milestones=tuple(rows or history.milestones[:1]))


def _pathway(random: Random, child: int, incident: int, number: int, history: History) -> Pathway:
    area = random.choice(_AREAS) if random.random() < 0.3 else _AREAS[0]
    rows = tuple(
        msgspec.structs.replace(
            row,
            id=uuid5(_IDS, f"{number} {row.id}"),
            root=uuid5(_IDS, f"{number} {row.root}"),
            record=uuid5(_IDS, f"{incident} {row.record}"),
            supersedes=None if row.supersedes is None else uuid5(_IDS, f"{number} {row.supersedes}"),
        )
        for row in history.milestones
    )
    facts = msgspec.structs.replace(
        history.pathway,
        id=uuid5(_IDS, f"pathway {number}"),
        area=area,
        school_status=random.choice(("at_school", "at_school", "unknown")),
    )
    history = History(pathway=facts, milestones=rows)
    found = with_derived(happened(rows))
    areas = _areas(area, found)
    return Pathway(
        child=child,
        incident=incident,
        district="Wigan" if incident % 2 else "Leigh",
        force="gmp",
        areas=areas,
        history=history,
        found=found,
        grade=Grades(found).first or "ungraded",
    )


def _areas(now: str, found: list[Happening]) -> tuple[tuple[datetime | None, str], ...]:
    """Where the pathway was from when: each accepted transfer says where from."""
    moves = [h for h in found if h.kind == "transfer_accepted"]
    names = [*(str(h.detail.get("from_area") or now) for h in moves), now]
    return ((None, names[0]), *((h.at, name) for h, name in zip(moves, names[1:], strict=True)))


def told(each: Pathway) -> Told:
    """The same as the product takes it."""
    derived = evaluate(each.history, shipped())
    of = uuid5(_IDS, f"incident {each.incident}")
    return Told(
        incident=of,
        child=uuid5(_IDS, f"child {each.child}"),
        force=each.force,
        district=each.district,
        areas=each.areas,
        who=records.who("F", None, None, records.AGES.index("5 to 10")),
        school_age=each.history.pathway.school_status == "at_school",
        coverage="all_notices",
        history=each.history,
        events=tuple(events_of(each.history)),
        derived=derived,
        grade=grade_number(derived),
        token=records.token(of),
    )


def in_words(of: World, first: date, last: date, wrong: str) -> str:
    """A world as lines, for whoever has to find out which of the two is right."""
    lines = [f"{wrong}", f"{first} to {last}, now {of.now}"]
    for each in of.pathways:
        lines.append(f"child {each.child} incident {each.incident} {each.grade} {each.areas}")
        lines += [f"  {h.at:%y-%m-%d %H:%M:%S} {h.kind}={h.outcome}{' day' if h.on else ''}" for h in each.found]
    return "\n".join(lines)
