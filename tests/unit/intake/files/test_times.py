"""Local times become instants exactly as the zone's own rules have it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.intake.files.parse.times import Moment, TimeReader, Wrong, in_order, settle

LONDON = TimeReader("Europe/London", ["dd/mm/yyyy"])
NEVER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut"])
@given(minutes=st.integers(0, 60 * 24 * 365 * 6))
def test_every_instant_is_among_the_readings_of_its_local_time(zone: str, minutes: int) -> None:
    instant = datetime(2022, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    local = instant.astimezone(ZoneInfo(zone))
    read = TimeReader(zone, ["dd/mm/yyyy"]).moment(f"{local:%d/%m/%Y %H:%M}")
    assert isinstance(read, Moment)
    assert instant in (read.at, read.other)
    assert read.on == local.date()


@pytest.mark.parametrize(
    ("zone", "text", "readings"),
    [
        ("Europe/London", "25/10/2026 00:59", 1),
        ("Europe/London", "25/10/2026 01:00", 2),
        ("Europe/London", "25/10/2026 01:59:59", 2),
        ("Europe/London", "25/10/2026 02:00", 1),
        ("Europe/London", "29/03/2026 00:59", 1),
        ("Europe/London", "29/03/2026 01:00", 0),
        ("Europe/London", "29/03/2026 01:59", 0),
        ("Europe/London", "29/03/2026 02:00", 1),
        ("America/Havana", "01/11/2026 00:30", 2),
        ("America/Havana", "08/03/2026 00:00", 0),
        ("Asia/Beirut", "24/10/2026 23:30", 2),
    ],
)
def test_the_hours_around_a_clock_change(zone: str, text: str, readings: int) -> None:
    read = TimeReader(zone, ["dd/mm/yyyy"]).moment(text)
    found = 0 if isinstance(read, Wrong) else 1 if read.other is None else 2
    assert found == readings


@pytest.mark.parametrize("text", ["1/2/2026", "01/02/2026", "2026-02-01"])
def test_days_may_lack_their_leading_noughts_and_iso_is_always_understood(text: str) -> None:
    assert LONDON.day(text) == date(2026, 2, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-01T10:00Z",
        "2026-02-01 10:00:00",
        "01/02/2026, 10:00",
        "01/02/2026T10:00",
        "2026-02-01T10:00:00.1234567",
    ],
)
def test_one_instant_in_the_ways_systems_write_it(text: str) -> None:
    read = LONDON.moment(text)
    assert isinstance(read, Moment)
    assert read.at == datetime(2026, 2, 1, 10, tzinfo=UTC)


def moment(text: str) -> Moment:
    read = LONDON.moment(text)
    assert isinstance(read, Moment)
    return read


def test_a_day_between_two_exact_times_hides_no_disorder() -> None:
    assert not in_order([moment("01/02/2026 10:00"), moment("01/02/2026"), moment("01/02/2026 09:00")])
    assert in_order([moment("01/02/2026 10:00"), None, moment("01/02/2026"), moment("01/02/2026 10:00")])


def test_what_cannot_be_decided_comes_back_with_both_readings() -> None:
    given_moments = (moment("25/10/2026 01:30"), moment("25/10/2026 01:40"))
    assert settle(given_moments, NEVER) == (given_moments, "undecided")
    assert settle(given_moments[::-1], NEVER)[1] == "ordered"


@given(st.text(max_size=25), st.text(max_size=8))
def test_any_text_is_a_moment_or_a_sentence(text: str, clock: str) -> None:
    read = LONDON.moment(text, clock)
    assert isinstance(read, Moment) or read.message.endswith(".") or "Write" in read.message
