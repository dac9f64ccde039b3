"""The clocks of enquiries and conferences at their edges, from milestones to due times."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from schema.spine import Derived, PathwayFacts
from schema.vocabulary import HISTORY_FILE_MILESTONES
from service.clocks import standing
from tests.fixtures.histories import PATHWAY, clock, clocks, conditions, follows, when

START = "police_attended 2026-11-02 09:00"


def derived(*lines: str, facts: PathwayFacts = PATHWAY) -> Derived:
    return follows(START, *lines, pathway=facts)


@pytest.mark.parametrize(
    ("discussed", "ends"),
    [
        ("2026-12-19 10:00", "2027-01-14 00:00"),
        ("2026-12-14 10:00", "2027-01-08 00:00"),
        ("2026-11-20 15:00", "2026-12-12 00:00"),
        ("2026-12-24 23:59", "2027-01-20 00:00"),
        ("2026-11-20", "2026-12-12 00:00"),
    ],
)
def test_the_fifteenth_working_day_after_the_discussion_ends_the_conference_in_time(discussed: str, ends: str) -> None:
    told = derived(f"strategy_held=quorate {discussed} initiates_enquiry=true")
    assert clock(told, "conference").due_at == when(ends)
    assert clock(told, "enquiry_completed").due_at == when(ends)


def test_held_on_the_last_minute_of_day_15_is_in_time_and_on_day_16_is_late() -> None:
    began = "strategy_held=quorate 2026-11-20 15:00 initiates_enquiry=true"
    intime = clock(derived(began, "conference_held=plan 2026-12-11 23:59"), "conference")
    late = clock(derived(began, "conference_held=plan 2026-12-14 09:00"), "conference")
    now = when("2027-03-01 09:00")
    assert (standing(intime, now), standing(late, now)) == ("met", "missed")


def test_if_two_discussions_say_section_47_for_one_enquiry_the_earliest_counts_and_a_query_is_shown() -> None:
    told = derived(
        "strategy_held=quorate 2026-11-20 10:00 initiates_enquiry=true",
        "enquiry_started=joint 2026-11-20 10:00",
        "strategy_held=quorate 2026-11-27 10:00 initiates_enquiry=true",
    )
    assert clock(told, "conference").due_at == when("2026-12-12 00:00")
    assert len(conditions(told, "data_quality", "initiates_enquiry")) == 1


def test_follow_up_discussions_never_reset_the_conference() -> None:
    lines = ["strategy_held=quorate 2026-11-20 10:00 initiates_enquiry=true", "enquiry_started=joint 2026-11-20 10:00"]
    lines += [f"strategy_held=quorate 2026-12-0{day} 10:00" for day in range(1, 8)]
    told = derived(*lines)
    assert clock(told, "conference").due_at == when("2026-12-12 00:00")
    assert not conditions(told, "data_quality")


def test_a_repeat_enquiry_on_an_open_episode_keeps_the_first_target() -> None:
    told = derived(
        "strategy_held=quorate 2026-11-20 10:00 initiates_enquiry=true",
        "enquiry_started=joint 2026-11-20 10:00",
        "enquiry_started=joint 2026-11-30 10:00",
    )
    assert clock(told, "conference").due_at == when("2026-12-12 00:00")


def test_a_second_enquiry_before_the_first_ones_conference_keeps_the_first_target() -> None:
    told = derived(
        "strategy_held=quorate 2026-11-20 10:00 initiates_enquiry=true",
        "enquiry_started=joint 2026-11-20 10:00",
        "enquiry_completed=substantiated_continuing_risk 2026-11-27 10:00 conference_required=yes",
        "strategy_held=quorate 2026-12-01 10:00 initiates_enquiry=true",
        "enquiry_started=joint 2026-12-01 10:00",
        "conference_held=plan 2026-12-10 10:00",
    )
    assert clock(told, "conference").due_at == when("2026-12-12 00:00")
    assert len(clocks(told, "enquiry_completed")) == 2


def test_a_repeat_enquiry_after_the_first_has_a_conference_of_its_own() -> None:
    told = derived(
        "strategy_held=quorate 2026-11-02 10:00 initiates_enquiry=true",
        "enquiry_started=joint 2026-11-02 10:00",
        "enquiry_completed=not_substantiated 2026-11-06 10:00 conference_required=no",
        "strategy_held=quorate 2026-11-20 10:00 initiates_enquiry=true",
        "enquiry_started=joint 2026-11-20 10:00",
    )
    assert [clock.due_at for clock in clocks(told, "conference")] == [
        when("2026-11-24 00:00"),
        when("2026-12-12 00:00"),
    ]


def test_a_conference_before_the_enquiry_meets_it() -> None:
    told = derived(
        "conference_held=plan 2026-11-19 10:00", "strategy_held=quorate 2026-11-20 10:00 initiates_enquiry=true"
    )
    assert standing(clock(told, "conference"), when("2027-01-01 09:00")) == "met"


def test_none_required_is_in_time_until_day_15_and_stays_late_after_it() -> None:
    began = ("strategy_held=quorate 2026-11-20 10:00 initiates_enquiry=true", "enquiry_started=joint 2026-11-20 10:00")
    done = "enquiry_completed=not_substantiated"
    now = when("2027-01-01 09:00")
    intime = derived(*began, f"{done} 2026-12-11 16:00 conference_required=no")
    late = derived(*began, f"{done} 2026-12-14 09:00 conference_required=no")
    dropped = derived(*began, "conference_not_required 2026-12-14 09:00 reason=Moved")
    unsaid = derived(*began, f"{done} 2026-12-11 16:00")
    states = [standing(clock(told, "conference"), now) for told in (intime, late, dropped, unsaid)]
    assert states == ["met", "missed", "missed", "overdue"]


def test_an_unborn_child_is_held_to_the_same_days() -> None:
    unborn = msgspec.structs.replace(
        PATHWAY, involvement="unborn", date_of_birth=None, expected_date_of_birth=date(2027, 3, 1)
    )
    told = derived("strategy_held=quorate 2026-11-20 15:00 initiates_enquiry=true", facts=unborn)
    assert clock(told, "conference").due_at == when("2026-12-12 00:00")


def test_a_transfer_in_conference_has_a_clock_of_its_own_and_leaves_the_other_alclock() -> None:
    told = derived(
        "strategy_held=quorate 2026-11-20 15:00 initiates_enquiry=true",
        "transfer_in_notified 2026-12-14 10:00 from=Bolton",
        "transfer_in_conference_held=plan 2027-01-08 10:00",
    )
    now = when("2027-02-01 09:00")
    apart = clock(told, "transfer_in_conference")
    assert apart.due_at == when("2027-01-08 00:00")
    assert standing(apart, now) == "missed"
    assert standing(clock(told, "conference"), now) == "overdue"
    assert clock(told, "core_group").due_at == when("2027-01-23 00:00")
    assert clock(told, "first_review").due_at == when("2027-04-09 00:00")


def test_a_core_group_and_reviews_follow_a_plan_alclock() -> None:
    held = "strategy_held=quorate 2026-11-20 15:00 initiates_enquiry=true"
    plan = derived(held, "conference_held=plan 2026-12-07 10:00")
    none = derived(held, "conference_held=no_plan 2026-12-07 10:00")
    assert clock(plan, "core_group").due_at == when("2026-12-22 00:00")
    assert clock(plan, "first_review").due_at == when("2027-03-08 00:00")
    assert not clocks(none, "core_group")
    assert not clocks(none, "first_review")


def test_an_enquiry_that_starts_without_history_is_flagged_until_it_is_considered() -> None:
    without = derived("enquiry_started=joint 2026-11-20 15:00 history_considered=false")
    made_good = derived(
        "enquiry_started=joint 2026-11-20 15:00 history_considered=false",
        "history_considered 2026-11-23 09:00 history_considered=Read",
    )
    with_it = derived("enquiry_started=joint 2026-11-20 15:00 history_considered=true")
    imported = derived("enquiry_started=joint 2026-11-20 15:00")

    def missing(told: Derived) -> list[tuple[object, object]]:
        return [(each.true_from, each.true_until) for each in conditions(told, "absent", "enquiry_history")]

    assert missing(without) == [(when("2026-11-20 16:00"), None)]
    assert missing(made_good) == [(when("2026-11-20 16:00"), when("2026-11-23 09:00"))]
    assert missing(with_it) == missing(imported) == []


def test_agreeing_why_it_is_late_changes_no_clock_and_no_holder() -> None:
    lines = ("strategy_held=quorate 2026-11-20 15:00 initiates_enquiry=true", "conference_held=plan 2026-12-14 09:00")
    before = derived(*lines)
    after = derived(*lines, "conference_delay_agreed=not_quorate 2026-12-14 12:00 text=x")
    assert before.clocks == after.clocks
    assert before.segments == after.segments


def test_a_history_file_tells_nothing_of_what_only_the_tracker_knows() -> None:
    apart = {"history_considered", "conference_delay_agreed", "transfer_in_notified", "transfer_in_conference_held"}
    assert not apart & HISTORY_FILE_MILESTONES
