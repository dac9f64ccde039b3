"""What was undone, moved or taken back: nobody drops off the list because something was done once before."""

from datetime import date

import msgspec
import pytest

from schema.calendars import load_shipped as load_calendar
from service.clocks import Rulebook, evaluate
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
    when,
)

ATTENDED = "police_attended 2026-11-03 09:12"
MEDIUM = "risk_graded=medium 2026-11-03 09:12"
RECEIVED = "notice_received 2026-11-03 12:00"
SENT_ON = "contact_decided=sent_to_right_area 2026-11-04 10:00"
TAKEN = "transfer_accepted 2026-11-05 11:00 from_area=350"


def test_a_child_whose_worker_left_is_unallocated_also_where_nobody_had_asked_for_a_worker() -> None:
    derived = follows(
        ATTENDED,
        MEDIUM,
        RECEIVED,
        "contact_decided=linked_to_open_case 2026-11-03 15:00",
        "allocated 2026-11-03 16:00 worker=Sam",
        "allocation_ended 2026-11-09 10:00",
    )
    (condition,) = conditions(derived, "unallocated")
    assert (condition.true_from, condition.true_until) == (when("2026-11-11 00:00"), None)
    assert clock(derived, "allocation").stopped_at is None


def test_a_child_whom_early_help_declined_is_decided_again_also_where_no_receipt_was_recorded() -> None:
    derived = follows(
        ATTENDED, MEDIUM, "contact_decided=early_help 2026-11-03 15:00", "early_help_declined 2026-11-09 10:00"
    )
    assert clock(derived, "contact_decision").stopped_at is None
    assert clock(derived, "contact_decision").due_at == when("2026-11-11 00:00")


def test_what_the_receiver_owes_counts_by_the_receivers_own_standard() -> None:
    book = rulebook_with(changed("contact_decision", area="359", within="2 working days"))
    sender, receiver = clocks(follows(ATTENDED, MEDIUM, RECEIVED, SENT_ON, TAKEN, rulebook=book), "contact_decision")
    assert (sender.due_at, sender.stopped_at) == (when("2026-11-05 00:00"), when("2026-11-05 11:00"))
    assert (receiver.started_at, receiver.due_at) == (when("2026-11-05 11:00"), when("2026-11-10 00:00"))


def test_a_late_school_stays_late_where_the_next_areas_schools_were_on_holiday() -> None:
    shipped = load_calendar()
    away = msgspec.structs.replace(
        shipped,
        schools=tuple(
            msgspec.structs.replace(terms, terms=tuple(term for term in terms.terms if term.first >= date(2027, 1, 1)))
            if terms.area == "359"
            else terms
            for terms in shipped.schools
        ),
    )
    derived = follows(ATTENDED, MEDIUM, SENT_ON, TAKEN, rulebook=rulebook_with(calendars=(away,)))
    assert clock(derived, "school_notified").due_at == when("2026-11-04 08:45")


@pytest.mark.parametrize(
    ("born", "standing"), [(date(2008, 11, 8), "ok"), (date(2008, 11, 7), "not_applicable"), (date(2008, 11, 9), "ok")]
)
def test_the_day_before_a_birthday_is_not_the_birthday_where_only_the_day_is_known(born: date, standing: str) -> None:
    child = msgspec.structs.replace(PATHWAY, date_of_birth=born)
    assert clock(follows("police_attended 2026-11-07", pathway=child), "school_notified").standing == standing


def test_what_began_on_the_last_day_of_a_standard_is_held_to_it_where_only_the_day_is_known() -> None:
    book = rulebook_with(changed("contact_decision", effective_from=when("2026-11-04 00:00"), within="3 working days"))
    before = clock(follows("notice_received 2026-11-03", rulebook=book), "contact_decision")
    after = clock(follows("notice_received 2026-11-04", rulebook=book), "contact_decision")
    assert (before.due_at, after.due_at) == (when("2026-11-05 00:00"), when("2026-11-10 00:00"))


def test_a_child_opened_again_after_a_withdrawal_and_then_graded_up_is_due_by_the_higher_grade() -> None:
    derived = follows(
        ATTENDED,
        MEDIUM,
        "withdrawn 2026-11-04 09:00 reason=duplicate",
        "reopened 2026-11-05 09:00 reason=it_was_another_child",
        "risk_regraded=high 2026-11-05 12:00 by=triage rationale=history_read",
    )
    (ruling,) = [row for row in clocks(derived, "unassessed") if row.rules and row.standing == "ok"]
    assert (ruling.grade, ruling.due_at) == ("high", when("2026-11-06 12:00"))
    (late,) = conditions(derived, "overdue", "unassessed")
    assert (late.true_from, late.true_until) == (when("2026-11-06 12:00"), None)


def test_a_declined_notice_sent_after_all_waits_again_also_where_nobody_knows_when_the_police_first_knew() -> None:
    derived = follows(MEDIUM, "notice_not_shared=below_threshold 2026-11-03 15:00", "notice_shared 2026-11-09 10:00")
    waiting = clock(derived, "unassessed")
    assert (waiting.standing, waiting.due_at, waiting.stopped_at) == ("ok", when("2026-11-12 10:00"), None)


def test_the_rulebook_of_an_area_is_that_areas() -> None:
    book = Rulebook(rulebook_with().standards, [load_calendar()], ())
    assert book.scope("350", "06").area == "350"
    assert evaluate(history(ATTENDED), book).clocks


def test_a_late_decision_that_counts_from_a_receipt_recorded_later_was_not_met_by_the_receipt() -> None:
    lines = (ATTENDED, MEDIUM, "notice_shared 2026-11-03 14:00")
    (late,) = conditions(follows(*lines), "overdue", "contact_decision")
    flags = (flag_of(late, when("2026-11-05 00:01")),)
    receipt = "notice_received 2026-11-04 16:00 recorded=2026-11-05T10:00"
    derived = evaluate(history(*lines, receipt, flags=flags), rulebook_with())
    ended, again = sorted(conditions(derived, "overdue", "contact_decision"), key=lambda c: c.true_from)
    assert (ended.true_until, ended.cause) == (when("2026-11-05 10:00"), "counted_anew")
    assert (again.true_from, again.true_until) == (when("2026-11-06 00:00"), None)
