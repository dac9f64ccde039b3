"""Unassessed risk: the stretches in which a child waits for a first decision."""

from collections.abc import Sequence
from typing import Final

from schema.spine import Wait
from service.clocks.awareness import POLICE_AWARE
from service.clocks.order import Event

#: What ends a wait. A decision to send the child to the right area does not: the sender still holds it.
EXITS: Final = frozenset({"contact_decided", "strategy_held", "child_seen", "notice_not_shared", "withdrawn"})


#: The places of the events that begin and end a wait; None where it has not ended.
Span = tuple[int, int | None]


def spans_of(events: Sequence[Event]) -> tuple[Span, ...]:
    """Each wait from when the police knew, from a reopening, or from a declined notice being sent after all.

    Where it is not known when the police first knew, the wait is counted from the first proof that
    they did, and marked as not precise: a child never drops out of the count. A notice that was
    declined when nobody waited any more begins nothing by being sent. Only the order of the events
    matters, not their times.
    """
    spans: list[Span] = []
    start: int | None = None
    exited: int | None = None
    begun = False
    for number, event in enumerate(events):
        kind = event.kind
        if kind in EXITS and event.milestone.outcome != "sent_to_right_area":
            if start is not None:
                spans.append((start, number))
                start, exited = None, number
            elif not begun:
                exited = number
        elif kind == POLICE_AWARE:
            begun = True
            if exited is None:
                start = number
            else:
                spans.append((number, exited))
        elif start is None and begun and _opens_again(event, None if exited is None else events[exited]):
            start = number
    if start is not None:
        spans.append((start, None))
    return tuple(spans)


def waits_of(spans: Sequence[Span], events: Sequence[Event]) -> tuple[Wait, ...]:
    """The waits at the times of these events."""
    return tuple([_wait(events[start], None if end is None else events[end]) for start, end in spans])


def _opens_again(event: Event, exited: Event | None) -> bool:
    if event.kind == "reopened":
        return True
    return event.kind == "notice_shared" and exited is not None and exited.kind == "notice_not_shared"


def _wait(start: Event, end: Event | None) -> Wait:
    return Wait(
        since=start.at,
        since_day_precise=start.on is not None or not start.known,
        until=None if end is None else max(end.at, start.at),
        until_day_precise=end is not None and end.on is not None,
        exit=None if end is None else end.kind,
        episode=start.milestone.root,
    )
