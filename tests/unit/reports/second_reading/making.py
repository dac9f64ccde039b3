"""What a random partnership is made of: children's parts in incidents, and who writes facts of them down."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from schema.spine import Milestone, PathwayFacts
from schema.vocabulary import Precision
from tests.fixtures.oracle.counting import day_end, wall

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AREAS = ("359", "350")
#: The hour before clocks go back, the one that exists twice, and the one after it.
_TWICE = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
_STEPS = (0, 1, 10, 59, 60, 120, 240, 600, 1439, 1440, 1441, 2880, 4320, 7200, 10_080, 20_160)


@dataclass
class Part:
    """One child's part in one incident: what was recorded of it, in the order of recording."""

    pathway: UUID
    child: UUID
    incident: UUID
    area: str
    district: str
    coverage: str
    sex: str
    ethnicity: str | None
    disability: str | None
    facts: PathwayFacts
    rows: list[Milestone] = field(default_factory=list)


@dataclass
class World:
    """All that is on the books, and what is asked of it: at an instant, of some local days."""

    parts: list[Part]
    now: datetime
    first: date
    last: date


class Maker:
    def __init__(self, random: Random, now: datetime) -> None:
        self.random, self.now, self.number = random, now, 0

    def id(self) -> UUID:
        self.number += 1
        return UUID(int=(self.number << 100) + self.random.getrandbits(96))

    def chance(self, of: float) -> bool:
        return self.random.random() < of

    def later(self, at: datetime) -> datetime:
        """Some time after, sometimes on the stroke of a local midnight, sometimes when clocks go back."""
        at += self.random.choice(_STEPS) * MINUTE + self.random.choice((0, 0, self.random.randrange(300))) * MINUTE
        if at < _TWICE and self.chance(0.02):
            return self.when_clocks_go_back()
        return day_end(wall(at).date()) if self.chance(0.04) else at

    def when_clocks_go_back(self) -> datetime:
        return _TWICE + self.random.randrange(0, 180, 30) * MINUTE

    def tell(
        self,
        parts: Iterable[Part],
        kind: str,
        at: datetime,
        outcome: str | None = None,
        **detail: Any,
    ) -> None:
        """One fact, of all the children that it is about: one record, one time as precise as it is, recorded at once
        or some time after.
        """
        vague, record = self.chance(0.04), self.id()
        recorded = at + self.random.choice((0, 0, 5, 5, 300, 1440, 4320)) * MINUTE + timedelta(seconds=self.number % 50)
        if vague:
            recorded = max(recorded, day_end(wall(at).date()))
        source = self.random.choice(("typed",) * 12 + ("pushed", "police_file", "history_file"))
        precision: Precision = "day" if vague else "estimated" if self.chance(0.03) else "minute"
        for part in parts:
            identity = self.id()
            part.rows.append(
                Milestone(
                    id=identity,
                    root=identity,
                    record=record,
                    kind=kind,
                    at=None if vague else at,
                    on=wall(at).date() if vague else None,
                    precision=precision,
                    recorded_at=recorded,
                    source=source,
                    outcome=outcome,
                    detail=dict(detail),
                )
            )

    def correct(self, parts: list[Part], part: Part) -> None:
        """Say otherwise of one fact, for every child it is about; or that it never happened."""
        if not part.rows:
            return
        row = self.random.choice(part.rows)
        corrected = any(other.supersedes == row.id for other in part.rows)
        if row.at is None or corrected:
            return
        moved = row.at + self.random.choice(_STEPS) * MINUTE * self.random.choice((1, -1, -1))
        if self.chance(0.05):
            moved = self.when_clocks_go_back()
        vague = self.chance(0.08)
        # Whom an area has taken is that area's: when it was may be said otherwise, and not that it never was.
        record, never = self.id(), self.chance(0.35) and row.kind != "transfer_accepted"
        recorded = max(row.recorded_at, moved) + self.random.choice((1, 600, 6000)) * MINUTE
        for each in parts:
            for old in [old for old in each.rows if old.record == row.record]:
                each.rows.append(
                    msgspec.structs.replace(
                        old,
                        id=self.id(),
                        record=record,
                        at=None if vague else moved,
                        on=wall(moved).date() if vague else None,
                        precision="day" if vague else "minute",
                        recorded_at=recorded,
                        supersedes=old.id,
                        retracted=never,
                    )
                )
