"""The periods a board may ask for."""

from datetime import date

from service.reports.disclosure.periods import around, is_calendar
from service.reports.measures.figures import Period


def test_calendar_periods_only() -> None:
    assert is_calendar(Period(first=date(2026, 2, 1), last=date(2026, 2, 28)))
    assert is_calendar(Period(first=date(2026, 10, 1), last=date(2026, 12, 31)))
    assert is_calendar(Period(first=date(2025, 4, 1), last=date(2026, 3, 31)))
    assert not is_calendar(Period(first=date(2026, 2, 2), last=date(2026, 3, 1)))
    assert not is_calendar(Period(first=date(2026, 2, 1), last=date(2026, 4, 30)))
    assert not is_calendar(Period(first=date(2026, 1, 1), last=date(2026, 12, 31)))


def test_the_period_around_a_day() -> None:
    for months, first, last in (
        (1, date(2026, 12, 1), date(2026, 12, 31)),
        (3, date(2026, 10, 1), date(2026, 12, 31)),
        (12, date(2026, 4, 1), date(2027, 3, 31)),
    ):
        assert around(date(2026, 12, 24), months) == Period(first=first, last=last)
    assert around(date(2026, 2, 3), 12).first == date(2025, 4, 1)
