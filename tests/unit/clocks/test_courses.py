"""A course that is known says what working it out again would say, whatever the times."""

from datetime import timedelta
from random import Random

import msgspec
import pytest

from schema.spine import History
from schema.standards import Stop
from service.clocks import evaluate
from tests.fixtures.histories import PATHWAY, changed, rulebook_with, shipped, when
from tests.fixtures.oracle.lives import life

LIVES = 150


def later(history: History, by: timedelta) -> History:
    """The same life at another time of the year, told in the same words."""
    moved = [
        msgspec.structs.replace(
            row,
            at=None if row.at is None else row.at + by,
            on=None if row.on is None else row.on + by,
            recorded_at=row.recorded_at + by,
        )
        for row in history.milestones
    ]
    return msgspec.structs.replace(history, milestones=tuple(moved))


@pytest.mark.parametrize("changes", [(), ("police_share", "contact_decision", "strategy_discussion")])
def test_a_known_course_says_what_working_it_out_again_says(changes: tuple[str, ...]) -> None:
    again = [changed(key, effective_from=when("2026-11-08 12:00"), met_by=(Stop(kind="closed"),)) for key in changes]
    rulebook = rulebook_with(*again) if again else shipped()
    courses = rulebook.scope(PATHWAY.area, PATHWAY.force).courses
    known = 0
    for seed in range(LIVES):
        history = life(Random(seed))
        moved = later(history, timedelta(days=7 * (seed % 9) + 7, minutes=seed % 50))
        courses.clear()
        evaluate(history, rulebook)
        before = len(courses)
        by_course = evaluate(moved, rulebook)
        known += len(courses) == before
        courses.clear()
        assert by_course == evaluate(moved, rulebook), seed
    assert known > LIVES / 2


def test_many_lives_do_not_disturb_each_other() -> None:
    rulebook = shipped()
    courses = rulebook.scope(PATHWAY.area, PATHWAY.force).courses
    courses.clear()
    lives = [life(Random(seed)) for seed in range(LIVES)]
    together = [evaluate(history, rulebook) for history in lives]
    again = [evaluate(history, rulebook) for history in reversed(lives)]
    assert together == again[::-1]
    for history, derived in zip(lives, together, strict=True):
        courses.clear()
        assert evaluate(history, rulebook) == derived
