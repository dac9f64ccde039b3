"""What the front door, meetings and enquiries are measured by, and where the time goes."""

from __future__ import annotations

import pytest

from service.reports.measures.figures import Count
from service.reports.measures.rules.pathways import Told
from service.reports.measures.rules.walking import intervals
from tests.unit.reports.measures.children import figures, told


def counts(found: list[Count]) -> dict[str, tuple[int, int]]:
    return {each.key: (each.count, each.of) for each in found}


def decided(outcome: str, day: str, *more: str, child: str = "Ewan", incident: str = "1") -> Told:
    """A child decided on at nine, sixteen hours after the notice came."""
    before = f"{day[:8]}{int(day[8:]) - 1:02}"
    return told(
        f"police_attended {before} 10:00", f"risk_graded=medium {before} 10:05 by=officer",
        f"notice_submitted {before} 16:00", f"notice_shared {before} 16:30", f"notice_received {before} 17:00",
        f"contact_decided={outcome} {day} 09:00", *more, child=child, incident=incident,
    )  # fmt: skip


def test_what_is_decided_how_fast_and_who_comes_back() -> None:
    pathways = [
        decided("no_further_action", "2026-06-03", child="a", incident="a1"),
        told("police_attended 2026-07-10 10:00", child="a", incident="a2"),
        decided("no_further_action", "2026-06-03", child="b", incident="b1"),
        decided("referral", "2026-08-04", child="c", incident="c1"),
        decided("referral", "2026-08-20", child="c", incident="c2"),
        decided("early_help", "2026-08-05", "early_help_declined 2026-08-07 10:00", child="d", incident="d1"),
        decided("linked_to_open_case", "2026-08-05", child="e", incident="e1"),
        told(
            "police_attended 2026-08-03 10:00",
            "notice_not_shared=below_threshold 2026-08-03 12:00",
            child="f",
            incident="f1",
        ),
    ]
    found = figures(pathways, "2026-09-15 12:00", "2026-08-01", "2026-09-15")
    front = found.front_door
    assert front.outcomes == {"early_help": 1, "referral": 2, "linked_to_open_case": 1}
    # The one that early help declined came back, and has waited for a decision ever since.
    assert counts([front.decided_24_hours, front.decided_working_day]) == {
        "decided_24_hours": (4, 5),
        "decided_working_day": (4, 5),
    }
    # Decided on 3 June: their 90 days ended on 1 September.
    assert counts(front.repeats)["no_further_action"] == (1, 2)
    assert counts([front.re_referrals]) == {"re_referrals": (1, 2)}
    assert counts(front.early_help) == {"early_help_accepted": (0, 1), "early_help_declined": (1, 1)}
    assert (front.linked_not_reviewed.count, front.linked_not_reviewed.past_limit) == (1, 1)
    assert found.police.not_shared == {"below_threshold": 1}
    august = next(month for month in front.months if month.begins.month == 8 and month.grade == "all")
    assert (august.decided, august.referrals, august.share.value) == (4, 2, 0.5)
    assert counts(front.notices_again)["3 months"] == (1, 5)
    assert found.ledger.exits["notice_not_shared"] == 1
    # Declined early help comes back to the front door and waits for a decision again.
    again = next(each for each in found.stages if each.stage == "contact_decision" and each.by == "all")
    assert again.open.count == 1


def test_a_discussion_about_siblings_counts_once_and_held_stands_beside_quorate() -> None:
    def sibling(child: str) -> Told:
        return decided(
            "strategy_discussion", "2026-11-03", "strategy_requested 2026-11-03 10:00",
            "strategy_postponed=health 2026-11-03 12:00 cause=agency_unavailable",
            "strategy_held=quorate 2026-11-04 14:00 initiates_enquiry=true",
            "strategy_record_issued 2026-11-05 12:00", "enquiry_started=joint 2026-11-04 15:00",
            "child_seen 2026-11-05 10:00", "enquiry_completed=substantiated_continuing_risk 2026-11-16 10:00",
            "conference_held=plan 2026-11-25 10:00", child=child,
        )  # fmt: skip

    found = figures([sibling("Ewan"), sibling("Yusuf")], "2026-11-30 12:00", "2026-11-01", "2026-11-30")
    held = found.protection
    assert (held.held, held.children_discussed, held.quorate.count, held.quorate.of) == (1, 2, 1, 1)
    assert counts(held.by_hours) == {"in_hours": (1, 1), "out_of_hours": (0, 0)}
    assert counts(held.postponed_by_agency) == {"health": (1, 1)}
    assert counts(held.postponements) == {"agency_unavailable": (1, 1)}
    assert counts([held.record_in_time, held.conference_in_time]) == {
        "record_in_time": (2, 2),
        "conference_in_time": (2, 2),
    }
    assert held.enquiries == {"substantiated_continuing_risk": 2}
    assert held.conference_days == {15: 2}
    assert held.requested_to_held.median.value == 28 * 60
    assert counts([held.led_to_enquiry]) == {"led_to_enquiry": (1, 1)}


def test_assessments_of_the_last_days_before_the_limit_stand_beside_each_other_by_day() -> None:
    """A pile at day 45 shows that the limit is the aim; an assessment that was closed over was not authorised."""

    def assessed(child: str, end: str) -> Told:
        return decided("referral", "2026-09-02", "assessment_started 2026-09-03 10:00", end, child=child)

    found = figures(
        [
            assessed("Ewan", "assessment_authorised 2026-11-04 10:00"),
            assessed("Yusuf", "assessment_authorised 2026-11-04 15:00"),
            assessed("Ada", "assessment_authorised 2026-11-05 10:00"),
            assessed("Bea", "closed 2026-11-06 10:00"),
        ],
        "2026-11-30 12:00", "2026-11-01", "2026-11-30",
    )  # fmt: skip
    assert found.protection.assessment_days == {45: 2, 46: 1}


def test_a_discussion_without_a_quorum_is_held_and_the_wait_for_a_quorate_one_begins() -> None:
    child = decided(
        "strategy_discussion", "2026-11-03", "strategy_requested 2026-11-03 10:00",
        "strategy_held=not_quorate 2026-11-04 10:00", "strategy_held=quorate 2026-11-06 10:00",
    )  # fmt: skip
    found = figures([child], "2026-11-30 12:00", "2026-11-01", "2026-11-30")
    assert (found.protection.held, found.protection.quorate.count) == (2, 1)
    stages = {each.stage: each for each in found.stages if each.by == "all"}
    assert stages["awaiting_strategy"].median.value == 25 * 60
    assert stages["awaiting_quorate"].median.value == 48 * 60


def test_the_time_before_a_decision_adds_up_by_holder_and_kind() -> None:
    child = told(
        "police_attended 2026-11-02 10:00", "notice_submitted 2026-11-02 12:00", "notice_shared 2026-11-02 13:00",
        "notice_received 2026-11-02 14:00", "information_requested=health 2026-11-02 15:00",
        "information_returned=health 2026-11-03 10:00", "contact_decided=advice 2026-11-03 18:00",
    )  # fmt: skip
    found = figures([child], "2026-11-10 12:00", "2026-11-01", "2026-11-10").time_use
    assert found.total == pytest.approx(32 / 24, abs=0.001)
    assert sum(each.total for each in found.unassessed) == pytest.approx(found.total, abs=0.001)
    for each in found.unassessed:
        assert each.working + each.out_of_hours + each.waiting_on_partner == pytest.approx(each.total, abs=0.001)
    by_stage = {(each.holder, each.stage): each for each in found.unassessed}
    assert by_stage["health", "information"].waiting_on_partner == pytest.approx(19 / 24, abs=0.001)
    door = by_stage["childrens_social_care", "front_door"]
    # Two to three on Monday, ten to five on Tuesday, and an hour after.
    assert [door.working, door.out_of_hours] == pytest.approx([8 / 24, 1 / 24], abs=0.001)
    # It had the child twice, before and after health was asked: that is one pathway.
    assert [each.pathways for each in found.unassessed] == [1] * len(found.unassessed)
    assert by_stage["police", "triage"].out_of_hours == 0
    assert sum(each.share_of_change or 0 for each in found.unassessed) == pytest.approx(1, abs=0.001)


def test_what_came_back_to_the_front_door_is_a_path_that_bounces() -> None:
    child = decided("early_help", "2026-11-03", "early_help_declined 2026-11-05 10:00")
    found = figures([child], "2026-11-10 12:00", "2026-11-01", "2026-11-10").bouncing
    assert [(each.way, each.count) for each in found.ways] == [("early_help to childrens_social_care", 1)]
    assert (found.pathways, found.of) == (1, 1)
    # What began before is no part of those that could have.
    found = figures([child], "2026-11-10 12:00", "2026-11-04", "2026-11-10").bouncing
    assert ([each.count for each in found.ways], found.pathways, found.of) == ([1], 0, 0)


def test_every_characteristic_has_a_group_for_what_is_not_recorded() -> None:
    known = told("police_attended 2026-11-02 10:00", child="a", incident="a", ethnicity="APKN")
    unknown = told("police_attended 2026-11-02 10:00", child="b", incident="b")
    found = figures([known, unknown], "2026-11-10 12:00", "2026-11-01", "2026-11-10")
    groups = {(each.characteristic, each.group): each.children for each in found.fairness}
    assert groups["ethnicity", "Asian"] == groups["ethnicity", "not recorded"] == 1
    assert groups["disability", "not recorded"] == groups["sex", "F"] == groups["age", "5 to 10"] == 2
    assert found.quality.not_recorded["ethnicity"] == 1


def test_a_group_that_waits_longer_than_all_others_is_said_to_of_two_children_nothing_is_said() -> None:
    def wait(number: int, hours: int, **who: str) -> Told:
        return told(
            "police_attended 2026-06-01 10:00", f"contact_decided=advice 2026-06-0{2 + hours // 24} {hours % 24:02}:00",
            child=f"child {number}", incident=f"incident {number}", **who,
        )  # fmt: skip

    slow = [wait(number, 72 + number % 24, ethnicity="APKN") for number in range(60)]
    fast = [wait(number, number % 24, ethnicity="WBRI") for number in range(100, 160)]
    few = [wait(number, 5, ethnicity="MWBC") for number in range(200, 202)]
    found = figures([*slow, *fast, *few], "2026-07-10 12:00", "2026-06-01", "2026-06-30").fairness
    groups = {(each.characteristic, each.group): each for each in found}
    assert (groups["ethnicity", "Asian"].waits, groups["ethnicity", "White"].waits) == ("longer", "shorter")
    assert groups["ethnicity", "Mixed"].waits is None
    assert groups["ethnicity", "Asian"].left.value == 1
    # All children are in one group: there are no others to set it against.
    assert (groups["sex", "F"].waits, groups["sex", "F"].difference.value) == (None, None)


def test_accepted_children_without_a_worker_stand_by_age_and_reopening_is_a_line_of_the_ledger() -> None:
    waiting = decided("referral", "2026-11-03", child="a", incident="a")
    reopened = decided("advice", "2026-11-03", "closed 2026-11-04 09:00", "reopened 2026-11-06 09:00", incident="b")
    found = figures([waiting, reopened], "2026-11-10 12:00", "2026-11-01", "2026-11-10")
    assert found.capacity.unallocated.count == 1
    assert found.capacity.unallocated_bands["7 to 14 days"] == 1
    assert (found.ledger.new, found.ledger.reopened, found.ledger.closing, found.ledger.residual) == (2, 1, 1, 0)


def test_the_record_of_each_discussion_is_timed_with_its_own_discussion() -> None:
    first, second = "strategy_held=quorate 2026-09-01 10:00", "strategy_held=quorate 2026-09-02 10:00"
    events = told(
        f"{first} discussion=first", f"{second} discussion=second",
        "strategy_record_issued 2026-09-02 12:00 discussion=second", "strategy_held=quorate 2026-09-07 10:00",
        "strategy_record_issued 2026-09-08 09:00", "closed 2026-09-09 10:00",
    ).events  # fmt: skip
    days = [(each.start.at.day, each.end.at.day if each.end else None) for each in intervals(events)["strategy_record"]]
    # The one that names no discussion ends the one that names none.
    assert days == [(2, 2), (7, 8), (1, None)]
    unnamed = told(
        f"{first} discussion=first", f"{second} discussion=second", "strategy_record_issued 2026-09-03 12:00"
    )
    assert [each.start.at.day for each in intervals(unnamed.events)["strategy_record"]] == [1, 2]
    taken_back = told(f"{first} discussion=first", second, "withdrawn 2026-09-03 12:00")
    assert [each.end is None for each in intervals(taken_back.events)["strategy_record"]] == [False, False]


def test_a_record_of_which_an_old_file_cannot_tell_is_not_late_because_that_of_a_later_discussion_is() -> None:
    discussions = told(
        "strategy_held=quorate 2026-09-01 10:00 discussion=first source=history_file",
        "strategy_held=quorate 2026-09-07 10:00 discussion=second",
    )
    found = figures([discussions], "2026-10-15 12:00", "2026-09-01", "2026-10-15").stages
    (record,) = [each for each in found if each.stage == "strategy_record" and each.by == "all"]
    assert (record.open.count, record.open.past_limit, record.open.without_limit) == (2, 1, 1)
    assert record.within is not None
    assert (record.within.overdue, record.within.cannot_compute) == (1, 1)


def test_a_plan_that_ended_or_was_stepped_down_leaves_no_core_group_and_no_review_to_wait_for() -> None:
    plan = "conference_held=plan 2026-09-01 10:00"
    for end in ("review_held=plan_ended", "stepped_down", "closed"):
        stays = intervals(told(plan, f"{end} 2026-09-04 10:00").events)
        assert [each.end is None for key in ("core_group", "review") for each in stays[key]] == [False, False]
    held = "strategy_held=quorate 2026-09-01 10:00 initiates_enquiry=true"
    for end, core_group in (("2026-09-30 10:00", (0, 1)), ("2026-09-04 10:00", (0, 0))):
        found = figures([told(held, plan, f"closed {end}")], "2026-10-15 12:00", "2026-09-01", "2026-10-15").protection
        assert counts(found.further)["core_group"] == core_group


def test_what_was_closed_over_was_never_done_in_time() -> None:
    begun = ("strategy_held=quorate 2026-09-01 10:00 initiates_enquiry=true", "enquiry_started=joint 2026-09-01 10:00")
    found = figures([told(*begun, "closed 2026-09-01 12:00")], "2026-10-15 12:00", "2026-09-01", "2026-10-15")
    assert counts([found.protection.conference_in_time]) == {"conference_in_time": (0, 1)}
    assert counts(found.protection.further)["seen_in_enquiry"] == (0, 1)
    (enquiry,) = [each for each in found.stages if each.stage == "under_enquiry" and each.by == "all"]
    assert enquiry.within is not None
    assert (enquiry.within.met, enquiry.within.missed, enquiry.within.overdue) == (0, 1, 0)
