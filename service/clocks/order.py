"""What is current, and in which order it happened: total for any input.

Order is (effective instant, rank in the vocabulary, recorded_at, id). The effective instant of an
exact milestone is its own; of a day-precise one the end of its local day, or the next later-ranked
exact milestone of that day if that is earlier.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from schema.spine import Milestone
from schema.vocabulary import RANK
from service.clocks.local_time import end_of, local_day

#: A kind this version does not know stands after all it knows; it starts and ends nothing.
UNKNOWN_RANK: Final = len(RANK)


class Event(msgspec.Struct, gc=False):
    """A milestone in its place. ``on`` is set where only the day is known, then ``at`` is effective.

    ``vague``: the time is known to the day, estimated or standing in for another, so that what it
    bounds is approximate. ``known`` is False where the time is not known at all.
    """

    kind: str
    at: datetime
    on: date | None
    vague: bool
    milestone: Milestone
    known: bool = True


#: Where an event stands, with its number among those placed so that events themselves are never compared.
_Placed = tuple[datetime, int, datetime, UUID, int, Event]


def current(milestones: Iterable[Milestone]) -> list[Milestone]:
    """Neither superseded nor retracted; a contact decision still in draft counts for nothing."""
    rows = tuple(milestones)
    gone = {row.supersedes for row in rows if row.supersedes is not None}
    return [
        row
        for row in rows
        if not row.retracted
        and (not gone or row.id not in gone)
        and (row.kind != "contact_decided" or not row.detail.get("draft"))
        and (row.at is not None or row.on is not None)
    ]


def in_order(milestones: Iterable[Milestone]) -> list[Event]:
    """Every current milestone as an event, in order."""
    placed: list[_Placed] = []
    by_day: list[Milestone] = []
    rank = RANK.get
    for row in current(milestones):
        at, kind = row.at, row.kind
        if at is None:
            by_day.append(row)
            continue
        event = Event(kind, at, None, row.precision == "estimated", row)
        placed.append((at, rank(kind, UNKNOWN_RANK), row.recorded_at, row.id, len(placed), event))
    exact = placed[:] if by_day else placed
    for row in by_day:
        if row.on is None:
            continue
        stands = rank(row.kind, UNKNOWN_RANK)
        at = _effective(row.on, stands, exact)
        placed.append((at, stands, row.recorded_at, row.id, len(placed), Event(row.kind, at, row.on, True, row)))
    placed.sort()
    return [entry[5] for entry in placed]


def _effective(day: date, rank: int, exact: list[_Placed]) -> datetime:
    later = [at for at, other, _, _, _, _ in exact if other > rank and local_day(at) == day]
    end = end_of(day)
    return min(end, *later) if later else end
