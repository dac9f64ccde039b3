"""Bins opened: records of each kind in columns, with the area, force and district of each, as at one instant."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from service.clocks.local_time import local_day, midnight
from service.reports.measures.rules import records, stages
from service.reports.measures.rules.behind import MANY, behind
from service.reports.measures.rules.records import APPROXIMATE, Key, Records

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
MINUTE: Final = 60
DAY: Final = 86_400
_DAYS_OF_A_WEEK: Final = 7
#: A way out is one byte of a record.
_CAUSES: Final = 256
_WEEK: Final = timedelta(days=_DAYS_OF_A_WEEK)
#: Records among which many incidents and children are mostly found.
_ENOUGH: Final = 256


class Place(NamedTuple):
    """Where a record belongs."""

    area: str
    force: str
    district: str


class Columns:
    """Columns of records as numbers that can be subtracted, each read when it is first asked for.

    A choice of some records holds their places alone: its columns are taken from those it was chosen from, so that what
    nobody asks for is never copied. Besides the fields of a record there are ``until`` (the end, the report's instant
    where it is open), ``began`` (since when it is counted here), ``minutes`` (whole ones waited), ``observed`` (since
    when it is seen at all, where that is later than its beginning), ``family``, and ``dated`` and ``ended``: its
    beginning and its end on the day they are counted on (a day without a time ends at the midnight after it).
    """

    __slots__ = ("_held", "_instant", "_of", "_places", "_size")

    def __init__(self, of: "Columns | Records", instant: int, places: Ints | slice | None = None) -> None:
        self._of = of
        self._instant = instant
        self._places = places
        if isinstance(places, slice):
            self._size: int = places.stop - places.start
        else:
            self._size = len(of if places is None else places)
        self._held: dict[str, Ints] = {}

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, name: str) -> Ints:
        found = self._held.get(name)
        if found is None:
            found = self._first(name) if self._places is None else self._of[name][self._places]
            self._held[name] = found
        return found

    def that(self, places: Ints | slice) -> "Columns":
        """The records at some places, or from one to before another."""
        return Columns(self, self._instant, places)

    def put(self, name: str, column: Ints) -> None:
        """Let a column be this one from now on."""
        self._held[name] = column

    def _first(self, name: str) -> Ints:
        if name == "until":
            # What began today, at an hour nobody knows, stands at the midnight to come: it is no time old.
            return np.where(self["end"] > 0, self["end"], np.maximum(self["start"], self._instant))
        if name == "began":
            return np.where(self["entry"] > 0, self["entry"], self["start"])
        if name == "observed":
            return self["entry"]
        if name == "dated":
            return np.asarray(self["start"] - (self["early"] > 0))
        if name == "ended":
            # What was over before it began ends with its beginning.
            over_at_once = (self["early"] > 0) & (self["end"] == self["start"])
            moved_then = (self["flags"] & records.LEFT_BY_DAY) > 0
            day_alone = (self["end"] > 0) & ((self["slack"] > 0) | over_at_once | moved_then)
            return np.where(day_alone, np.maximum(self["end"] - 1, self["dated"]), self["end"])
        if name == "minutes":
            return np.asarray(np.maximum(self["until"] - self["start"], 0) // MINUTE)
        if name == "family":
            return np.asarray(self["token"] % records.FAMILIES)
        return np.asarray(self._of[name].astype(np.int64))


class Part:
    """Records of one kind, each with its place among ``places`` (``rows["where"]``)."""

    __slots__ = ("instant", "places", "rows")

    def __init__(self, rows: Columns, places: tuple[Place, ...], instant: int) -> None:
        self.rows = rows
        self.places = places
        self.instant = instant

    def __len__(self) -> int:
        return len(self.rows)

    def that(self, chosen: Mask | Ints | slice) -> "Part":
        """Only the records of a mask, those at some places, or those from one place to before another."""
        if isinstance(chosen, slice):
            return Part(self.rows.that(chosen), self.places, self.instant)
        places = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        return Part(self.rows.that(np.asarray(places, np.int64)), self.places, self.instant)

    def recent(self, instant: int) -> Ints:
        """Where the records are that were not all over before an instant: open, or with an end or a limit after it."""
        return np.flatnonzero((self.end == 0) | (self.end >= instant) | (self.start >= instant) | (self.due >= instant))

    def by_place(self, field: str) -> list[tuple[str, Mask]]:
        """Which records are of each area, force or district that has any."""
        names: list[str] = [getattr(place, field) for place in self.places]
        where = self.rows["where"]
        there = sorted({names[place] for place in np.flatnonzero(np.bincount(where)).tolist()})
        number = np.array([there.index(name) if name in there else -1 for name in names], np.int64)[where]
        return [(name, number == place) for place, name in enumerate(there)]

    def by_grade(self) -> Iterator[tuple[str, "Part"]]:
        """The records of each grade, also of those without any."""
        for number, name in enumerate(records.GRADES):
            yield name, self.that(self.rows["grade"] == number)

    @property
    def start(self) -> Ints:
        return self.rows["start"]

    @property
    def end(self) -> Ints:
        """The end, and 0 where it is open."""
        return self.rows["end"]

    @property
    def until(self) -> Ints:
        """The end, and the report's instant where it is open."""
        return self.rows["until"]

    @property
    def began(self) -> Ints:
        """Since when it is counted here: its beginning, or when it came here."""
        return self.rows["began"]

    @property
    def due(self) -> Ints:
        return self.rows["due"]

    @property
    def is_open(self) -> Mask:
        return np.asarray(self.end == 0)

    @property
    def minutes(self) -> Ints:
        """Whole minutes waited, until the end or until now."""
        return self.rows["minutes"]

    @property
    def exact(self) -> Mask:
        return np.asarray((self.rows["flags"] & APPROXIMATE) == 0)

    def flagged(self, flag: int) -> Mask:
        """Which records carry a flag."""
        return np.asarray((self.rows["flags"] & flag) != 0)

    def caused(self, *numbers: int) -> Mask:
        """Which records ended by one of these ways."""
        cause = self.rows["cause"]
        if len(numbers) == 1:
            return np.asarray(cause == numbers[0])
        among = np.zeros(_CAUSES, np.bool_)
        among[list(numbers)] = True
        return among[cause]

    @property
    def dated(self) -> Ints:
        """The beginning, on the local day it is counted on."""
        return self.rows["dated"]

    @property
    def came(self) -> Ints:
        """Since when it is counted here, on the local day it is counted on."""
        entry = self.rows["entry"]
        return np.where(entry > 0, entry - self.flagged(records.CAME_BY_DAY), self.dated)

    @property
    def ended(self) -> Ints:
        """The end, on the local day it is counted on, and 0 where it is open."""
        return self.rows["ended"]

    def began_in(self, span: "Span") -> Mask:
        return np.asarray((self.dated >= span.since) & (self.dated < span.until))

    def ended_in(self, span: "Span") -> Mask:
        """What ended in a period; what moved to another area goes on there."""
        # An end is later than 1970, an open one is 0.
        return np.asarray((self.ended >= max(span.since, 1)) & (self.ended < span.until) & ~self.caused(stages.MOVED))

    @property
    def behind(self) -> int:
        """How many incidents or children stand behind the records, as `rules.behind` counts."""
        return self.behind_each(np.zeros(len(self), np.int64), 1)[0]

    def behind_each(self, code: Ints, size: int) -> list[int]:
        """The same of the records of each code below ``size``."""
        return behind(code, self.rows["token"], self.rows["child"], size)

    def behind_of(self, mask: Mask) -> int:
        """The same of some of the records, the first of which are mostly enough to know that they are many."""
        places = np.flatnonzero(mask)
        found = self.that(places[:_ENOUGH]).behind
        return found if len(places) <= _ENOUGH or found >= MANY else self.that(places).behind


def different(numbers: Ints) -> int:
    """How many different numbers there are."""
    ordered = np.sort(numbers)
    return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + bool(len(ordered))


class Span(NamedTuple):
    """A period in seconds, from its first to before its last; ``first`` and ``last`` are local days, both in it."""

    first: date
    last: date
    since: int
    until: int

    @classmethod
    def of(cls, first: date, last: date) -> "Span":
        """From the beginning of one local day to the end of another."""
        return cls(first, last, at(first), at(last + timedelta(days=1)))

    def before(self) -> "Span":
        """The period before: as many whole months, or as many days."""
        after = self.last + timedelta(days=1)
        if self.first.day == 1 and after.day == 1:
            months = (after.year - self.first.year) * 12 + after.month - self.first.month
            number = self.first.year * 12 + self.first.month - 1 - months
            return Span.of(date(number // 12, number % 12 + 1, 1), self.first - timedelta(days=1))
        days = self.last - self.first + timedelta(days=1)
        return Span.of(self.first - days, self.last - days)

    def weeks(self) -> tuple[date, ...]:
        """The Mondays of all weeks that it touches, and the Monday after."""
        return every_day(self.first - timedelta(days=self.first.weekday()), self.last + _WEEK)[::_DAYS_OF_A_WEEK]

    def months(self) -> list[date]:
        """The first days of all months that it touches, and of the month after."""
        first, last = (day.year * 12 + day.month - 1 for day in (self.first, self.last))
        return [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 2)]

    def days(self) -> tuple[date, ...]:
        """All its days, and the day after."""
        return every_day(self.first, self.last + timedelta(days=1))


@lru_cache(maxsize=8)
def every_day(first: date, last: date) -> tuple[date, ...]:
    """All days from one to another: the same ones for each part of a report."""
    return tuple(map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1)))


@lru_cache(maxsize=16_384)
def at(day: date) -> int:
    """The second at which a local day begins."""
    return int(midnight(day).timestamp())


def edges(days: Sequence[date]) -> Ints:
    """The seconds at which local days begin; not to be written into."""
    return _edges(tuple(days))


@lru_cache(maxsize=64)
def _edges(days: tuple[date, ...]) -> Ints:
    found = np.array([at(day) for day in days], np.int64)
    found.flags.writeable = False
    return found


_NO_DAYS: Final[Mapping[str, date]] = {}


class Frame:
    """All records of an audience at an instant, those of one kind after those of another; ``whole``: all of them.

    Args:
        bins: packed records.
        instant: what is now.
        grade: of these children alone.
        complete_from: the first day from which all is known of what a force sends, where it is known.
    """

    def __init__(
        self,
        bins: Mapping[Key, bytes],
        instant: datetime,
        grade: str | None = None,
        complete_from: Mapping[str, date] = _NO_DAYS,
    ) -> None:
        self.instant = records.seconds(instant)
        self.today = local_day(instant)
        self._parts: dict[tuple[str, ...], Part] = {}
        places: dict[Place, int] = {}
        kinds: dict[str, list[tuple[int, bytes]]] = {}
        for key, data in bins.items():
            place = places.setdefault(Place(key.area, key.force, key.district), len(places))
            kinds.setdefault(key.kind, []).append((place, data))
        self.places = tuple(places)
        opened = [each for held in kinds.values() for each in held]
        sizes = np.array([len(data) // records.SIZE for _, data in opened], np.int64)
        rows = Columns(records.unpacked(b"".join(data for _, data in opened)), self.instant)
        rows.put("where", np.repeat(np.array([place for place, _ in opened], np.int64), sizes))
        if complete_from:
            from_when = {force: at(day) for force, day in complete_from.items()}
            complete = np.array([from_when.get(place.force, 0) for place in self.places], np.int64)
            first = complete[rows["where"]]
            rows.put("observed", np.where(first > rows["start"], np.maximum(first, rows["entry"]), rows["entry"]))
        self.whole = Part(rows, self.places, self.instant)
        ends = np.cumsum(sizes)[np.cumsum([len(held) for held in kinds.values()], dtype=np.int64) - 1]
        if grade is not None:
            mine = rows["grade"] == records.GRADES.index(grade)
            self.whole = self.whole.that(mine)
            ends = np.concatenate(([0], np.cumsum(mine)))[ends]
        self._kinds = dict(zip(kinds, pairwise([0, *ends.tolist()]), strict=True))

    def where(self, kind: str) -> slice:
        """Where the records of a kind lie among all."""
        return slice(*self._kinds.get(kind, (0, 0)))

    def part(self, *kinds: str) -> Part:
        """The records of one kind, or of several."""
        found = self._parts.get(kinds)
        if found is None:
            found = self._parts[kinds] = self.whole.that(self._lying(kinds))
        return found

    def _lying(self, kinds: Sequence[str]) -> Ints | slice:
        if len(kinds) == 1:
            return self.where(kinds[0])
        return np.concatenate([np.arange(each.start, each.stop) for each in map(self.where, kinds)])
