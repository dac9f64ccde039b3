"""The generator's own days agree with the calendars that judge them."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from service.demo.generator.days import (
    add_working_days,
    bank_holidays,
    from_local,
    into_office_hours,
    is_school_day,
    next_school_start,
    office_minutes_later,
    to_local,
)

CALENDARS = Path(__file__).parents[3] / "schema" / "calendars"


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027, 2028])
def test_bank_holidays_are_those_of_england(year: int) -> None:
    published = tomllib.loads((CALENDARS / "england.toml").read_text(encoding="utf-8"))
    days = {holiday["on"] for holiday in published["working_days"]["holidays"]}
    assert bank_holidays(year) == {day for day in days if day.year == year}


def test_schools_are_mostly_open_when_the_area_says_so() -> None:
    (schools,) = tomllib.loads((CALENDARS / "school_359.toml").read_text(encoding="utf-8"))["schools"]
    agree, days = 0, [date(2024, 11, 22) + timedelta(days=n) for n in range(730)]
    for day in days:
        open_there = any(term["first"] <= day <= term["last"] for term in schools["terms"])
        agree += is_school_day(day) == (open_there and day.weekday() < 5 and day not in bank_holidays(day.year))
    assert agree / len(days) > 0.96


def test_a_friday_night_incident_reaches_the_school_on_monday() -> None:
    friday_night = from_local(date(2026, 11, 20), 22, 10)
    assert next_school_start(friday_night) == from_local(date(2026, 11, 23), 8, 45)


def test_a_skipped_hour_moves_on_and_a_repeated_one_is_told_apart() -> None:
    assert to_local(from_local(date(2026, 3, 29), 1, 30)).hour == 2
    first, second = from_local(date(2026, 10, 25), 1, 30), from_local(date(2026, 10, 25), 1, 30, fold=1)
    assert second - first == timedelta(hours=1)


def test_office_time_stops_overnight_and_at_christmas() -> None:
    christmas_eve = from_local(date(2026, 12, 24), 17, 0)
    assert office_minutes_later(christmas_eve, 30) == from_local(date(2026, 12, 29), 9, 0)
    assert into_office_hours(datetime(2026, 7, 6, 5, 0, tzinfo=UTC)) == from_local(date(2026, 7, 6), 8, 45)
    assert add_working_days(date(2026, 12, 14), 15) == date(2027, 1, 7)
