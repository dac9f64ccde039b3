"""Reports of many made-up lives: all that is ever told of children, whatever happened to them and to their records."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID, uuid5

import msgspec

from schema.spine import History
from service.clocks import evaluate
from service.reports.measures.figures import BoardFigures, Known, Scope
from service.reports.measures.rules import records
from service.reports.measures.rules.board import board
from service.reports.measures.rules.frame import Frame, Span
from service.reports.measures.rules.pathways import Told, events_of, grade_number
from service.reports.measures.rules.records import Key
from tests.fixtures.histories import shipped
from tests.fixtures.oracle.lives import life
from tests.unit.reports.measures.children import counted

AREA, OTHER = "359", "350"
#: A quarter, an instant in it and one after it.
QUARTER = Span.of(date(2026, 7, 1), date(2026, 9, 30))
DURING, AFTER = datetime(2026, 9, 20, 12, tzinfo=UTC), datetime(2026, 11, 5, 9, tzinfo=UTC)
_IDS = UUID("00000000-0000-5000-8000-0000000000ac")
_DAYS = 200
#: Bins of children and incidents that have nothing to do with each other, so that any of them may be left out.
Family = dict[Key, bytes]


def families(seed: int, size: int) -> list[Family]:
    """So many families: siblings in one incident, and children of a second one."""
    random = Random(seed)
    return [counted(_family(random, f"{seed} {number}")) for number in range(size)]


def one_of(seed: int, size: int, name: str) -> Family:
    """As many families whose children are all one ``child``, or whose incidents are all one ``incident``."""
    random, same = Random(seed), {name: uuid5(_IDS, name)} | ({"token": 7} if name == "incident" else {})
    every = [each for number in range(size) for each in _family(random, f"{seed} {number}")]
    return counted([msgspec.structs.replace(each, **same) for each in every])


def some(random: Random, of: Sequence[Family]) -> list[Family]:
    """Few or many of them."""
    share = random.uniform(0.2, 0.95)
    return [each for each in of if random.random() < share]


def report(
    of: Sequence[Family], instant: datetime = AFTER, area: str | None = AREA, *, behind: bool = False
) -> BoardFigures:
    """Everything that is told of the quarter, of one area or of both; ``behind``: as a board is to be told."""
    bins: dict[Key, list[bytes]] = {}
    for family in of:
        for key, data in family.items():
            if area in (None, key.area):
                bins.setdefault(key, []).append(data)
    return board(
        Frame({key: b"".join(data) for key, data in bins.items()}, instant),
        Scope(areas=() if area is None else (area,)),
        QUARTER,
        shipped().calendar(None),
        Known(basis="known_now", instant=instant, asked=instant),
        live=None,
        workers=[],
        teams=[],
        behind=behind,
    )


def _family(random: Random, name: str) -> list[Told]:
    found = []
    for incident in range(random.choice((1, 1, 2))):
        begun = datetime(2026, 10, 30, tzinfo=UTC) - timedelta(days=random.randrange(_DAYS))
        history = _moved(life(random), begun)
        for child in range(random.choice((1, 1, 2, 3))):
            # Siblings have most of it in common.
            own = history if random.random() < 0.5 else _moved(life(random), begun)
            found.append(_told(random, own, f"{name} {incident}", child, name))
    return found


def _moved(history: History, begun: datetime) -> History:
    """The same, by whole days, so that it begins about then."""
    first = min(row.recorded_at for row in history.milestones)
    by = timedelta(days=(begun - first).days)
    return History(
        pathway=history.pathway,
        milestones=tuple(
            msgspec.structs.replace(
                row,
                at=None if row.at is None else row.at + by,
                on=None if row.on is None else row.on + by,
                recorded_at=row.recorded_at + by,
            )
            for row in history.milestones
        ),
    )


def _told(random: Random, history: History, incident: str, child: int, name: str) -> Told:
    number = f"{incident} {child}"
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
    facts = msgspec.structs.replace(history.pathway, id=uuid5(_IDS, number), area=AREA)
    history = History(pathway=facts, milestones=rows)
    derived, of = evaluate(history, shipped()), uuid5(_IDS, incident)
    moves = [event.at for event in events_of(history) if event.kind == "transfer_accepted"]
    areas = (AREA, OTHER) if random.random() < 0.7 else (OTHER, AREA)
    return Told(
        incident=of,
        child=uuid5(_IDS, f"{name} child {child}"),
        force="gmp",
        district=random.choice(("Leigh", "Wigan")),
        areas=((None, areas[0]), (moves[0], areas[1])) if moves else ((None, areas[0]),),
        who=records.who(
            random.choice(("F", "M", "U")),
            random.choice(("WBRI", "APKN", None)),
            random.choice(("yes", "no", None)),
            random.randrange(len(records.AGES)),
        ),
        school_age=random.random() < 0.7,
        coverage="all_notices",
        history=history,
        events=tuple(events_of(history)),
        derived=derived,
        grade=grade_number(derived),
        token=records.token(of),
    )
