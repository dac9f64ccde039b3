"""The police backlog against a plain count of what police hold, over the same random partnerships."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from schema.spine import History
from service.clocks import evaluate
from service.reports.backlog import rules
from service.reports.backlog.rules import Notice
from tests.fixtures.histories import PATHWAY, milestones, shipped
from tests.fixtures.oracle.counting import DAY, day_end, wall
from tests.fixtures.oracle.happenings import Happening
from tests.unit.reports.second_reading.making import Part, World
from tests.unit.reports.second_reading.ways import Way
from tests.unit.reports.second_reading.worlds import world

GRADES = ("high", "medium", "standard", "ungraded")
HOUR = timedelta(hours=1)
_AGES = (DAY, 3 * DAY, 7 * DAY, 14 * DAY)


def notice(part: Part, parts: list[Part]) -> Notice | None:
    """What the police's view says of one child."""
    derived = evaluate(History(pathway=part.facts, milestones=tuple(part.rows)), shipped())
    state = derived.state
    if state.withdrawn:
        return None
    went = rules.course(part.rows)
    held = went.shared_at is None and went.not_shared_at is None
    dues = [row.due_at for row in derived.clocks if row.standard == "police_share" and row.rules and not row.stopped_at]
    of_incident = [row.recorded_at for each in parts if each.incident == part.incident for row in each.rows]
    return Notice(
        pathway=part.pathway,
        incident=part.incident,
        reference=str(part.incident),
        force="gmp",
        area=part.area,
        district=part.district,
        first_grade=state.first_grade or "ungraded",
        grade=state.grade or "ungraded",
        urgent=state.urgent,
        aware_at=state.aware_at,
        aware_on=state.aware_on,
        submitted_at=state.submitted_at,
        shared_at=went.shared_at,
        not_shared_at=went.not_shared_at,
        reason=None,
        due_at=min((due for due in dues if due is not None), default=None) if held else None,
        seen_at=min(row.recorded_at for row in part.rows),
        incident_seen_at=min(of_incident),
        coverage=part.coverage,
        submitted_on=went.submitted_on,
        shared_on=went.shared_on,
        not_shared_on=went.not_shared_on,
    )


class Desk:
    """The same, counted from what happened: an incident is held while any of its children's notices is."""

    def __init__(self, asked: World) -> None:
        self.asked = asked
        self.incidents: dict[UUID, list[Way]] = {}
        # Also a child of whom nothing stands any more: its notice is held until it is sent, declined or withdrawn.
        for way in map(Way, asked.parts):
            if not way.withdrawn:
                self.incidents.setdefault(way.part.incident, []).append(way)

    def left(self, way: Way) -> Happening | None:
        """Sent, if it ever was, by its receipt at the latest; else decided not to be."""
        sent = sorted([*way.of("notice_shared"), *way.of("notice_received")], key=lambda h: h.at)
        return next(iter([*sent, *way.of("notice_not_shared")]), None)

    def late(self, ways: list[Way]) -> list[Way]:
        """Children named only after the record had been submitted, and not with the first."""
        submitted = [h.at for way in ways for h in way.of("notice_submitted")]
        first = min(
            row.recorded_at for part in self.asked.parts if part.incident == ways[0].part.incident for row in part.rows
        )
        seen = {way.part.pathway: min(row.recorded_at for row in way.part.rows) for way in ways}
        return [
            way for way in ways
            if submitted and seen[way.part.pathway] > min(submitted) and seen[way.part.pathway] - first > HOUR
        ]  # fmt: skip

    def held(self) -> dict[UUID, list[Way]]:
        found = {key: [way for way in ways if self.left(way) is None] for key, ways in self.incidents.items()}
        return {key: ways for key, ways in found.items() if ways}

    def figures(self) -> dict[str, Any]:
        grades, bands, unknown, late = Counter[str](), Counter[tuple[str, int]](), 0, 0
        for ways in self.held().values():
            grade = min((way.grade for way in ways), key=GRADES.index)
            grades[grade] += 1
            known = [h.at if h.on is None else day_end(h.on) for way in ways for h in _known(way)]
            if known:
                age = self.asked.now - min(known)
                bands[grade, sum(age >= limit for limit in _AGES)] += 1
            else:
                unknown += 1
            dues = [
                clock.due for way in ways for clock in way.clock("police_share") if clock.stop is None and clock.due
            ]
            late += bool(dues) and min(dues) < self.asked.now
        return {"by_grade": dict(grades), "bands": dict(bands), "age_unknown": unknown, "late": late}

    def passed(self) -> dict[str, Any]:
        """Who arrived and was cleared, by day, and who was found late."""
        arrived, cleared, found = Counter[date](), Counter[date](), 0
        for ways in self.incidents.values():
            late = self.late(ways)
            begun = [
                _day(h)
                for way in ways
                for h in [next(iter([*way.of("notice_submitted"), *_known(way)]), None)]
                if h is not None
            ]
            if begun:
                arrived[min(begun)] += 1
            known = [self.left(way) for way in ways if way not in late]
            if known and None not in known:
                # Of two at one midnight the one that is known by its day left on the day before.
                cleared[_day(max((h for h in known if h is not None), key=lambda h: (h.at, _day(h))))] += 1
            found += sum(
                self.asked.first <= wall(min(row.recorded_at for row in way.part.rows)).date() <= self.asked.last
                for way in late
            )
        return {"arrived": _inside(arrived, self.asked), "cleared": _inside(cleared, self.asked), "found_late": found}


def _known(way: Way) -> list[Happening]:
    return [h for h in way.of("police_aware") if h.known]


def _day(h: Happening) -> date:
    """The day on which it happened, also where nobody wrote down the hour."""
    return h.on if h.on is not None else wall(h.at).date()


def _inside(days: Counter[date], asked: World) -> dict[date, int]:
    return {day: count for day, count in days.items() if asked.first <= day <= asked.last}


def compare(seed: int) -> None:
    asked = world(Random(seed))
    notices = [each for part in asked.parts if (each := notice(part, asked.parts)) is not None]
    found = rules.figures(rules.incidents(notices), rules.horizons(asked.now))
    said = {
        "by_grade": {grade: count for grade, count in found.by_grade.items() if count},
        "bands": {
            (grade, place): count
            for grade, counts in found.bands.items()
            for place, count in enumerate(counts)
            if count
        },
        "age_unknown": found.age_unknown,
        "late": found.late,
    }
    desk = Desk(asked)
    assert said == desk.figures(), seed
    days = rules.flow(notices, asked.first, asked.last)
    passed = {
        "arrived": {each.day: each.arrived for each in days if each.arrived},
        "cleared": {each.day: each.cleared for each in days if each.cleared},
        "found_late": rules.found_late(notices, asked.first, asked.last).children,
    }
    assert passed == desk.passed(), seed


def test_an_incident_of_which_the_day_alone_is_known_arrives_on_that_day() -> None:
    lines = ("police_attended 2026-10-14", "notice_shared 2026-10-16 10:00")
    history = History(pathway=PATHWAY, milestones=milestones(*lines))
    part = Part(
        PATHWAY.id, PATHWAY.id, PATHWAY.id, "359", "Wigan", "all_notices", "F", None, None, PATHWAY,
        list(history.milestones),
    )  # fmt: skip
    found = notice(part, [part])
    assert found is not None
    days = {
        each.day.day: (each.arrived, each.cleared)
        for each in rules.flow([found], date(2026, 10, 13), date(2026, 10, 17))
    }
    assert days == {13: (0, 0), 14: (1, 0), 15: (0, 0), 16: (0, 1), 17: (0, 0)}


def test_the_backlog_says_what_a_plain_count_of_what_police_hold_says() -> None:
    for seed in range(25):
        compare(seed)


@pytest.mark.soak
def test_the_backlog_says_the_same_for_a_long_time() -> None:
    for seed in range(10_000, 12_000):
        compare(seed)
