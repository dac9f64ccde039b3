"""Episodes: which milestone started which standard, and which one met it.

One walk over the events in order. An open episode swallows further starts; a met milestone closes
it; a reopening or a move to another area begins a new interval, in which a standard may start
again. A withdrawal ends everything before it; closing a case ends what only an open case is owed
(``ended_by``), without meeting it. A standard may run once for each thing that its
milestones name, as the record of each discussion does; what names none fits any.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

import msgspec

from schema.standards import Duration
from service.clocks.order import Event
from service.clocks.standards import Line, Opening, Scope, Version

SPLITS: Final = frozenset({"reopened", "transfer_accepted"})
#: Starts that undo what was done before them, so that it cannot meet what they start.
_UNDOES: Final = frozenset({"allocation_ended", "early_help_declined"})
_MOMENT: Final = timedelta(microseconds=1)


class Episode(msgspec.Struct, eq=False, gc=False):
    """One standard from its start to what met it, or ``ended`` it unmet, in the area of its start.

    ``sharper``: later starts that leave less time.
    """

    line: Line
    version: Version
    start: Event
    area: str
    duration: Duration | None
    marked: bool
    unmatched: bool
    stop: Event | None = None
    ended: Event | None = None
    withdrawn: Event | None = None
    sharper: list[tuple[Event, Duration]] = []


class _Track:
    """Where the walk stands with one standard."""

    __slots__ = ("before", "interval", "last", "open", "over")

    def __init__(self) -> None:
        self.open: Episode | None = None
        self.over = False
        self.last: Episode | None = None
        self.before: Event | None = None
        self.interval = -1


def episodes(events: Sequence[Event], scope: Scope, moves: Sequence[Scope] = ()) -> list[Episode]:
    """Every episode of every standard, in the order in which they started.

    ``scope`` is that of the first area; ``moves`` holds one scope for each accepted transfer.
    """
    return _Walk(events, scope, moves).run()


def named(event: Event, word: str) -> str | None:
    """What the milestone names by a word of its detail, if anything."""
    said = event.milestone.detail.get(word)
    return None if said is None else str(said)


class _Walk:
    def __init__(self, events: Sequence[Event], scope: Scope, moves: Sequence[Scope]) -> None:
        self._events = events
        self._moves = iter(moves)
        self._scope = scope
        self._tracks: dict[tuple[str, str | None], _Track] = {}
        self._found: list[Episode] = []
        self._interval = 0
        self._seen: set[str] = set()
        self._kinds = _kinds_by_interval(events)

    def run(self) -> list[Episode]:
        tracks, seen = self._tracks, self._seen
        for event in self._events:
            kind = event.kind
            if kind in SPLITS:
                self._split()
            elif kind == "withdrawn":
                self._withdraw(event)
            if kind == "transfer_accepted" and (moved := next(self._moves, None)) is not None:
                # What the sender owed is met under its own standards; what begins is the receiver's.
                self._meet(self._scope.by_kind.get(kind, ()), event)
                self._scope = moved
            lines = self._scope.by_kind.get(kind)
            if lines is not None:
                for line in lines:
                    name = _name(line, event) if line.words else None
                    track = tracks.get((line.key, name))
                    if track is None:
                        track = tracks[line.key, name] = _Track()
                    if line.words and track.open is None and self._meet_another(line, name, event):
                        continue
                    self._meet_and_start(line, track, event)
            seen.add(kind)
        return self._found

    def _meet(self, lines: Iterable[Line], event: Event) -> None:
        for line in lines:
            for track in self._met(line, event):
                _stop(track, event)

    def _meet_another(self, line: Line, name: str | None, event: Event) -> bool:
        """Meet the oldest open episode that fits because it, or the event, names nothing; whether there was one."""
        fitting = [
            track for track in self._met(line, event) if name is None or track is self._tracks.get((line.key, None))
        ]
        if not fitting:
            return False
        _stop(min(fitting, key=lambda track: self._found.index(track.open) if track.open else 0), event)
        return True

    def _met(self, line: Line, event: Event) -> list[_Track]:
        """Where an episode of the line is open that the event would meet."""
        return [
            track
            for (key, _), track in self._tracks.items()
            if key == line.key and track.open is not None and track.open.version.meets(event)
        ]

    def _meet_and_start(self, line: Line, track: _Track, event: Event) -> None:
        kind, opened = event.kind, track.open
        met_nothing = False
        if opened is None:
            version, unmatched = _version(line, event)
            if version is None:
                return
            if version.ends_with(event):
                track.over = True
                return
            met_nothing = kind in version.stops and version.meets(event)
            track.over = track.over and not met_nothing
        else:
            version, unmatched = opened.version, opened.unmatched
            if version.ends_with(event):
                opened.ended, track.open, track.over = event, None, True
                return
            if kind in version.stops and version.meets(event):
                _stop(track, event)
                version, unmatched = _version(line, event)
                if version is None:
                    return
        openings = version.openings.get(kind)
        # A worker who leaves after the case was closed leaves nobody without one.
        if openings is not None and not (track.over and kind in _UNDOES):
            for opening in openings:
                if (opening.simple or opening.fits(event)) and self._may_start(opening, track):
                    self._start(line, version, track, event, opening, unmatched=unmatched)
                    return
        if met_nothing and kind not in SPLITS:
            track.before = event

    def _may_start(self, opening: Opening, track: _Track) -> bool:
        if track.open is not None:
            return opening.duration is not None
        if opening.plain:
            return track.interval != self._interval
        if opening.first and track.interval == self._interval:
            return False
        if opening.unless and not opening.unless.isdisjoint(self._kinds[self._interval]):
            return False
        if opening.after and opening.after.isdisjoint(self._seen):
            return False
        if opening.reversing:
            last = track.last
            return last is not None and last.stop is not None and last.stop.kind in opening.reversing
        return True

    def _start(
        self, line: Line, version: Version, track: _Track, event: Event, opening: Opening, *, unmatched: bool
    ) -> None:
        if track.open is not None:
            if opening.duration is not None and track.open.duration is None:
                track.open.sharper.append((event, opening.duration))
            return
        episode = Episode(line, version, event, self._scope.area, opening.duration, opening.marked, unmatched)
        self._found.append(episode)
        first = track.interval != self._interval
        track.interval, track.last = self._interval, episode
        counts = version.standard.counts_before_start and event.kind not in _UNDOES
        if first and counts and track.before is not None:
            episode.stop = track.before
        else:
            track.open = episode
        track.before = None

    def _split(self) -> None:
        self._interval += 1
        for track in self._tracks.values():
            track.before, track.over = None, False

    def _withdraw(self, event: Event) -> None:
        for track in self._tracks.values():
            track.open = None
        for episode in self._found:
            if episode.withdrawn is None:
                episode.withdrawn = event


def _stop(track: _Track, event: Event) -> None:
    if track.open is not None:
        track.open.stop = event
        track.open, track.over = None, False


def _name(line: Line, event: Event) -> str | None:
    """What tells the event's clock from others of its standard, under the version effective then."""
    version, _ = _version(line, event)
    word = None if version is None else version.standard.one_per
    return None if word is None else named(event, word)


def _version(line: Line, event: Event) -> tuple[Version | None, bool]:
    """The version effective at a start; one known to the day began before the midnight at which it stands."""
    return line.at(event.at if event.on is None else event.at - _MOMENT)


def _kinds_by_interval(events: Sequence[Event]) -> list[set[str]]:
    kinds: list[set[str]] = [set()]
    for event in events:
        if event.kind in SPLITS:
            kinds.append(set())
        kinds[-1].add(event.kind)
    return kinds
