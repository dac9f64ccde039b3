"""Unassessed risk: the stretches in which a child waits for a first decision."""

from collections.abc import Sequence
from typing import Final

from schema.spine import Wait
from service.clocks.awareness import POLICE_AWARE
from service.clocks.order import Event

#: What ends a wait. A decision to send the child to the right area does not: the sender still holds it.
EXITS: Final = frozenset({"contact_decided", "strategy_held", "child_seen", "notice_not_shared", "withdrawn"})


def waits_of(events: Sequence[Event]) -> list[Wait]:
    """Each wait from when the police knew, from a reopening, or from a declined notice being sent after all.

    Where it is not known when the police first knew, the wait is counted from the first proof that
    they did, and marked as not precise: a child never drops out of the count.
    """
    waits: list[Wait] = []
    start: Event | None = None
    exited: Event | None = None
    begun = False
    for event in events:
        kind = event.kind
        if kind in EXITS and event.milestone.outcome != "sent_to_right_area":
            if start is not None:
                waits.append(_wait(start, event))
                start = None
            exited = event
        elif kind == POLICE_AWARE:
            begun = True
            if exited is None:
                start = event
            else:
                waits.append(_wait(event, exited))
        elif start is None and begun and _opens_again(event, exited):
            start = event
    if start is not None:
        waits.append(_wait(start, None))
    return waits


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
