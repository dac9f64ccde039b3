"""Standards made ready: indexed by the milestones that start and meet them, and chosen by scope and time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from schema.standards import Duration, Standard, Start, Stop, parse_duration
from schema.vocabulary import GRADES, HISTORY_FILE_MILESTONES, Grade
from service.clocks.order import Event

#: Standards every pathway is held to: where none matches, the strictest version there is applies
#: and the pathway carries a ``configuration`` condition.
CORE: Final = frozenset(
    {
        "police_share",
        "school_notified",
        "unassessed",
        "in_transit",
        "contact_decision",
        "allocation",
        "strategy_discussion",
        "child_seen_enquiry",
        "conference",
    }
)
#: Roughly how long one unit is, in seconds: only to tell which of two durations is stricter.
_ROUGHLY: Final = {
    "elapsed": 1,
    "working_hours": 4,
    "working_days": 120_000,
    "months": 2_600_000,
    "same_day": 0,
    "school_start": 0,
}


def roughly(duration: Duration) -> int:
    """About how many seconds a duration is; exact enough to order durations by strictness."""
    return _ROUGHLY[duration.unit] * duration.amount or 40_000


class Opening:
    """One ``Start``, ready to be compared with an event."""

    __slots__ = (
        "after",
        "but_not",
        "detail",
        "duration",
        "first",
        "marked",
        "outcomes",
        "plain",
        "reversing",
        "simple",
        "unless",
    )

    def __init__(self, start: Start) -> None:
        self.outcomes = None if start.outcomes is None else frozenset(start.outcomes)
        self.but_not = frozenset(start.except_outcomes)
        self.detail = tuple(start.detail.items())
        self.first = start.mode == "first"
        self.unless = frozenset(start.unless)
        self.after = frozenset(start.after)
        self.reversing = frozenset(start.reversing)
        self.duration = None if start.within is None else parse_duration(start.within)
        self.marked = start.marked
        self.simple = self.outcomes is None and not (self.but_not or self.detail)
        self.plain = self.first and not (self.unless or self.after or self.reversing)

    def fits(self, event: Event) -> bool:
        """Whether the milestone's outcome and detail are those asked for."""
        if self.simple:
            return True
        milestone = event.milestone
        if self.outcomes is not None and milestone.outcome not in self.outcomes:
            return False
        if milestone.outcome in self.but_not:
            return False
        return all(milestone.detail.get(name) == value for name, value in self.detail)


class Version:
    """One version of a standard, indexed."""

    __slots__ = (
        "by_grade",
        "durations",
        "ends",
        "flag_grades",
        "in_history_file",
        "openings",
        "standard",
        "stops",
        "warns",
    )

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        self.openings: dict[str, list[Opening]] = {}
        for start in standard.started_by:
            self.openings.setdefault(start.kind, []).append(Opening(start))
        self.stops = _by_kind(standard.met_by)
        self.ends = _by_kind(standard.ended_by)
        self.in_history_file = not HISTORY_FILE_MILESTONES.isdisjoint(self.stops)
        self.by_grade = not isinstance(standard.within, str)
        self.durations = _per_grade(standard.within)
        self.warns = None if standard.warn is None else _per_grade(standard.warn)
        self.flag_grades = None if standard.flag_grades is None else frozenset(standard.flag_grades)

    def meets(self, event: Event) -> bool:
        """Whether the event meets the standard."""
        stops = self.stops.get(event.kind)
        return stops is not None and _fits(stops, event)

    def ends_with(self, event: Event) -> bool:
        """Whether the event ends the work that the standard belongs to, without meeting it."""
        ends = self.ends.get(event.kind)
        return ends is not None and _fits(ends, event)

    @property
    def strictness(self) -> int:
        """About how many seconds the strictest grade is given."""
        return roughly(self.durations[None])


class Line:
    """Every version of one standard that can apply in one area and force, best first."""

    __slots__ = ("_best", "_fallback", "identity", "key", "kinds", "only", "versions", "words")

    def __init__(self, key: str, best: Sequence[Version], fallback: Version | None) -> None:
        self.key = key
        self._best = tuple(best)
        self._fallback = fallback
        self.only = best[0] if len(best) == 1 and best[0].standard.effective_to is None else None
        self.versions = (*best, *([fallback] if fallback else []))
        self.kinds = frozenset(
            kind for version in self.versions for kind in (*version.openings, *version.stops, *version.ends)
        )
        #: What its versions tell one clock from another by.
        self.words = frozenset(word for version in self.versions if (word := version.standard.one_per) is not None)
        #: What tells lines apart that decide alike from those that do not.
        self.identity = (key, len(best), *(version.standard.id for version in self.versions))

    def at(self, start: datetime) -> tuple[Version | None, bool]:
        """The version effective at a start, and whether none matched so that the strictest stands in.

        A standard that was retired is not missing: it starts nothing, and nothing stands in for it.
        """
        only = self.only
        if only is not None and only.standard.effective_from <= start:
            return only, False
        retired = False
        for version in self._best:
            standard = version.standard
            if standard.effective_from > start:
                continue
            if standard.effective_to is None or start < standard.effective_to:
                return version, False
            retired = True
        return (None, False) if retired else (self._fallback, True)


class Scope:
    """All lines of one area and force, by the kinds of milestone that concern them.

    ``changes`` are the instants at which another version begins or one ends, ``details`` what its
    openings ask of a kind's detail, ``words`` the words of a kind's detail that tell clocks apart,
    ``courses`` what has been worked out under the same lines.
    """

    def __init__(self, area: str, lines: Sequence[Line], courses: dict[tuple[object, ...], Any]) -> None:
        self.area = area
        self.by_kind: dict[str, list[Line]] = {}
        self.courses = courses
        changes: set[datetime] = set()
        details: dict[str, dict[tuple[str, Any], None]] = {}
        words: dict[str, set[str]] = {}
        for line in lines:
            for kind in line.kinds:
                self.by_kind.setdefault(kind, []).append(line)
                if line.words:
                    words.setdefault(kind, set()).update(line.words)
            for version in line.versions:
                standard = version.standard
                changes |= {standard.effective_from} | ({standard.effective_to} if standard.effective_to else set())
                for kind, openings in version.openings.items():
                    for asked in (asked for opening in openings for asked in opening.detail):
                        details.setdefault(kind, {})[asked] = None
        self.changes = sorted(changes)
        self.details = {kind: tuple(asked) for kind, asked in details.items()}
        self.words = {kind: tuple(sorted(named)) for kind, named in words.items()}


def lines_for(versions: Sequence[Version], area: str, force: str) -> list[Line]:
    """The lines of one area and force: most specific first, then newest effective, then newest recorded."""
    by_key: dict[str, list[Version]] = {}
    for version in versions:
        by_key.setdefault(version.standard.key, []).append(version)
    lines = []
    for key, every in by_key.items():
        fitting = [v for v in every if v.standard.area in (None, area) and v.standard.force in (None, force)]
        everyones = any(v.standard.area is None and v.standard.force is None for v in every)
        fallback = min(every, key=lambda v: v.strictness) if key in CORE or everyones else None
        if not fitting and fallback is None:
            continue
        fitting.sort(key=_preference, reverse=True)
        lines.append(Line(key, fitting, fallback))
    return lines


def _preference(version: Version) -> tuple[bool, bool, datetime, datetime, int]:
    standard = version.standard
    return (
        standard.area is not None,
        standard.force is not None,
        standard.effective_from,
        standard.recorded_at,
        standard.id.int,
    )


def _by_kind(stops: Sequence[Stop]) -> dict[str, list[Stop]]:
    found: dict[str, list[Stop]] = {}
    for stop in stops:
        found.setdefault(stop.kind, []).append(stop)
    return found


def _fits(stops: Sequence[Stop], event: Event) -> bool:
    outcome = event.milestone.outcome
    for stop in stops:
        if (stop.outcomes is None or outcome in stop.outcomes) and outcome not in stop.except_outcomes:
            return True
    return False


def _per_grade(value: str | dict[Grade, str]) -> dict[Grade | None, Duration]:
    if isinstance(value, str):
        duration = parse_duration(value)
        return {None: duration, "high": duration, "medium": duration, "standard": duration}
    found: dict[Grade | None, Duration] = {grade: parse_duration(value[grade]) for grade in GRADES}
    found[None] = min(found.values(), key=roughly)
    return found
