"""Which period a job is in. A period has a name, so that a wall clock that jumps cannot run it twice or never.

Nights and days are London's; minutes and hours are UTC's, which has no summer time.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

_LONDON: Final = ZoneInfo("Europe/London")


def minute(now: datetime) -> str:
    """The minute, in UTC."""
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def hour(now: datetime) -> str:
    """The hour, in UTC."""
    return f"{now.astimezone(UTC):%Y-%m-%dT%HZ}"


def day_from(begins: time) -> Callable[[datetime], str | None]:
    """The London day, once its clock has reached ``begins``; before that None: nothing is due.

    A night without any worker is caught up by the first worker of that day. ``begins`` must not lie
    between 01:00 and 02:00, which some days have twice and others not at all.
    """
    if time(1) <= begins < time(2):
        raise ValueError("between 01:00 and 02:00 local times are missing or come twice")

    def period(now: datetime) -> str | None:
        local = now.astimezone(_LONDON)
        return local.date().isoformat() if local.time() >= begins else None

    return period
