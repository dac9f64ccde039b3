"""What people type into a box for a date and a time, and how it is read."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web import moments
from service.web.moments import Unreadable, read_day, read_when, shown

# Tuesday 3 November 2026, 14:30 in London (winter: the same as UTC).
NOW = datetime(2026, 11, 3, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("0910", "2026-11-03T09:10"),
        ("09:10", "2026-11-03T09:10"),
        ("9.10", "2026-11-03T09:10"),
        ("9:10am", "2026-11-03T09:10"),
        ("2pm", "2026-11-03T14:00"),
        ("12am", "2026-11-03T00:00"),
        ("0910 hrs", "2026-11-03T09:10"),
        ("yesterday 2310", "2026-11-02T23:10"),
        ("2310 yesterday", "2026-11-02T23:10"),
        ("Yesterday at 23:10", "2026-11-02T23:10"),
        ("today 0001", "2026-11-03T00:01"),
        ("mon 0910", "2026-11-02T09:10"),
        ("tuesday 0910", "2026-11-03T09:10"),
        ("wed 0910", "2026-10-28T09:10"),
        ("3/11/2026 09:10", "2026-11-03T09:10"),
        ("3/11/26 0910", "2026-11-03T09:10"),
        ("3.11.2026 9.10", "2026-11-03T09:10"),
        ("2/11 2310", "2026-11-02T23:10"),
        ("31/12 2310", "2025-12-31T23:10"),
        ("2 Nov 2310", "2026-11-02T23:10"),
        ("2nd November 2026 23:10", "2026-11-02T23:10"),
        ("2026-11-02 23:10", "2026-11-02T23:10"),
        ("2026-11-02T23:10", "2026-11-02T23:10"),
        ("1 Jul 2026 0910", "2026-07-01T08:10"),
        ("25/10/2026 0130 BST", "2026-10-25T00:30"),
        ("25/10/2026 01:30 gmt", "2026-10-25T01:30"),
        ("2026-11-02T23:10Z", "2026-11-02T23:10"),
        ("now", "2026-11-03T14:30"),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, instant: str) -> None:
    when = read_when(text, NOW)
    assert when is not None
    assert when.at == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert when.precision == "minute"


@pytest.mark.parametrize(
    ("text", "day"),
    [("today", (2026, 11, 3)), ("yesterday", (2026, 11, 2)), ("3/11", (2026, 11, 3)), ("Sun", (2026, 11, 1))],
)
def test_a_day_without_a_time_stays_a_day(text: str, day: tuple[int, int, int]) -> None:
    when = read_when(text, NOW)
    assert when is not None
    assert (when.at, when.on, when.precision) == (None, date(*day), "day")


def test_about_makes_it_an_estimate_and_seconds_make_it_exact() -> None:
    about, exact = read_when("about 0910", NOW), read_when("09:10:05", NOW)
    assert about is not None
    assert exact is not None
    assert (about.precision, exact.precision) == ("estimated", "second")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("25/10/2026 01:30", "happened twice"),
        ("29/3/2026 01:30", "did not exist"),
        ("25/10/2026 03:30 BST", "was not BST"),
        ("2310", "23:10 today has not happened yet. If you mean yesterday, write yesterday 2310."),
        ("tomorrow 0910", "has not happened yet"),
        ("tomorrow", "has not come yet"),
        ("31/2/2026 0910", "There is no day 31/2/2026"),
        ("11/13/2026 0910", "Write the day before the month"),
        ("2560", "There is no time"),
        ("24:00", "midnight"),
        ("soon", "can be read"),
        ("9", "can be read"),
        ("13pm", "There is no time"),
        ("2 Nov 2010", "may be a year or a time"),
        ("0910 0920", "can be read"),
    ],
)
def test_what_cannot_be_taken_is_said_in_words(text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said.replace("?", r"\?")):
        read_when(text, NOW)


def test_both_readings_of_an_hour_that_exists_twice_are_given_to_who_can_decide() -> None:
    when = read_when("25/10/2026 01:30", NOW, both=True)
    assert when is not None
    assert when.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert when.alternative == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_meeting_may_lie_ahead_and_then_weekdays_and_dates_look_forward() -> None:
    for text, instant in [
        ("fri 0910", "2026-11-06T09:10"),
        ("5 Jan 0910", "2027-01-05T09:10"),
        ("2310", "2026-11-03T23:10"),
    ]:
        when = read_when(text, NOW, future=True)
        assert when is not None
        assert when.at == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_an_empty_box_is_nothing() -> None:
    assert read_when("  ", NOW) is None
    assert read_day("", NOW) is None


def test_a_date_of_birth_of_two_digits_is_in_the_past() -> None:
    assert read_day("3/11/19", NOW) == date(2019, 11, 3)
    assert read_day("3/11/98", NOW) == date(1998, 11, 3)


@given(st.integers(0, 14_000_000).map(lambda minutes: NOW - timedelta(minutes=minutes)))
def test_what_was_read_is_shown_so_that_it_reads_the_same_again(instant: datetime) -> None:
    when = moments.When(at=instant, on=None, precision="minute")
    assert read_when(shown(when), NOW) == when


@given(st.text(max_size=40))
def test_nothing_that_can_be_typed_makes_it_fail(text: str) -> None:
    with suppress(Unreadable):
        read_when(text, NOW)
    with suppress(Unreadable):
        read_day(text, NOW)
