"""The delay measures against a second, naive reading of what the board says, over random worlds of children."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random

import pytest

from service.reports.measures.figures import BoardFigures, Known, Scope, StageFigures
from service.reports.measures.rules.board import board
from service.reports.measures.rules.frame import Frame, Span
from tests.fixtures.histories import shipped
from tests.fixtures.oracle.counting import wall
from tests.unit.reports.measures.children import counted
from tests.unit.reports.measures.oracle import child_time, figures
from tests.unit.reports.measures.oracle.figures import Period, Row
from tests.unit.reports.measures.oracle.worlds import World, in_words, told, world

DAY = timedelta(days=1)
#: To the four places to which days are told.
NEAR = pytest.approx
_WEEKS = 3


def reported(of: World, span: Span) -> BoardFigures:
    known = Known(basis="known_now", instant=of.now, asked=of.now)
    frame = Frame(counted([told(each) for each in of.pathways]), of.now)
    return board(frame, Scope(), span, shipped().calendar(None), known, live=None, workers=[], teams=[])


def a_period(random: Random, of: World) -> Span:
    """Weeks, months or half a year that end now, lately or some time ago."""
    last = wall(of.now).date() - random.choice((0, 0, 1, 7, 30, 60)) * DAY
    first = last - random.choice((6, 30, 90, 200)) * DAY
    return Span.of(first.replace(day=1) if random.random() < 0.3 else first, last)


def is_in(by: str, group: str) -> Callable[[Row], bool]:
    ways: Mapping[str, Callable[[Row], bool]] = {
        "grade": lambda row: row.grade == group,
        "area": lambda row: row.area == group,
        "district": lambda row: row.district == group,
        "hours": lambda row: not row.vague_start and figures.in_hours(row) == (group == "in_hours"),
    }
    return ways.get(by, lambda _: True)


def as_told(found: StageFigures) -> dict[str, object]:
    """A stage's figures as the oracle tells them; those that only some groups have where they have them."""
    now, within = found.open, found.within
    said: dict[str, object] = {
        "open": (
            now.count, now.median, now.ninetieth, now.oldest, now.past_limit, now.without_limit, now.approximate,
            now.behind,
        ),
        "entered": found.entered,
        "left": found.left,
        "median": (found.median.value, found.median.n),
        "ninetieth": found.ninetieth.value,
        "current": found.current.value,
        "completeness": (
            found.completeness.all, found.completeness.approximate, found.completeness.cannot_compute
        ),
    }  # fmt: skip
    if within is not None:
        said["within"] = (within.met, within.missed, within.overdue, within.cannot_compute)
    if found.by in ("all", "grade"):
        said["before"], said["bounds"] = found.before.value, found.bounds
        said["exits"] = {each.cause: (each.count, each.median) for each in found.exits}
    if found.by == "all":
        said["incidence"] = {
            each.cause: NEAR(each.incidence.value) for each in found.exits if each.incidence.value is not None
        }
        said["cohorts"] = [
            (each.begins, each.entered, _near(each.left_by_horizon.value), each.maturing) for each in found.cohorts
        ]
    return said


def _near(value: float | None) -> object:
    return value if value is None else NEAR(value)


def compare_stages(of: World, span: Span, found: BoardFigures) -> None:
    rows, before = figures.rows(of), span.before()
    for stage in found.stages:
        if stage.stage == "police_share":
            continue
        here = [row for row in rows if row.stage == stage.stage and is_in(stage.by, stage.group)(row)]
        periods = Period(span.first, span.last), Period(before.first, before.last)
        expected = vars(figures.stage(here, *periods, of.now, stage.horizon))
        said = as_told(stage)
        if any(row.cause in (None, "moved") for row in here):
            # Which times make a median smallest or largest among those who still wait, its own tests say.
            said.pop("bounds", None)
        if "incidence" in said:
            ways = said["incidence"]
            assert isinstance(ways, dict)
            expected["incidence"] = {way: expected["incidence"].get(way, 0.0) for way in ways}
        wrong = {name: (value, expected[name]) for name, value in said.items() if expected[name] != value}
        if wrong:
            pytest.fail(in_words(of, span.first, span.last, f"{stage.stage} {stage.by} {stage.group}: {wrong}"))


def compare_child_days(of: World, span: Span, found: BoardFigures, random: Random) -> None:
    said = found.child_days
    whole = child_time.child_days(of, Period(span.first, span.last))
    weeks = random.sample(said.weeks, _WEEKS)
    parts = [(whole, said.total, said.more, said.by_holder, said.by_grade)]
    parts += [
        (
            child_time.child_days(of, Period(each.begins, each.begins + 6 * DAY)),
            each.certain, each.more, each.by_holder, each.by_grade,
        )
        for each in weeks
    ]  # fmt: skip
    for expected, total, more, by_holder, by_grade in parts:
        words = in_words(of, span.first, span.last, str(expected))
        assert [total, more] == NEAR([expected.total, expected.more], abs=1e-3), words
        assert (by_holder, by_grade) == (_about(expected.by_holder), _about(expected.by_grade)), words
    assert said.waiting == whole.waiting
    # Who is asked today at an hour nobody wrote down has the child from tonight on, or has it already.
    if all(h.at <= of.now for each in of.pathways for h in each.found):
        assert said.waiting_by_holder == whole.waiting_by_holder, in_words(of, span.first, span.last, str(whole))


def _about(days: Mapping[str, float]) -> object:
    return NEAR({name: value for name, value in days.items() if value > 1e-4 / 2}, abs=1e-3)


def compare_time_use(of: World, span: Span, found: BoardFigures) -> None:
    period = Period(span.first, span.last)
    for whole, rows in ((False, found.time_use.unassessed), (True, found.time_use.whole)):
        expected = child_time.time_use(of, period, whole=whole)
        said = {(each.holder, each.stage): each for each in rows if each.total}
        for key in {key for key, row in expected.items() if row[0] > 1e-4} | said.keys():
            row = said[key]
            figures_of = row.total, row.working, row.waiting_on_partner, row.pathways
            assert figures_of == NEAR(expected[key], abs=1e-3), in_words(of, span.first, span.last, str(key))
            assert row.total == NEAR(row.working + row.out_of_hours + row.waiting_on_partner, abs=1e-3)
    who, ways = child_time.bounces(of, period)
    assert {each.way: each.count for each in found.bouncing.ways} == ways
    assert found.bouncing.pathways == len(who)


def compare_queues(of: World, found: BoardFigures, random: Random) -> None:
    rows = figures.rows(of)
    for queue in found.queues:
        if queue.stage == "police_share":
            continue
        here = [row for row in rows if row.stage == queue.stage]
        for week in random.sample(queue.weeks, _WEEKS):
            expected = figures.week(here, Period(week.begins, week.begins + 6 * DAY), of.now)
            said = (week.arrived, week.left, week.stock, week.due, week.met, week.exits)
            assert said == expected, in_words(of, week.begins, week.begins + 6 * DAY, queue.stage)


def compare(seed: int) -> None:
    random, of = Random(seed), world(seed)
    span = a_period(random, of)
    found = reported(of, span)
    compare_stages(of, span, found)
    compare_child_days(of, span, found, random)
    compare_time_use(of, span, found)
    compare_queues(of, found, random)


def test_the_board_says_what_a_naive_reading_of_what_happened_says() -> None:
    for seed in range(8):
        compare(seed)


@pytest.mark.soak
@pytest.mark.parametrize("block", range(20))
def test_the_board_says_the_same_as_the_naive_reading_for_a_long_time(block: int) -> None:
    for seed in range(1_000 + block * 100, 1_100 + block * 100):
        compare(seed)
