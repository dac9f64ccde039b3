"""Tells the milestones of siblings who share a course, with who recorded each and when."""

from datetime import datetime, timedelta
from math import exp
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from schema.vocabulary import RANK
from service.demo.generator.chance import Fortune
from service.demo.generator.partnership import AREA_KEY
from service.demo.generator.shapes import SyntheticMilestone

#: Facts of which there is one however many children they cover.
ONE_FOR_ALL = frozenset({
    "incident_occurred", "police_reported", "police_attended", "risk_graded", "risk_regraded", "notice_submitted",
    "notice_shared", "notice_received", "strategy_requested", "strategy_scheduled", "strategy_postponed",
    "strategy_cancelled", "strategy_held", "strategy_record_issued", "conference_scheduled", "conference_held",
    "conference_delay_agreed", "core_group_held", "review_held",
})  # fmt: skip

#: Facts of a discussion, which name it.
OF_DISCUSSIONS = frozenset({
    "strategy_requested", "strategy_scheduled", "strategy_postponed", "strategy_cancelled", "strategy_held",
    "strategy_record_issued",
})  # fmt: skip

#: Share of typed facts that were written up days later, and after how many days at most.
WRITTEN_UP_LATE = 0.03
LATE_BY_DAYS = 6


def minutes(count: float) -> timedelta:
    """A span in whole minutes, at least one."""
    return timedelta(minutes=max(1, round(count)))


def around(rng: Random, median: float, spread: float) -> float:
    """A log-normal number: most near ``median``, some several times as much."""
    return median * exp(rng.gauss(0.0, spread))


class Discussions:
    """Which of a family's discussions a fact belongs to: what is asked for or held after one was held is the next."""

    def __init__(self, family: str) -> None:
        self._family = family
        self._number = 0
        self._held = False

    def detail(self, kind: str) -> dict[str, str]:
        """What a fact of this kind, told now, says of it: as ``discussion`` its id, the same in every telling."""
        if kind not in OF_DISCUSSIONS:
            return {}
        if self._held and kind in ("strategy_requested", "strategy_held"):
            self._number, self._held = self._number + 1, False
        self._held = self._held or kind == "strategy_held"
        return {"discussion": str(uuid5(NAMESPACE_URL, f"discussion:{self._family}/{self._number}"))}


class Telling:
    """Collects the milestones of children decided together; leaves out what ``until`` hides."""

    def __init__(
        self, fortune: Fortune, until: datetime, area: str, incident: str, children: int, group: int = 0
    ) -> None:
        self.fortune = fortune
        self.rng = fortune.rng
        self.until = until
        self.area = area
        self.place = AREA_KEY[area]
        self.rows: list[list[SyntheticMilestone]] = [[] for _ in range(children)]
        self._incident = incident
        self._group = group
        self._told = 0
        self._discussions = Discussions(f"{incident}/{group}")

    def person(self, stem: str) -> str:
        """The key of a person of this area."""
        return f"{stem}.{self.place}"

    def tell(
        self,
        kind: str,
        at: datetime,
        by: str,
        outcome: str | None = None,
        *,
        detail: dict[str, Any] | None = None,
        source: str = "typed",
        recorded_at: datetime | None = None,
        only: int | None = None,
    ) -> bool:
        """Tell it of every child, or ``only`` of one; False if it has not happened yet."""
        if at > self.until:
            return False
        self._told += 1
        milestone = SyntheticMilestone(
            kind=kind,
            at=at,
            recorded_at=self._recorded(at) if recorded_at is None else max(at, min(recorded_at, self.until)),
            recorded_by=by,
            outcome=outcome,
            detail=(detail or {}) | self._discussions.detail(kind),
            source=source,
            record=f"{self._incident}/{self._group}.{self._told}" if kind in ONE_FOR_ALL else None,
        )
        for row in self.rows if only is None else (self.rows[only],):
            row.append(milestone)
        return True

    def _recorded(self, at: datetime) -> datetime:
        u = self.rng.random()
        if u < WRITTEN_UP_LATE:
            late = at + timedelta(days=1 + u / WRITTEN_UP_LATE * LATE_BY_DAYS, seconds=0)
            return min(late.replace(microsecond=0), self.until)
        return min(at + timedelta(seconds=60 + int(u * 2400)), self.until)

    def take(self, milestones: list[SyntheticMilestone]) -> None:
        """Put facts told elsewhere (the incident's) on every child."""
        for row in self.rows:
            row.extend(milestones)


def in_order(milestones: list[SyntheticMilestone]) -> tuple[SyntheticMilestone, ...]:
    """By instant, then by the vocabulary's rank; all drawn milestones have an instant."""
    return tuple(sorted(milestones, key=lambda told: (told.at or told.recorded_at, RANK[told.kind])))
