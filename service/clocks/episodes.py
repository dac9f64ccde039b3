"""Episodes: which milestone started which standard, and which one met it.

One walk over the events in order. An open episode swallows further starts; a met milestone closes
it; a reopening or a move to another area begins a new interval, in which a standard may start
again. A withdrawal ends everything before it, and what comes after it is counted anew. Closing a
case ends what only an open case is owed (``ended_by``), without meeting it; work that begins after
a closing begins anew, also where nobody recorded that the case was opened again, but that a notice
arrives then is no work. A standard may run once for each thing that its milestones name, as the
record of each discussion does; what names none fits any.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

import msgspec

from schema.standards import Duration
from service.clocks.awareness import POLICE_AWARE
from service.clocks.order import Event
from service.clocks.standards import Line, Opening, Scope, Version

SPLITS: Final = frozenset({"reopened", "transfer_accepted"})
#: Where a new interval begins: also there, although nothing new is asked for by a withdrawal itself.
ANEW: Final = SPLITS | {"withdrawn"}
#: What ends the work on a case: what begins afterwards begins anew.
CLOSES: Final = frozenset({"closed", "stepped_down"})
#: Starts that say that the police knew and that others were told: they open no case again that was closed.
OF_NOTICE: Final = frozenset({POLICE_AWARE, "notice_shared", "notice_received"})
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
    """Where the walk stands with one standard.

    ``interval`` and ``round``: those of the last start. ``before``: what was done since, in which round (``done_in``),
    with nothing to meet or meeting what began in an earlier round (``older``).
    """

    __slots__ = ("before", "done_in", "interval", "last", "older", "open", "over", "round")

    def __init__(self, *, over: bool) -> None:
        self.open: Episode | None = None
        self.over = over
        self.last: Episode | None = None
        self.before: Event | None = None
        self.older = False
        self.interval = self.round = self.done_in = -1

    def did(self, event: Event, number: int, *, older: bool) -> None:
        """Keep what was done in a round."""
        self.older = older or (self.older and self.done_in == number)
        self.before, self.done_in = event, number

    def stop(self, event: Event, number: int) -> None:
        """Let the event meet what is open."""
        if self.open is None:
            return
        self.open.stop = event
        self.open, self.over = None, False
        if self.round != number and event.kind not in SPLITS:
            self.did(event, number, older=True)

    def forget(self) -> None:
        """Let nothing that was done count for what starts later."""
        self.before, self.older = None, False


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
        self._interval = self._round = 0
        self._withdrawn = False
        self._seen: set[str] = set()
        self._kinds = _kinds_by_interval(events)

    def run(self) -> list[Episode]:
        tracks, seen = self._tracks, self._seen
        for event in self._events:
            kind = event.kind
            if kind in ANEW:
                self._split(event)
            elif kind in CLOSES:
                self._round += 1
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
                        track = tracks[line.key, name] = _Track(over=self._withdrawn)
                    if line.words and track.open is None and self._meet_another(line, name, event):
                        continue
                    self._meet_and_start(line, track, event)
            seen.add(kind)
        return self._found

    def _meet(self, lines: Iterable[Line], event: Event) -> None:
        for line in lines:
            for track in self._met(line, event):
                track.stop(event, self._round)

    def _meet_another(self, line: Line, name: str | None, event: Event) -> bool:
        """Meet the oldest open episode that fits because it, or the event, names nothing; whether there was one."""
        fitting = [
            track for track in self._met(line, event) if name is None or track is self._tracks.get((line.key, None))
        ]
        if not fitting:
            return False
        oldest = min(fitting, key=lambda track: self._found.index(track.open) if track.open else 0)
        oldest.stop(event, self._round)
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
                track.stop(event, self._round)
                version, unmatched = _version(line, event)
                if version is None:
                    return
        openings = version.openings.get(kind)
        # A worker who leaves after the case was closed leaves nobody without one.
        if openings is not None and not (track.over and kind == "allocation_ended"):
            for opening in openings:
                if (opening.simple or opening.fits(event)) and self._may_start(opening, track, kind):
                    self._start(line, version, track, event, opening, unmatched=unmatched)
                    return
        if met_nothing and kind not in SPLITS:
            track.did(event, self._round, older=False)

    def _is_first(self, track: _Track, kind: str) -> bool:
        """Whether a start of this kind is the first since the case was opened again, moved or, of work, closed."""
        return track.interval != self._interval if kind in OF_NOTICE else track.round != self._round

    def _may_start(self, opening: Opening, track: _Track, kind: str) -> bool:
        if track.open is not None:
            return opening.duration is not None
        if opening.plain:
            return self._is_first(track, kind)
        if opening.first and not self._is_first(track, kind):
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
        done = self._done_before(version, track, event.kind, opening)
        if done is None:
            track.open = episode
        else:
            episode.stop = done
        track.interval, track.round, track.last = self._interval, self._round, episode
        track.forget()

    def _done_before(self, version: Version, track: _Track, kind: str, opening: Opening) -> Event | None:
        """What leaves nothing to wait for because it was done before the first start, if it counts.

        Of what may be asked for each time, nothing that came after an earlier occasion was answered: it is another.
        """
        if kind in _UNDOES or not (version.standard.counts_before_start and self._is_first(track, kind)):
            return None
        if (track.older and not opening.first) or (track.done_in != self._round and kind not in OF_NOTICE):
            return None
        return track.before

    def _split(self, event: Event) -> None:
        self._interval += 1
        self._round += 1
        self._withdrawn = event.kind == "withdrawn"
        for track in self._tracks.values():
            track.over = self._withdrawn
            track.forget()
        if self._withdrawn:
            self._withdraw(event)

    def _withdraw(self, event: Event) -> None:
        for track in self._tracks.values():
            track.open = None
        for episode in self._found:
            if episode.withdrawn is None:
                episode.withdrawn = event


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
        if event.kind in ANEW:
            kinds.append(set())
        kinds[-1].add(event.kind)
    return kinds
