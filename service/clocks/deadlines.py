"""When something is due, and from when to warn: one standard's duration from one start."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from schema.standards import Duration
from service.clocks.calendar import ReadyCalendar
from service.clocks.local_time import end_of

#: Why a due time cannot be computed, as shown.
DAY_ONLY: Final = "only the day of the start is known, and this is counted in hours"
DAY_OF_SCHOOL: Final = "only the day of the start is known, and school started that day"
NO_START: Final = "it is not known when the police first knew"
RAN_OUT: Final = "the calendar does not reach that far"
NO_HOURS: Final = "the calendar has no working hours for this agency"
SAME_DAY_STOP: Final = "only the day of the end is known, and it is the day it was due"

_DELTAS: dict[int, timedelta] = {}


class Due(msgspec.Struct, frozen=True, gc=False):
    """A due time, or why there is none. ``calendar`` says whether the calendar had a part in it."""

    at: datetime | None
    end_of_day: bool
    why: str | None
    calendar: bool


def due_after(
    duration: Duration, at: datetime, on: date | None, ready: ReadyCalendar, *, area: str, agency: str
) -> Due:
    """When a duration that started ``at`` (or sometime on the day ``on``) is over.

    Elapsed time never slides to a working day. Working days count the start's local day as day 0
    and end with the midnight that ends the last of them.
    """
    unit = duration.unit
    if unit == "elapsed":
        return (
            Due(at + _delta(duration.amount), False, None, False) if on is None else Due(None, False, DAY_ONLY, False)
        )
    if unit == "working_days":
        end = ready.working_days_end(on or ready.day(at), duration.amount)
        return Due(end, True, None if end else RAN_OUT, True)
    if unit == "school_start":
        return _school_start(at, on, ready, area)
    if unit == "months":
        return Due(end_of(_months_later(on or ready.day(at), duration.amount), ready.zone), True, None, False)
    if unit == "same_day":
        return Due(end_of(on or ready.day(at), ready.zone), True, None, False)
    return _working_hours(duration.amount, at, on, ready, agency)


def warn_before(duration: Duration, due: datetime, start: datetime, ready: ReadyCalendar, agency: str) -> datetime:
    """The warning point: that much (working) time before the due time, never before the start.

    Without hours for the agency, working hours are taken as elapsed: the warning is earlier.
    """
    at: datetime | None = None
    if duration.unit == "working_hours":
        hours = ready.hours.get(agency)
        at = None if hours is None else hours.before(due, duration.amount)
    elif duration.unit == "working_days":
        at = ready.working_day_before(due, duration.amount)
    if at is None:
        seconds = duration.amount * 86_400 if duration.unit in ("working_days", "months") else duration.amount
        at = due - _delta(seconds)
    return max(at, start)


def _school_start(at: datetime, on: date | None, ready: ReadyCalendar, area: str) -> Due:
    if on is not None:
        if ready.is_school_day(area, on):
            return Due(None, False, DAY_OF_SCHOOL, True)
        at = end_of(on, ready.zone)
    start = ready.next_school_start(area, at)
    return Due(start, False, None if start else RAN_OUT, True)


def _working_hours(seconds: int, at: datetime, on: date | None, ready: ReadyCalendar, agency: str) -> Due:
    if on is not None:
        return Due(None, False, DAY_ONLY, True)
    hours = ready.hours.get(agency)
    if hours is None:
        return Due(None, False, NO_HOURS, True)
    end = hours.after(at, seconds)
    return Due(end.astimezone(UTC) if end else None, False, None if end else RAN_OUT, True)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _delta(seconds: int) -> timedelta:
    found = _DELTAS.get(seconds)
    if found is None:
        found = _DELTAS[seconds] = timedelta(seconds=seconds)
    return found
