"""Calendars: bank holidays, school terms and working hours, as numbered versions.

One ``Calendar`` is one complete version. Its number stands on every clock it was used for, so that
a due time can always be worked out again. A new bank holiday is a new version, never an edit.
"""

import re
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec

_SHIPPED: Final = Path(__file__).parent / "calendars"
_TIME: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: Final[tuple[Weekday, ...]] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


class CalendarError(ValueError):
    """A calendar that cannot be used; the message lists everything wrong with it."""


class Holiday(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day on which nobody is expected to work."""

    on: date
    name: str


class WorkingDays(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which days are working days. Outside ``covers_from``..``covers_until`` nothing is known."""

    covers_from: date
    covers_until: date
    weekdays: tuple[Weekday, ...]
    holidays: tuple[Holiday, ...]
    source: str


class Days(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run of days, both included."""

    first: date
    last: date


class SchoolTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days on which an area's schools open, and when in the morning."""

    area: str
    starts_at: str
    terms: tuple[Days, ...]
    source: str
    confirmed_locally: bool = False


class WorkingHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When an agency works: windows such as ``["09:00", "17:00"]`` per weekday; "24:00" is midnight."""

    agency: str
    windows: dict[Weekday, tuple[tuple[str, str], ...]]
    on_holidays: bool = False
    confirmed_locally: bool = False


class Calendar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One complete version of every calendar, computed in ``zone``."""

    number: int
    recorded_at: datetime
    zone: str
    working_days: WorkingDays
    schools: tuple[SchoolTerms, ...] = ()
    hours: tuple[WorkingHours, ...] = ()


def minute_of_day(text: str) -> int:
    """Minutes since midnight of "HH:MM"; "24:00" is 1,440. ``ValueError`` for anything else."""
    found = _TIME.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2]) if found else 1_441
    if minutes > 1_440:
        raise ValueError(f"{text!r} is not a time of day between 00:00 and 24:00")
    return minutes


def problems_of(calendar: Calendar) -> list[str]:
    """Everything wrong with a calendar, in words an administrator can act on."""
    found = []
    try:
        ZoneInfo(calendar.zone)
    except (KeyError, ValueError, OSError):
        found.append(f"zone: {calendar.zone!r} is not a time zone")
    if calendar.recorded_at.tzinfo is None:
        found.append("recorded_at needs a time zone")
    days = calendar.working_days
    if not days.weekdays:
        found.append("working_days: no weekday is a working day, so nothing could ever be due")
    if days.covers_until <= days.covers_from:
        found.append("working_days: covers_until is not after covers_from")
    elif (days.covers_until - days.covers_from).days > 40_000:
        found.append("working_days: covers more than a century")
    found += [
        f"working_days: {holiday.on} ({holiday.name}) lies outside the days covered"
        for holiday in days.holidays
        if not days.covers_from <= holiday.on <= days.covers_until
    ]
    for terms in calendar.schools:
        found += _term_problems(terms)
    for hours in calendar.hours:
        found += _hours_problems(hours)
    return found


def checked(calendar: Calendar) -> Calendar:
    """The calendar itself, or ``CalendarError`` with every problem at once."""
    found = problems_of(calendar)
    if found:
        raise CalendarError(f"calendar {calendar.number}: " + "; ".join(found))
    return calendar


def decode_calendar(body: bytes | str) -> Calendar:
    """A calendar from its stored JSON, strictly: unknown or wrongly typed fields are refused."""
    try:
        return checked(msgspec.json.decode(body, type=Calendar))
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise CalendarError(f"this calendar cannot be read: {error}") from error


def encode_calendar(calendar: Calendar) -> bytes:
    """The JSON body that ``decode_calendar`` reads."""
    return msgspec.json.encode(calendar)


def load_shipped() -> Calendar:
    """The calendar that ships with the product, put together from its files, as version 1."""
    parts: dict[str, Any] = {"schools": [], "hours": []}
    for path in sorted(_SHIPPED.glob("*.toml")):
        table = msgspec.toml.decode(path.read_bytes())
        for name in ("schools", "hours"):
            parts[name] += table.pop(name, [])
        parts.update(table)
    return checked(msgspec.convert(parts, Calendar))


def _term_problems(terms: SchoolTerms) -> list[str]:
    where = f"schools of {terms.area}"
    found = [] if terms.terms else [f"{where}: no term, so no school day could ever be found"]
    try:
        minute_of_day(terms.starts_at)
    except ValueError as error:
        found.append(f"{where}: {error}")
    ordered = sorted(terms.terms, key=lambda days: days.first)
    found += [f"{where}: a term ends {days.last} before it starts" for days in ordered if days.last < days.first]
    found += [
        f"{where}: terms overlap on {after.first}" for before, after in pairwise(ordered) if after.first <= before.last
    ]
    return found


def _hours_problems(hours: WorkingHours) -> list[str]:
    where = f"hours of {hours.agency}"
    found = []
    if not any(hours.windows.values()):
        found.append(f"{where}: empty, so working time would never pass")
    for weekday, windows in hours.windows.items():
        try:
            spans = sorted((minute_of_day(opens), minute_of_day(closes)) for opens, closes in windows)
        except ValueError as error:
            found.append(f"{where}, {weekday}: {error}")
            continue
        found += [f"{where}, {weekday}: a window closes before it opens" for opens, closes in spans if closes <= opens]
        if any(after[0] < before[1] for before, after in pairwise(spans)):
            found.append(f"{where}, {weekday}: windows overlap")
    return found
