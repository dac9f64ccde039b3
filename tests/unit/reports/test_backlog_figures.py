"""The backlog in numbers and sentences."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec

from service.reports.backlog import rules
from service.reports.backlog.rules import Day, Notice, Rates

#: A Tuesday afternoon in winter time.
NOW = datetime(2026, 11, 3, 14, 0, tzinfo=UTC)
_SPACE = UUID(int=1)


def notice(reference: str, child: int = 1, *, age: timedelta | None = timedelta(days=2), **more: Any) -> Notice:
    known = NOW - age if age is not None else None
    seen = known or NOW - timedelta(days=1)
    fields: dict[str, Any] = {
        "pathway": uuid5(_SPACE, f"{reference} {child}"),
        "incident": uuid5(_SPACE, reference),
        "reference": reference,
        "force": "gmp",
        "area": "359",
        "district": None,
        "first_grade": more.get("grade", "medium"),
        "grade": "medium",
        "urgent": False,
        "aware_at": known,
        "aware_on": None,
        "submitted_at": None,
        "shared_at": None,
        "not_shared_at": None,
        "reason": None,
        "due_at": known + timedelta(days=1) if known else None,
        "seen_at": seen,
        "incident_seen_at": seen,
        "coverage": "all_notices",
    }
    return Notice(**(fields | more))


def figures(*notices: Notice) -> rules.Figures:
    return rules.figures(rules.incidents(notices), rules.horizons(NOW))


def test_an_incident_with_three_children_counts_once() -> None:
    found = figures(*(notice("A", child) for child in (1, 2, 3)), notice("B"))
    assert found.total == 2
    assert found.by_grade["medium"] == 2


def test_the_sentence_says_how_many_how_old_and_where_it_goes() -> None:
    old = [notice("OLD", age=timedelta(days=19, hours=3))]
    found = figures(
        *old, *(notice(f"M{n}") for n in range(40)), *(notice(f"S{n}", grade="standard") for n in range(22))
    )
    assert " ".join(rules.sentences(found, Rates(14.0, 11.0, 14))) == (
        "63 incidents with children are not yet shared; 41 medium. The oldest medium is 19 days old."
        " You are clearing 11 a day and 14 arrive: at this rate 21 more by next week."
    )


def test_a_backlog_that_shrinks_never_shrinks_below_nothing() -> None:
    assert rules.sentences(figures(notice("A")), Rates(1.0, 9.0, 14))[-1].endswith("1 fewer by next week.")
    empty = rules.sentences(figures(), Rates(2.0, 2.0, 14))
    assert empty[0] == "Every incident with children has been shared or decided on."
    assert empty[1].endswith("as many next week.")


def test_where_nothing_is_known_nothing_is_said_to_be_done() -> None:
    assert rules.sentences(figures(), None) == [
        "No incident with children is held, and none came or went in the last two weeks."
    ]


def test_the_oldest_high_goes_first_then_what_is_latest() -> None:
    rows = rules.incidents(
        [
            notice("LATE", age=timedelta(days=9)),
            notice("NEW HIGH", age=timedelta(hours=2), grade="high"),
            notice("OLD HIGH", age=timedelta(days=3), grade="high"),
            notice("UNGRADED", age=timedelta(days=2), grade="ungraded"),
            notice("URGENT", age=timedelta(days=1), urgent=True),
            notice("NO TIME", age=None),
        ]
    )
    assert [row.reference for row in rows] == ["OLD HIGH", "UNGRADED", "URGENT", "NEW HIGH", "LATE", "NO TIME"]


def test_a_day_without_a_time_is_never_made_older_than_is_certain() -> None:
    found = figures(notice("DAY", age=None, aware_on=date(2026, 11, 2)))
    assert found.oldest["medium"] == timedelta(hours=14)
    assert figures(notice("NONE", age=None)).age_unknown == 1


def test_bands_hold_every_incident_whose_age_is_known() -> None:
    found = figures(*(notice(f"{n}", age=timedelta(days=n)) for n in range(20)))
    assert sum(found.bands["medium"]) == 20
    assert found.bands["medium"] == (1, 2, 4, 7, 6)


def test_what_will_be_late_by_the_end_of_the_shift_and_by_monday() -> None:
    ahead = rules.horizons(NOW)
    assert ahead.shift == datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
    assert ahead.monday == datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
    found = figures(
        notice("LATE", due_at=NOW - timedelta(minutes=1)),
        notice("SHIFT", due_at=NOW + timedelta(minutes=30)),
        notice("WEEK", due_at=NOW + timedelta(days=2)),
        notice("AFTER", due_at=NOW + timedelta(days=8)),
    )
    assert (found.late, found.late_by_shift, found.late_by_monday) == (1, 1, 2)


def test_on_a_monday_morning_monday_is_today_until_nine() -> None:
    morning = datetime(2026, 11, 9, 8, 0, tzinfo=UTC)
    assert rules.horizons(morning).monday == datetime(2026, 11, 9, 9, 0, tzinfo=UTC)
    assert rules.horizons(morning + timedelta(hours=1)).monday == datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
    night = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
    assert rules.horizons(night).shift == datetime(2026, 11, 4, 7, 0, tzinfo=UTC)


def test_siblings_in_two_areas_are_one_incident_found_under_both() -> None:
    rows = rules.incidents([notice("A", 1, area="359"), notice("A", 2, area="350")])
    for area in ("359", "350"):
        assert len(rules.chosen(rows, {"area": area}, rules.horizons(NOW))) == 1
    assert rules.chosen(rows, {"area": "354"}, rules.horizons(NOW)) == []


def test_rates_are_of_whole_weeks() -> None:
    flow = [Day(date(2026, 10, 1) + timedelta(days=n), 100 if n < 14 else 14, 11) for n in range(28)]
    assert rules.rates(flow) == Rates(14.0, 11.0, 14)
    assert rules.rates([Day(each.day, 0, 0) for each in flow]) is None


def test_figures_go_by_the_grade_that_the_officer_first_gave_and_say_what_moved() -> None:
    found = figures(
        notice("UP", grade="high", first_grade="medium"),
        notice("DOWN", grade="standard", first_grade="medium"),
        notice("NOW", grade="high", first_grade="ungraded"),
    )
    assert found.by_grade == {"high": 0, "medium": 2, "standard": 0, "ungraded": 1}
    assert (found.raised, found.lowered) == (1, 1)


TODAY = date(2026, 11, 3)
LAST_WEEK = date(2026, 10, 27)
HOUR = timedelta(hours=1)


def test_an_incident_is_cleared_with_its_last_child_known_at_submission() -> None:
    at: dict[str, Any] = {"submitted_at": NOW - 48 * HOUR}
    first, second = (notice("A", n, shared_at=NOW - 24 * HOUR * n, **at) for n in (0, 1))
    late = notice("A", 3, seen_at=NOW - HOUR, **at)
    days = {each.day: each for each in rules.flow([first, second, late], LAST_WEEK, TODAY)}
    assert days[date(2026, 11, 1)].arrived == 1
    assert [day for day, each in days.items() if each.cleared] == [TODAY]
    assert rules.found_late([first, second, late], LAST_WEEK, TODAY) == rules.Found(children=1, waiting=1)
    assert rules.incidents([first, second, late])[0].found_late == 1


def test_a_half_shared_incident_is_not_cleared_and_one_of_two_children_written_down_together_is_not_late() -> None:
    first = notice("A", 1, shared_at=NOW, submitted_at=NOW - 2 * HOUR)
    second = notice("A", 2, seen_at=first.incident_seen_at + HOUR / 2)
    assert all(each.cleared == 0 for each in rules.flow([first, second], LAST_WEEK, TODAY))
    assert rules.found_late([first, second], LAST_WEEK, TODAY).children == 0


def test_five_to_one_area_in_one_hour_are_a_batch_and_siblings_do_not_make_one() -> None:
    at = NOW.replace(minute=5)
    many = [notice(f"{n}", shared_at=at + timedelta(minutes=n), age=n * HOUR) for n in range(5)]
    (batch,) = rules.batches(many, LAST_WEEK, TODAY)
    assert (batch.incidents, batch.area, batch.since) == (5, "359", NOW.replace(minute=0))
    assert batch.longest_seconds == 4 * 3600 + 9 * 60
    assert rules.batches(many[:4], LAST_WEEK, TODAY) == []
    elsewhere = [msgspec.structs.replace(many[4], area="350")]
    assert rules.batches([*many[:4], *elsewhere], LAST_WEEK, TODAY) == []
    assert rules.batches([notice("S", n, shared_at=at) for n in range(9)], LAST_WEEK, TODAY) == []
    # Siblings elsewhere who were shared later take nothing from the area's own batch.
    siblings = [msgspec.structs.replace(each, area="350", shared_at=NOW + timedelta(hours=5)) for each in many[:3]]
    assert rules.batches([*many, *siblings], LAST_WEEK, TODAY) == [batch]


def test_the_hour_that_clocks_have_twice_is_two_hours() -> None:
    night = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    sent = [notice(f"{n}", shared_at=night + n % 2 * HOUR, age=timedelta(days=12)) for n in range(9)]
    (batch,) = rules.batches(sent, date(2026, 10, 25), date(2026, 10, 25))
    assert (batch.since, batch.incidents) == (night.replace(minute=0), 5)


def test_what_is_known_by_its_day_alone_counts_on_that_day_and_left_in_no_hour() -> None:
    """It stands at the midnight that ends the day."""
    day, midnight = date(2026, 10, 30), datetime(2026, 10, 31, 0, 0, tzinfo=UTC)
    sent = [notice(f"S{n}", age=timedelta(days=6), shared_at=midnight, shared_on=day) for n in range(5)]
    kept = notice("N", age=timedelta(days=6), not_shared_at=midnight, not_shared_on=day, reason="other")
    came = notice("C", age=timedelta(days=6), submitted_at=midnight, submitted_on=day)
    days = {each.day.day: (each.arrived, each.cleared) for each in rules.flow([*sent, kept, came], day, TODAY)}
    assert (days[30], days[31]) == ((1, 6), (0, 0))
    assert rules.batches(sent, LAST_WEEK, TODAY) == []
    assert [each.children for each in rules.declined([kept], day, day)] == [1]
    assert rules.declined([kept], day + timedelta(days=1), TODAY) == []
    # Whoever of the family was sent with an hour before has been sent; the last to leave says on which day all had.
    first = notice("S0", 2, age=timedelta(days=6), shared_at=midnight - HOUR)
    assert rules.flow([sent[0], first], day, day)[0].cleared == 1


def test_what_was_declined_is_told_by_reason_and_what_was_shared_after_all_is_not() -> None:
    said = [
        notice("A", 1, not_shared_at=NOW, reason="below_threshold"),
        notice("A", 2, not_shared_at=NOW, reason="below_threshold", grade="high"),
        notice("B", not_shared_at=NOW, reason="other"),
        notice("C", not_shared_at=NOW - 40 * HOUR, shared_at=NOW, reason="other"),
        notice("D", not_shared_at=NOW - timedelta(days=90), reason="other"),
    ]
    found = rules.declined(said, LAST_WEEK, TODAY)
    assert [(each.reason, each.children) for each in found] == [("below_threshold", 2), ("other", 1)]
    assert found[0].by_grade["high"] == 1


def test_of_an_incident_of_two_areas_each_has_its_own_children() -> None:
    both = [notice("A", 1, area="359"), notice("A", 2, area="350"), notice("B", area="350", first_grade="high")]
    assert [each.area for each in rules.within(both, {"area": "359"})] == ["359"]
    # One area's child has been shared, the other's not: it is a backlog of the other alone, and cleared for the one.
    shared = [msgspec.structs.replace(both[0], shared_at=NOW), both[1]]
    assert [figures(*rules.within(shared, {"area": area})).total for area in ("359", "350")] == [0, 1]
    assert sum(each.cleared for each in rules.flow(rules.within(shared, {"area": "359"}), LAST_WEEK, TODAY)) == 1
    assert sum(each.cleared for each in rules.flow(shared, LAST_WEEK, TODAY)) == 0
    assert [each.reference for each in rules.within(both, {"first": "high"})] == ["B"]
    assert rules.within(both, {"force": "merseyside"}) == []


def days(arriving: int, clearing: int) -> list[Day]:
    return [Day(LAST_WEEK + timedelta(days=n), arriving, clearing) for n in range(14)]


def test_it_says_when_it_clears_and_what_rate_clears_it_by_a_day() -> None:
    found = rules.outlook(63, days(11, 14), TODAY, TODAY + timedelta(days=7))
    assert found is not None
    assert found.clears == TODAY + timedelta(days=21)
    assert (found.by, found.needed) == (TODAY + timedelta(days=7), 20.0)
    assert rules.outlook_sentences(63, found) == [
        "At this rate it is cleared by Tue 24 Nov 2026 (likely between Tue 24 Nov 2026 and Tue 24 Nov 2026).",
        "To clear it by Tue 10 Nov 2026 takes 20.0 a day.",
    ]


def test_what_grows_is_never_cleared_and_an_uncertain_rate_says_so() -> None:
    growing = rules.outlook(63, days(14, 11), TODAY)
    assert growing is not None
    assert growing.clears is None
    assert rules.outlook_sentences(63, growing)[0] == "At this rate it is never cleared."
    assert growing.by.weekday() == 0
    wild = [Day(each.day, 11, 31 if n % 2 else 0) for n, each in enumerate(days(0, 0))]
    uncertain = rules.outlook(63, wild, TODAY)
    assert uncertain is not None
    assert uncertain.latest is None
    assert "may never be" in rules.outlook_sentences(63, uncertain)[0]
    uneven = [Day(each.day, 12, 22 if n % 2 else 0) for n, each in enumerate(days(0, 0))]
    assert rules.outlook_sentences(63, rules.outlook(63, uneven, TODAY))[0] == (
        "At this rate it is never cleared; at the best that is likely, not before Sun 15 Nov 2026."
    )
    assert rules.outlook(63, days(1, 2)[:5], TODAY) is None
    assert rules.outlook_sentences(0, growing) == []


def cleared(number: int, hours: int) -> Notice:
    known = NOW - timedelta(days=20, minutes=-97 * number)
    left = known + timedelta(hours=hours)
    return notice(f"GONE{number}", aware_at=known, due_at=None, shared_at=left, seen_at=known, incident_seen_at=known)


def test_of_those_that_fall_due_it_says_how_many_will_be_late_at_the_present_pace() -> None:
    ahead = rules.horizons(NOW)
    since = NOW - timedelta(days=28)
    held = [notice(f"H{n}", age=timedelta(hours=2 + n)) for n in range(10)]
    quick = [cleared(n, 40 if n % 33 == 0 else 4 + n % 16) for n in range(100)]
    slow = [cleared(n, 4 + n % 60) for n in range(100)]
    found = {}
    told: list[rules.Expected] = []
    for name, past in (("quick", quick), ("slow", slow)):
        told = rules.expected(rules.incidents(held), [*held, *past], ahead, since)
        assert [each.by for each in told] == ["monday"]
        assert told[0].falling_due == 10
        assert told[0].low <= told[0].late <= told[0].high <= 10
        found[name] = told[0].late
    assert found["quick"] <= 1
    assert found["slow"] >= 5
    words = rules.expected_sentences(told)
    assert words[0].startswith("Of 10 that fall due by Monday, about ")
    assert words[0].endswith("will be late at the present pace.")
    # A time out of order breaks nothing: what is said to have left before the police knew of it left at once.
    backwards = rules.expected(rules.incidents(held), [*held, *quick, cleared(100, -3)], ahead, since)
    assert [each.falling_due for each in backwards] == [10]
    assert rules.expected(rules.incidents(held), [*held, *quick[:49]], ahead, since) == []
    assert rules.expected([], [], ahead, NOW) == []


def test_where_a_feed_sends_only_what_was_shared_nobody_is_said_to_be_done() -> None:
    nothing, typed = rules.figures([], rules.horizons(NOW)), figures(notice("A", age=timedelta(days=3)))
    assert rules.sentences(nothing, None, estimable=False)[0].endswith("only what was typed here is known.")
    assert len(rules.sentences(nothing, None, estimable=False)) == 1
    said = rules.sentences(typed, rules.Rates(1.0, 2.0, 14), estimable=False)
    assert said[1] == "1 incident with children is not yet shared; 1 medium."
    assert not any("at this rate" in each for each in said)
