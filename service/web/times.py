"""Instants and lengths as people read them: Europe/London, words first, no invented midnight."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")


def local(instant: datetime) -> datetime:
    """The instant as clocks on British walls show it."""
    return instant.astimezone(LONDON)


def today(now: datetime) -> date:
    """The local day of an instant."""
    return local(now).date()


def clock_time(instant: datetime) -> str:
    """``09:12``; in the hour that exists twice ``01:30 (before the clocks go back)``."""
    there = local(instant)
    text = f"{there:%H:%M}"
    earlier, later = there.replace(fold=0), there.replace(fold=1)
    # The two readings of a local time differ only in the hour that exists twice and the one that does not.
    if earlier.utcoffset() != later.utcoffset():
        text += " (after the clocks went back)" if there.fold else " (before the clocks went back)"
    return text


def day(value: date, now: datetime | None = None) -> str:
    """``Tue 3 Nov``, with the year where it is not this year's; ``today`` and ``yesterday`` by name."""
    if now is not None:
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((value - today(now)).days)
        if near:
            return near
    text = f"{value:%a} {value.day} {value:%b}"
    return text if now is not None and value.year == today(now).year else f"{text} {value.year}"


def moment(instant: datetime | date | None, now: datetime | None = None) -> str:
    """``Tue 3 Nov 09:12``; a day without a time stays a day; ``not recorded`` for None."""
    if instant is None:
        return "not recorded"
    if not isinstance(instant, datetime):
        return day(instant, now)
    return f"{day(local(instant).date(), now)} {clock_time(instant)}"


def boundary(instant: datetime, now: datetime | None = None) -> str:
    """An instant at which something began, ended or was due; one that ends a day is said so, not as 00:00.

    What is known by its day alone begins or ends with that day: nobody should read a time into it.
    """
    there = local(instant)
    if there.time() == time():
        return f"the end of {day(there.date() - timedelta(days=1), now)}"
    return moment(instant, now)


def length(elapsed: timedelta) -> str:
    """``2 days 4 hours``, ``4 hours 10 minutes``, ``12 minutes``: the two largest parts that count."""
    seconds = max(0, int(elapsed.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    parts = [(days, "day"), (hours, "hour"), (rest // 60, "minute")]
    first = next((i for i, (count, _) in enumerate(parts) if count), None)
    if first is None:
        return "less than a minute"
    return " ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts[first : first + 2] if count)


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
