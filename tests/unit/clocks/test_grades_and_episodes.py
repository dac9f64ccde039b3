"""Grades, starts and ends: what starts a clock, what meets it, and what a regrade does to it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec

from schema.spine import Derived
from service.clocks import evaluate, standing
from tests.fixtures.histories import (
    PATHWAY,
    changed,
    clock,
    clocks,
    conditions,
    flag_of,
    follows,
    history,
    rulebook_with,
    shipped,
    when,
)

ATTENDED = "police_attended 2026-11-03 09:12"
MEDIUM = "risk_graded=medium 2026-11-03 09:12"
RECEIVED = "notice_received 2026-11-06 14:00"
FAR = datetime(2030, 1, 1, tzinfo=UTC)


def ruling(derived: Derived, standard: str) -> datetime | None:
    (row,) = (row for row in clocks(derived, standard) if row.rules)
    return row.due_at


def test_the_officers_first_grade_is_kept_beside_the_grade_now() -> None:
    state = follows(ATTENDED, MEDIUM, "risk_regraded=high 2026-11-03 14:00 by=triage").state
    assert (state.first_grade, state.grade, state.urgent) == ("medium", "high", False)


def test_a_triage_grade_recorded_first_does_not_become_the_officers() -> None:
    state = follows(ATTENDED, "risk_graded=standard 2026-11-03 08:00 by=triage", MEDIUM).state
    assert state.first_grade == "medium"


def test_urgent_for_the_child_counts_as_high_and_leaves_the_grade_alone() -> None:
    derived = follows(ATTENDED, MEDIUM, "urgent_for_child 2026-11-03 10:00 reason=hurt")
    assert (derived.state.first_grade, derived.state.grade, derived.state.urgent) == ("medium", "medium", True)
    assert ruling(derived, "police_share") == when("2026-11-03 14:00")


def test_a_second_and_worse_regrade_still_leaves_the_earliest_due_time_ruling() -> None:
    derived = follows(
        ATTENDED,
        "risk_graded=standard 2026-11-03 09:12",
        "risk_regraded=medium 2026-11-03 10:00 by=triage",
        "risk_regraded=high 2026-11-05 10:00 by=triage",
    )
    assert len(clocks(derived, "police_share")) == 3
    assert ruling(derived, "police_share") == when("2026-11-04 10:00")


def test_a_regrade_after_sharing_does_nothing_to_the_clock_of_sharing() -> None:
    derived = follows(ATTENDED, MEDIUM, "notice_shared 2026-11-03 12:00", "risk_regraded=high 2026-11-03 13:00")
    assert len(clocks(derived, "police_share")) == 1
    assert derived.state.stage == "in_transit"


def test_grading_late_moves_the_due_time_of_the_strictest_standard() -> None:
    (strictest,) = conditions(follows(ATTENDED), "overdue", "police_share")
    (graded,) = conditions(follows(ATTENDED, "risk_graded=standard 2026-11-03 16:00"), "overdue", "police_share")
    assert (strictest.true_from, graded.true_from) == (when("2026-11-03 13:12"), when("2026-11-06 09:12"))
    assert strictest.episode == graded.episode


def test_grading_late_ends_the_flag_as_graded_where_it_was_then_shared_in_time() -> None:
    (breach,) = conditions(follows(ATTENDED), "overdue", "police_share")
    told = history(ATTENDED, "risk_graded=standard 2026-11-03 16:00", "notice_shared 2026-11-03 16:30")
    flagged = msgspec.structs.replace(told, flags=(flag_of(breach, when("2026-11-03 13:13")),))
    (ended,) = conditions(evaluate(flagged, shipped()), "overdue", "police_share")
    assert (ended.true_from, ended.true_until, ended.cause) == (
        breach.true_from,
        when("2026-11-03 16:05"),
        "graded",
    )


def test_ungraded_is_a_condition_from_the_notice_until_it_is_graded() -> None:
    lines = (ATTENDED, "notice_submitted 2026-11-03 11:00")
    (open_,) = conditions(follows(*lines), "ungraded")
    assert (open_.true_from, open_.true_until) == (when("2026-11-03 11:00"), None)
    (ended,) = conditions(follows(*lines, "risk_graded=high 2026-11-03 15:00"), "ungraded")
    assert (ended.true_until, ended.cause) == (when("2026-11-03 15:00"), "graded")
    assert not conditions(follows(*lines, MEDIUM), "ungraded")


def test_the_front_doors_clocks_run_from_sharing_only_while_no_receipt_is_known() -> None:
    shared = follows(ATTENDED, MEDIUM, "notice_shared 2026-11-05 14:00")
    received = follows(ATTENDED, MEDIUM, "notice_shared 2026-11-05 14:00", RECEIVED)
    assert clock(shared, "contact_decision").approximate
    assert clock(shared, "contact_decision").due_at == when("2026-11-07 00:00")
    assert not clock(received, "contact_decision").approximate
    assert clock(received, "contact_decision").due_at == when("2026-11-10 00:00")


def test_a_draft_decision_stops_nothing() -> None:
    derived = follows(ATTENDED, MEDIUM, RECEIVED, "contact_decided=referral 2026-11-06 15:00 draft=true")
    assert clock(derived, "contact_decision").stopped_at is None
    assert derived.state.decided_at is None


def test_the_24_hour_clock_is_measured_for_all_and_flagged_for_high() -> None:
    medium = follows(ATTENDED, MEDIUM, RECEIVED)
    high = follows(ATTENDED, "risk_graded=high 2026-11-03 09:12", RECEIVED)
    raised = follows(ATTENDED, MEDIUM, RECEIVED, "urgent_for_child 2026-11-08 09:00")
    assert clock(medium, "contact_decision_24h").due_at == when("2026-11-07 14:00")
    assert not conditions(medium, "overdue", "contact_decision_24h")
    assert conditions(high, "overdue", "contact_decision_24h")[0].true_from == when("2026-11-07 14:00")
    assert conditions(raised, "overdue", "contact_decision_24h")[0].true_from == when("2026-11-08 09:00")


def test_a_transfer_keeps_the_age_and_starts_the_receivers_own_clock_at_its_receipt() -> None:
    derived = follows(
        ATTENDED,
        MEDIUM,
        RECEIVED,
        "sent_to_right_area 2026-11-06 15:00 to_area=354",
        "transfer_accepted 2026-11-09 11:00 from_area=350",
        "notice_received 2026-11-09 12:00",
    )
    first, second = clocks(derived, "contact_decision")
    assert first.stopped_at == when("2026-11-09 11:00")
    assert (second.started_at, second.stopped_at) == (when("2026-11-09 12:00"), None)
    assert [w.since for w in derived.waits] == [when("2026-11-03 09:12")]
    assert derived.waits[0].until is None


def test_allocation_starts_again_when_it_ends() -> None:
    derived = follows(
        ATTENDED,
        MEDIUM,
        RECEIVED,
        "contact_decided=referral 2026-11-09 10:00",
        "allocated 2026-11-09 12:00 worker=w1 team=north",
        "allocation_ended 2026-11-20 10:00",
    )
    first, second = clocks(derived, "allocation")
    assert (first.stopped_at, second.stopped_at) == (when("2026-11-09 12:00"), None)
    assert (derived.state.allocated_to, derived.state.allocated_team, derived.state.allocation_wanted) == (
        None,
        "north",
        True,
    )
    (flagged,) = conditions(derived, "unallocated", "allocation")
    assert flagged.true_from == when("2026-11-24 00:00")


def test_a_follow_up_discussion_never_resets_the_conference() -> None:
    first = "strategy_held=quorate 2026-11-20 10:00 initiates_enquiry=true"
    told = follows(first, "enquiry_started 2026-11-20 10:00", "strategy_held=quorate 2026-11-30 10:00")
    assert clock(told, "conference").due_at == when("2026-12-12 00:00")
    assert not conditions(told, "data_quality")


def test_two_discussions_that_both_say_so_count_from_the_earliest_and_ask() -> None:
    told = follows(
        "strategy_held=quorate 2026-11-20 10:00 initiates_enquiry=true",
        "enquiry_started 2026-11-20 11:00",
        "strategy_held=quorate 2026-11-30 10:00 initiates_enquiry=true",
    )
    assert clock(told, "conference").due_at == when("2026-12-12 00:00")
    assert len(conditions(told, "data_quality", "initiates_enquiry")) == 1


def test_without_a_mark_the_nearest_discussion_before_the_enquiry_counts_else_the_enquiry() -> None:
    nearest = follows(
        "strategy_held=quorate 2026-11-16 10:00",
        "strategy_held=quorate 2026-11-20 10:00",
        "enquiry_started 2026-11-23 10:00",
    )
    alone = follows("enquiry_started 2026-11-23 10:00")
    assert clock(nearest, "conference").due_at == when("2026-12-12 00:00")
    assert clock(alone, "conference").due_at == when("2026-12-15 00:00")


def test_a_second_enquiry_has_its_own_conference_clock() -> None:
    told = follows(
        "strategy_held=quorate 2026-03-02 10:00 initiates_enquiry=true",
        "enquiry_started 2026-03-02 10:00",
        "enquiry_completed=not_substantiated 2026-03-10 10:00",
        "conference_not_required 2026-03-10 10:00",
        "strategy_held=quorate 2026-06-01 10:00 initiates_enquiry=true",
        "enquiry_started 2026-06-01 10:00",
    )
    first, second = clocks(told, "conference")
    assert first.stopped_at == when("2026-03-10 10:00")
    assert (second.started_at, second.stopped_at) == (when("2026-06-01 10:00"), None)


def test_an_enquiry_that_needs_no_conference_ends_the_wait_for_one_when_it_is_completed() -> None:
    held = "strategy_held=quorate 2026-03-02 10:00 initiates_enquiry=true"
    for lines in (
        ("enquiry_started 2026-03-02 10:00 conference_required=no", "enquiry_completed 2026-03-10 10:00"),
        ("enquiry_started 2026-03-02 10:00", "enquiry_completed 2026-03-10 10:00 conference_required=no"),
    ):
        assert clock(follows(held, *lines), "conference").stopped_at == when("2026-03-10 10:00")
    unsaid = ("enquiry_started 2026-03-02 10:00", "enquiry_completed=not_substantiated 2026-03-10 10:00")
    assert clock(follows(held, *unsaid), "conference").stopped_at is None


def test_a_held_discussion_that_was_not_quorate_meets_held_and_starts_quorate() -> None:
    told = follows("threshold_reached 2026-11-09 09:00", "strategy_held=not_quorate 2026-11-09 15:00")
    assert standing(clock(told, "strategy_discussion"), FAR) == "met"
    assert standing(clock(told, "strategy_quorate"), FAR) == "overdue"


def test_each_discussion_has_a_record_of_its_own_to_issue() -> None:
    first, second = (
        "strategy_held=quorate 2026-11-10 14:00 discussion=first",
        "strategy_held=quorate 2026-11-11 10:00 discussion=second",
    )
    issued = "strategy_record_issued 2026-11-11 12:00 discussion=second"
    earlier, later = clocks(follows(first, second, issued), "strategy_record")
    assert (earlier.due_at, earlier.stopped_at) == (when("2026-11-12 00:00"), None)
    assert (later.due_at, later.stopped_at) == (when("2026-11-13 00:00"), when("2026-11-11 12:00"))
    overdue = conditions(follows(first, second, issued), "overdue", "strategy_record")
    assert [each.episode for each in overdue] == [earlier.episode]


def test_a_record_without_a_discussion_is_of_the_one_without_a_name_else_of_the_oldest_waiting() -> None:
    held = ("strategy_held=quorate 2026-11-10 14:00 discussion=first", "strategy_held=quorate 2026-11-11 10:00")
    unnamed = follows(*held, "strategy_record_issued 2026-11-11 12:00")
    assert [row.stopped_at is None for row in clocks(unnamed, "strategy_record")] == [True, False]
    another = follows(*held[:1], "strategy_record_issued 2026-11-11 12:00")
    assert clock(another, "strategy_record").stopped_at == when("2026-11-11 12:00")
    of_another = follows(*held[:1], "strategy_record_issued 2026-11-11 12:00 discussion=third")
    assert clock(of_another, "strategy_record").stopped_at is None


def test_scheduling_postponing_and_cancelling_stop_nothing() -> None:
    told = follows(
        "threshold_reached 2026-11-09 09:00",
        "strategy_scheduled=police 2026-11-09 10:00",
        "strategy_postponed=health 2026-11-09 11:00",
        "strategy_cancelled 2026-11-09 12:00",
    )
    assert clock(told, "strategy_discussion").stopped_at is None
    assert told.state.holder == "childrens_social_care"


def test_withdrawing_makes_clocks_not_applicable_and_ends_what_was_true() -> None:
    told = follows(ATTENDED, MEDIUM, "withdrawn 2026-11-05 09:00 reason=duplicate")
    assert {row.standing for row in told.clocks} == {"not_applicable"}
    (breach,) = conditions(told, "overdue", "police_share")
    assert (breach.true_until, breach.cause) == (when("2026-11-05 09:00"), "withdrawn")
    assert [w.exit for w in told.waits] == ["withdrawn"]
    assert (told.state.withdrawn, told.state.holder) == (True, "no_agency")


def test_a_declined_notice_that_is_sent_after_all_is_waited_for_again() -> None:
    told = follows(
        ATTENDED, MEDIUM, "notice_not_shared=below_threshold 2026-11-03 12:00", "notice_shared 2026-11-10 12:00"
    )
    assert [(w.exit, w.since) for w in told.waits] == [
        ("notice_not_shared", when("2026-11-03 09:12")),
        (None, when("2026-11-10 12:00")),
    ]
    assert len(clocks(told, "unassessed")) == 2


def test_a_declined_notice_is_looked_at_again_when_something_further_happens() -> None:
    earlier = UUID(int=7)
    facts = msgspec.structs.replace(PATHWAY, earlier_not_shared=((earlier, when("2026-08-01 10:00")),))
    (look,) = conditions(follows(ATTENDED, MEDIUM, pathway=facts), "second_look")
    assert (look.episode, look.true_from, look.true_until) == (earlier, when("2026-11-03 09:12"), None)


def test_an_unknown_school_is_a_condition_until_the_school_is_told() -> None:
    facts = msgspec.structs.replace(PATHWAY, school_status="unknown", date_of_birth=date(2014, 1, 1))
    (open_,) = conditions(follows(ATTENDED, MEDIUM, pathway=facts), "school_unknown")
    assert open_.true_until is None
    (ended,) = conditions(
        follows(ATTENDED, MEDIUM, "school_notified 2026-11-03 15:00", pathway=facts), "school_unknown"
    )
    assert ended.cause == "met:school_notified"


def test_out_of_order_names_the_pair_from_when_both_were_known() -> None:
    told = follows(
        ATTENDED,
        MEDIUM,
        "notice_shared 2026-11-04 10:00",
        "notice_received 2026-11-04 09:00 recorded=2026-11-05T08:00",
    )
    (found,) = conditions(told, "out_of_order")
    assert (found.subject, found.true_from) == ("notice_shared:notice_received", when("2026-11-05 08:00"))
    assert told.state.holder == "childrens_social_care"


def test_one_missing_time_is_one_condition_however_many_clocks_miss_it() -> None:
    told = follows("police_attended 2026-11-03", "risk_graded=medium 2026-11-03")
    assert len([row for row in told.clocks if row.standing == "cannot_compute"]) > 1
    assert len(conditions(told, "cannot_compute")) == 1
    assert (told.state.aware_at, told.state.aware_on) == (None, date(2026, 11, 3))


def test_kinds_that_nobody_knows_change_nothing() -> None:
    assert follows(ATTENDED, MEDIUM, "tea_drunk 2026-11-03 10:00").clocks == follows(ATTENDED, MEDIUM).clocks


def test_nothing_follows_from_nothing() -> None:
    derived = follows()
    assert (derived.segments, derived.clocks, derived.conditions, derived.waits) == ((), (), (), ())
    assert derived.state.stage == "not_known_to_police"


def test_a_retracted_milestone_never_happened() -> None:
    told = follows(
        ATTENDED,
        MEDIUM,
        "notice_shared 2026-11-03 12:00 id=s",
        "notice_shared 2026-11-03 12:00 retracts=s recorded=2026-11-05T09:00",
    )
    assert told.state.shared_at is None
    assert clock(told, "police_share").stopped_at is None


def test_the_version_in_force_when_the_clock_started_is_the_one_that_counts() -> None:
    book = rulebook_with(
        changed("police_share", within="1 hour", effective_from=when("2026-11-05 00:00")),
        changed("police_share", within="2 hours", effective_from=when("2026-11-05 00:00"), area="359"),
        changed("police_share", within="3 hours", effective_from=when("2026-11-05 00:00"), area="350"),
    )
    before = clock(follows(ATTENDED, rulebook=book), "police_share")
    after = clock(follows("police_attended 2026-11-05 09:00", rulebook=book), "police_share")
    assert before.due_at == when("2026-11-03 13:12")
    assert after.due_at is not None
    assert after.due_at - when("2026-11-05 09:00") == timedelta(hours=2)
