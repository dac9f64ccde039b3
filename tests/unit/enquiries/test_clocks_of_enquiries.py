"""The clocks of enquiries and conferences at their edges, from milestones to due times."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from schema.spine import Derived, PathwayFacts
from schema.vocabulary import HISTORY_FILE_MILESTONES
from service.clocks import standing
from tests.fixtures.histories import PATHWAY, changed, clock, clocks, conditions, follows, rulebook_with, when

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
        # Around both changes of the clocks: in the hour that comes twice, and across the spring's with Easter in it.
        ("2026-10-24 23:59", "2026-11-14 00:00"),
        ("2026-10-25 01:30", "2026-11-14 00:00"),
        ("2026-10-05 10:00", "2026-10-27 00:00"),
        ("2027-03-27 23:30", "2027-04-20 00:00"),
        ("2027-03-08 10:00", "2027-04-01 00:00"),
        # Around the year's end: New Year's Day is a bank holiday whatever the hour before it was.
        ("2026-12-31 23:59", "2027-01-23 00:00"),
        ("2027-01-01 00:01", "2027-01-23 00:00"),
        ("2027-12-24 10:00", "2028-01-20 00:00"),
    ],
)
def test_the_fifteenth_working_day_after_the_discussion_ends_the_conference_in_time(discussed: str, ends: str) -> None:
    told = derived(f"strategy_held=quorate {discussed} initiates_enquiry=true")
    assert clock(told, "conference").due_at == when(ends)
    assert clock(told, "enquiry_completed").due_at == when(ends)


@pytest.mark.parametrize(
    ("line", "standard", "ends"),
    [
        ("threshold_reached 2026-12-05 11:00", "strategy_discussion", "2026-12-08 00:00"),
        ("threshold_reached 2026-12-24 18:00", "strategy_discussion", "2026-12-30 00:00"),
        ("threshold_reached 2026-12-31 23:59", "strategy_discussion", "2027-01-05 00:00"),
        ("strategy_requested 2026-10-25 00:30 immediate=true", "strategy_discussion", "2026-10-26 00:00"),
        ("strategy_requested 2027-03-28 00:30 immediate=true", "strategy_discussion", "2027-03-29 00:00"),
        ("strategy_requested 2026-12-31 23:59 immediate=true", "strategy_discussion", "2027-01-01 00:00"),
        ("strategy_held=not_quorate 2026-10-24 10:00", "strategy_quorate", "2026-10-27 00:00"),
        ("strategy_held=quorate 2026-10-23 16:00", "strategy_record", "2026-10-27 00:00"),
        ("strategy_held=quorate 2027-03-25 16:00", "strategy_record", "2027-03-31 00:00"),
        ("enquiry_started=joint 2026-12-26 09:00", "child_seen_enquiry", "2026-12-30 00:00"),
        ("conference_held=plan 2026-12-21 10:00", "core_group", "2027-01-08 00:00"),
        ("conference_held=plan 2026-12-31 10:00", "first_review", "2027-04-01 00:00"),
        ("review_held=plan_continues 2026-08-31 10:00", "later_review", "2027-03-01 00:00"),
        ("transfer_in_notified 2026-12-19 10:00", "transfer_in_conference", "2027-01-14 00:00"),
    ],
)
def test_every_other_clock_ends_where_weekends_holidays_clock_changes_and_the_year_let_it(
    line: str, standard: str, ends: str
) -> None:
    assert clock(follows(line), standard).due_at == when(ends)


def test_a_discussion_asked_for_only_when_a_slot_existed_counts_from_the_threshold() -> None:
    told = derived("threshold_reached 2026-11-20 10:00", "strategy_requested 2026-11-23 16:00")
    assert clock(told, "strategy_discussion").due_at == when("2026-11-24 00:00")
    held = derived(
        "threshold_reached 2026-11-20 10:00",
        "strategy_requested 2026-11-24 09:00",
        "strategy_scheduled 2026-11-24 09:05",
        "strategy_held=quorate 2026-11-24 10:00",
    )
    assert standing(clock(held, "strategy_discussion"), when("2027-01-01 09:00")) == "missed"


def test_siblings_in_two_areas_are_each_held_to_their_own_areas_days_from_one_discussion() -> None:
    book = rulebook_with(changed("conference", area="350", within="10 working days"))
    line = "strategy_held=quorate 2026-11-20 15:00 initiates_enquiry=true"
    here, there = (
        clock(follows(line, pathway=msgspec.structs.replace(PATHWAY, area=area), rulebook=book), "conference").due_at
        for area in ("359", "350")
    )
    assert (here, there) == (when("2026-12-12 00:00"), when("2026-12-05 00:00"))


def test_one_meeting_for_six_children_starts_six_equal_clocks_whatever_their_age() -> None:
    births = (date(2010, 1, 1), date(2013, 2, 2), date(2016, 3, 3), date(2021, 4, 4), date(2026, 5, 5), None)
    facts = [
        msgspec.structs.replace(
            PATHWAY,
            date_of_birth=born,
            expected_date_of_birth=None if born else date(2027, 3, 1),
            involvement="in_the_property" if born else "unborn",
        )
        for born in births
    ]
    line = "strategy_held=quorate 2026-11-20 15:00 initiates_enquiry=true"
    dues = {
        tuple(clock(follows(line, pathway=each), key).due_at for key in ("conference", "enquiry_completed"))
        for each in facts
    }
    assert dues == {(when("2026-12-12 00:00"),) * 2}


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


def test_a_transfer_in_conference_has_a_clock_of_its_own_and_leaves_the_other_alone() -> None:
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


def test_a_core_group_and_reviews_follow_a_plan_alone() -> None:
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
