"""Days and hours as people in the partnership live them: local time, working days, school days.

Holidays are computed by rule, so that a demo may end at any instant. This is how invented people
behave; it is not the calendar that judges them, which is data and stands in ``schema/calendars``.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)

OFFICE_OPENS = (8, 45)
OFFICE_CLOSES = (17, 15)
SCHOOL_STARTS = (8, 45)


def from_local(day: date, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    """The UTC instant of a local wall clock; a wall time skipped in March moves on by an hour."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON, fold=fold).astimezone(UTC)


def to_local(at: datetime) -> datetime:
    return at.astimezone(LONDON)


def is_ambiguous(at: datetime) -> bool:
    """Whether the wall clock shows this local time twice (the October change)."""
    local = at.astimezone(LONDON)
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _monday_on_or_after(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """England's regular bank holidays, with substitutes for those that fall on a weekend."""
    sunday = easter(year)
    days = {
        sunday - timedelta(days=2),
        sunday + ONE_DAY,
        _monday_on_or_after(date(year, 5, 1)),
        _monday_on_or_after(date(year, 5, 25)),
        _monday_on_or_after(date(year, 8, 25)),
    }
    fixed = (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26))
    days.update(day for day in fixed if day.weekday() < 5)
    for day in fixed:
        moved = day
        while moved.weekday() >= 5 or (moved != day and moved in days):
            moved += ONE_DAY
        days.add(moved)
    return frozenset(days)


@lru_cache(maxsize=8192)
def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays(day.year)


@lru_cache(maxsize=65536)
def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``, which is day 0; 0 gives ``day`` itself."""
    while count:
        day += ONE_DAY
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """Working days after ``first`` up to and including ``last``; 0 if ``last`` is not later."""
    count = 0
    while first < last:
        first += ONE_DAY
        count += is_working_day(first)
    return count


@lru_cache(maxsize=64)
def _school_holidays(year: int) -> tuple[tuple[date, date], ...]:
    sunday = easter(year)
    february = _monday_on_or_after(date(year, 2, 14))
    may = _monday_on_or_after(date(year, 5, 25))
    october = _monday_on_or_after(date(year, 10, 25))
    return (
        (date(year, 1, 1), date(year, 1, 4)),
        (february, february + timedelta(days=4)),
        (sunday - timedelta(days=6), sunday + timedelta(days=7)),
        (may, may + timedelta(days=4)),
        (date(year, 7, 23), date(year, 9, 1)),
        (october, october + timedelta(days=4)),
        (date(year, 12, 21), date(year, 12, 31)),
    )


@lru_cache(maxsize=8192)
def is_school_day(day: date) -> bool:
    """Whether schools in the three areas are open, by the usual shape of a school year."""
    return is_working_day(day) and not any(first <= day <= last for first, last in _school_holidays(day.year))


def next_school_start(at: datetime) -> datetime:
    """The first start of a school day after ``at``."""
    day = to_local(at).date()
    while not is_school_day(day) or from_local(day, *SCHOOL_STARTS) <= at:
        day += ONE_DAY
    return from_local(day, *SCHOOL_STARTS)


def into_office_hours(at: datetime) -> datetime:
    """``at`` itself within office hours, else the next opening."""
    local = to_local(at)
    day, clock = local.date(), (local.hour, local.minute)
    if is_working_day(day):
        if clock < OFFICE_OPENS:
            return from_local(day, *OFFICE_OPENS)
        if clock < OFFICE_CLOSES:
            return at
    return from_local(add_working_days(day, 1), *OFFICE_OPENS)


def office_minutes_later(at: datetime, minutes: float) -> datetime:
    """``minutes`` of office time after ``at``, to the whole minute."""
    at = into_office_hours(at)
    left = timedelta(minutes=round(minutes))
    while True:
        closes = from_local(to_local(at).date(), *OFFICE_CLOSES)
        if at + left < closes:
            return at + left
        left -= closes - at
        at = into_office_hours(closes)
