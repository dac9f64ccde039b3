"""What follows from the order of a pathway's events alone, not from their times: worked out once for each course.

Thousands of children go the same few ways: attended, graded, submitted, shared, decided. Which
standards that starts and meets, who holds the child and what they wait for are the same for all of
them; only the times differ. A course keeps it by the places of the events, and is kept with the
scope that it was worked out for.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec

from schema.standards import Duration
from service.clocks.episodes import Episode, episodes, named
from service.clocks.holders import HolderTable
from service.clocks.order import Event
from service.clocks.segments import Tile, tiles_of
from service.clocks.sequence import Pair, pairs_of
from service.clocks.standards import Line, Scope, Version
from service.clocks.state import Outline, outline_of
from service.clocks.waits import Span, spans_of

#: How many courses a scope keeps before it begins afresh.
MOST: Final = 20_000
_MOMENT: Final = timedelta(microseconds=1)


class Run(msgspec.Struct, frozen=True, gc=False):
    """An episode by the places of its events; ``area`` is None for that of the scope."""

    line: Line
    version: Version
    start: int
    area: str | None
    duration: Duration | None
    marked: bool
    unmatched: bool
    stop: int | None
    ended: int | None
    withdrawn: int | None
    sharper: tuple[tuple[int, Duration], ...]


class Course(msgspec.Struct, frozen=True, gc=False):
    """Everything that the order of events decides."""

    runs: tuple[Run, ...]
    tiles: tuple[Tile, ...]
    spans: tuple[Span, ...]
    pairs: tuple[Pair, ...]
    outline: Outline


def course_of(events: Sequence[Event], scope: Scope, table: HolderTable, moves: Sequence[Scope] = ()) -> Course:
    """The course of these events: the one known for their signature, or worked out.

    ``moves`` as `episodes`; a pathway that changed areas is always worked out.
    """
    if moves:
        return _worked_out(events, scope, table, moves)
    signature = _signature(events, scope)
    known: Course | None = scope.courses.get(signature)
    if known is None:
        if len(scope.courses) >= MOST:
            scope.courses.clear()
        known = scope.courses[signature] = _worked_out(events, scope, table)
    return known


def episodes_of(course: Course, events: Sequence[Event], area: str) -> list[Episode]:
    """The episodes of these events, in the area of the scope that the course was taken from."""
    return [
        Episode(
            run.line,
            run.version,
            events[run.start],
            run.area or area,
            run.duration,
            run.marked,
            run.unmatched,
            None if run.stop is None else events[run.stop],
            None if run.ended is None else events[run.ended],
            None if run.withdrawn is None else events[run.withdrawn],
            [(events[place], duration) for place, duration in run.sharper],
        )
        for run in course.runs
    ]


def _worked_out(events: Sequence[Event], scope: Scope, table: HolderTable, moves: Sequence[Scope] = ()) -> Course:
    places = {id(event): place for place, event in enumerate(events)}
    runs = tuple(
        Run(
            episode.line,
            episode.version,
            places[id(episode.start)],
            episode.area if moves else None,
            episode.duration,
            episode.marked,
            episode.unmatched,
            None if episode.stop is None else places[id(episode.stop)],
            None if episode.ended is None else places[id(episode.ended)],
            None if episode.withdrawn is None else places[id(episode.withdrawn)],
            tuple((places[id(event)], duration) for event, duration in episode.sharper),
        )
        for episode in episodes(events, scope, moves)
    )
    return Course(runs, tiles_of(events, table), spans_of(events), pairs_of(events), outline_of(events))


def _signature(events: Sequence[Event], scope: Scope) -> tuple[object, ...]:
    """All that a course depends on: kinds, outcomes, which times are the same or vague, between which changes of
    standards each event lies; of details only what standards ask, what is simply true of the milestone, and which
    of them name the same thing.
    """
    signs: list[object] = []
    names: dict[tuple[str, str], int] = {}
    before = None
    for event in events:
        kind, at = event.kind, event.at
        signs += (kind, event.milestone.outcome, event.vague, at == before)
        before = at
        detail = event.milestone.detail
        if detail:
            signs.append(tuple([name for name, said in detail.items() if said is True]))
        if kind in scope.details:
            signs.append(tuple([detail.get(name) == value for name, value in scope.details[kind]]))
        for word in scope.words.get(kind, ()):
            # Not what it is called, only which of the others it is the same as.
            name = named(event, word)
            signs.append(None if name is None else names.setdefault((word, name), len(names)))
    if scope.changes and events:
        # A step known to the day began before the midnight at which it stands.
        first = bisect_right(scope.changes, events[0].at - _MOMENT)
        if first != bisect_right(scope.changes, events[-1].at):
            signs += [
                bisect_right(scope.changes, event.at if event.on is None else event.at - _MOMENT) for event in events
            ]
        else:
            signs.append(first)
    return tuple(signs)
