"""What happens to a flag that was raised when the record is put right."""

import msgspec

from schema.spine import Condition, History
from service.clocks import evaluate
from tests.fixtures.histories import conditions, flag_of, history, shipped, when

ATTENDED = "police_attended 2026-11-03 09:12 id=attended"
MEDIUM = "risk_graded=medium 2026-11-03 09:12"
LATE = "notice_shared 2026-11-04 10:00 id=shared"
NOTICED = when("2026-11-04 09:13")


def flagged(told: History, condition: Condition) -> History:
    """The history with the flag that a watcher raised."""
    return msgspec.structs.replace(told, flags=(flag_of(condition, NOTICED),))


def breach_of(told: History) -> Condition:
    (found,) = conditions(evaluate(told, shipped()), "overdue", "police_share")
    return found


def test_a_flag_that_a_correction_makes_untrue_ends_as_corrected_when_it_was_corrected() -> None:
    told = history(ATTENDED, MEDIUM, LATE, "notice_shared 2026-11-04 09:00 supersedes=shared recorded=2026-11-05T08:00")
    breach = breach_of(history(ATTENDED, MEDIUM, LATE))
    assert not conditions(evaluate(told, shipped()), "overdue", "police_share")
    ended = breach_of(flagged(told, breach))
    assert (ended.true_from, ended.true_until, ended.cause) == (
        breach.true_from,
        when("2026-11-05 08:00"),
        "corrected",
    )
    assert (ended.holder, ended.episode) == ("police", breach.episode)


def test_the_last_of_several_corrections_is_the_one_that_ended_it() -> None:
    told = history(
        ATTENDED,
        MEDIUM,
        LATE,
        "notice_shared 2026-11-04 09:30 id=second supersedes=shared recorded=2026-11-05T08:00",
        "notice_shared 2026-11-04 09:00 supersedes=second recorded=2026-11-06T08:00",
    )
    ended = breach_of(flagged(told, breach_of(history(ATTENDED, MEDIUM, LATE))))
    assert (ended.true_until, ended.cause) == (when("2026-11-06 08:00"), "corrected")


def test_retracting_the_start_ends_its_flag_as_corrected() -> None:
    told = history(
        ATTENDED,
        "police_reported 2026-11-04 08:00 recorded=2026-11-04T08:01",
        MEDIUM,
        "police_attended 2026-11-03 09:12 retracts=attended recorded=2026-11-05T08:00",
        "notice_shared 2026-11-04 10:00",
    )
    breach = breach_of(history(ATTENDED, MEDIUM))
    ended = next(c for c in evaluate(flagged(told, breach), shipped()).conditions if c.episode == breach.episode)
    assert (ended.true_until, ended.cause) == (when("2026-11-05 08:00"), "corrected")


def test_a_breach_that_stays_true_after_a_correction_stays_one_condition() -> None:
    told = history(ATTENDED, MEDIUM, LATE, "notice_shared 2026-11-04 11:00 supersedes=shared recorded=2026-11-05T08:00")
    ended = breach_of(flagged(told, breach_of(history(ATTENDED, MEDIUM, LATE))))
    assert (ended.true_until, ended.cause) == (when("2026-11-04 11:00"), "met:notice_shared")


def test_a_step_recorded_late_as_in_time_ends_the_flag_by_what_met_it() -> None:
    told = history(ATTENDED, MEDIUM, "notice_shared 2026-11-04 08:00 recorded=2026-11-04T12:00")
    ended = breach_of(flagged(told, breach_of(history(ATTENDED, MEDIUM))))
    assert (ended.true_until, ended.cause) == (when("2026-11-04 12:00"), "met:notice_shared")
