"""Local dates and times of a police file, resolved to instants without inventing anything.

A day without a time of day stays a day. A local time that does not exist (clocks forward) is
refused; one that exists twice (clocks back) keeps both readings until the other known times decide.
Units: instants are aware UTC datetimes in whole seconds; days are days of the feed's own zone.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

#: How far a sender's clock may be ahead of ours before a time counts as in the future.
TOLERANCE: Final = timedelta(minutes=5)
_FIRST_YEAR: Final = 1900

_CACHED: Final = 100_000
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?")
_SHORT_YEAR: Final = re.compile(r"[0-9]{1,2}[^0-9A-Za-z][0-9]{1,2}[^0-9A-Za-z][0-9]{2}")
_PARTS: Final = re.compile(r"(\S+?)(?:(?:,? +|T)(\S+?))?(Z|[+-][0-9]{2}:[0-9]{2})?")


class Moment(msgspec.Struct, frozen=True, gc=False):
    """When something happened. ``at`` is None for a day; ``other`` is the second reading of a local
    time that exists twice (``at`` is then the first, an hour earlier).
    """

    on: date
    precision: Literal["second", "minute", "day"]
    at: datetime | None = None
    other: datetime | None = None


class Wrong(msgspec.Struct, frozen=True, gc=False):
    """Why a date or time cannot be used and how to mend it, as one or two sentences. ``in_clock``: it
    is the time of day that is wrong, not the date.
    """

    message: str
    in_clock: bool = False


class TimeReader:
    """Reads the dates and times of one feed; answers are remembered, since exports repeat them."""

    def __init__(self, zone: str, formats: Sequence[str]) -> None:
        self.zone: Final = ZoneInfo(zone)
        self._formats = [(pattern, _compile(pattern)) for pattern in formats]
        self._shown = " or ".join(formats)
        self._day_first = bool(formats) and formats[0].startswith("dd")
        self._dates: dict[str, date | Wrong] = {}
        self._offsets: dict[date, timedelta | None] = {}
        self._moments: dict[tuple[str, str], Moment | Wrong] = {}

    def day(self, text: str) -> date | Wrong:
        """A calendar date; ``text`` is stripped and not empty."""
        known = self._dates.get(text)
        if known is None:
            if len(self._dates) >= _CACHED:
                self._dates.clear()
            known = self._dates[text] = self._read_date(text)
        return known

    def moment(self, text: str, clock: str = "") -> Moment | Wrong:
        """A moment from one cell (``23/06/2026 11:46``) or from a day and a time of day."""
        key = (text, clock)
        known = self._moments.get(key)
        if known is None:
            if len(self._moments) >= _CACHED:
                self._moments.clear()
            known = self._moments[key] = self._read_moment(text, clock)
        return known

    def day_of(self, instant: datetime) -> date:
        """The local day on which ``instant`` falls."""
        return instant.astimezone(self.zone).date()

    def _read_date(self, text: str) -> date | Wrong:
        iso = _ISO.fullmatch(text)
        if iso:
            return self._build(text, int(iso[1]), int(iso[2]), int(iso[3]))
        for _, pattern in self._formats:
            found = pattern.fullmatch(text)
            if found:
                return self._build(text, int(found["y"]), int(found["m"]), int(found["d"]))
        if _SHORT_YEAR.fullmatch(text):
            return Wrong(f"The year of {text} has two digits. Write the date as {self._shown}.")
        return Wrong(f"{_shorten(text)} cannot be read as a date. Write it as {self._shown}.")

    def _build(self, text: str, year: int, month: int, day: int) -> date | Wrong:
        if not 1 <= month <= 12:
            swapped = self._day_first and 1 <= day <= 12 and 1 <= month <= 31 and year
            hint = (
                f" Dates are day first: if it is {month} {_MONTHS[day - 1]}, write {month:02}/{day:02}/{year:04}."
                if swapped
                else f" Write it as {self._shown}."
            )
            return Wrong(f"{text} does not exist: there is no month {month}.{hint}")
        if year < _FIRST_YEAR:
            return Wrong(f"{text} cannot be right: the year is {year}. Check the year.")
        days = monthrange(year, month)[1]
        if not 1 <= day <= days:
            return Wrong(f"{text} does not exist: {_MONTHS[month - 1]} {year} has {days} days. Check the day.")
        return date(year, month, day)

    def _read_moment(self, text: str, clock: str) -> Moment | Wrong:
        offset = None
        if not clock:
            parts = _PARTS.fullmatch(text)
            if parts is None:
                return Wrong(f"{_shorten(text)} cannot be read as a date and time. Write it as {self._shown} hh:mm.")
            text, clock, offset = parts[1], parts[2] or "", parts[3]
        day = self.day(text)
        if isinstance(day, Wrong):
            return day
        if not clock:
            return Moment(day, "day")
        found = _TIME.fullmatch(clock)
        if found is None:
            return Wrong(
                f"{_shorten(clock)} cannot be read as a time of day. Write it as hh:mm, such as 09:05.", in_clock=True
            )
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        if hour > 23 or minute > 59 or second > 59:
            return Wrong(f"{clock} does not exist: times of day run from 00:00 to 23:59.", in_clock=True)
        naive = datetime.combine(day, time(hour, minute, second))
        precision: Literal["second", "minute"] = "second" if found[3] else "minute"
        try:
            return self._place(naive, precision, offset)
        except (OverflowError, ValueError):
            return Wrong(f"{_shorten(text)} {clock} cannot be read as a time. Check the year.")

    def _place(self, naive: datetime, precision: Literal["second", "minute"], offset: str | None) -> Moment | Wrong:
        if offset:
            at = datetime.fromisoformat(naive.isoformat() + offset).astimezone(UTC)
            return Moment(self.day_of(at), precision, at)
        steady = self._steady_offset(naive.date())
        if steady is not None:
            return Moment(naive.date(), precision, (naive - steady).replace(tzinfo=UTC))
        local = naive.replace(tzinfo=self.zone)
        at = local.astimezone(UTC)
        if at.astimezone(self.zone).replace(tzinfo=None) != naive:
            return Wrong(
                f"{naive:%d/%m/%Y %H:%M} does not exist: the clocks went forward and skipped it. "
                "Find the true time in the record.",
                in_clock=True,
            )
        other = local.replace(fold=1).astimezone(UTC)
        return Moment(naive.date(), precision, at, None if other == at else other)

    def _steady_offset(self, day: date) -> timedelta | None:
        """The zone's offset on a day without a clock change; None on a day with one."""
        if day not in self._offsets:
            if len(self._offsets) >= _CACHED:
                self._offsets.clear()
            start = datetime.combine(day, time(), self.zone)
            end = start + timedelta(days=1)
            found = {at.replace(fold=fold).utcoffset() for at in (start, end) for fold in (0, 1)}
            self._offsets[day] = found.pop() if len(found) == 1 else None
        return self._offsets[day]


Standing = Literal["ordered", "out_of_order", "undecided"]


def settle(moments: Sequence[Moment | None], latest: datetime) -> tuple[tuple[Moment | None, ...], Standing]:
    """The moments with every doubled hour decided, where exactly one way keeps them in order.

    ``moments`` are in the order in which they must have happened; equal is in order, and a day is
    compared as a day. ``latest``: a reading after it is impossible. When no way, or more than one,
    is in order, the moments come back as they were.
    """
    given = tuple(moments)
    choices = [_readings(moment, latest) for moment in given]
    if all(len(choice) == 1 for choice in choices):
        settled = tuple(choice[0] for choice in choices)
        return settled, "ordered" if in_order(settled) else "out_of_order"
    orderly = [way for way in product(*choices) if in_order(way)]
    if len(orderly) == 1:
        return orderly[0], "ordered"
    return given, "undecided" if orderly else "out_of_order"


def in_order(moments: Sequence[Moment | None]) -> bool:
    """Whether each known moment is no later than every one after it."""
    known = [moment for moment in moments if moment is not None]
    exact = [moment.at for moment in known if moment.at is not None]
    if len(exact) == len(known):
        return all(a <= b for a, b in pairwise(exact))
    # A day in between hides nothing: all exact ones among themselves, and all days with each other.
    return all(a <= b for a, b in pairwise(exact)) and all(a.on <= b.on for a, b in pairwise(known))


def is_future(moment: Moment, latest: datetime, latest_day: date) -> bool:
    """Whether even the earliest reading of ``moment`` is after ``latest`` (now plus tolerance)."""
    return moment.on > latest_day if moment.at is None else moment.at > latest


def _readings(moment: Moment | None, latest: datetime) -> tuple[Moment | None, ...]:
    if moment is None or moment.other is None or moment.at is None:
        return (moment,)
    first = Moment(moment.on, moment.precision, moment.at)
    if moment.other > latest:
        return (first,)
    return (first, Moment(moment.on, moment.precision, moment.other))


def _compile(pattern: str) -> re.Pattern[str]:
    parts = {"dd": "(?P<d>[0-9]{1,2})", "mm": "(?P<m>[0-9]{1,2})", "yyyy": "(?P<y>[0-9]{4})"}
    return re.compile("".join(parts.get(piece, re.escape(piece)) for piece in re.split("(dd|mm|yyyy)", pattern)))


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
