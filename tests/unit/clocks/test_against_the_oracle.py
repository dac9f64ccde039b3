"""The engine against a second, naive reading of the design, over thousands of random lives."""

from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest

from schema.spine import Derived, History
from service.clocks import evaluate, standing, working_time_between
from tests.fixtures.histories import shipped
from tests.fixtures.oracle.counting import worked_between
from tests.fixtures.oracle.happenings import happened, with_derived
from tests.fixtures.oracle.holding import replay
from tests.fixtures.oracle.lives import life
from tests.fixtures.oracle.reading import Told, told
from tests.fixtures.oracle.standards import RULES

MINUTE = timedelta(minutes=1)


def said_by_the_engine(derived: Derived) -> list[Told]:
    return [
        Told(
            standard=row.standard,
            episode=row.episode,
            start=row.started_at,
            warn=row.warn_at,
            due=row.due_at,
            stop=row.stopped_at,
            grade=row.grade,
            standing=row.standing,
            rules=row.rules,
        )
        for row in derived.clocks
    ]


def in_words(history: History) -> str:
    """A history as lines, for whoever has to find out which of the two is right."""
    rows = sorted(history.milestones, key=lambda row: (row.recorded_at, row.id))
    lines = [
        f"{row.id.int:>3} {row.kind}={row.outcome} {row.at or row.on} {row.detail or ''}"
        f" recorded {row.recorded_at:%m-%d %H:%M} {row.source}"
        f"{f' corrects {row.supersedes.int}' if row.supersedes else ''}{' RETRACTED' if row.retracted else ''}"
        for row in rows
    ]
    return "\n".join([str(history.pathway), *lines])


def _order(clock: Told) -> tuple[str, int, bool, bool]:
    return clock.standard, clock.episode.int, clock.start is None, clock.rules


def compare_clocks(history: History, derived: Derived) -> None:
    expected, found = sorted(told(history), key=_order), sorted(said_by_the_engine(derived), key=_order)
    extra = [clock for clock in found if clock not in expected]
    missing = [clock for clock in expected if clock not in found]
    if extra or missing:
        pytest.fail(
            in_words(history)
            + "\n\nengine only:\n"
            + "\n".join(map(str, extra))
            + "\noracle only:\n"
            + "\n".join(map(str, missing))
        )


def compare_late(history: History, derived: Derived, now: datetime) -> None:
    """What is late at an instant is flagged as such, under the rule of its standard, and nothing else is."""
    late = set()
    for clock in told(history):
        rule = RULES[clock.standard]
        ended = clock.stop
        if clock.standing != "ok" or not clock.rules or clock.due is None:
            continue
        if rule.only_high and clock.grade not in (None, "high"):
            continue
        if clock.due <= now and (ended is None or ended > max(now, clock.due)):
            late.add((rule.flag, clock.standard, clock.episode))
    flagged = {
        (c.rule, c.subject, c.episode)
        for c in derived.conditions
        if c.rule in ("overdue", "absent", "unallocated", "in_transit")
        and c.true_from <= now
        and (c.true_until is None or c.true_until > now)
        and c.subject != "contact_decision_24h"
    }
    late = {key for key in late if key[1] != "contact_decision_24h"}
    withdrawn = {(c.standard, c.episode) for c in derived.clocks if c.why == "the pathway was withdrawn"}
    flagged = {key for key in flagged if key[1:] not in withdrawn}
    assert flagged == late, f"{in_words(history)}\n{now}\n{flagged ^ late}"


def compare_holders(history: History, derived: Derived, random: Random) -> None:
    found = with_derived(happened(history.milestones))
    if not found:
        assert not derived.segments
        return
    moments = {h.at + shift for h in found for shift in (-MINUTE, timedelta(), MINUTE)}
    moments |= {min(moments) + random.random() * (max(moments) - min(moments)) for _ in range(5)}
    for moment in sorted(moments):
        at = moment.replace(microsecond=0)
        holding = [s for s in derived.segments if s.since <= at and (s.until is None or at < s.until)]
        expected = replay(found, at)
        said = [(segment.holder, segment.stage) for segment in holding]
        assert said == ([] if expected is None else [expected]), f"{in_words(history)}\n{at}"
    assert all(before.until == after.since for before, after in pairwise(derived.segments))


def compare_working_time(derived: Derived) -> None:
    """Working and out-of-hours time of a tile, added up by the minute, are what elapsed."""
    ready = shipped().calendar(None)
    for segment in derived.segments[:2]:
        if segment.until is None or segment.until - segment.since > timedelta(days=1):
            continue
        worked = working_time_between(ready, segment.since, segment.until, "childrens_social_care")
        assert worked == worked_between(segment.since, segment.until)


def compare(seed: int) -> None:
    random = Random(seed)
    history = life(random)
    derived = evaluate(history, shipped())
    compare_clocks(history, derived)
    compare_holders(history, derived, random)
    times = [row.due_at for row in derived.clocks if row.due_at is not None]
    for now in random.sample(times, min(3, len(times))):
        compare_late(history, derived, now + random.choice((-MINUTE, timedelta(), MINUTE)))
        assert all(
            (standing(row, now) in ("met", "missed")) == (row.standing == "ok" and row.stopped_at is not None)
            for row in derived.clocks
        )
    compare_working_time(derived)


def test_the_engine_says_what_a_naive_reading_of_the_design_says() -> None:
    for seed in range(200):
        compare(seed)


@pytest.mark.soak
@pytest.mark.parametrize("block", range(20))
def test_the_engine_says_the_same_as_the_naive_reading_for_a_long_time(block: int) -> None:
    for seed in range(1_000_000 + block * 1_000, 1_000_000 + (block + 1) * 1_000):
        compare(seed)
