"""The periods a board may ask for."""

from datetime import UTC, date, datetime

from service.reports.disclosure.periods import around, is_quarter, reported_at
from service.reports.measures.figures import Period


def test_a_board_asks_for_quarters_and_nothing_that_overlaps_them() -> None:
    assert is_quarter(Period(first=date(2026, 10, 1), last=date(2026, 12, 31)))
    for first, last in (
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2025, 4, 1), date(2026, 3, 31)),
        (date(2026, 2, 2), date(2026, 3, 1)),
        (date(2026, 2, 1), date(2026, 4, 30)),
        (date(9999, 10, 1), date(9999, 12, 31)),
    ):
        assert not is_quarter(Period(first=first, last=last))


def test_a_quarter_was_reported_at_the_midnight_that_ended_it() -> None:
    assert reported_at(Period(first=date(2026, 4, 1), last=date(2026, 6, 30))) == datetime(2026, 6, 30, 23, tzinfo=UTC)


def test_the_period_around_a_day() -> None:
    for months, first, last in (
        (1, date(2026, 12, 1), date(2026, 12, 31)),
        (3, date(2026, 10, 1), date(2026, 12, 31)),
        (12, date(2026, 4, 1), date(2027, 3, 31)),
    ):
        assert around(date(2026, 12, 24), months) == Period(first=first, last=last)
    assert around(date(2026, 2, 3), 12).first == date(2025, 4, 1)
