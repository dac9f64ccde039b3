"""The bugs that every delay engine has had, by name, as far as pure evaluation goes."""

from datetime import date, timedelta

import msgspec
import pytest

from schema import calendars
from schema.calendars import Calendar, CalendarError, Holiday, WorkingHours
from schema.standards import StandardError, load_shipped, parse_duration
from service.clocks import Rulebook, as_known_at, calendar_problems, evaluate, late_by, standing
from service.clocks.calendar import ReadyCalendar
from service.clocks.deadlines import warn_before
from service.clocks.words import elapsed_words, say_instant
from tests.fixtures.histories import (
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
EVERY_DAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def working(
    *windows: tuple[str, str], days: tuple[str, ...] = EVERY_DAY[:5], on_holidays: bool = False
) -> ReadyCalendar:
    """The shipped calendar with these hours for the police."""
    hours = WorkingHours(agency="police", windows=dict.fromkeys(days, windows), on_holidays=on_holidays)  # type: ignore[arg-type]  # plain strings
    return ReadyCalendar(msgspec.structs.replace(calendars.load_shipped(), hours=(hours,)))


def test_bug_01_a_night_on_which_the_clocks_change_is_as_long_as_it_was() -> None:
    spring = follows("police_attended 2026-03-29 00:50", "notice_shared 2026-03-29 02:10")
    autumn = follows("police_attended 2026-10-25 00:50", "notice_shared 2026-10-25 02:10")
    for derived, minutes in ((spring, 20), (autumn, 140)):
        row = clock(derived, "police_share")
        assert row.stopped_at is not None
        assert row.started_at is not None
        assert row.stopped_at - row.started_at == timedelta(minutes=minutes)


def test_bug_01_working_hours_from_the_friday_before_the_change() -> None:
    ready = working(("09:00", "17:00"))
    assert ready.hours["police"].after(when("2026-03-27 15:00"), 4 * 3600) == when("2026-03-30 11:00")
    assert ready.hours["police"].after(when("2026-10-23 15:00"), 4 * 3600) == when("2026-10-26 11:00")


def test_bug_01_round_the_clock_working_hours_over_both_changes() -> None:
    ready = working(("00:00", "24:00"), days=EVERY_DAY)
    for day in ("2026-03-29", "2026-10-25"):
        start = when(f"{day} 00:30")
        assert ready.hours["police"].after(start, 6 * 3600) == start + timedelta(hours=6)


def test_bug_01_times_are_shown_as_clocks_on_the_wall() -> None:
    assert say_instant(when("2026-03-31 11:00"), when("2026-03-31 12:00")) == "Tue 31 Mar 11:00"
    assert when("2026-03-31 11:00").hour == 10


def test_bug_02_evaluation_has_no_tick_so_none_can_be_missed_or_doubled() -> None:
    told = history(ATTENDED, MEDIUM)
    assert evaluate(told, shipped()) == evaluate(told, shipped())


def test_bug_03_half_past_eleven_and_half_past_midnight_land_on_their_own_local_days() -> None:
    late = follows("notice_received 2026-07-01 23:30")
    early = follows("notice_received 2026-07-02 00:30")
    assert clock(late, "contact_decision").due_at == when("2026-07-03 00:00")
    assert clock(early, "contact_decision").due_at == when("2026-07-04 00:00")


def test_bug_04_a_new_bank_holiday_moves_open_clocks_and_never_closed_ones() -> None:
    old = calendars.load_shipped()
    days = old.working_days
    holiday = Holiday(on=date(2026, 11, 9), name="Proclaimed")
    new = msgspec.structs.replace(
        old,
        number=2,
        recorded_at=when("2026-11-08 12:00"),
        working_days=msgspec.structs.replace(days, holidays=(*days.holidays, holiday)),
    )
    book = rulebook_with(calendars=(old, new))
    opened = follows("notice_received 2026-11-06 14:00", rulebook=book)
    closed = follows("notice_received 2026-11-06 14:00", "contact_decided=advice 2026-11-07 10:00", rulebook=book)
    later = follows("notice_received 2026-11-06 14:00", "contact_decided=advice 2026-11-08 13:00", rulebook=book)
    assert (clock(opened, "contact_decision").due_at, clock(opened, "contact_decision").calendar) == (
        when("2026-11-11 00:00"),
        2,
    )
    assert (clock(closed, "contact_decision").due_at, clock(closed, "contact_decision").calendar) == (
        when("2026-11-10 00:00"),
        1,
    )
    assert clock(later, "contact_decision").calendar == 2
    assert clock(opened, "contact_decision_24h").calendar is None


def test_bug_04_a_calendar_that_runs_out_is_an_alarm_and_never_a_guess() -> None:
    assert calendar_problems(calendars.load_shipped(), when("2026-11-22 09:00")) == []
    problems = calendar_problems(calendars.load_shipped(), when("2028-02-01 09:00"))
    assert any("2029" in problem for problem in problems)
    assert any("359" in problem for problem in problems)
    derived = follows("notice_received 2028-12-29 14:00")
    assert clock(derived, "contact_decision").standing == "cannot_compute"
    assert conditions(derived, "configuration", "calendar")


def test_bug_05_waiting_on_a_partner_stops_nothing() -> None:
    asked = ("information_requested=health 2026-11-06 15:00", "information_returned=health 2026-11-20 09:00")
    plain = follows("notice_received 2026-11-06 14:00")
    waited = follows("notice_received 2026-11-06 14:00", *asked)
    assert clock(plain, "contact_decision").due_at == clock(waited, "contact_decision").due_at


def test_bug_06_reopening_keeps_the_first_decision_and_counts_no_closed_days() -> None:
    derived = follows(
        ATTENDED,
        MEDIUM,
        "notice_received 2026-11-03 14:00",
        "contact_decided=advice 2026-11-04 15:00",
        "closed 2026-11-04 16:00",
        "reopened 2026-12-01 10:00",
    )
    first, second = clocks(derived, "contact_decision")
    assert first.stopped_at == when("2026-11-04 15:00")
    assert second.started_at == when("2026-12-01 10:00")
    assert first.episode != second.episode
    assert derived.state.decided_at == when("2026-11-04 15:00")
    assert [(w.since, w.until) for w in derived.waits] == [
        (when("2026-11-03 09:12"), when("2026-11-04 15:00")),
        (when("2026-12-01 10:00"), None),
    ]
    assert not conditions(derived, "overdue", "police_share")[1:]


def test_bug_07_a_late_decision_leaves_its_breach_behind() -> None:
    derived = follows(ATTENDED, MEDIUM, "notice_shared 2026-11-06 14:00", "closed 2026-11-07 10:00")
    (breach,) = conditions(derived, "overdue", "police_share")
    assert (breach.true_from, breach.true_until, breach.cause) == (
        when("2026-11-04 09:12"),
        when("2026-11-06 14:00"),
        "met:notice_shared",
    )


def test_bug_07_a_retired_standard_ends_its_flag_with_a_reason() -> None:
    told = history(ATTENDED, MEDIUM)
    (breach,) = conditions(evaluate(told, shipped()), "overdue", "police_share")
    flagged = msgspec.structs.replace(told, flags=(flag_of(breach, when("2026-11-04 09:13")),))
    fewer = Rulebook(
        [changed("police_share", effective_to=when("2026-01-01 00:00"))],
        [calendars.load_shipped()],
        shipped().holders,
    )
    (ended,) = conditions(evaluate(flagged, fewer), "overdue", "police_share")
    assert (ended.cause, ended.holder, ended.true_from) == ("no_longer_applies", "police", breach.true_from)


def test_bug_08_a_corrected_start_recomputes_and_the_old_figure_stays_reproducible() -> None:
    told = history(
        "police_attended 2026-11-03 09:12 id=attended",
        MEDIUM,
        "notice_shared 2026-11-04 10:00",
        "police_attended 2026-11-03 11:12 supersedes=attended recorded=2026-11-05T12:00",
    )
    now = evaluate(told, shipped())
    then = evaluate(as_known_at(told, when("2026-11-05 11:00")), shipped())
    assert standing(clock(now, "police_share"), when("2026-11-06 09:00")) == "met"
    assert standing(clock(then, "police_share"), when("2026-11-06 09:00")) == "missed"
    assert clock(now, "police_share").episode == clock(then, "police_share").episode


def test_bug_09_a_correction_never_makes_a_second_episode() -> None:
    told = history(
        "police_attended 2026-11-03 09:12 id=first",
        MEDIUM,
        "police_attended 2026-11-03 08:12 id=second supersedes=first recorded=2026-11-05T12:00",
        "police_attended 2026-11-03 07:12 supersedes=second recorded=2026-11-06T12:00",
    )
    root = told.milestones[0].id
    derived = evaluate(told, shipped())
    assert clock(derived, "police_share").episode == root
    assert clock(derived, "police_share").due_at == when("2026-11-04 07:12")
    assert {c.episode for c in derived.conditions if c.subject == "police_share"} == {root}


def test_bug_10_a_breach_dates_from_when_it_became_true_not_from_when_it_was_noticed() -> None:
    (breach,) = conditions(follows(ATTENDED, MEDIUM), "overdue", "police_share")
    assert breach.true_from == when("2026-11-04 09:12")
    assert breach.true_until is None


@pytest.mark.parametrize(
    ("windows", "days", "start", "hours", "due"),
    [
        ((("00:00", "24:00"),), EVERY_DAY, "2026-11-06 22:00", 4, "2026-11-07 02:00"),
        ((("09:00", "17:00"),), ("wednesday",), "2026-11-05 10:00", 9, "2026-11-18 10:00"),
        ((("18:00", "24:00"),), EVERY_DAY[:5], "2026-11-05 23:00", 2, "2026-11-06 19:00"),
        ((("09:00", "12:30"), ("13:30", "17:00")), EVERY_DAY[:5], "2026-11-05 12:00", 1, "2026-11-05 14:00"),
        ((("09:00", "17:00"),), EVERY_DAY[:5], "2026-12-24 16:00", 2, "2026-12-29 10:00"),
        ((("23:59", "24:00"),), EVERY_DAY, "2026-11-05 00:00", 1, "2027-01-07 00:00"),
    ],
    ids=["round the clock", "one day a week", "to midnight", "lunch", "bank holidays", "one minute a day"],
)
def test_bug_11_odd_working_hours(
    windows: tuple[tuple[str, str], ...], days: tuple[str, ...], start: str, hours: int, due: str
) -> None:
    ready = working(*windows, days=days)
    assert ready.hours["police"].after(when(start), hours * 3600) == when(due)


def test_bug_11_a_shift_on_a_bank_holiday_counts_where_the_agency_works_then() -> None:
    ready = working(("09:00", "17:00"), on_holidays=True)
    assert ready.hours["police"].after(when("2026-12-25 08:00"), 3600) == when("2026-12-25 10:00")


@pytest.mark.parametrize(
    ("windows", "said"),
    [
        ({}, "empty"),
        ({"monday": (("09:00", "13:00"), ("12:00", "17:00"))}, "overlap"),
        ({"monday": (("17:00", "09:00"),)}, "closes before it opens"),
        ({"monday": (("09:00", "24:30"),)}, "not a time of day"),
    ],
)
def test_bug_11_impossible_working_hours_are_refused(windows: dict[str, object], said: str) -> None:
    body = msgspec.to_builtins(calendars.load_shipped(), builtin_types=())
    body["hours"] = [{"agency": "police", "windows": windows}]
    with pytest.raises(CalendarError, match=said):
        calendars.decode_calendar(msgspec.json.encode(body))


def test_bug_11_no_working_day_at_all_is_refused() -> None:
    calendar = calendars.load_shipped()
    none: Calendar = msgspec.structs.replace(
        calendar, working_days=msgspec.structs.replace(calendar.working_days, weekdays=())
    )
    with pytest.raises(CalendarError, match="nothing could ever be due"):
        calendars.checked(none)


def test_bug_12_the_warning_is_working_time_before_the_due_time() -> None:
    ready = working(("08:00", "18:00"))
    start = when("2026-11-05 17:00")
    due = ready.hours["police"].after(start, 4 * 3600)
    assert due == when("2026-11-06 11:00")
    assert warn_before(parse_duration("1 working hour"), due, start, ready, "police") == when("2026-11-06 10:00")


def test_bug_12_the_warning_is_never_before_the_start() -> None:
    short = changed("police_share", within="30 minutes", effective_from=when("2026-01-01 00:00"))
    row = clock(follows(ATTENDED, MEDIUM, rulebook=rulebook_with(short)), "police_share")
    assert row.warn_at == row.started_at


def test_bug_13_meeting_one_standard_does_not_meet_another() -> None:
    derived = follows(
        ATTENDED,
        MEDIUM,
        "notice_received 2026-11-06 14:00",
        "strategy_requested 2026-11-06 15:00",
        "strategy_held=quorate 2026-11-06 16:00",
    )
    assert clock(derived, "strategy_discussion").stopped_at is not None
    assert clock(derived, "contact_decision").stopped_at is None


def test_bug_13_the_earliest_unmet_due_time_comes_first() -> None:
    derived = follows(ATTENDED, MEDIUM, "notice_shared 2026-11-03 10:00", "notice_received 2026-11-03 10:10")
    assert derived.state.next_due_standard == "school_notified"
    told = follows(
        ATTENDED,
        MEDIUM,
        "notice_shared 2026-11-03 10:00",
        "notice_received 2026-11-03 10:10",
        "school_notified 2026-11-03 11:00",
    )
    assert (told.state.next_due_standard, told.state.next_due_at) == ("contact_decision", when("2026-11-05 00:00"))


def test_bug_14_durations_are_never_rounded() -> None:
    assert elapsed_words(timedelta(hours=23, minutes=59)) == "23 hours 59 minutes"
    assert elapsed_words(timedelta(hours=32)) == "1 day 8 hours"
    assert elapsed_words(timedelta(days=2, hours=4, minutes=48), parts=2) == "over 2 days 4 hours"
    assert elapsed_words(timedelta(days=2, hours=4), parts=2) == "2 days 4 hours"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "name is blank"),
        ({"started_by": ()}, "started_by is blank"),
        ({"met_by": ()}, "met_by is blank"),
        ({"within": "0 hours"}, "no time at all"),
        ({"within": "soon"}, "not a duration"),
        ({"within": {"high": "4 hours"}}, "no duration for medium, standard"),
    ],
)
def test_bug_15_blank_rules_are_refused(fields: dict[str, object], said: str) -> None:
    with pytest.raises(StandardError, match=said):
        changed("police_share", **fields)


def test_bug_15_a_pathway_that_no_standard_matches_gets_the_strictest_and_says_so() -> None:
    only = [s for s in load_shipped() if s.key != "police_share"]
    elsewhere = [
        changed("police_share", area="350", within="10 hours"),
        changed("police_share", area="354", within="6 hours"),
    ]
    book = Rulebook([*only, *elsewhere], [calendars.load_shipped()], shipped().holders)
    derived = follows(ATTENDED, MEDIUM, rulebook=book)
    assert clock(derived, "police_share").due_at == when("2026-11-03 15:12")
    assert conditions(derived, "configuration", "police_share")


def test_bug_15_renaming_a_standard_recomputes_nothing() -> None:
    renamed = Rulebook(
        [msgspec.structs.replace(s, name=s.name.upper()) for s in load_shipped()],
        [calendars.load_shipped()],
        shipped().holders,
    )
    assert follows(ATTENDED, MEDIUM, rulebook=renamed) == follows(ATTENDED, MEDIUM)


def test_bug_16_an_open_wait_is_never_dropped() -> None:
    for lines in ((ATTENDED,), ("incident_occurred 2026-11-01 09:00",), ("notice_submitted 2026-11-03 09:00",)):
        (wait,) = follows(*lines).waits
        assert wait.until is None
    row = clock(follows(ATTENDED, MEDIUM), "police_share")
    assert late_by(row, when("2026-11-06 09:12")) == timedelta(days=2)
