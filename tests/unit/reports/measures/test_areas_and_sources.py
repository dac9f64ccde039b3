"""Children who move between areas, sources that begin late, and what stands beside the figures of a period."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from schema.vocabulary import CONFERENCE_DELAY_REASONS
from service.reports.measures.figures import BoardFigures, Count, Known, Scope, StageFigures
from service.reports.measures.rules.board import board
from service.reports.measures.rules.frame import Frame, Span
from service.reports.measures.rules.pathways import Told
from tests.fixtures.histories import shipped, when
from tests.unit.reports.measures.children import counted, figures, told

MEDIUM = "risk_graded=medium 2026-11-02 10:00 by=officer"


def counts(found: list[Count]) -> dict[str, tuple[int, int]]:
    return {each.key: (each.count, each.of) for each in found}


def stage(found: BoardFigures, key: str, by: str = "all", group: str = "all") -> StageFigures:
    return next(each for each in found.stages if (each.stage, each.by, each.group) == (key, by, group))


def moved(child: Told, to: str, at: str) -> Told:
    """The same child, taken over by another area at a local time."""
    return msgspec.structs.replace(child, areas=((None, child.areas[0][1]), (when(at), to)))


def test_a_child_that_moves_waits_on_in_its_new_area_and_is_at_risk_there_from_then() -> None:
    # Moved after two days, decided after three; beside it one decided in the new area after one day.
    child = moved(told("police_attended 2026-11-02 10:00", "child_seen 2026-11-05 10:00"), "350", "2026-11-04 10:00")
    quick = told("police_attended 2026-11-02 10:00", "child_seen 2026-11-03 10:00", child="b", incident="2", area="350")
    found = figures([child, quick], "2026-11-10 12:00", "2026-11-01", "2026-11-10")
    ledger = found.ledger
    assert (ledger.new, ledger.moved_in, ledger.exits) == (2, 1, {"moved": 1, "child_seen": 2})
    assert (ledger.closing, ledger.residual) == (0, 0)
    assert [stage(found, "unassessed", "area", area).entered for area in ("359", "350")] == [1, 1]
    # Nobody is counted twice: two children, the first of whom left after a day, the other after three.
    assert stage(found, "unassessed").current.value == 1440
    # In the new area the only one there from the start left after a day: of later waits nothing can be told.
    there = stage(found, "unassessed", "area", "350")
    assert (there.left, there.current.value, there.current.at_least) == (2, None, 1439)
    assert found.child_days.total == pytest.approx(4)


def test_whatever_a_moved_child_waits_for_it_waits_for_in_its_new_area() -> None:
    worked = told(
        "police_attended 2026-11-02 09:00", "notice_shared 2026-11-02 10:00", "notice_received 2026-11-02 11:00",
        "contact_decided=referral 2026-11-02 12:00", "threshold_reached 2026-11-02 12:00",
        "enquiry_started=joint 2026-11-02 13:00", area="350",
    )  # fmt: skip
    child = moved(worked, "359", "2026-11-04 10:00")
    found = figures([child], "2026-11-10 12:00", "2026-11-01", "2026-11-10")
    for key in ("allocation", "accepted_not_seen", "awaiting_strategy", "under_enquiry", "whole"):
        assert [stage(found, key, "area", area).open.count for area in ("350", "359")] == [0, 1]
        everywhere = stage(found, key)
        assert (everywhere.entered, everywhere.left, everywhere.open.count) == (1, 0, 1)
    assert found.protection.enquiries == {}
    assert found.capacity.unallocated.count == 1


def test_a_child_that_moves_before_its_limit_was_not_decided_in_time_and_counts_once() -> None:
    def within(at: str) -> list[tuple[int, int, int]]:
        child = moved(told("police_attended 2026-11-02 10:00", MEDIUM), "350", at)
        found = figures([child], "2026-11-10 12:00", "2026-11-01", "2026-11-10")
        each = [stage(found, "unassessed"), *(stage(found, "unassessed", "area", area) for area in ("359", "350"))]
        assert found.fairness[0].within.n == 1
        assert next(week for week in found.queues[0].weeks if week.begins == date(2026, 11, 2)).met == 0
        return [(one.met, one.missed, one.overdue) for one in (group.within for group in each) if one is not None]

    # The limit of three days passed in the new area, or before the child moved there.
    assert within("2026-11-04 10:00") == [(0, 0, 1), (0, 0, 0), (0, 0, 1)]
    assert within("2026-11-06 10:00") == [(0, 1, 0), (0, 1, 0), (0, 0, 0)]


def test_an_enquiry_is_due_from_the_discussion_that_began_it() -> None:
    child = told(
        "police_attended 2026-09-01 10:00", "strategy_held=quorate 2026-09-01 10:00 initiates_enquiry=true",
        "enquiry_started=joint 2026-09-01 15:00",
    )  # fmt: skip
    found = stage(figures([child], "2026-10-15 12:00", "2026-09-01", "2026-10-15"), "under_enquiry")
    assert (found.open.past_limit, found.open.without_limit) == (1, 0)
    assert found.within is not None
    assert found.within.overdue == 1


def test_one_area_alone_is_not_divided_by_area() -> None:
    found = figures([told("police_attended 2026-11-02 10:00")], "2026-11-10 12:00", "2026-11-01", "2026-11-10")
    assert {each.by for each in found.stages} <= {"all", "grade", "hours"}


def test_where_a_feed_sends_only_what_was_shared_the_police_share_is_not_estimable() -> None:
    lines = ("police_attended 2026-11-02 10:00", "notice_shared 2026-11-03 10:00")
    whole, part = told(*lines), msgspec.structs.replace(told(*lines, incident="2"), coverage="shared_only")
    known = figures([whole], "2026-11-10 12:00", "2026-11-01", "2026-11-10")
    assert known.police.estimable
    assert stage(known, "police_share").current.value == 1440
    found = figures([whole, part], "2026-11-10 12:00", "2026-11-01", "2026-11-10")
    assert (found.police.estimable, found.police.incidents, found.police.late_found) == (False, None, None)
    shared = stage(found, "police_share")
    assert [shared.median.value, shared.current.value, shared.within, shared.curve, shared.routes] == [None] * 5
    assert (shared.exits, shared.cohorts) == ([], [])
    assert "police_share" not in {each.stage for each in found.queues}
    # What happens after sharing is known of all.
    assert stage(found, "in_transit").entered == 2


def test_current_rates_see_what_began_before_a_source_was_complete_only_from_then_on() -> None:
    old = [
        told("police_attended 2026-10-05 10:00", "child_seen 2026-11-04 10:00", child=f"{n}", incident=f"{n}")
        for n in range(2)
    ]
    new = [
        told("police_attended 2026-11-02 10:00", f"child_seen 2026-11-0{3 + n} 10:00", child=f"n{n}", incident=f"n{n}")
        for n in range(3)
    ]
    at = when("2026-11-10 12:00")
    known = Known(basis="known_now", instant=at, asked=at)

    def current(days: dict[str, date]) -> StageFigures:
        found = board(
            Frame(counted([*old, *new]), at, None, days),
            Scope(),
            Span.of(date(2026, 10, 1), date(2026, 11, 10)),
            shipped().calendar(None),
            known,
            live=None,
            workers=[],
            teams=[],
        )
        return stage(found, "unassessed")

    # All five from the start: half have gone when the third new one goes, after three days.
    assert current({}).current.value == 3 * 1440
    # Complete from November: the old two come under observation after 27 days, when the new ones had all gone.
    late = current({"gmp": date(2026, 11, 1)})
    assert late.current.value == 2 * 1440
    assert late.median.value == 2 * 1440
    # They are open and counted all the same.
    assert (late.entered, late.left) == (5, 5)


def test_why_conferences_were_late_is_told_with_the_agency_and_without_a_reason_it_says_so() -> None:
    def conference(child: str, *more: str) -> Told:
        return told(
            "police_attended 2026-10-01 10:00", "notice_shared 2026-10-01 11:00", "notice_received 2026-10-01 12:00",
            "contact_decided=strategy_discussion 2026-10-01 15:00", "strategy_requested 2026-10-01 15:00",
            "strategy_held=quorate 2026-10-02 10:00 initiates_enquiry=true", "enquiry_started=joint 2026-10-02 11:00",
            *more, child=child, incident=child,
        )  # fmt: skip

    # Fifteen working days after 2 October is the 23rd.
    found = figures(
        [
            conference(
                "agreed", "conference_held=plan 2026-10-28 10:00",
                "conference_delay_agreed=reports_not_ready 2026-10-29 10:00 agency=health",
            ),
            conference("silent", "conference_held=plan 2026-10-27 10:00"),
            conference("in time", "conference_held=plan 2026-10-22 10:00"),
            conference("not required", "conference_not_required 2026-10-27 10:00"),
        ],
        "2026-11-30 12:00", "2026-10-01", "2026-11-30",
    ).protection  # fmt: skip
    assert (found.conference_in_time.count, found.conference_in_time.of) == (1, 3)
    assert "reports_not_ready" in CONFERENCE_DELAY_REASONS
    assert counts(found.conference_lateness) == {"reports_not_ready": (1, 2), "not_agreed": (1, 2)}
    assert counts(found.conference_lateness_by_agency) == {"health": (1, 1)}


def test_a_review_put_off_stands_apart_from_the_discussions_that_decide() -> None:
    child = told(
        "police_attended 2026-11-02 10:00", "strategy_requested 2026-11-03 10:00",
        "strategy_postponed=police 2026-11-03 12:00", "strategy_held=quorate 2026-11-04 10:00 initiates_enquiry=true",
        "strategy_postponed=health 2026-11-09 12:00 review=true",
        "strategy_cancelled=health 2026-11-09 15:00 review=true", "strategy_held=quorate 2026-11-10 10:00 review=true",
    )  # fmt: skip
    found = figures([child], "2026-11-30 12:00", "2026-11-01", "2026-11-30").protection
    assert counts(found.postponed_by_agency) == {"police": (1, 1)}
    assert counts(found.review_postponed_by_agency) == {"health": (2, 2)}
    assert counts(found.review_postponements) == {"other": (2, 2)}
    # Both were held; whether an enquiry follows is asked of the first alone.
    assert (found.held, counts([found.led_to_enquiry])) == (2, {"led_to_enquiry": (1, 1)})


def test_groups_are_of_the_first_grade_and_the_movement_shows() -> None:
    raised = told(
        "police_attended 2026-11-02 10:00", "risk_graded=standard 2026-11-02 10:00 by=officer",
        "risk_regraded=high 2026-11-02 14:00 by=triage", child="a", incident="a",
    )  # fmt: skip
    other = told(
        "police_attended 2026-11-02 10:00", "risk_graded=standard 2026-11-02 10:00 by=officer", child="b", incident="b"
    )
    found = figures([raised, other], "2026-11-10 12:00", "2026-11-01", "2026-11-10")
    assert counts(found.quality.regraded) == {"standard to high": (1, 2)}
    assert stage(found, "unassessed", "grade", "standard").entered == 2
    assert found.child_days.by_grade == {"standard": found.child_days.total}


def test_child_days_stand_beside_half_a_year_of_weeks_and_eight_quarters() -> None:
    june = told("police_attended 2026-06-01 00:00", "child_seen 2026-06-03 00:00", child="a", incident="a")
    august = told("police_attended 2026-08-05 00:00", "child_seen 2026-08-06 00:00", child="b", incident="b")
    found = figures([june, august], "2026-11-22 12:00", "2026-11-01", "2026-11-22").child_days
    assert (found.total, len(found.weeks)) == (0, 27)
    assert {week.begins: week.certain for week in found.weeks if week.certain} == {
        date(2026, 6, 1): 2.0,
        date(2026, 8, 3): 1.0,
    }
    assert [quarter.certain for quarter in found.quarters] == [0, 0, 0, 0, 0, 2.0, 1.0, 0]
    assert (found.quarters[-1].begins, found.quarters[-1].complete) == (date(2026, 10, 1), False)
