"""One walk over what happened to a pathway, from which its stays in every stage are told."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from service.clocks.episodes import ANEW, CLOSES, OF_NOTICE, SPLITS, named
from service.clocks.order import Event
from service.reports.measures.rules.stages import BY_KEY, OVER, STAGES, Stage, Start


class Interval(msgspec.Struct, frozen=True):
    """One stay in a stage."""

    start: Event
    end: Event | None


def intervals(events: Sequence[Event]) -> dict[str, list[Interval]]:
    """Every stay in every stage, in order. An open stage swallows further beginnings, of the same thing where it
    has one stay for each. Opening again, and moving to another area, begin anew; what is open then goes on. Work that
    begins after the case was closed begins anew too, also where nobody recorded that it was opened again.
    """
    walk = _Walk(events)
    for event in events:
        walk.step(event)
    for (key, _), start in walk.opened.items():
        walk.found.setdefault(key, []).append(Interval(start, None))
    return walk.found


class _Walk:
    """Where the walk stands. ``begun``, ``done``, ``over``: in which stages anything has begun, what they wait for was
    done, and the case was closed since the pathway was opened or moved here last. ``owed``: what it was closed over and
    owes for all that. ``last``: what ended each last.
    """

    def __init__(self, events: Sequence[Event]) -> None:
        self.found: dict[str, list[Interval]] = {}
        self.opened: dict[tuple[str, str | None], Event] = {}
        self._begun, self._done, self._over, self._owed = set[str](), set[str](), set[str](), set[str]()
        self._last: dict[str, str] = {}
        self._seen = set[str]()
        self._kinds = _kinds(events)

    def step(self, event: Event) -> None:
        if event.kind in ANEW:
            for each in (self._begun, self._done, self._over):
                each.clear()
            self._kinds.pop(0)
        elif event.kind in CLOSES:
            self._begun -= _OF_WORK
            self._done -= _OF_WORK
        for key in _ENDED.get(event.kind, ()):
            self._end(BY_KEY[key], event)
        for key, start in _STARTED.get(event.kind, ()):
            place = key, _named(BY_KEY[key], event)
            if place not in self.opened and self._begins(key, start, event):
                self.opened[place] = event
        self._seen.add(event.kind)

    def _end(self, stage: Stage, event: Event) -> None:
        ended = _ended(stage, self.opened, event)
        told = bool(ended) or stage.key not in self.found
        for place in ended:
            self.found.setdefault(stage.key, []).append(Interval(self.opened.pop(place), event))
        if not stage.ended_by(event) or event.kind in SPLITS:
            return
        if told:
            self._last[stage.key] = event.kind
        self._answer(stage, event, ended=bool(ended))
        if event.kind in OVER:
            self._over.add(stage.key)
        elif event.kind in stage.before or stage.key in self._begun:
            self._done.add(stage.key)
            self._over.discard(stage.key)

    def _answer(self, stage: Stage, event: Event, *, ended: bool) -> None:
        """Keep that something was answered, begun however long ago: who asks after that asks for another."""
        if event.kind in CLOSES:
            if ended and not stage.closes:
                self._owed.add(stage.key)
            return
        if event.kind in stage.before and (ended or stage.key in self._owed):
            self._begun.add(stage.key)
        self._owed.discard(stage.key)

    def _begins(self, key: str, start: Start, event: Event) -> bool:
        if start.outcomes is not None and event.milestone.outcome not in start.outcomes:
            return False
        if not start.without.isdisjoint(self._kinds[0]) or (start.after and start.after.isdisjoint(self._seen)):
            return False
        if (start.open and key in self._over) or start.reversing not in (None, self._last.get(key)):
            return False
        if start.during is not None and (start.during, None) not in self.opened:
            return False
        first = key not in self._begun
        self._begun.add(key)
        if start.undoes:
            self._done.discard(key)
        return start.reversing is not None or key not in self._done or (start.each and not first)


def _kinds(events: Sequence[Event]) -> list[set[str]]:
    """What happens before the pathway is opened again or moves, between that and the next time, and so on."""
    found: list[set[str]] = [set()]
    for event in events:
        if event.kind in ANEW:
            found.append(set())
        found[-1].add(event.kind)
    return found


def _named(stage: Stage, event: Event) -> str | None:
    return None if stage.per is None else named(event, stage.per)


def _ended(stage: Stage, opened: Mapping[tuple[str, str | None], Event], event: Event) -> list[tuple[str, str | None]]:
    """Which stays the event ends: its own; else the oldest where one of the two names nothing; a withdrawal, all."""
    name = _named(stage, event)
    own = (stage.key, name)
    if stage.per is None or (own in opened and event.kind != "withdrawn"):
        return [own] if own in opened and stage.ended_by(event) else []
    others = [place for place in opened if place[0] == stage.key]
    if event.kind == "withdrawn":
        return others
    return [place for place in others if name is None or place[1] is None][:1] if stage.ended_by(event) else []


_STARTED: Final[dict[str, list[tuple[str, Start]]]] = {}
_ENDED: Final[dict[str, list[str]]] = {}
#: Stages of work on a case; the others ask whom a notice reached, and what came of that is not undone by closing.
_OF_WORK: Final = frozenset(each.key for each in STAGES if OF_NOTICE.isdisjoint(start.kind for start in each.starts))
for _each in STAGES:
    for _start in _each.starts:
        _STARTED.setdefault(_start.kind, []).append((_each.key, _start))
    for _kind in _each.ends:
        _ENDED.setdefault(_kind, []).append(_each.key)
