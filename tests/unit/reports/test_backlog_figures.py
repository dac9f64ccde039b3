"""The backlog in numbers and sentences."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from service.reports.backlog import rules
from service.reports.backlog.rules import OpenNotice, Rates

#: A Tuesday afternoon in winter time.
NOW = datetime(2026, 11, 3, 14, 0, tzinfo=UTC)
_SPACE = UUID(int=1)


def notice(reference: str, child: int = 1, *, age: timedelta | None = timedelta(days=2), **more: object) -> OpenNotice:
    known = NOW - age if age is not None else None
    fields: dict[str, object] = {
        "pathway": uuid5(_SPACE, f"{reference} {child}"),
        "incident": uuid5(_SPACE, reference),
        "reference": reference,
        "area": "359",
        "district": None,
        "grade": "medium",
        "urgent": False,
        "aware_at": known,
        "aware_on": None,
        "due_at": known + timedelta(days=1) if known else None,
    }
    return OpenNotice(**(fields | more))  # type: ignore[arg-type]  # fields are given by name


def figures(*notices: OpenNotice) -> rules.Figures:
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
    flow = [(date(2026, 10, 1) + timedelta(days=n), 100 if n < 14 else 14, 11) for n in range(28)]
    assert rules.rates(flow) == Rates(14.0, 11.0, 14)
    assert rules.rates([(day, 0, 0) for day, _, _ in flow]) is None
