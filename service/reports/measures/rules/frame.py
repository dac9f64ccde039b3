"""Bins opened: records of each kind in columns, with the area, force and district of each, as at one instant."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from service.clocks.local_time import local_day, midnight
from service.reports.measures.rules import records
from service.reports.measures.rules.records import APPROXIMATE, Key, Records

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
MINUTE: Final = 60
DAY: Final = 86_400
_WEEK: Final = timedelta(days=7)


class Place(NamedTuple):
    """Where a record belongs."""

    area: str
    force: str
    district: str


class Part:
    """Records of one kind, and where each belongs: an index into ``places``."""

    __slots__ = ("_end", "_minutes", "_start", "instant", "places", "rows", "where")

    def __init__(self, rows: Records, where: Ints, places: tuple[Place, ...], instant: int) -> None:
        self.rows = rows
        self.where = where
        self.places = places
        self.instant = instant
        self._start: Ints | None = None
        self._end: Ints | None = None
        self._minutes: Ints | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def that(self, mask: Mask | Ints) -> "Part":
        """Only the records of a mask, or those at some places."""
        return Part(self.rows[mask], self.where[mask], self.places, self.instant)

    def by_place(self, field: str) -> Iterator[tuple[str, "Part"]]:
        """The records of each area, force or district that has any; nameless districts apart."""
        names = np.array([getattr(place, field) for place in self.places] or [""])
        for name in sorted(set(names[np.unique(self.where)]) if len(self.where) else ()):
            yield str(name), self.that(names[self.where] == name)

    def by_grade(self) -> Iterator[tuple[str, "Part"]]:
        """The records of each grade, also of those without any."""
        for number, name in enumerate(records.GRADES):
            yield name, self.that(self.rows["grade"] == number)

    # Columns as numbers that can be subtracted.

    @property
    def start(self) -> Ints:
        if self._start is None:
            self._start = self.rows["start"].astype(np.int64)
        return self._start

    @property
    def end(self) -> Ints:
        """The end, and 0 where it is open."""
        if self._end is None:
            self._end = self.rows["end"].astype(np.int64)
        return self._end

    @property
    def until(self) -> Ints:
        """The end, and the report's instant where it is open."""
        end = self.end
        return np.where(end > 0, end, max(self.instant, 1))

    @property
    def began(self) -> Ints:
        """Since when it is counted here: its beginning, or when it came here."""
        entry = self.rows["entry"].astype(np.int64)
        return np.where(entry > 0, entry, self.start)

    @property
    def due(self) -> Ints:
        return self.rows["due"].astype(np.int64)

    @property
    def is_open(self) -> Mask:
        return np.asarray(self.rows["end"] == 0)

    @property
    def minutes(self) -> Ints:
        """Whole minutes waited, until the end or until now."""
        if self._minutes is None:
            self._minutes = np.maximum(self.until - self.start, 0) // MINUTE
        return self._minutes

    @property
    def exact(self) -> Mask:
        return ~self.flagged(APPROXIMATE)

    def flagged(self, flag: int) -> Mask:
        """Which records carry a flag."""
        return np.asarray((self.rows["flags"] & flag) != 0)

    def caused(self, *numbers: int) -> Mask:
        """Which records ended by one of these ways."""
        return np.asarray(np.isin(self.rows["cause"], numbers))

    def began_in(self, span: "Span") -> Mask:
        start = self.start
        return np.asarray((start >= span.since) & (start < span.until))

    def ended_in(self, span: "Span") -> Mask:
        end = self.end
        return np.asarray((end > 0) & (end >= span.since) & (end < span.until))

    @property
    def incidents(self) -> int:
        """How many incidents stand behind the records."""
        return len(np.unique(self.rows["token"]))

    def incidents_of(self, mask: Mask) -> int:
        """How many incidents stand behind some of the records."""
        return len(np.unique(self.rows["token"][mask]))


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

    def weeks(self) -> list[date]:
        """The Mondays of all weeks that it touches, and the Monday after."""
        monday = self.first - timedelta(days=self.first.weekday())
        found = [monday]
        while found[-1] <= self.last:
            found.append(found[-1] + _WEEK)
        return found

    def months(self) -> list[date]:
        """The first days of all months that it touches, and of the month after."""
        found = [self.first.replace(day=1)]
        while found[-1] <= self.last:
            found.append((found[-1] + timedelta(days=32)).replace(day=1))
        return found


def at(day: date) -> int:
    """The second at which a local day begins."""
    return int(midnight(day).timestamp())


def edges(days: list[date]) -> Ints:
    """The seconds at which local days begin."""
    return np.array([at(day) for day in days], np.int64)


class Frame:
    """All records of an audience at an instant, by kind."""

    def __init__(self, bins: Mapping[Key, bytes], instant: datetime, grade: str | None = None) -> None:
        self.instant = records.seconds(instant)
        self.today = local_day(instant)
        self._places: dict[Place, int] = {}
        self._bins: dict[str, list[tuple[int, bytes]]] = {}
        self._parts: dict[str, Part] = {}
        self._grade = None if grade is None else records.GRADES.index(grade)
        for key, data in bins.items():
            place = self._places.setdefault(Place(key.area, key.force, key.district), len(self._places))
            self._bins.setdefault(key.kind, []).append((place, data))
        self.places = tuple(self._places)

    def part(self, kind: str) -> Part:
        """The records of one kind."""
        found = self._parts.get(kind)
        if found is None:
            found = self._parts[kind] = self._opened(kind)
        return found

    def _opened(self, kind: str) -> Part:
        bins = self._bins.get(kind, [])
        rows = records.unpacked(b"".join(data for _, data in bins))
        where = np.repeat(
            np.array([place for place, _ in bins], np.int64),
            np.array([len(data) // records.SIZE for _, data in bins], np.int64),
        )
        part = Part(rows, where, self.places, self.instant)
        return part if self._grade is None else part.that(rows["grade"] == self._grade)
