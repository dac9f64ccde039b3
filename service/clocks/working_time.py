"""Working time: adding it, taking it away, and measuring it, window by window.

Windows are local; each is turned into instants of its own day, so that a night on which clocks
change is as long as it really was. Nothing here loops beyond the days a calendar covers.
"""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from schema.calendars import WEEKDAYS, WorkingHours, minute_of_day
from service.clocks.local_time import ONE_DAY, midnight

if TYPE_CHECKING:
    from service.clocks.calendar import ReadyCalendar

_ZERO: Final = timedelta()


class OpenHours:
    """One agency's windows on one calendar."""

    def __init__(self, hours: WorkingHours, calendar: "ReadyCalendar") -> None:
        self.agency = hours.agency
        self._calendar = calendar
        self._on_holidays = hours.on_holidays
        self._by_weekday = [
            sorted((minute_of_day(opens), minute_of_day(closes)) for opens, closes in hours.windows.get(weekday, ()))
            for weekday in WEEKDAYS
        ]
        self._days: dict[date, list[tuple[datetime, datetime]]] = {}
        self._before: dict[tuple[datetime, int], datetime | None] = {}

    def windows(self, day: date) -> list[tuple[datetime, datetime]]:
        """The windows (UTC) of a local day, in order; none on a holiday unless the agency works then."""
        found = self._days.get(day)
        if found is None:
            if day in self._calendar.holidays and not self._on_holidays:
                found = []
            else:
                spans = ((self._at(day, a), self._at(day, b, 1)) for a, b in self._by_weekday[day.weekday()])
                found = [(a, b) for a, b in spans if a < b]
            self._days[day] = found
        return found

    def after(self, start: datetime, seconds: int) -> datetime | None:
        """The instant at which that much working time has passed since ``start``."""
        left = timedelta(seconds=seconds)
        day = self._calendar.day(start)
        while self._covers(day):
            for opens, closes in self.windows(day):
                begins = max(opens, start)
                if closes <= begins:
                    continue
                if closes - begins >= left:
                    return begins + left
                left -= closes - begins
            day += ONE_DAY
        return None

    def before(self, end: datetime, seconds: int) -> datetime | None:
        """The instant from which that much working time is left until ``end``."""
        key = (end, seconds)
        if key not in self._before:
            if len(self._before) > 20_000:
                self._before.clear()
            self._before[key] = self._back(end, timedelta(seconds=seconds))
        return self._before[key]

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from ``start`` to ``end``; ``ValueError`` where the calendar does not reach."""
        day, last = self._calendar.day(start), self._calendar.day(end)
        if not (self._covers(day) and self._covers(last)):
            raise ValueError(f"the calendar does not cover {day} to {last}")
        total = _ZERO
        while day <= last:
            for opens, closes in self.windows(day):
                total += max(min(closes, end) - max(opens, start), _ZERO)
            day += ONE_DAY
        return total

    def _back(self, end: datetime, left: timedelta) -> datetime | None:
        day = self._calendar.day(end)
        while self._covers(day):
            for opens, closes in reversed(self.windows(day)):
                ends = min(closes, end)
                if ends <= opens:
                    continue
                if ends - opens >= left:
                    return ends - left
                left -= ends - opens
            day -= ONE_DAY
        return None

    def _covers(self, day: date) -> bool:
        return self._calendar.first <= day.toordinal() <= self._calendar.last

    def _at(self, day: date, minute: int, fold: int = 0) -> datetime:
        zone = self._calendar.zone
        if minute == 1_440:
            return midnight(day + ONE_DAY, zone)
        return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone, fold=fold).astimezone(UTC)


def working_time_between(calendar: "ReadyCalendar", start: datetime, end: datetime, agency: str) -> timedelta:
    """How much of the time between two instants the agency works; the rest is outside its hours.

    Raises:
        ValueError: the calendar has no hours for the agency, or does not reach that far.
    """
    hours = calendar.hours.get(agency)
    if hours is None:
        raise ValueError(f"the calendar has no working hours for {agency}")
    return hours.between(start, end) if end > start else _ZERO
