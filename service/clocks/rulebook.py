"""The rulebook: every version of every standard and calendar, and the table of holders, made ready once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from schema.calendars import Calendar
from schema.holders import HolderRow
from schema.standards import Standard
from service.clocks.calendar import ReadyCalendar
from service.clocks.holders import HolderTable
from service.clocks.standards import Scope, Version, lines_for


class Rulebook:
    """Built once, used for thousands of pathways; nothing about it changes after it is built.

    Raises:
        ValueError: no calendar was given.
    """

    def __init__(
        self, standards: Iterable[Standard], calendars: Iterable[Calendar], holders: Iterable[HolderRow]
    ) -> None:
        self.standards = tuple(standards)
        self.calendars = tuple(sorted(calendars, key=lambda version: (version.recorded_at, version.number)))
        self.holders = tuple(holders)
        if not self.calendars:
            raise ValueError("a rulebook needs at least one calendar")
        self.table = HolderTable(self.holders)
        self.versions = {standard.id: standard for standard in self.standards}
        self._ready = [ReadyCalendar(calendar) for calendar in self.calendars]
        self._versions = [Version(standard) for standard in self.standards]
        self._scopes: dict[tuple[str, str], Scope] = {}
        self._courses: dict[tuple[object, ...], dict[tuple[object, ...], Any]] = {}

    def scope(self, area: str, force: str) -> Scope:
        """The standards of one area and force."""
        found = self._scopes.get((area, force))
        if found is None:
            lines = lines_for(self._versions, area, force)
            # Areas without standards of their own share what has been worked out.
            courses = self._courses.setdefault(tuple(line.identity for line in lines), {})
            found = self._scopes[(area, force)] = Scope(area, lines, courses)
        return found

    def holder_of(self, key: str) -> str:
        """The agency accountable for a standard; the front door for a subject that is none."""
        found = (standard.holder for standard in self.standards if standard.key == key)
        return next(found, "childrens_social_care")

    def ways_out(self, key: str) -> dict[str, str]:
        """The kinds of milestone that end a clock of the standard, and whether it is then ``met`` or ``over``.

        None for a subject that is no standard.
        """
        every = [standard for standard in self.standards if standard.key == key]
        over = {stop.kind: "over" for standard in every for stop in standard.ended_by}
        return over | {stop.kind: "met" for standard in every for stop in standard.met_by}

    def calendar(self, stop_recorded_at: datetime | None) -> ReadyCalendar:
        """The newest calendar recorded before a clock's stop was; for an open clock, the newest."""
        newest = self._ready[-1]
        if stop_recorded_at is None or newest.recorded_at <= stop_recorded_at:
            return newest
        for ready in reversed(self._ready):
            if ready.recorded_at <= stop_recorded_at:
                return ready
        return self._ready[0]

    def as_known_at(self, instant: datetime) -> "Rulebook":
        """The rulebook as it stood at an instant; without any calendar yet, the first one stands in."""
        return Rulebook(
            (standard for standard in self.standards if standard.recorded_at <= instant),
            [version for version in self.calendars if version.recorded_at <= instant] or self.calendars[:1],
            self.holders,
        )
