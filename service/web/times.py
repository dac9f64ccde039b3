"""Instants and lengths as people read them: Europe/London, words first, no invented midnight."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
#: Clocks have been changed before this hour ever since they are.
_SMALL_HOURS: Final = 5
_MIDNIGHT: Final = time()
_NEAR: Final = {0: "today", 1: "tomorrow", -1: "yesterday"}
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local(instant: datetime) -> datetime:
    """The instant as clocks on British walls show it."""
    return instant.astimezone(LONDON)


@lru_cache(maxsize=8)
def today(now: datetime) -> date:
    """The local day of an instant; a page asks for that of its own hundreds of times."""
    return local(now).date()


def clock_time(instant: datetime) -> str:
    """``09:12``; in the hour that exists twice ``01:30 (before the clocks go back)``."""
    return _clock_time(local(instant))


def _clock_time(there: datetime) -> str:
    text = f"{there.hour:02}:{there.minute:02}"
    # The two readings of a local time differ only in the hour that exists twice and the one that does not: both are
    # in the small hours, and every list has many times of the day.
    if there.hour < _SMALL_HOURS and there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset():
        text += " (after the clocks went back)" if there.fold else " (before the clocks went back)"
    return text


def day(value: date, now: datetime | None = None) -> str:
    """``Tue 3 Nov``, with the year where it is not this year's; ``today`` and ``yesterday`` by name."""
    here = None if now is None else today(now)
    if here is not None and (near := _NEAR.get((value - here).days)):
        return near
    text = f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}"
    return text if here is not None and value.year == here.year else f"{text} {value.year}"


def moment(instant: datetime | date | None, now: datetime | None = None) -> str:
    """``Tue 3 Nov 09:12``; a day without a time stays a day; ``not recorded`` for None."""
    if instant is None:
        return "not recorded"
    if not isinstance(instant, datetime):
        return day(instant, now)
    there = local(instant)
    return f"{day(there.date(), now)} {_clock_time(there)}"


def boundary(instant: datetime, now: datetime | None = None) -> str:
    """An instant at which something began, ended or was due; one that ends a day is said so, not as 00:00.

    What is known by its day alone begins or ends with that day: nobody should read a time into it.
    """
    there = local(instant)
    if there.time() == _MIDNIGHT:
        return f"the end of {day(there.date() - timedelta(days=1), now)}"
    return moment(instant, now)


def sent_before(received: datetime | None, on: date | None, now: datetime) -> str:
    """`` Sent before Tue 3 Nov 09:12; when is not recorded.``, of a notice of which the receipt alone is known."""
    if received is None:
        return ""
    return (
        f" Sent {f'by the end of {day(on, now)}' if on else f'before {moment(received, now)}'}; when is not recorded."
    )


def length(elapsed: timedelta) -> str:
    """``2 days 4 hours``, ``4 hours 10 minutes``, ``12 minutes``: the two largest parts that count."""
    minutes = max(0, int(elapsed.total_seconds())) // 60
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{_days(days)} {_hours(hours)}" if hours else _days(days)
    if hours:
        return f"{_hours(hours)} {_minutes(minutes)}" if minutes else _hours(hours)
    return _minutes(minutes) if minutes else "less than a minute"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _hours(count: int) -> str:
    return "1 hour" if count == 1 else f"{count} hours"


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"


def short_length(elapsed: timedelta) -> str:
    """``2d 4h``, ``4h 10m``, ``12m``: for bars that have little room."""
    seconds = max(0, int(elapsed.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    parts = [(days, "d"), (hours, "h"), (rest // 60, "m")]
    first = next((i for i, (count, _) in enumerate(parts) if count), 2)
    return " ".join(f"{count}{unit}" for count, unit in parts[first : first + 2] if count) or "0m"


def ago(instant: datetime, now: datetime) -> str:
    """``20 seconds ago``, ``3 minutes ago``, ``2 days 4 hours ago``."""
    elapsed = now - instant
    seconds = max(0, int(elapsed.total_seconds()))
    if seconds < 60:
        return "just now" if seconds < 1 else f"{seconds} second{'' if seconds == 1 else 's'} ago"
    return f"{length(elapsed)} ago"


def waited(since: datetime | None, now: datetime) -> str:
    """How long somebody has waited, in words."""
    return "not known" if since is None else length(now - since)


def lateness(due: datetime | None, now: datetime, stopped: datetime | None = None) -> str:
    """``2 days 4 hours late``, ``due in 3 hours``, ``done 20 minutes early``, or ``no limit``."""
    if due is None:
        return "no limit"
    if stopped is not None:
        return f"{length(stopped - due)} late" if stopped > due else f"done {length(due - stopped)} early"
    return f"{length(now - due)} late" if now > due else f"due in {length(due - now)}"


def age(born: date | None, now: datetime, expected: date | None = None) -> str:
    """``4 years``, ``7 months``, ``unborn, expected Tue 3 Mar 2027`` or ``age not recorded``."""
    if born is None:
        return f"unborn, expected {day(expected)}" if expected else "age not recorded"
    there = today(now)
    months = (there.year - born.year) * 12 + there.month - born.month - (there.day < born.day)
    if months < 0:
        return "age not recorded"
    if months >= 24:
        return f"{months // 12} years"
    return f"{months} month{'' if months == 1 else 's'}"
