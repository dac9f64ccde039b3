"""Which periods a board may ask for: whole calendar months, quarters and years, in the past or running.

Two windows of free choice that differ by a day would tell of that day. Calendar periods are either apart or nested, and
nested ones are protected together.
"""

from datetime import date, timedelta
from typing import Final

from service.reports.measures.figures import Period

#: Months of the periods a board may ask for.
LENGTHS: Final = (1, 3, 12)


def is_calendar(period: Period) -> bool:
    """Whether a period is a calendar month, a quarter from January, April, July or October, or a year from April."""
    first, after = period.first, period.last + timedelta(days=1)
    months = (after.year - first.year) * 12 + after.month - first.month
    if first.day != 1 or after.day != 1 or months not in LENGTHS:
        return False
    return months == 1 or (first.month in (1, 4, 7, 10) if months == 3 else first.month == 4)


def around(day: date, months: int = 1) -> Period:
    """The calendar period of so many months that a day is in."""
    begins = {1: day.month, 3: day.month - (day.month - 1) % 3, 12: 4}[months]
    year = day.year - (months == 12 and day.month < 4)
    first = date(year, begins, 1)
    end = begins - 1 + months
    return Period(first=first, last=date(year + end // 12, end % 12 + 1, 1) - timedelta(days=1))
