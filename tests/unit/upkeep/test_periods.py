"""Periods have names, so that a wall clock that jumps runs nothing twice and skips nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from service.upkeep.rules import day_from, hour, minute

#: The nights of the two clock changes of 2026, in UTC, a minute at a time.
SPRING = datetime(2026, 3, 28, 22, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 24, 22, tzinfo=UTC)


def minutes(start: datetime, hours: int) -> Iterator[datetime]:
    return (start + timedelta(minutes=number) for number in range(hours * 60))


@pytest.mark.parametrize("start", [SPRING, AUTUMN])
def test_every_minute_and_hour_of_a_night_with_a_clock_change_has_a_name_of_its_own(start: datetime) -> None:
    assert len({minute(now) for now in minutes(start, 10)}) == 600
    assert len({hour(now) for now in minutes(start, 10)}) == 10


@pytest.mark.parametrize("start", [SPRING, AUTUMN])
@pytest.mark.parametrize("begins", [time(0, 30), time(2), time(3)])
def test_a_nightly_job_is_due_once_on_a_night_with_a_clock_change(start: datetime, begins: time) -> None:
    period = day_from(begins)
    names = [name for now in minutes(start, 25) if (name := period(now)) is not None]
    changed = sorted(set(names))
    assert changed == [(start + timedelta(days=day)).date().isoformat() for day in (0, 1)]
    assert names == sorted(names)


def test_nothing_is_due_before_its_time_in_london() -> None:
    period = day_from(time(3))
    assert period(datetime(2026, 7, 1, 1, 59, tzinfo=UTC)) is None
    assert period(datetime(2026, 7, 1, 2, 0, tzinfo=UTC)) == "2026-07-01"
    assert period(datetime(2026, 12, 1, 2, 59, tzinfo=UTC)) is None


def test_a_time_that_some_days_have_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        day_from(time(1, 30))
