"""Boxes for a date and a time: what people type, read in Europe/London, never guessed.

Taken: ``2310``, ``23:10``, ``9.05pm``, ``now``, ``today``, ``yesterday 2310``, ``mon 0910``, ``3/11 23:10``,
``3/11/2026 23:10``, ``3 Nov 2026``, ``2026-11-03 23:10``, in either order, and ``about 2310``.
A day without a time is day-precise. In the hour that exists twice one may add ``BST`` or ``GMT``.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import msgspec

from schema.vocabulary import Precision
from service.web import times

#: How far a person's watch may be ahead of ours.
TOLERANCE: Final = timedelta(minutes=5)
_NEAR_YEARS: Final = 5
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OFFSETS: Final = {"bst": timedelta(hours=1), "gmt": timedelta(0), "utc": timedelta(0), "z": timedelta(0)}
_ABOUT: Final = re.compile(r"^(?:about|approx\.?|approximately|around|circa|c\.|~)\s*", re.IGNORECASE)
_ZONE: Final = re.compile(r"(?:(?<=\d)|\b)(bst|gmt|utc|z)\b", re.IGNORECASE)
_ISO: Final = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})(?=$|[\sT])", re.IGNORECASE)
_NUMERIC: Final = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b(?![:.]\d)|\b(\d{1,2})/(\d{1,2})\b")
_WORDED: Final = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?:\s+(\d{4})\b)?", re.I
)
_NAMED: Final = re.compile(r"\b(today|yesterday|tomorrow|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\b,?", re.IGNORECASE)
_CLOCK: Final = re.compile(r"^(?:at\s+)?T?(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*(am|pm)?(?:\s*hrs?)?$", re.IGNORECASE)
_DIGITS: Final = re.compile(r"^(?:at\s+)?(\d{2})(\d{2})(?:\s*(?:hrs?|h))?$", re.IGNORECASE)
_HOUR: Final = re.compile(r"^(?:at\s+)?(\d{1,2})\s*(am|pm)$", re.IGNORECASE)
HELP: Final = "For example 23:10, yesterday 2310, or 3/11/2026 23:10"


class Unreadable(Exception):
    """It cannot be taken; the message is a sentence for the person who typed it."""


class When(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed: an instant, or a day. ``alternative`` is the second of an hour that exists twice."""

    at: datetime | None
    on: date | None
    precision: Precision
    alternative: datetime | None = None


def read_when(text: str, now: datetime, *, future: bool = False, both: bool = False) -> When | None:
    """Read a box; None when it is empty.

    Args:
        text: what was typed.
        now: the present instant; names such as "today" count from it.
        future: whether it may lie ahead (a meeting that is planned).
        both: give both readings of a time that exists twice, for a caller who can decide between them.

    Raises:
        Unreadable: with what is wrong and how to write it.
    """
    rest = " ".join(text.split())
    if not rest:
        return None
    if rest.lower() == "now":
        return When(at=now.astimezone(UTC).replace(second=0, microsecond=0), on=None, precision="minute")
    about = bool(_ABOUT.match(rest))
    rest = _ABOUT.sub("", rest)
    zone = _ZONE.search(rest)
    if zone:
        rest = (rest[: zone.start()] + rest[zone.end() :]).strip()
    day, rest = _day(rest, now, future=future)
    if not rest and day is not None:
        if day > times.today(now) and not future:
            raise Unreadable(f"{times.day(day)} has not come yet.")
        return When(at=None, on=day, precision="day")
    clock = _time(rest)
    if clock is None:
        raise Unreadable(f"This is not a date and time that can be read. {HELP}.")
    local = datetime.combine(day or times.today(now), clock)
    first, second = _instants(local, zone[1].lower() if zone else None, both=both)
    if first - now > TOLERANCE and not future:
        named = f"{local:%H:%M} on {times.day(local.date())}" if day else f"{local:%H:%M} today"
        hint = "" if day else f" If you mean yesterday, write yesterday {local:%H%M}."
        raise Unreadable(f"{named} has not happened yet.{hint}")
    precision: Precision = "estimated" if about else "second" if clock.second else "minute"
    return When(at=first, on=None, precision=precision, alternative=second)


def read_day(text: str, now: datetime, *, future: bool = False) -> date | None:
    """Read a box for a day, such as a date of birth; None when it is empty.

    Raises:
        Unreadable: with what is wrong and how to write it.
    """
    rest = " ".join(text.split())
    if not rest:
        return None
    day, rest = _day(rest, now, future=future)
    if day is None or rest:
        raise Unreadable("This is not a date that can be read. For example 3/11/2026 or 3 Nov 2026.")
    if day > times.today(now) and not future:
        raise Unreadable(f"{times.day(day)} has not come yet.")
    return day


def shown(when: When) -> str:
    """What a box shows for something that was read, so that it can be typed again."""
    if when.at is None:
        return f"{when.on:%d/%m/%Y}" if when.on else ""
    local = times.local(when.at)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    text = f"{local:%d/%m/%Y %H:%M}" + (f":{local:%S}" if when.precision == "second" else "")
    text += f" {local.tzname()}" if twice else ""
    return f"about {text}" if when.precision == "estimated" else text


def _day(text: str, now: datetime, *, future: bool) -> tuple[date | None, str]:
    """The day in a text, and the text without it."""
    today = times.today(now)
    if found := _ISO.search(text):
        return _date(int(found[1]), int(found[2]), int(found[3])), _without(text, found)
    if found := _WORDED.search(text):
        return _worded(found, text, today, future=future)
    if found := _NUMERIC.search(text):
        if found[3]:
            year = int(found[3]) + (_century(int(found[3]), today) if len(found[3]) == 2 else 0)
            return _date(year, int(found[2]), int(found[1])), _without(text, found)
        return _near(int(found[5]), int(found[4]), today, future), _without(text, found)
    if found := _NAMED.search(text):
        word = found[1].lower()
        steps = {"today": 0, "yesterday": -1, "tomorrow": 1}.get(word)
        if steps is None:
            behind = (today.weekday() - _WEEKDAYS.index(word[:3])) % 7
            steps = -behind if not future or behind == 0 else 7 - behind
        return today + timedelta(days=steps), _without(text, found)
    return None, text


def _worded(found: re.Match[str], text: str, today: date, *, future: bool) -> tuple[date, str]:
    """``2 Nov 2026`` and ``2 Nov 2310``: four digits after a month are a year near this one, or a time."""
    month, number, digits = _MONTHS.index(found[2].lower()) + 1, int(found[1]), found[3]
    rest = _without(text, found)
    if digits and (abs(int(digits) - today.year) <= _NEAR_YEARS or rest):
        return _date(int(digits), month, number), rest
    if digits and digits[:2] in {"19", "20"}:
        raise Unreadable(
            f"{digits} may be a year or a time. Write {digits[:2]}:{digits[2:]} or {number}/{month}/{digits}."
        )
    return _near(month, number, today, future), digits or rest


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}".strip(" ,")


def _century(short: int, today: date) -> int:
    """A year of two digits is the latest such year that is not more than a year ahead."""
    return 2000 if 2000 + short <= today.year + 1 else 1900


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(f"There is no day {day}/{month}/{year}. Write the day before the month.") from None


def _near(month: int, day: int, today: date, future: bool) -> date:
    """A date without a year: the latest that has come, or with ``future`` the next."""
    this = _date(today.year if (month, day) != (2, 29) else today.year - today.year % 4, month, day)
    if this > today and not future:
        return _date(this.year - (4 if (month, day) == (2, 29) else 1), month, day)
    if this < today and future:
        return _date(this.year + (4 if (month, day) == (2, 29) else 1), month, day)
    return this


def _time(text: str) -> time | None:
    half: str | None = None
    if found := _CLOCK.match(text):
        hour, minute, second, half = int(found[1]), int(found[2]), int(found[3] or 0), found[4]
    elif found := _DIGITS.match(text):
        hour, minute, second = int(found[1]), int(found[2]), 0
    elif found := _HOUR.match(text):
        hour, minute, second, half = int(found[1]), 0, 0, found[2]
    else:
        return None
    if half:
        if not 1 <= hour <= 12:
            raise Unreadable(f"There is no time {text}.")
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    if hour == 24 and minute == 0:
        raise Unreadable("Write midnight as 00:00 of the day that begins.")
    if hour > 23 or minute > 59 or second > 59:
        raise Unreadable(f"There is no time {text}. Hours go to 23 and minutes to 59.")
    return time(hour, minute, second)


def _instants(local: datetime, zone: str | None, *, both: bool) -> tuple[datetime, datetime | None]:
    """The instants that a local time can mean."""
    first = local.replace(tzinfo=times.LONDON, fold=0)
    second = local.replace(tzinfo=times.LONDON, fold=1)
    there = [
        each for each in (first, second) if each.astimezone(UTC).astimezone(times.LONDON).replace(tzinfo=None) == local
    ]
    named = f"{local:%H:%M} on {times.day(local.date())}"
    if zone:
        instant = (local - _OFFSETS[zone]).replace(tzinfo=UTC)
        if zone in {"bst", "gmt"} and instant not in {each.astimezone(UTC) for each in there}:
            raise Unreadable(f"{named} was not {zone.upper()}.")
        return instant, None
    if not there:
        raise Unreadable(f"{named} did not exist: the clocks went from 01:00 to 02:00.")
    if first.utcoffset() != second.utcoffset():
        if both:
            return first.astimezone(UTC), second.astimezone(UTC)
        raise Unreadable(
            f"{named} happened twice, because the clocks went back."
            f" Write {local:%H:%M} BST for the first time or {local:%H:%M} GMT for the second."
        )
    return first.astimezone(UTC), None
