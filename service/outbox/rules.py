"""When work that failed is tried again, and when it is given up."""

from datetime import datetime, timedelta
from typing import Final

#: How long a claim holds without a sign of life; a killed worker's work is free again after this.
LEASE: Final = timedelta(seconds=15)
ATTEMPTS: Final = 10
_FIRST: Final = timedelta(seconds=5)
_LONGEST: Final = timedelta(hours=1)


def try_again_at(attempts: int, now: datetime, *, limit: int = ATTEMPTS) -> datetime | None:
    """When to try again after ``attempts`` have failed: twice as late each time; None when it is given up."""
    if attempts >= limit:
        return None
    return now + min(_FIRST * (1 << (attempts - 1)), _LONGEST)
