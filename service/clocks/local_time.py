"""Instants and local days. Stored in UTC, computed and shown in Europe/London unless a calendar says otherwise."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
ONE_DAY: Final = timedelta(days=1)


def local(instant: datetime) -> datetime:
    """The instant as clocks on the wall in England show it."""
    return instant.astimezone(LONDON)


def local_day(instant: datetime, zone: ZoneInfo = LONDON) -> date:
    """The local day on which the instant falls."""
    return instant.astimezone(zone).date()


@lru_cache(maxsize=8192)
def midnight(day: date, zone: ZoneInfo = LONDON) -> datetime:
    """The instant (UTC) at which the local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo = LONDON) -> datetime:
    """The midnight (UTC) that ends the local day."""
    return midnight(day + ONE_DAY, zone)


def day_ended_by(instant: datetime, zone: ZoneInfo = LONDON) -> date:
    """The local day that a midnight ends; for any other instant, the day it falls on."""
    return (instant - timedelta(microseconds=1)).astimezone(zone).date()
