"""A calendar made ready for thousands of questions: working days, school starts, bank holidays."""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from schema.calendars import WEEKDAYS, Calendar, SchoolTerms, minute_of_day
from service.clocks.local_time import midnight
from service.clocks.working_time import OpenHours

#: How far ahead a calendar must reach before ``calendar_problems`` raises an alarm.
LOOK_AHEAD: Final = timedelta(days=365)


class ReadyCalendar:
    """One version, indexed. Questions outside what it covers are answered None, never guessed."""

    def __init__(self, calendar: Calendar) -> None:
        days = calendar.working_days
        self.version = calendar
        self.number = calendar.number
        self.recorded_at = calendar.recorded_at
        self.zone = ZoneInfo(calendar.zone)
        self.holidays = {holiday.on: holiday.name for holiday in days.holidays}
        self.first = days.covers_from.toordinal()
        self.last = days.covers_until.toordinal()
        weekdays = {WEEKDAYS.index(weekday) for weekday in days.weekdays}
        closed = {day.toordinal() for day in self.holidays}
        self._working: list[int] = []
        self._up_to: list[int] = []
        for ordinal in range(self.first, self.last + 1):
            if (ordinal + 6) % 7 in weekdays and ordinal not in closed:
                self._working.append(ordinal)
            self._up_to.append(len(self._working))
        self._schools = {terms.area: self._school_starts(terms) for terms in calendar.schools}
        self.hours = {hours.agency: OpenHours(hours, self) for hours in calendar.hours}
        self._ends: dict[tuple[int, int], datetime | None] = {}
        self._weekday_starts: list[datetime] | None = None

    def day(self, instant: datetime) -> date:
        """The local day of an instant, in the calendar's zone."""
        return instant.astimezone(self.zone).date()

    def is_working_day(self, day: date) -> bool | None:
        """Whether it is a working day; None where the calendar does not reach."""
        place = day.toordinal() - self.first
        if not 0 <= place < len(self._up_to):
            return None
        before = self._up_to[place - 1] if place else 0
        return self._up_to[place] > before

    def working_day_after(self, day: date, count: int) -> date | None:
        """The ``count``-th working day after ``day``, which is day 0 whether it is one or not."""
        place = day.toordinal() - self.first
        if not 0 <= place < len(self._up_to):
            return None
        wanted = self._up_to[place] + count - 1
        return date.fromordinal(self._working[wanted]) if 0 <= wanted < len(self._working) else None

    def working_days_end(self, day: date, count: int) -> datetime | None:
        """The midnight (UTC) that ends the ``count``-th working day after ``day``."""
        key = (day.toordinal(), count)
        try:
            return self._ends[key]
        except KeyError:
            last = self.working_day_after(day, count)
            end = None if last is None else midnight(date.fromordinal(last.toordinal() + 1), self.zone)
            self._ends[key] = end
            return end

    def working_day_before(self, instant: datetime, count: int) -> datetime | None:
        """The beginning of the ``count``-th working day that ends at or before ``instant``."""
        day = (instant - timedelta(microseconds=1)).astimezone(self.zone).date()
        place = day.toordinal() - self.first
        if not 0 <= place < len(self._up_to):
            return None
        wanted = self._up_to[place] - count
        return midnight(date.fromordinal(self._working[wanted]), self.zone) if wanted >= 0 else None

    def has_school(self, area: str) -> bool:
        """Whether the terms of this area are known."""
        return area in self._schools

    def next_school_start(self, area: str, after: datetime) -> datetime | None:
        """The first school start later than ``after``; None where the terms run out.

        An area without terms gets every working day at 08:45, the strictest reading.
        """
        starts = self._schools.get(area)
        if starts is None:
            starts = self._every_weekday()
        if not starts or after < starts[0] - timedelta(days=60):
            return None
        place = bisect_right(starts, after)
        return starts[place] if place < len(starts) else None

    def is_school_day(self, area: str, day: date) -> bool:
        """Whether the area's schools open on that day."""
        begins = midnight(day, self.zone)
        found = self.next_school_start(area, begins)
        return found is not None and self.day(found) == day

    def _school_starts(self, terms: SchoolTerms) -> list[datetime]:
        hour, minute = divmod(minute_of_day(terms.starts_at), 60)
        days = {
            ordinal
            for span in terms.terms
            for ordinal in range(span.first.toordinal(), span.last.toordinal() + 1)
            if self.is_working_day(date.fromordinal(ordinal))
        }
        return [self._at(ordinal, hour, minute) for ordinal in sorted(days)]

    def _every_weekday(self) -> list[datetime]:
        if self._weekday_starts is None:
            self._weekday_starts = [self._at(ordinal, 8, 45) for ordinal in self._working]
        return self._weekday_starts

    def _at(self, ordinal: int, hour: int, minute: int) -> datetime:
        day = date.fromordinal(ordinal)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone).astimezone(UTC)


def calendar_problems(calendar: Calendar, now: datetime) -> list[str]:
    """What will run out within a year of ``now``, in words; an empty list raises no alarm."""
    ready = ReadyCalendar(calendar)
    found = []
    horizon = (now + LOOK_AHEAD).astimezone(ready.zone).date()
    if calendar.working_days.covers_until < horizon:
        found.append(f"Bank holidays are known only until {calendar.working_days.covers_until:%d %b %Y}.")
    listed = {holiday.on.year for holiday in calendar.working_days.holidays}
    missing = [year for year in range(now.year, horizon.year + 1) if year not in listed]
    found += [f"No bank holiday is recorded for {year}." for year in missing]
    for terms in calendar.schools:
        last = max(span.last for span in terms.terms)
        if last < horizon:
            found.append(f"School terms of area {terms.area} are known only until {last:%d %b %Y}.")
    return found
