"""When the police knew, days without a time, and who is of school age."""

from datetime import date, datetime

import msgspec
import pytest

from service.clocks import evaluate
from service.clocks.rows import NOT_CARRIED
from service.clocks.school import why_no_school
from tests.fixtures.histories import PATHWAY, clock, conditions, follows, history, shipped, when

NOON = when("2026-11-03 12:00")


@pytest.mark.parametrize(
    ("lines", "at", "on", "approximate"),
    [
        (("police_attended 2026-11-03 09:00",), "2026-11-03 09:00", None, False),
        (("police_reported 2026-11-03 08:00", "police_attended 2026-11-03 09:00"), "2026-11-03 08:00", None, False),
        (("police_reported 2026-11-03 10:00", "police_attended 2026-11-03 09:00"), "2026-11-03 09:00", None, False),
        (("police_reported 2026-11-03", "police_attended 2026-11-03 09:00"), "2026-11-03 09:00", None, True),
        (("police_reported 2026-11-02", "police_attended 2026-11-03 09:00"), None, "2026-11-02", True),
        (("incident_occurred 2026-11-03 08:00", "notice_shared 2026-11-03 20:00"), "2026-11-03 08:00", None, True),
        (("incident_occurred 2026-11-03", "notice_submitted 2026-11-03 20:00"), None, "2026-11-03", True),
        (("incident_occurred 2026-11-02 23:50", "notice_submitted 2026-11-03 00:10"), None, None, True),
        (("incident_occurred 2026-07-01 23:30", "notice_submitted 2026-07-01 23:50"), "2026-07-01 23:30", None, True),
    ],
)
def test_when_the_police_knew(lines: tuple[str, ...], at: str | None, on: str | None, approximate: bool) -> None:
    derived = follows(*lines)
    assert derived.state.aware_at == (when(at) if at else None)
    assert derived.state.aware_on == (date.fromisoformat(on) if on else None)
    assert clock(derived, "police_share").approximate is approximate


def test_a_start_that_nobody_knows_is_counted_and_never_guessed() -> None:
    derived = follows("incident_occurred 2026-11-01 08:00", "notice_submitted 2026-11-03 10:00")
    row = clock(derived, "police_share")
    assert (row.standing, row.started_at, row.due_at) == ("cannot_compute", None, None)
    (missing,) = conditions(derived, "cannot_compute")
    assert (missing.subject, missing.holder) == ("police_aware", "police")
    assert [w.since_day_precise for w in derived.waits] == [True]


def test_working_days_are_counted_from_a_day_without_a_time() -> None:
    row = clock(follows("notice_received 2026-11-06"), "contact_decision")
    assert (row.standing, row.started_at, row.due_at) == ("ok", None, when("2026-11-10 00:00"))
    assert clock(follows("notice_received 2026-11-06"), "contact_decision_24h").standing == "cannot_compute"


@pytest.mark.parametrize(
    ("day", "standing", "stopped"),
    [
        ("2026-11-09", "ok", "2026-11-10 00:00"),
        ("2026-11-10", "ok", "2026-11-11 00:00"),
    ],
)
def test_a_day_without_a_time_is_decided_against_the_end_of_a_day(day: str, standing: str, stopped: str) -> None:
    row = clock(follows("notice_received 2026-11-06 14:00", f"contact_decided=advice {day}"), "contact_decision")
    assert (row.standing, row.stopped_at) == (standing, when(stopped))


def test_a_later_step_of_the_same_day_can_prove_that_it_was_in_time() -> None:
    row = clock(
        follows(
            "police_attended 2026-11-03 09:00",
            "risk_graded=medium 2026-11-03 09:00",
            "notice_shared 2026-11-04",
            "notice_received 2026-11-04 08:00",
        ),
        "police_share",
    )
    assert (row.standing, row.stopped_at, row.approximate) == ("ok", when("2026-11-04 08:00"), True)


@pytest.mark.parametrize(
    ("born", "status", "excused"),
    [
        (date(2022, 8, 31), "at_school", None),
        (date(2022, 9, 1), "at_school", "under school age"),
        (date(2008, 11, 4), "at_school", None),
        (date(2008, 11, 3), "at_school", "over 17"),
        (date(2016, 1, 1), "home_educated", None),
        (date(2016, 1, 1), "not_in_education", None),
        (date(2010, 1, 1), "not_in_education", "16 or over and not in education"),
        (date(2027, 1, 1), "unknown", "not born yet"),
        (None, "unknown", None),
        (None, "not_of_school_age", "not of school age"),
    ],
)
def test_whose_school_is_told(born: date | None, status: str, excused: str | None) -> None:
    facts = msgspec.structs.replace(PATHWAY, date_of_birth=born, school_status=status)
    assert why_no_school(facts, NOON.date()) == excused


@pytest.mark.parametrize(
    ("aware", "due"),
    [
        ("2026-11-03 08:44", "2026-11-03 08:45"),
        ("2026-11-03 08:45", "2026-11-04 08:45"),
        ("2026-12-18 15:00", "2027-01-04 08:45"),
        ("2026-05-01 15:00", "2026-05-05 08:45"),
    ],
)
def test_school_is_told_before_it_starts(aware: str, due: str) -> None:
    assert clock(follows(f"police_attended {aware}"), "school_notified").due_at == when(due)


def test_an_area_whose_terms_nobody_entered_gets_the_strictest_and_says_so() -> None:
    facts = msgspec.structs.replace(PATHWAY, area="999")
    derived = follows("police_attended 2026-10-26 12:00", pathway=facts)
    assert clock(derived, "school_notified").due_at == when("2026-10-27 08:45")
    assert conditions(derived, "configuration", "school_terms")


def test_a_day_on_which_school_started_cannot_tell_before_from_after() -> None:
    row = clock(follows("police_attended 2026-11-03"), "school_notified")
    assert (row.standing, row.due_at) == ("cannot_compute", None)
    weekend: datetime | None = clock(follows("police_attended 2026-11-07"), "school_notified").due_at
    assert weekend == when("2026-11-09 08:45")


def test_a_history_file_that_cannot_tell_is_no_evidence_that_nothing_was_done() -> None:
    lines = (
        "police_attended 2026-06-01 09:00",
        "notice_received 2026-06-02 09:00",
        "contact_decided=linked_to_open_case 2026-06-02 12:00",
    )
    typed = clock(follows(*lines), "linked_case_review")
    assert typed.standing == "ok"
    told = history(*lines)
    imported = tuple(msgspec.structs.replace(row, source="history_file") for row in told.milestones)
    derived = evaluate(msgspec.structs.replace(told, milestones=imported), shipped())
    row = clock(derived, "linked_case_review")
    assert (row.standing, row.why) == ("cannot_compute", NOT_CARRIED)
    assert not conditions(derived, "overdue", "linked_case_review")
    assert not conditions(derived, "cannot_compute")
