"""The instants that the desk looks ahead to."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

_LONDON: Final = ZoneInfo("Europe/London")
#: When a shift of the triage desk ends; a force that works otherwise changes nothing but what is late by then.
SHIFT_ENDS: Final = (time(7), time(15), time(23))
_MONDAY: Final = time(9)
_WEEK: Final = 7


class Horizons(msgspec.Struct, frozen=True):
    """Now, the end of this shift, and Monday at nine."""

    now: datetime
    shift: datetime
    monday: datetime


def horizons(now: datetime) -> Horizons:
    """The end of this shift, and Monday at nine (the next one, on a Monday after nine)."""
    local = now.astimezone(_LONDON)
    ends = [datetime.combine(local.date() + timedelta(days=n), at, _LONDON) for n in (0, 1) for at in SHIFT_ENDS]
    monday = datetime.combine(local.date() + timedelta(days=-local.weekday() % _WEEK), _MONDAY, _LONDON)
    if monday <= now:
        monday = datetime.combine(monday.date() + timedelta(days=_WEEK), _MONDAY, _LONDON)
    return Horizons(now, next(end for end in ends if end > now), monday)
