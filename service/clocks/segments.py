"""Who held the child: segments that tile a pathway exactly from when the police knew."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from schema.holders import NO_AGENCY, HolderRow
from schema.spine import Segment
from schema.vocabulary import AGENCIES
from service.clocks.awareness import POLICE_AWARE
from service.clocks.episodes import CLOSES
from service.clocks.holders import HolderTable
from service.clocks.order import Event

_AGENCIES: Final = frozenset(AGENCIES)
_POLICE: Final = ("police", "recording")
#: The phase of a decision: one that is made after the case was closed is followed by whoever acts on it.
_DECIDED: Final = 4
#: The stage while an agency's answer is the only thing awaited.
INFORMATION: Final = "information"
#: Nothing is awaited from another agency while a notice is on its way or nobody holds the child.
_NO_OVERLAY: Final = frozenset({"in_transit", "not_shared", "decided", "closed", "withdrawn"})


class _Tiler:
    """Walks the events and keeps whose turn it is."""

    def __init__(self, table: HolderTable) -> None:
        self._table = table
        self._base: tuple[str, str] | None = None
        self._phase = 0
        self._sent = False
        self._asked: list[str] = []

    def take(self, event: Event) -> None:
        """Let one event change the holder."""
        milestone = event.milestone
        row = self._table.row(event.kind, milestone.outcome)
        if row is None or row.action == "unchanged":
            return
        if row.action == "wait_on" and milestone.detail.get("review") is True:
            return  # a review's delay is counted; meanwhile whoever works with the child goes on
        if row.action == "ask":
            self._asked.append(milestone.outcome or "other")
        elif row.action == "answer":
            answered = milestone.outcome or "other"
            self._asked = [agency for agency in self._asked if agency != answered]
        else:
            self._hold(event, row)

    def _hold(self, event: Event, row: HolderRow) -> None:
        if row.action == "start" and self._base is not None:
            return
        if row.phase < self._phase and not row.resets:
            return
        self._phase = min(row.phase, _DECIDED) if event.kind in CLOSES else row.phase
        if event.kind in ("notice_shared", "notice_received"):
            self._sent = True
        holder, stage = row.holder or NO_AGENCY, row.stage or ""
        if row.action == "wait_on" and event.milestone.outcome in _AGENCIES:
            holder = event.milestone.outcome or holder
        elif row.action == "resume" and not self._sent:
            (holder, stage), self._phase = ("police", "triage"), 1
        self._base = (holder, stage)
        self._asked.clear()

    def now_held(self) -> tuple[str, str]:
        """The holder and stage as things stand; with the police until a milestone says otherwise."""
        holder, stage = self._base or _POLICE
        if self._asked and stage not in _NO_OVERLAY and len(set(self._asked)) == 1:
            return self._asked[0], INFORMATION
        return holder, stage


class Tile(msgspec.Struct, frozen=True, gc=False):
    """One segment by the places of the events that open and end it; ``ends`` is None for the open one."""

    holder: str
    stage: str
    opens: int
    ends: int | None
    approximate: bool


class _Tile:
    """One tile in the making; ``end_before`` says that the tile before it ended at a vague time."""

    __slots__ = ("end_before", "held", "opens", "since", "vague")

    def __init__(self, held: tuple[str, str], event: Event, number: int, *, end_before: bool) -> None:
        self.held = held
        self.opens = number
        self.since: datetime = event.at
        self.vague = event.vague
        self.end_before = end_before or event.vague


def tiles_of(events: Sequence[Event], table: HolderTable) -> tuple[Tile, ...]:
    """The tiles, equal neighbours merged, none of zero length, the last one open.

    ``events`` holds the derived ``police_aware``; what came before it has its say about the holder
    but gets no tile. Where a step to the day falls together with an exact one, what ended is
    approximate and what began is not. Of times it matters only which of them are the same.
    """
    tiler = _Tiler(table)
    tiles: list[_Tile] = []
    started = False
    for number, event in enumerate(events):
        if event.kind == POLICE_AWARE:
            started = True
        else:
            tiler.take(event)
        if started:
            _lay(tiles, tiler.now_held(), event, number)
    last = len(tiles) - 1
    return tuple(
        Tile(
            tile.held[0],
            tile.held[1],
            tile.opens,
            None if number == last else tiles[number + 1].opens,
            tile.vague or (number != last and tiles[number + 1].end_before),
        )
        for number, tile in enumerate(tiles)
    )


def segments_of(tiles: Sequence[Tile], events: Sequence[Event]) -> list[Segment]:
    """The tiles at the times of these events."""
    found = []
    for tile in tiles:
        opens, ends = events[tile.opens], tile.ends
        until = None if ends is None else events[ends].at
        found.append(Segment(tile.holder, tile.stage, opens.at, until, tile.approximate, opens.milestone.id))
    return found


def _lay(tiles: list[_Tile], held: tuple[str, str], event: Event, number: int) -> None:
    if tiles and tiles[-1].held == held:
        return
    if not tiles or tiles[-1].since != event.at:
        tiles.append(_Tile(held, event, number, end_before=False))
        return
    empty = tiles.pop()
    if tiles and tiles[-1].held == held:
        return
    tile = _Tile(held, event, number, end_before=empty.end_before)
    if not tiles:
        tile.vague = tile.vague or empty.vague
    tiles.append(tile)
