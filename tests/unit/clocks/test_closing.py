"""A case that is closed or stepped down: what only an open case is owed ends; what was late stays late."""

from datetime import date, timedelta

import msgspec
import pytest

from schema.calendars import Holiday
from schema.calendars import load_shipped as load_calendar
from schema.spine import Derived
from schema.standards import StandardError, Stop, load_shipped
from service.clocks import evaluate, explain, standing
from tests.fixtures.histories import changed, clock, clocks, conditions, flag_of, follows, history, rulebook_with, when

MUCH_LATER = when("2029-01-01 09:00")
PLAN = "conference_held=plan 2026-11-20 15:00"
REFERRED = "contact_decided=referral 2026-11-03 15:00"
#: What goes on although the case is closed: somebody is still owed an answer, and can still give it.
GOES_ON = {
    "unassessed": "police_attended 2026-11-03 09:12",
    "contact_decision": "notice_received 2026-11-03 12:00",
    "early_help_accepted": "contact_decided=early_help 2026-11-03 15:00",
    "linked_case_review": "contact_decided=linked_to_open_case 2026-11-03 15:00",
    "strategy_discussion": "threshold_reached 2026-11-03 15:00",
    "strategy_quorate": "strategy_held=not_quorate 2026-11-03 15:00",
    "strategy_record": "strategy_held=quorate 2026-11-03 15:00",
    "child_seen_enquiry": "enquiry_started=joint 2026-11-03 15:00",
    "enquiry_completed": "enquiry_started=joint 2026-11-03 15:00",
    "conference": "enquiry_started=joint 2026-11-03 15:00",
    "police_protection": "police_protection_used 2026-11-03 15:00",
    "emergency_order": "emergency_order_granted 2026-11-03 15:00",
}
#: What ends: the start, in time until that instant, and what standard it is.
ENDS = {
    "allocation": (REFERRED, "2026-11-05 00:00"),
    "child_seen_referral": (REFERRED, "2026-11-11 00:00"),
    "assessment": (REFERRED, "2027-01-09 00:00"),
    "core_group": (PLAN, "2026-12-05 00:00"),
    "first_review": (PLAN, "2027-02-21 00:00"),
    "later_review": ("review_held=plan_continues 2026-11-20 15:00", "2027-05-21 00:00"),
}


def both(derived: Derived, key: str) -> tuple[str, list[tuple[object, object, str | None]]]:
    """How the one clock of a standard stands for ever, and its lateness as flagged."""
    late = [(c.true_from, c.true_until, c.cause) for c in derived.conditions if c.subject == key]
    return standing(clock(derived, key), MUCH_LATER), [each for each in late if each[2] != "overdue"]


def stands(derived: Derived, key: str) -> str:
    """How the last clock of a standard stands for ever."""
    return standing(clocks(derived, key)[-1], MUCH_LATER)


@pytest.mark.parametrize("end", ["closed", "stepped_down"])
@pytest.mark.parametrize("key", ENDS)
def test_a_case_that_ends_in_time_owes_nothing_more_and_nothing_is_flagged(key: str, end: str) -> None:
    start, due = ENDS[key]
    derived = follows(start, f"{end} {(when(due) - timedelta(days=1)):%Y-%m-%d %H:%M}")
    assert both(derived, key)[0] == "not_applicable"
    assert not [c for c in derived.conditions if c.subject == key and c.rule != "approaching"]


@pytest.mark.parametrize("end", ["closed", "stepped_down"])
@pytest.mark.parametrize("key", ENDS)
def test_what_was_late_when_the_case_ended_stays_late_and_its_flag_ends_there(key: str, end: str) -> None:
    start, due = ENDS[key]
    derived = follows(start, f"{end} 2027-06-30 10:00")
    assert both(derived, key) == ("missed", [(when(due), when("2027-06-30 10:00"), f"over:{end}")])


@pytest.mark.parametrize("key", GOES_ON)
def test_closing_hides_nobody_who_is_still_owed_an_answer(key: str) -> None:
    derived = follows(GOES_ON[key], "closed 2026-11-03 16:00")
    assert both(derived, key)[0] == "overdue"


def test_every_shipped_standard_is_either_ended_by_closing_or_known_to_go_on() -> None:
    ended = {standard.key for standard in load_shipped() if any(stop.kind == "closed" for stop in standard.ended_by)}
    before_the_case = {
        "police_share", "school_notified", "in_transit", "absent_notice", "contact_decision_24h", "absent_decision",
        "transfer_accepted", "absent_strategy_request", "enquiry_history",
    }  # fmt: skip
    assert ended == {*ENDS, "transfer_in_conference"}
    assert {standard.key for standard in load_shipped()} == ended | set(GOES_ON) | before_the_case


def test_the_last_review_leaves_no_review_and_no_core_group_to_wait_for() -> None:
    derived = follows(PLAN, "review_held=plan_ended 2026-11-30 10:00", "closed 2026-12-15 10:00")
    assert not clocks(derived, "later_review")
    assert [standing(clock(derived, key), MUCH_LATER) for key in ("first_review", "core_group")] == [
        "met",
        "not_applicable",
    ]
    late = follows(PLAN, "review_held=plan_ended 2026-12-30 10:00")
    assert both(late, "core_group") == (
        "missed",
        [(when("2026-12-05 00:00"), when("2026-12-30 10:00"), "over:review_held")],
    )


def test_a_conference_without_a_plan_leaves_nothing_to_wait_for() -> None:
    derived = follows("conference_held=no_plan 2026-11-20 15:00", "closed 2026-12-15 10:00")
    assert {row.standard for row in derived.clocks}.isdisjoint(ENDS)


def test_a_child_who_moved_on_is_owed_no_conference_here() -> None:
    told = "transfer_in_notified 2026-12-14 10:00 from=Bolton"
    assert both(follows(told, "closed 2026-12-21 10:00"), "transfer_in_conference")[0] == "not_applicable"
    assert both(follows(told, "closed 2027-02-01 10:00"), "transfer_in_conference")[0] == "missed"
    assert both(follows(told, "stepped_down 2026-12-21 10:00"), "transfer_in_conference")[0] == "overdue"


def test_a_case_that_is_opened_again_is_owed_everything_anew() -> None:
    derived = follows(
        REFERRED,
        "closed 2026-11-04 10:00",
        "reopened 2026-11-16 10:00 reason=afraid",
        "contact_decided=referral 2026-11-16 15:00",
    )
    first, again = clocks(derived, "assessment")
    assert (standing(first, MUCH_LATER), standing(again, MUCH_LATER)) == ("not_applicable", "overdue")
    assert again.due_at == when("2027-01-22 00:00")


def test_a_plan_made_without_opening_the_case_again_is_timed_all_the_same() -> None:
    derived = follows("closed 2026-11-10 10:00", PLAN)
    assert standing(clock(derived, "first_review"), MUCH_LATER) == "overdue"


def test_a_worker_who_leaves_as_the_case_is_closed_leaves_nobody_unallocated() -> None:
    worked = (REFERRED, "allocated 2026-11-03 16:00 worker=Sam")
    leaves, closes = "allocation_ended 2026-11-16 10:00", "closed 2026-11-16 10:05"
    left = follows(*worked, leaves, closes)
    first, second = clocks(left, "allocation")
    assert (standing(first, MUCH_LATER), standing(second, MUCH_LATER)) == ("met", "not_applicable")
    after = follows(*worked, closes, "allocation_ended 2026-11-16 17:00")
    assert standing(clock(after, "allocation"), MUCH_LATER) == "met"
    assert (left.state.allocation_wanted, after.state.allocation_wanted) == (False, False)
    back = follows(*worked, closes, "reopened 2026-11-20 09:00 reason=x", "allocation_ended 2026-11-20 10:00")
    assert standing(clocks(back, "allocation")[-1], MUCH_LATER) == "overdue"
    assert back.state.allocation_wanted


@pytest.mark.parametrize("end", ["closed", "stepped_down"])
@pytest.mark.parametrize("key", ["allocation", "child_seen_referral", "assessment"])
def test_a_referral_accepted_after_the_case_was_closed_is_owed_everything_though_nobody_opened_it_again(
    key: str, end: str
) -> None:
    done = ("allocated 2026-11-03 16:00 worker=Sam", "child_seen 2026-11-04 09:00", "assessment_authorised 2026-11-05")
    again = "contact_decided=referral 2026-11-16 15:00"
    for before in ((REFERRED,), (REFERRED, *done), done):
        derived = follows(*before, f"{end} 2026-11-06 10:00", again)
        assert (clocks(derived, key)[-1].started_at, stands(derived, key)) == (when("2026-11-16 15:00"), "overdue")
        assert (derived.state.allocation_wanted, derived.state.closed_at) == (True, None)
        assert derived.segments[-1].holder == "childrens_social_care"


@pytest.mark.parametrize("asked", ["threshold_reached", "contact_decided=strategy_discussion", "strategy_requested"])
def test_a_discussion_wanted_after_the_case_was_closed_is_not_the_one_that_was_held_before(asked: str) -> None:
    for before in (("threshold_reached 2026-11-03 10:00",), ()):
        derived = follows(
            *before, "strategy_held=quorate 2026-11-03 15:00", "closed 2026-11-06 10:00", f"{asked} 2026-11-16"
        )
        assert stands(derived, "strategy_discussion") == "overdue"
        assert conditions(derived, "overdue", "strategy_discussion")[-1].true_until is None


def test_a_conference_held_before_another_area_took_the_child_over_is_not_that_of_the_next_enquiry() -> None:
    first = ("enquiry_started=joint 2026-11-03 15:00", "transfer_accepted 2026-11-04 09:00 from_area=350")
    ended = ("conference_not_required 2026-11-06 10:00", "conference_held=no_plan 2026-11-09 10:00")
    derived = follows(*first, *ended, "strategy_held=quorate 2026-11-16 10:00 initiates_enquiry=true")
    assert stands(derived, "conference") == "overdue"


def test_a_receipt_written_down_after_the_case_was_closed_asks_for_no_second_decision() -> None:
    derived = follows(
        "notice_shared 2026-11-03 12:00", REFERRED, "closed 2026-11-03 16:00", "notice_received 2026-11-03 17:00"
    )
    assert [standing(row, MUCH_LATER) for row in clocks(derived, "contact_decision")] == ["met"]


def test_what_is_asked_for_on_a_record_that_was_withdrawn_is_watched_and_nothing_else_is() -> None:
    withdrawn = ("notice_received 2026-11-03 12:00", "withdrawn 2026-11-05 09:00 reason=duplicate")
    derived = follows(*withdrawn, "strategy_requested 2026-11-16 10:00", "allocation_ended 2026-11-16 11:00")
    late = [(c.subject, c.true_from) for c in derived.conditions if c.rule == "overdue" and c.true_until is None]
    assert late == [("strategy_discussion", when("2026-11-18 00:00"))]
    assert not clocks(derived, "allocation")


def test_an_enquiry_that_starts_after_one_was_completed_has_a_limit_of_its_own() -> None:
    ended = ("strategy_held=quorate 2026-11-03 10:00", "enquiry_completed=no_concerns 2026-11-04 10:00")
    derived = follows(*ended, "enquiry_started=joint 2026-11-16 15:00")
    assert clock(derived, "enquiry_completed").started_at == when("2026-11-16 15:00")


def test_a_closing_that_is_taken_back_ended_nothing() -> None:
    closing = "closed 2026-11-04 10:00 id=closing"
    derived = follows(REFERRED, closing, "closed 2026-11-04 10:00 recorded=2026-11-25T09:00 retracts=closing")
    assert both(derived, "allocation")[0] == "overdue"


def test_a_closing_written_down_afterwards_ends_a_flag_by_its_name() -> None:
    (late,) = conditions(follows(REFERRED), "unallocated")
    flags = (flag_of(late, when("2026-11-05 00:01")),)
    closing = "closed 2026-11-04 16:00 recorded=2026-11-09T10:00"
    (ended,) = conditions(evaluate(history(REFERRED, closing, flags=flags), rulebook_with()), "unallocated")
    assert (ended.true_until, ended.cause) == (when("2026-11-09 10:00"), "over:closed")


def test_a_holiday_announced_after_the_closing_leaves_the_late_clock_late() -> None:
    old = load_calendar()
    holidays = (*old.working_days.holidays, Holiday(on=date(2026, 11, 4), name="One-off"))
    new = msgspec.structs.replace(
        old,
        number=2,
        recorded_at=when("2026-11-20 09:00"),
        working_days=msgspec.structs.replace(old.working_days, holidays=holidays),
    )
    book = rulebook_with(calendars=(old, new))
    closed, left_open = follows(REFERRED, "closed 2026-11-05 09:00", rulebook=book), follows(REFERRED, rulebook=book)
    assert standing(clock(closed, "allocation"), MUCH_LATER) == "missed"
    assert clock(left_open, "allocation").due_at == when("2026-11-06 00:00")


def test_only_the_day_of_the_closing_is_enough_where_days_are_counted() -> None:
    assert both(follows(REFERRED, "closed 2026-11-04"), "allocation")[0] == "not_applicable"
    assert both(follows(REFERRED, "closed 2026-11-05"), "allocation")[0] == "missed"
    hours = rulebook_with(changed("allocation", effective_from=when("2026-01-01 00:00"), within="24 hours"))
    vague = follows(REFERRED, "closed 2026-11-04", rulebook=hours)
    assert clock(vague, "allocation").standing == "cannot_compute"


def test_it_is_said_in_words() -> None:
    for line, words in (
        ("closed 2026-11-04 10:00", "Does not apply: the case was closed before this was due."),
        ("closed 2026-11-09 10:00", "Not done before the case was closed Mon 9 Nov 10:00: 4 days 10 hours late."),
    ):
        told, book = history(REFERRED, line), rulebook_with()
        row = clock(evaluate(told, book), "allocation")
        assert explain(row, told, book.versions[row.version], when("2026-11-10 09:00")).endswith(words)


def test_a_standard_timed_apart_for_each_thing_is_not_ended_all_at_once() -> None:
    with pytest.raises(StandardError, match="one_per"):
        changed("strategy_record", ended_by=(Stop(kind="closed"),))
