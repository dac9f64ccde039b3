"""Who held the child, in one line per case."""

import pytest

from tests.fixtures.histories import follows, when

ATTENDED = "police_attended 2026-11-03 09:00"
SUBMITTED = "notice_submitted 2026-11-03 10:00"
SHARED = "notice_shared 2026-11-03 11:00"
RECEIVED = "notice_received 2026-11-03 12:00"
TO_RECEIPT = ["police/recording 09:00", "police/triage 10:00", "police/in_transit 11:00"]
CSC = "childrens_social_care"

CASES = {
    "to the front door": ((ATTENDED, SUBMITTED, SHARED, RECEIVED), [*TO_RECEIPT, f"{CSC}/front_door 12:00"]),
    "a regrade by triage takes nothing back": (
        (ATTENDED, SUBMITTED, SHARED, RECEIVED, "risk_regraded=high 2026-11-03 13:00"),
        [*TO_RECEIPT, f"{CSC}/front_door 12:00"],
    ),
    "declined": (
        (ATTENDED, "notice_not_shared=other 2026-11-03 10:00"),
        ["police/recording 09:00", "no_agency/not_shared 10:00"],
    ),
    "a check with one agency": (
        (
            ATTENDED,
            RECEIVED,
            "information_requested=health 2026-11-03 13:00",
            "information_returned=health 2026-11-03 15:00",
        ),
        ["police/recording 09:00", f"{CSC}/front_door 12:00", "health/information 13:00", f"{CSC}/front_door 15:00"],
    ),
    "checks with two agencies leave one to wait for": (
        (
            ATTENDED,
            RECEIVED,
            "information_requested=health 2026-11-03 13:00",
            "information_requested=education 2026-11-03 14:00",
            "information_returned=health 2026-11-03 15:00",
        ),
        [
            "police/recording 09:00",
            f"{CSC}/front_door 12:00",
            "health/information 13:00",
            f"{CSC}/front_door 14:00",
            "education/information 15:00",
        ],
    ),
    "a decision ends the waiting for information": (
        (
            ATTENDED,
            RECEIVED,
            "information_requested=health 2026-11-03 13:00",
            "contact_decided=advice 2026-11-03 14:00",
        ),
        ["police/recording 09:00", f"{CSC}/front_door 12:00", "health/information 13:00", "no_agency/decided 14:00"],
    ),
    "a receipt recorded as after the decision takes nothing back": (
        (ATTENDED, "contact_decided=advice 2026-11-03 11:30", RECEIVED),
        ["police/recording 09:00", "no_agency/decided 11:30"],
    ),
    "sharing recorded as after the receipt takes nothing back": (
        (ATTENDED, "notice_shared 2026-11-03 12:30", RECEIVED),
        ["police/recording 09:00", f"{CSC}/front_door 12:00"],
    ),
    "known before the police attended": (
        ("notice_shared 2026-11-03 08:00", ATTENDED),
        ["police/in_transit 09:00"],
    ),
    "a discussion waits on health": (
        (ATTENDED, "threshold_reached 2026-11-03 10:00", "strategy_postponed=health 2026-11-03 11:00"),
        ["police/recording 09:00", f"{CSC}/convening 10:00", "health/convening 11:00"],
    ),
    "a decision recorded after the discussion moves nothing back": (
        (ATTENDED, "strategy_held=quorate 2026-11-03 10:00", "contact_decided=strategy_discussion 2026-11-03 11:00"),
        ["police/recording 09:00", f"{CSC}/lead_social_worker 10:00"],
    ),
    "early help declines": (
        (ATTENDED, "contact_decided=early_help 2026-11-03 10:00", "early_help_declined 2026-11-03 11:00"),
        ["police/recording 09:00", "early_help/offered 10:00", f"{CSC}/front_door 11:00"],
    ),
    "closed and opened again": (
        (ATTENDED, RECEIVED, "closed 2026-11-03 13:00", "reopened 2026-11-03 14:00"),
        ["police/recording 09:00", f"{CSC}/front_door 12:00", "no_agency/closed 13:00", f"{CSC}/front_door 14:00"],
    ),
    "a declined notice opened again goes back to the police": (
        (ATTENDED, "notice_not_shared=other 2026-11-03 10:00", "reopened 2026-11-03 14:00"),
        ["police/recording 09:00", "no_agency/not_shared 10:00", "police/triage 14:00"],
    ),
    "withdrawn stays withdrawn": (
        (ATTENDED, "withdrawn 2026-11-03 10:00", "allocated 2026-11-03 11:00"),
        ["police/recording 09:00", "no_agency/withdrawn 10:00"],
    ),
    "a transfer is held by the sender until it is accepted": (
        (ATTENDED, RECEIVED, "sent_to_right_area 2026-11-03 13:00", "transfer_accepted 2026-11-03 15:00"),
        ["police/recording 09:00", f"{CSC}/front_door 12:00", f"{CSC}/transfer 13:00", f"{CSC}/front_door 15:00"],
    ),
    "two steps at one instant leave no empty tile": (
        (ATTENDED, "notice_shared 2026-11-03 12:00", RECEIVED),
        ["police/recording 09:00", f"{CSC}/front_door 12:00"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_who_holds(name: str) -> None:
    lines, expected = CASES[name]
    segments = follows(*lines).segments
    assert [f"{s.holder}/{s.stage} {s.since:%H:%M}" for s in segments] == expected
    assert [s.until for s in segments] == [*[s.since for s in segments[1:]], None]


def test_a_day_precise_step_bounds_its_segment_at_the_end_of_the_day_and_is_approximate() -> None:
    recording, triage, _ = follows(ATTENDED, "notice_submitted 2026-11-03", "notice_shared 2026-11-04 11:00").segments
    assert recording.until == triage.since == when("2026-11-04 00:00")
    assert (recording.approximate, triage.approximate) == (True, True)


def test_a_day_precise_step_comes_before_a_later_ranked_one_of_that_day() -> None:
    segments = follows(ATTENDED, "notice_submitted 2026-11-03", SHARED).segments
    assert [s.stage for s in segments] == ["recording", "in_transit"]


def test_without_a_known_start_the_tiling_begins_at_the_first_proof() -> None:
    segments = follows("incident_occurred 2026-11-01 09:00", "notice_submitted 2026-11-03 10:00").segments
    assert [(s.stage, s.since, s.approximate) for s in segments] == [("triage", when("2026-11-03 10:00"), True)]
