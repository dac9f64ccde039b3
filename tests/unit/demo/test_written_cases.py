"""The cases told by hand: each is there, and says what its name says."""

from datetime import UTC, datetime, timedelta

import pytest

from service.demo.generator import generate, written_cases
from service.demo.generator.days import LONDON, is_ambiguous, to_local, working_days_between
from service.demo.generator.shapes import SyntheticMilestone, SyntheticPathway
from tests.unit.demo.conftest import SEED, UNTIL

ALL = {
    "two-areas-in-one-incident": 2,
    "not-shared-then-further-incident": 1,
    "further-incident-after-not-shared": 1,
    "regraded-up": 1,
    "regraded-down-in-time": 1,
    "regraded-down-too-late": 1,
    "urgent-for-child": 1,
    "day-precise-times": 1,
    "attended-in-the-hour-that-exists-twice": 1,
    "decision-entered-late": 1,
    "decision-time-corrected-to-in-time": 1,
    "enquiry-recorded-on-the-wrong-child": 1,
    "child-found-late": 2,
    "no-child-none-in-household": 1,
    "no-child-not-asked": 1,
    "no-child-not-recorded": 1,
    "attended-once-logged-twice": 1,
    "withdrawn-duplicate": 1,
    "received-before-shared": 1,
    "shared-in-a-batch": 6,
    "child-found-late-and-waiting": 2,
    "unborn-child": 1,
    "multiple-birth": 2,
    "siblings-decided-apart": 3,
    "seen-before-decided": 1,
    "sent-and-accepted": 1,
    "sent-and-not-answered": 1,
    "reopened": 1,
    "early-help-declined-undecided": 1,
    "conference-on-working-day-16": 2,
    "conference-not-required-after-day-15": 1,
    "not-quorate-then-quorate": 1,
    "confidential-address": 1,
}


def case(written: list[SyntheticPathway], slug: str) -> list[SyntheticPathway]:
    return [pathway for pathway in written if pathway.case == slug]


def told(pathway: SyntheticPathway, kind: str) -> list[SyntheticMilestone]:
    return [milestone for milestone in pathway.milestones if milestone.kind == kind]


def time_of(pathway: SyntheticPathway, kind: str, nth: int = 0) -> datetime:
    found = told(pathway, kind)[nth].at
    assert found is not None
    return found


def test_every_case_is_there(written: list[SyntheticPathway]) -> None:
    counts = {slug: len(case(written, slug)) for slug in {pathway.case or "" for pathway in written}}
    assert counts == ALL


@pytest.mark.parametrize("days", [0, 3, 41, 64, 200, 296, 365, 500])
def test_whenever_the_demo_is_made_no_case_is_ahead_of_it(days: int) -> None:
    until = datetime(2026, 10, 26, 0, 5, tzinfo=UTC) + timedelta(days=days)
    for pathway in written_cases(until):
        for milestone in pathway.milestones:
            assert milestone.recorded_at <= until
            assert milestone.at is None or milestone.at <= milestone.recorded_at
            assert (milestone.at is None) == (milestone.precision == "day") == (milestone.on is not None)


def test_no_reference_is_used_by_a_drawn_incident_too(written: list[SyntheticPathway]) -> None:
    drawn = list(generate(SEED, UNTIL, 0.1))
    assert not {p.incident.reference for p in written} & {p.incident.reference for p in drawn}
    assert not {p.child.reference for p in written if p.child} & {p.child.reference for p in drawn if p.child}


def test_two_areas_have_their_own_notice_of_one_attendance(written: list[SyntheticPathway]) -> None:
    wigan, bolton = case(written, "two-areas-in-one-incident")
    assert (wigan.area, bolton.area) == ("359", "350")
    assert wigan.incident == bolton.incident
    assert told(wigan, "police_attended")[0].record == told(bolton, "police_attended")[0].record
    assert told(wigan, "notice_shared")[0].record != told(bolton, "notice_shared")[0].record


def test_the_declined_child_is_the_same_child_within_twelve_months(written: list[SyntheticPathway]) -> None:
    (declined,) = case(written, "not-shared-then-further-incident")
    (again,) = case(written, "further-incident-after-not-shared")
    assert declined.child == again.child
    gap = time_of(again, "police_attended") - time_of(declined, "notice_not_shared")
    assert timedelta(0) < gap < timedelta(days=365)


def test_the_ambiguous_time_is_the_second_of_the_two(written: list[SyntheticPathway]) -> None:
    (pathway,) = case(written, "attended-in-the-hour-that-exists-twice")
    attended = time_of(pathway, "police_attended")
    assert is_ambiguous(attended)
    assert attended.astimezone(LONDON).fold == 1
    assert time_of(pathway, "police_reported") < attended
    # On the wall clock the call looks later than the attendance.
    assert to_local(time_of(pathway, "police_reported")).time() > to_local(attended).time()


def test_the_conference_was_one_working_day_late(written: list[SyntheticPathway]) -> None:
    first, second = case(written, "conference-on-working-day-16")
    held, conference = time_of(first, "strategy_held"), time_of(first, "conference_held")
    assert working_days_between(to_local(held).date(), to_local(conference).date()) == 16
    assert told(first, "conference_held")[0].record == told(second, "conference_held")[0].record
    assert told(first, "child_seen") != told(second, "child_seen")


def test_not_required_was_written_after_working_day_15(written: list[SyntheticPathway]) -> None:
    (pathway,) = case(written, "conference-not-required-after-day-15")
    held, word = time_of(pathway, "strategy_held"), time_of(pathway, "conference_not_required")
    assert working_days_between(to_local(held).date(), to_local(word).date()) == 18
    assert not told(pathway, "conference_held")


def test_the_second_discussion_was_quorate(written: list[SyntheticPathway]) -> None:
    (pathway,) = case(written, "not-quorate-then-quorate")
    assert [held.outcome for held in told(pathway, "strategy_held")] == ["not_quorate", "quorate"]
    assert [held.detail["initiates_enquiry"] for held in told(pathway, "strategy_held")] == [False, True]
    assert time_of(pathway, "enquiry_started") == time_of(pathway, "strategy_held", 1)


def test_corrections_say_why_and_which(written: list[SyntheticPathway]) -> None:
    (pathway,) = case(written, "decision-time-corrected-to-in-time")
    right = next(row for row in pathway.milestones if row.supersedes is not None)
    assert right.supersedes is not None
    assert pathway.milestones[right.supersedes].kind == right.kind == "contact_decided"
    assert right.reason
    assert right.authorised_by not in (None, right.recorded_by)
    (pathway,) = case(written, "enquiry-recorded-on-the-wrong-child")
    assert any(row.retracted and row.supersedes is not None for row in pathway.milestones)


def test_twins_carry_the_history_from_before_their_birth(written: list[SyntheticPathway]) -> None:
    first, second = case(written, "multiple-birth")
    assert first.child is not None
    assert second.child is not None
    assert second.child.born_from == first.child.reference
    assert first.involvement == second.involvement == "unborn"
    assert told(first, "contact_decided")[0].at == told(second, "contact_decided")[0].at
    assert first.child.date_of_birth is not None
    assert to_local(time_of(first, "notice_received")).date() < first.child.date_of_birth
    assert to_local(time_of(first, "child_seen")).date() >= first.child.date_of_birth


def test_siblings_went_three_ways(written: list[SyntheticPathway]) -> None:
    outcomes = [told(pathway, "contact_decided")[0].outcome for pathway in case(written, "siblings-decided-apart")]
    assert outcomes == ["no_further_action", "early_help", "referral"]


def test_the_child_found_late_has_a_later_notice_of_the_same_attendance(written: list[SyntheticPathway]) -> None:
    brother, sister = case(written, "child-found-late")
    assert time_of(brother, "police_attended") == time_of(sister, "police_attended")
    assert time_of(sister, "notice_submitted") - time_of(brother, "notice_shared") > timedelta(days=4)
    assert all(row.recorded_at >= time_of(brother, "notice_shared") for row in sister.milestones)


def test_a_transfer_moves_only_when_it_is_accepted(written: list[SyntheticPathway]) -> None:
    (accepted,) = case(written, "sent-and-accepted")
    (waiting,) = case(written, "sent-and-not-answered")
    assert told(accepted, "sent_to_right_area")[0].detail["to_area"] == "350"
    assert told(accepted, "transfer_accepted")
    assert told(waiting, "sent_to_right_area")
    assert not told(waiting, "transfer_accepted")


@pytest.mark.parametrize("days", [0, 3, 64])
def test_a_batch_and_a_child_found_late_are_always_of_the_last_four_weeks(days: int) -> None:
    until = datetime(2026, 10, 26, 0, 5, tzinfo=UTC) + timedelta(days=days)
    written = list(written_cases(until))
    shared = [time_of(each, "notice_shared") for each in case(written, "shared-in-a-batch")]
    assert len({at.replace(minute=0) for at in shared}) == 1
    assert timedelta(days=1) < until - shared[0] < timedelta(days=21)
    sister, brother = case(written, "child-found-late-and-waiting")
    assert told(sister, "notice_shared")
    assert not told(brother, "notice_shared")
    assert until - timedelta(days=21) < brother.milestones[0].recorded_at < until - timedelta(days=1)
    assert brother.milestones[0].recorded_at > time_of(sister, "notice_submitted") + timedelta(days=1)
