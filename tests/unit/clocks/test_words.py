"""Durations and instants, said one way everywhere."""

from datetime import timedelta

import pytest

from service.clocks.words import elapsed_words, say_due, say_instant
from tests.fixtures.histories import when

NOW = when("2026-11-22 09:00")


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(), "no time"),
        (timedelta(microseconds=1), "less than a second"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=23, minutes=59), "23 hours 59 minutes"),
        (timedelta(hours=23, minutes=59, seconds=59), "23 hours 59 minutes 59 seconds"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=4, minutes=48), "2 days 4 hours 48 minutes"),
        (-timedelta(hours=3, minutes=5), "3 hours 5 minutes"),
        (timedelta(days=1200, seconds=1), "1,200 days 1 second"),
    ],
)
def test_a_duration_in_words(duration: timedelta, said: str) -> None:
    assert elapsed_words(duration) == said


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        ("2026-11-03 09:12", "Tue 3 Nov 09:12"),
        ("2025-11-03 09:12", "Mon 3 Nov 2025 09:12"),
        ("2026-11-03 09:12:05", "Tue 3 Nov 09:12:05"),
        ("2026-07-01 00:00", "Wed 1 Jul 00:00"),
    ],
)
def test_an_instant_in_words(instant: str, said: str) -> None:
    assert say_instant(when(instant), NOW) == said


def test_an_hour_that_exists_twice_says_which() -> None:
    assert say_instant(when("2026-10-25 01:30"), NOW) == "Sun 25 Oct 01:30 BST"
    assert say_instant(when("2026-10-25 01:30", fold=1), NOW) == "Sun 25 Oct 01:30 GMT"
    assert say_instant(when("2026-10-25 02:30"), NOW) == "Sun 25 Oct 02:30"


def test_the_year_is_the_one_on_the_wall_at_new_year() -> None:
    assert say_instant(when("2026-12-31 23:59"), when("2027-01-01 00:00")) == "Thu 31 Dec 2026 23:59"


def test_a_due_time_at_the_end_of_a_day_names_that_day() -> None:
    assert say_due(when("2026-11-10 00:00"), NOW, end_of_day=True) == "the end of Mon 9 Nov"
    assert say_due(when("2026-11-10 00:00"), NOW, end_of_day=False) == "Tue 10 Nov 00:00"
