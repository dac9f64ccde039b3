"""When a child is in a stage and when not: what begins a stay, what leaves nothing to wait for, what begins anew."""

from __future__ import annotations

from random import Random

import pytest

from schema.standards import load_shipped
from service.clocks import evaluate
from service.reports.measures.figures import StageFigures
from service.reports.measures.rules.pathways import events_of
from service.reports.measures.rules.stages import OVER, STAGES
from service.reports.measures.rules.walking import intervals
from tests.fixtures.histories import shipped
from tests.fixtures.oracle.lives import life
from tests.unit.reports.measures.children import figures, told


def stays(stage: str, *lines: str) -> list[tuple[str, str | None]]:
    """Beginnings and ends of the stays in a stage, by their kinds."""
    found = intervals(told(*lines).events).get(stage, [])
    return [(each.start.kind, each.end.kind if each.end else None) for each in found]


SHARED = "notice_shared 2026-11-02 10:00"
RECEIVED = "notice_received 2026-11-02 13:00"
DECIDED = "contact_decided=referral 2026-11-02 14:00"
ENQUIRY = "enquiry_started=joint 2026-11-03 10:00"
AGAIN = "enquiry_started=joint 2026-11-20 10:00"


def test_the_front_door_decides_from_receipt_and_only_without_one_from_when_the_police_sent_it() -> None:
    assert stays("contact_decision", SHARED, RECEIVED, DECIDED) == [("notice_received", "contact_decided")]
    assert stays("contact_decision", SHARED, DECIDED) == [("notice_shared", "contact_decided")]
    # On its way is on its way: the front door does not wait twice.
    assert stays("in_transit", SHARED, RECEIVED, DECIDED) == [("notice_shared", "notice_received")]


def test_a_pathway_opened_again_that_was_never_sent_waits_for_the_police_and_not_for_the_front_door() -> None:
    known = ("police_attended 2026-11-02 09:00", "withdrawn 2026-11-02 09:30")
    assert stays("contact_decision", *known, "reopened 2026-11-03 09:00") == []
    assert stays("contact_decision", SHARED, DECIDED, "reopened 2026-11-03 09:00")[1:] == [("reopened", None)]


def test_a_child_is_to_be_seen_again_in_a_second_enquiry() -> None:
    seen = "child_seen 2026-11-04 10:00"
    assert stays("seen_in_enquiry", ENQUIRY, seen, AGAIN) == [
        ("enquiry_started", "child_seen"),
        ("enquiry_started", None),
    ]
    # Seen on the day before the paper was signed, nobody waits.
    assert stays("seen_in_enquiry", "child_seen 2026-11-02 10:00", ENQUIRY) == []


def test_the_area_that_took_a_child_over_allocates_and_sees_it_anew() -> None:
    before = (RECEIVED, DECIDED, "allocated 2026-11-03 09:00", "child_seen 2026-11-03 12:00")
    moved = ("transfer_accepted 2026-11-05 09:00 from_area=350", "contact_decided=referral 2026-11-05 15:00")
    assert stays("allocation", *before, *moved) == [("contact_decided", "allocated"), ("contact_decided", None)]
    assert stays("accepted_not_seen", *before, *moved)[1:] == [("contact_decided", None)]


@pytest.mark.parametrize("end", ["closed", "stepped_down"])
def test_who_is_accepted_after_the_case_was_closed_waits_for_a_worker_and_to_be_seen_anew(end: str) -> None:
    worked = (DECIDED, "allocated 2026-11-03 09:00", "child_seen 2026-11-03 12:00", f"{end} 2026-11-09 09:00")
    again = "referral_accepted 2026-11-16 09:00"
    assert stays("allocation", *worked, again)[1:] == [("referral_accepted", None)]
    assert stays("accepted_not_seen", *worked, again)[1:] == [("referral_accepted", None)]


def test_a_discussion_asked_for_again_is_awaited_though_the_one_before_was_asked_for_before_the_case_moved() -> None:
    asked, held = "strategy_requested 2026-11-02 10:00", "strategy_held=quorate 2026-11-09 10:00"
    again = "strategy_requested 2026-11-16 10:00"
    for between in ("transfer_accepted 2026-11-03 09:00 from_area=350", "reopened 2026-11-03 09:00"):
        late = ("closed 2026-11-06 09:00", held)
        for stage in ("awaiting_strategy", "requested_to_held"):
            assert stays(stage, asked, between, *late, again)[-1] == ("strategy_requested", None)
            assert stays(stage, asked, between, held, again)[-1] == ("strategy_requested", None)


def test_a_request_written_down_after_its_discussion_leaves_nobody_in_any_stage() -> None:
    held, asked = "strategy_held=quorate 2026-11-02 10:00", "strategy_requested 2026-11-02 11:00"
    assert stays("awaiting_strategy", held, asked) == stays("requested_to_held", held, asked) == []


def test_every_child_in_a_stage_is_watched_by_a_clock_and_every_clock_tells_of_a_stage() -> None:
    for seed in range(500):
        of = life(Random(seed))
        derived, stays_in = evaluate(of, shipped()), intervals(events_of(of))
        for stage in (each for each in STAGES if each.standard is not None):
            running = [
                row for row in derived.clocks
                if row.standard in stage.standards and row.stopped_at is None
                and not (row.standing == "not_applicable" and row.why == "the pathway was withdrawn")
            ]  # fmt: skip
            here = stays_in.get(stage.key, [])
            if any(stay.end is None for stay in here):
                assert running, (seed, stage.key)
            # An enquiry is owed from its discussion, a request is one way to wait for one, and closing ends every wait.
            elif running and stage.key not in ("under_enquiry", "requested_to_held"):
                last = max(stay.end.at for stay in here if stay.end is not None)
                assert any(stay.end.kind in OVER for stay in here if stay.end and stay.end.at == last), (
                    seed,
                    stage.key,
                )


def test_a_worker_who_leaves_after_the_case_was_closed_leaves_nobody_without_one() -> None:
    worked = (DECIDED, "allocated 2026-11-03 09:00")
    assert stays("allocation", *worked, "closed 2026-11-09 09:00", "allocation_ended 2026-11-09 10:00") == [
        ("contact_decided", "allocated")
    ]
    assert stays("allocation", *worked, "allocation_ended 2026-11-09 10:00")[1:] == [("allocation_ended", None)]


@pytest.mark.parametrize(
    ("stage", "done", "begins"),
    [
        ("linked_not_reviewed", "worker_reviewed", "contact_decided=linked_to_open_case"),
        ("early_help_offered", "early_help_accepted", "contact_decided=early_help"),
        ("conference", "conference_not_required", "enquiry_started=joint"),
        ("awaiting_strategy", "strategy_held=quorate", "strategy_requested"),
    ],
)
def test_what_was_done_before_it_was_asked_for_leaves_nobody_waiting(stage: str, done: str, begins: str) -> None:
    assert stays(stage, f"{done} 2026-11-03 09:00", f"{begins} 2026-11-03 10:00") == []
    # Asked for again, it is awaited again.
    again = stays(stage, f"{begins} 2026-11-03 08:00", f"{done} 2026-11-03 09:00", f"{begins} 2026-11-04 10:00")
    assert [end is None for _, end in again] == [False, True]


def test_a_declined_notice_that_is_sent_after_all_goes_its_whole_way() -> None:
    declined = ("police_attended 2026-11-02 09:00", "notice_not_shared=below_threshold 2026-11-02 12:00")
    assert stays("whole", *declined, "notice_shared 2026-11-05 10:00") == [
        ("police_aware", "notice_not_shared"),
        ("notice_shared", None),
    ]


def test_an_assessment_nobody_referred_and_a_review_without_an_outcome_are_awaited_all_the_same() -> None:
    assert stays("assessment", "assessment_started 2026-11-03 09:00") == [("assessment_started", None)]
    plan = "conference_held=plan 2026-06-01 10:00"
    assert stays("review", plan, "review_held 2026-08-20 10:00")[1:] == [("review_held", None)]
    assert stays("review", plan, "review_held=plan_ended 2026-08-20 10:00")[1:] == []


def november(stage: str, *lines: str, by: str = "all") -> list[StageFigures]:
    found = figures([told(*lines)], "2026-11-09 12:00", "2026-11-01", "2026-11-09")
    return [each for each in found.stages if (each.stage, each.by) == (stage, by)]


def test_an_hour_that_was_guessed_is_no_point_of_any_figure() -> None:
    for stage in ("unassessed", "school"):
        (found,) = november(
            stage, "police_attended 2026-11-02 10:00 estimated=true", "school_notified 2026-11-03 08:00",
            "child_seen 2026-11-03 10:00",
        )  # fmt: skip
        assert (found.entered, found.median.n, found.completeness.approximate) == (1, 0, 1)


def test_a_day_without_a_time_is_in_no_hours() -> None:
    assert november("unassessed", "police_attended 2026-11-02", by="hours") == []
    (found,) = november("unassessed", "police_attended 2026-11-02 22:00", by="hours")
    assert found.group == "out_of_hours"


def test_a_second_discussion_is_not_late_because_the_first_was_asked_for_long_ago_at_no_known_hour() -> None:
    first = ("strategy_requested 2026-09-01", "strategy_held=quorate 2026-09-03 10:00")
    (found,) = november("awaiting_strategy", *first, "strategy_requested 2026-11-09 10:00")
    assert (found.open.count, found.open.past_limit) == (1, 0)


def test_a_wait_ends_by_the_first_of_two_decisions_of_one_minute() -> None:
    (found,) = november(
        "unassessed", "police_attended 2026-11-02 10:00",
        "contact_decided=referral 2026-11-03 10:00 recorded=2026-11-03T10:01",
        "contact_decided=early_help 2026-11-03 10:00 recorded=2026-11-03T10:02",
    )  # fmt: skip
    assert [each.cause for each in found.exits] == ["referral"]


def test_what_closing_ends_of_a_stage_is_what_its_standards_say() -> None:
    ended = {each.key for each in load_shipped() if any(stop.kind == "closed" for stop in each.ended_by)}
    assert [stage.key for stage in STAGES if stage.closes] == [
        stage.key for stage in STAGES if stage.standards and stage.standards <= ended
    ]
