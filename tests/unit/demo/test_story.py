"""The synthetic past is told in an order that can be taken up again, what is wanted first at its head."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from service.demo.story import RECENT, parts, tell

UNTIL = datetime(2026, 11, 4, 10, 30, tzinfo=UTC)
STORY = tell(UNTIL, 0.05)
EXITS = {"contact_decided", "strategy_held", "child_seen", "notice_not_shared", "withdrawn"}


def test_the_same_instant_tells_the_same_story() -> None:
    assert tell(UNTIL, 0.05) == STORY


def test_whoever_waits_for_a_decision_and_what_was_just_worked_on_comes_first() -> None:
    later = STORY.rows[STORY.wanted :]
    assert 0 < STORY.wanted < len(STORY.rows)
    assert all(any(step.kind in EXITS for step in one.milestones) for one in later if one.child is not None)
    assert all(step.recorded_at <= UNTIL - RECENT for one in later for step in one.milestones)


def test_parts_make_the_whole_and_never_cut_an_incident() -> None:
    found = list(parts(STORY.rows, 7))
    assert [one for part in found for one in part] == list(STORY.rows)
    ends = [(part[-1].incident.reference, after[0].incident.reference) for part, after in pairwise(found)]
    assert all(one != other for one, other in ends)
    assert max(len(part) for part in found) < 20


def test_what_is_wanted_is_a_small_part_of_the_whole() -> None:
    whole = tell(UNTIL)
    assert whole.wanted < len(whole.rows) / 8
    assert whole.until - timedelta(days=1) < max(one.milestones[-1].recorded_at for one in whole.rows[: whole.wanted])
