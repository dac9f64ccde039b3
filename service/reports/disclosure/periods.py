"""Which periods a board may ask for: calendar quarters, as known when the week began or as reported when they ended.

Windows of free choice that differ by a day would tell of that day, months and the quarter that they make up would tell
of the month that is hidden in one of them, and a quarter as known at two days of its own would tell of the days
between.
Quarters are apart from each other, and the two states of one are protected together. What is known moves on Mondays
alone, so that nobody sees a single child come or go (decision 0042).
"""

from datetime import date, datetime, timedelta
from typing import Final

from service.clocks.local_time import end_of, local_day, midnight
from service.reports.measures.figures import Period

#: Months of a quarter.
QUARTER: Final = 3
#: A quarter that has run for less than this says too little of itself.
_YOUNG: Final = timedelta(weeks=4)


def is_quarter(period: Period) -> bool:
    """Whether a period is a quarter from January, April, July or October."""
    return period.first.year < date.max.year and period == around(period.first, QUARTER)


def usual_quarter(today: date) -> Period:
    """The quarter that is shown where none is asked for: the present one, or the one before while it is young."""
    quarter = around(today, QUARTER)
    return quarter if today - quarter.first >= _YOUNG else around(quarter.first - timedelta(days=1), QUARTER)


def reported_at(period: Period) -> datetime:
    """When a period had ended: what was known of it then is what was reported."""
    return end_of(period.last)


def released_at(now: datetime) -> datetime:
    """When what boards read was last brought up to date: as this week began."""
    today = local_day(now)
    return midnight(today - timedelta(days=today.weekday()))


def around(day: date, months: int = 1) -> Period:
    """The calendar month, quarter, or year from April (12 months) that a day is in."""
    begins = {1: day.month, QUARTER: day.month - (day.month - 1) % QUARTER, 12: 4}[months]
    year = day.year - (months == 12 and day.month < 4)
    first = date(year, begins, 1)
    end = begins - 1 + months
    return Period(first=first, last=date(year + end // 12, end % 12 + 1, 1) - timedelta(days=1))
