"""Each figure that the second reading found wrong, as a person would say what it should be."""

from __future__ import annotations

import msgspec

from schema.spine import History
from service.clocks import evaluate
from service.reports.measures.figures import BoardFigures, Count
from service.reports.measures.rules.pathways import Told
from tests.fixtures.histories import milestones, shipped, when
from tests.unit.reports.measures.children import figures, told

ATTENDED = "police_attended 2026-09-28 10:00"
SENT = ("notice_submitted 2026-09-28 12:00", "notice_shared 2026-09-28 13:00", "notice_received 2026-09-28 13:00")


def counts(found: Count) -> tuple[int, int]:
    return found.count, found.of


def autumn(*pathways: Told, first: str = "2026-09-01", last: str = "2026-11-20") -> BoardFigures:
    return figures(pathways, "2026-11-20 12:00", first, last)


def test_what_was_done_on_the_last_day_of_a_month_is_of_that_month_also_where_nobody_wrote_down_the_hour() -> None:
    child = told(ATTENDED, *SENT, "contact_decided=referral 2026-09-30")
    for first, last, here in (("2026-09-01", "2026-09-30", 1), ("2026-10-01", "2026-10-31", 0)):
        found = autumn(child, first=first, last=last)
        assert sum(found.ledger.exits.values()) == here
        assert found.front_door.outcomes == ({"referral": 1} if here else {})
        assert sum(month.decided for month in found.front_door.months if month.grade == "all") == here
    days = {row.day.isoformat(): (row.opening, row.closing) for row in autumn(child).ledger.days}
    assert (days["2026-09-30"], days["2026-10-01"]) == ((1, 0), (0, 0))


def test_a_conference_of_which_the_day_alone_is_known_took_as_many_working_days_as_one_with_its_hour() -> None:
    held = "strategy_held=quorate 2026-10-02 10:00 initiates_enquiry=true"
    for conference in ("conference_held=plan 2026-10-23", "conference_held=plan 2026-10-23 10:00"):
        assert autumn(told(ATTENDED, held, conference)).protection.conference_days == {15: 1}
    day_0 = "strategy_held=quorate 2026-10-02 initiates_enquiry=true"
    assert autumn(told(ATTENDED, day_0, "conference_held=plan 2026-10-23")).protection.conference_days == {15: 1}


def test_a_discussion_of_which_the_day_alone_is_known_was_not_held_out_of_hours() -> None:
    found = autumn(told(ATTENDED, "strategy_held=quorate 2026-10-02")).protection
    assert [counts(each) for each in found.by_hours] == [(0, 0), (0, 0)]
    assert counts(found.quorate) == (1, 1)


def test_a_contact_that_nobody_decided_on_was_not_decided_in_time() -> None:
    quick = told(ATTENDED, *SENT, "contact_decided=advice 2026-09-28 15:00", child="a", incident="a")
    waiting = told(ATTENDED, *SENT, child="b", incident="b")
    found = autumn(quick, waiting).front_door
    assert (counts(found.decided_24_hours), counts(found.decided_working_day)) == ((1, 2), (1, 2))


def test_a_discussion_about_siblings_is_what_it_is_for_any_of_them() -> None:
    held = "strategy_held=quorate 2026-10-02 10:00"
    baby = msgspec.structs.replace(told(ATTENDED, held, child="baby"), school_age=False)
    pupil = _attended(told(ATTENDED, f"{held} initiates_enquiry=true", child="pupil"), "education")
    found = autumn(_attended(baby, "education"), pupil).protection
    assert (found.held, found.children_discussed) == (1, 2)
    assert counts(found.led_to_enquiry) == (1, 1)
    assert counts(found.school_attended) == (1, 1)


def test_a_discussion_about_siblings_of_two_areas_is_told_in_both_and_counted_once_together() -> None:
    held = "strategy_held=quorate 2026-10-02 10:00"
    here, there = told(ATTENDED, held, child="a"), told(ATTENDED, held, child="b", area="350")
    assert (autumn(here, there).protection.held, autumn(here, there).protection.children_discussed) == (1, 2)
    stages = autumn(here, there).stages
    assert {each.group for each in stages if (each.stage, each.by) == ("strategy_record", "area")} == {"359", "350"}


def test_of_a_discussion_without_a_list_of_who_was_there_nobody_is_said_to_have_stayed_away() -> None:
    silent = told(ATTENDED, "strategy_held=quorate 2026-10-02 10:00", child="a", incident="a")
    spoken = _attended(told(ATTENDED, "strategy_held=quorate 2026-10-05 10:00", child="b", incident="b"), "police")
    found = autumn(silent, spoken).protection
    assert {each.key: counts(each) for each in found.attendance if each.key in ("police", "health")} == {
        "police": (1, 1),
        "health": (0, 1),
    }


def test_the_last_child_of_an_incident_left_after_midnight_though_another_left_on_the_day_before() -> None:
    late = told(ATTENDED, "notice_shared 2026-10-01 00:00", child="a")
    some_time = told(ATTENDED, "notice_shared 2026-09-30", child="b")
    for children in ((late, some_time), (some_time, late)):
        found = [
            autumn(*children, first=first, last=last).police.incidents
            for first, last in (("2026-09-01", "2026-09-30"), ("2026-10-01", "2026-10-31"))
        ]
        assert [each.left for each in found if each is not None] == [0, 1]


def _attended(child: Told, *agencies: str) -> Told:
    """The same child, with who was there in the records of its discussions."""
    events = tuple(
        msgspec.structs.replace(
            event,
            milestone=msgspec.structs.replace(
                event.milestone, detail={**event.milestone.detail, "agencies_present": list(agencies)}
            ),
        )
        if event.kind == "strategy_held"
        else event
        for event in child.events
    )
    return msgspec.structs.replace(child, events=events)


def test_two_incidents_referred_on_one_day_are_one_referral_and_no_re_referral() -> None:
    first = told(ATTENDED, *SENT, "contact_decided=referral 2026-09-29 10:00", incident="a")
    second = told(ATTENDED, *SENT, "contact_decided=referral 2026-09-29 10:20", incident="b")
    later = told("police_attended 2026-10-20 10:00", "contact_decided=referral 2026-10-21 10:00", incident="c")
    assert counts(autumn(first, second).front_door.re_referrals) == (0, 1)
    assert counts(autumn(first, second, later).front_door.re_referrals) == (1, 2)
    again = told(
        ATTENDED, *SENT, "contact_decided=referral 2026-09-29 10:20", "contact_decided=referral 2026-10-05 10:00",
        incident="b",
    )  # fmt: skip
    assert counts(autumn(first, again).front_door.re_referrals) == (0, 1)


def test_what_was_decided_on_a_record_made_in_error_is_no_decision() -> None:
    real = told(ATTENDED, *SENT, "contact_decided=referral 2026-09-29 10:00", incident="a")
    copy = told(
        ATTENDED, *SENT, "contact_decided=referral 2026-09-30 10:00", "withdrawn 2026-10-01 10:00", incident="copy"
    )
    found = autumn(real, copy).front_door
    assert (found.outcomes, counts(found.re_referrals)) == ({"referral": 1}, (0, 1))


def test_after_three_notices_a_child_counts_once_by_the_highest_decision_about_it() -> None:
    def notice(day: str, outcome: str, child: str = "a") -> Told:
        return told(
            f"police_attended {day} 10:00", f"risk_graded=standard {day} 10:05 by=officer",
            f"contact_decided={outcome} {day} 15:00", child=child, incident=f"{child} {day}",
        )  # fmt: skip

    days = ("2026-09-02", "2026-09-09", "2026-09-16", "2026-09-23")
    decided = ("advice", "advice", "no_further_action", "referral")
    again = [notice(day, outcome) for day, outcome in zip(days, decided, strict=True)]
    other = [notice(day, "advice", "b") for day in days]
    assert autumn(*again, *other).front_door.after_three == {"advice": 1, "referral": 1}


def test_a_batch_is_of_one_area_and_days_without_a_time_make_none() -> None:
    def shared(number: int, at: str, area: str) -> Told:
        return told(ATTENDED, f"notice_shared {at}", child=f"{number}", incident=f"{number}", area=area)

    hour = [shared(number, f"2026-09-29 14:{number:02}", "359") for number in range(5)]
    assert [counts(each) for each in autumn(*hour).police.batches] == [(5, 5)]
    elsewhere = [*hour[:3], *(shared(number, f"2026-09-29 14:{number:02}", "350") for number in range(5, 8))]
    assert autumn(*elsewhere).police.batches == []
    assert autumn(*(shared(number, "2026-09-29", "359") for number in range(9))).police.batches == []


def test_an_enquiry_closed_over_was_not_completed_and_one_without_an_outcome_found_nothing_either_way() -> None:
    def enquiry(name: str, end: str) -> Told:
        return told(ATTENDED, "enquiry_started=joint 2026-10-01 10:00", end, child=name, incident=name)

    found = autumn(
        enquiry("risk", "enquiry_completed=substantiated_continuing_risk 2026-10-08 10:00"),
        enquiry("none", "enquiry_completed=not_substantiated 2026-10-08 10:00"),
        enquiry("imported", "enquiry_completed 2026-10-08 10:00"),
        enquiry("closed", "closed 2026-10-20 10:00"),
    ).protection
    assert counts(found.conference_from_enquiry) == (1, 2)
    assert found.enquiry_days == {5: 3}


def test_a_notice_declined_when_the_child_was_decided_on_begins_no_wait_by_being_sent() -> None:
    lines = (
        ATTENDED, "child_seen 2026-09-29 10:00", "notice_not_shared=other 2026-09-30 10:00",
        "notice_shared 2026-10-02 10:00",
    )  # fmt: skip
    derived = evaluate(History(pathway=told(ATTENDED).history.pathway, milestones=milestones(*lines)), shipped())
    assert [(wait.exit, row.standing) for wait, row in zip(
        derived.waits, (row for row in derived.clocks if row.standard == "unassessed"), strict=True
    )] == [("child_seen", "ok")]  # fmt: skip
    after = (ATTENDED, "notice_not_shared=other 2026-09-30 10:00", "notice_shared 2026-10-02 10:00")
    found = autumn(told(*after)).ledger
    assert (found.new, found.reopened, found.closing) == (1, 1, 1)


def test_who_moved_after_the_limit_had_passed_is_late_once() -> None:
    late = told(ATTENDED)
    moved = msgspec.structs.replace(late, areas=((None, "359"), (when("2026-10-05 10:00"), "350")))
    assert counts(autumn(moved).police.school_in_time) == counts(autumn(late).police.school_in_time) == (0, 1)


def test_a_contact_closed_over_was_not_decided_within_a_day_whatever_the_hour_it_was_closed_at() -> None:
    def contact(name: str, *ended: str) -> Told:
        return told(ATTENDED, *SENT, *ended, child=name, incident=name)

    decided = contact("decided", "contact_decided=advice 2026-09-28 15:00")
    closed = contact("closed", "closed 2026-09-28 15:00"), contact("closed some time", "closed 2026-09-28")
    assert counts(autumn(decided, *closed).front_door.decided_24_hours) == (1, 3)
    some_time_decided = contact("decided some time", "contact_decided=advice 2026-09-28")
    assert counts(autumn(decided, some_time_decided).front_door.decided_24_hours) == (1, 1)


def test_a_contact_accepted_by_another_area_in_time_was_not_decided_in_time_here() -> None:
    sent = ("contact_decided=sent_to_right_area 2026-09-28 14:00", "transfer_accepted 2026-09-28 16:00 from_area=359")
    moved = told(ATTENDED, *SENT, *sent, area="350")
    moved = msgspec.structs.replace(moved, areas=((None, "359"), (when("2026-09-28 16:00"), "350")))
    found = autumn(moved).front_door
    # The other area has not decided either.
    assert (counts(found.decided_24_hours), counts(found.decided_working_day)) == ((0, 1), (0, 1))


def test_a_contact_closed_over_and_opened_again_is_one_contact_with_one_limit() -> None:
    again = told(ATTENDED, *SENT, "closed 2026-09-28 15:00", "reopened 2026-10-01 10:00",
                 "contact_decided=advice 2026-10-01 11:00")  # fmt: skip
    found = autumn(again)
    assert (counts(found.front_door.decided_24_hours), counts(found.front_door.decided_working_day)) == ((0, 1), (0, 1))
    within = next(each.within for each in found.stages if (each.stage, each.by) == ("contact_decision", "all"))
    assert within is not None
    assert (within.met, within.missed, within.overdue) == (0, 1, 0)


def test_a_contact_opened_again_until_another_area_took_it_is_one_contact_here_and_one_there() -> None:
    lines = ("closed 2026-10-01 10:00", "reopened 2026-10-02 10:00", "transfer_accepted 2026-10-05 10:00 from_area=359")
    child = told(ATTENDED, *SENT, *lines, area="350")
    child = msgspec.structs.replace(child, areas=((None, "359"), (when("2026-10-05 10:00"), "350")))
    found = autumn(child).front_door
    assert (counts(found.decided_24_hours), counts(found.decided_working_day)) == ((0, 2), (0, 2))


def test_a_contact_on_a_record_made_in_error_is_none() -> None:
    copy = told("police_attended 2026-09-28 10:00", "withdrawn 2026-09-28 11:00", *SENT[1:],
                "contact_decided=advice 2026-09-28 15:00")  # fmt: skip
    found = autumn(copy).front_door
    assert (found.outcomes, counts(found.decided_24_hours), counts(found.decided_working_day)) == ({}, (0, 0), (0, 0))


def test_who_moved_on_a_day_whose_hour_nobody_knows_moved_on_that_day() -> None:
    child = told(ATTENDED, "transfer_accepted 2026-10-05 from_area=359", area="350")
    child = msgspec.structs.replace(child, areas=((None, "359"), (when("2026-10-06 00:00"), "350")))
    rows = {row.day.isoformat(): (row.moved_in, row.exits) for row in autumn(child).ledger.days}
    assert (rows["2026-10-05"], rows["2026-10-06"]) == ((1, {"moved": 1}), (0, {}))
    weeks = {week.begins.isoformat(): week for queue in autumn(child, last="2026-10-31").queues
             if queue.stage == "unassessed" for week in queue.weeks}  # fmt: skip
    assert (weeks["2026-10-05"].arrived, weeks["2026-10-05"].exits) == (1, {"moved": 1})


def test_who_moved_on_a_day_that_goes_on_at_its_first_minute_did_not_move_on_the_day_before() -> None:
    lines = (ATTENDED, "transfer_accepted 2026-10-05 from_area=359", "closed 2026-10-05 00:00")
    child = told(*lines, area="350")
    child = msgspec.structs.replace(child, areas=((None, "359"), (when("2026-10-05 00:00"), "350")))
    rows = {row.day.isoformat(): (row.moved_in, row.exits) for row in autumn(child).ledger.days}
    assert (rows["2026-10-04"], rows["2026-10-05"]) == ((0, {}), (1, {"moved": 1}))


def test_an_incident_of_the_last_day_of_a_period_is_of_that_period_also_where_nobody_wrote_down_the_hour() -> None:
    child = told("police_attended 2026-09-30", "contact_decided=advice 2026-10-02 10:00")
    for first, last, here in (("2026-09-01", "2026-09-30", 1), ("2026-10-01", "2026-10-31", 0)):
        found = autumn(child, first=first, last=last)
        assert [each.of for each in found.front_door.notices_again] == [here] * 3
        assert (found.child_days.incidents, found.quality.pathways, found.bouncing.of) == (here, here, here)
