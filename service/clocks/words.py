"""Durations and instants in words: one way of saying them everywhere.

Nothing is rounded: 23 hours 59 minutes is never "1 day", and lateness is never said as less than
it is. A day here is 24 elapsed hours. Times are those of England's clocks.
"""

from datetime import date, datetime, timedelta
from typing import Final

from service.clocks.local_time import day_ended_by, local

_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def elapsed_words(duration: timedelta, parts: int | None = None) -> str:
    """ "2 days 4 hours 48 minutes"; with ``parts=2`` "over 2 days 4 hours" where more was left out.

    The sign is dropped: whether it is late or left is said beside it. Less than a second is
    "less than a second"; none at all is "no time".
    """
    total = abs(duration)
    left = total // timedelta(seconds=1)
    said: list[str] = []
    for name, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            said.append(counted(count, name))
    if not said:
        return "less than a second" if total else "no time"
    if parts is not None and len(said) > parts:
        return "over " + " ".join(said[:parts])
    return " ".join(said)


def counted(count: int, name: str) -> str:
    """ "1 day", "2 days"."""
    return f"{count:,} {name}" if count == 1 else f"{count:,} {name}s"


def say_day(day: date, now: datetime) -> str:
    """ "Tue 3 Nov", with the year where it is not the present one."""
    said = f"{day:%a} {day.day} {day:%b}"
    return said if day.year == local(now).year else f"{said} {day.year}"


def say_time(instant: datetime) -> str:
    """ "09:12"; seconds where there are any; which of the two where the clocks went back."""
    at = local(instant)
    said = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    twice = local(instant + timedelta(hours=1)).replace(tzinfo=None) == at.replace(tzinfo=None)
    again = local(instant - timedelta(hours=1)).replace(tzinfo=None) == at.replace(tzinfo=None)
    return f"{said} {at.tzname()}" if twice or again else said


def say_instant(instant: datetime, now: datetime) -> str:
    """ "Tue 3 Nov 09:12", with the year where it is not the present one."""
    return f"{say_day(local(instant).date(), now)} {say_time(instant)}"


def say_due(due: datetime, now: datetime, *, end_of_day: bool) -> str:
    """ "Wed 4 Nov 09:12", or "the end of Wed 4 Nov" for a due time that is the end of a day."""
    if end_of_day:
        return f"the end of {say_day(day_ended_by(due), now)}"
    return say_instant(due, now)
