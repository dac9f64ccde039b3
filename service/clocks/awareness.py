"""When the police knew: the instant from which every second has a holder."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from service.clocks.local_time import local_day
from service.clocks.order import Event

#: The event this module derives; standards name it as a start.
POLICE_AWARE: Final = "police_aware"

_NOTICES: Final = ("notice_submitted", "notice_shared")
_AWARE: Final = ("police_reported", "police_attended")


def police_aware(events: Sequence[Event]) -> Event | None:
    """The derived start, as an event that carries the milestone it comes from.

    The earlier of reported and attended. Where one of them is known to the day only and the other
    exactly on that same day, the exact one is taken and marked vague. Where neither is known, the
    time of the incident stands in, marked vague, if a notice was made the same local day; else the
    event is not ``known`` and carries the first milestone there is. None without any milestone.
    """
    told = [event for event in events if event.kind in _AWARE]
    if told:
        first = told[0]
        if len(told) == 1 or all(event.on is None for event in told):
            return Event(POLICE_AWARE, first.at, first.on, first.vague, first.milestone)
        return _earlier(told)
    if not events:
        return None
    occurred = next((event for event in events if event.kind == "incident_occurred"), None)
    notices = [event for event in events if event.kind in _NOTICES]
    if occurred is not None and notices and _day(occurred) == _day(notices[0]):
        return Event(POLICE_AWARE, occurred.at, occurred.on, True, occurred.milestone)
    # The earliest proof that the police knew bounds what is certain; the true start is not known.
    proof = notices[0] if notices else next((e for e in events if e.kind != "incident_occurred"), events[0])
    return Event(POLICE_AWARE, proof.at, proof.on, True, proof.milestone, known=False)


def _earlier(told: list[Event]) -> Event:
    day = min(_day(event) for event in told)
    same = [event for event in told if _day(event) == day]
    exact = [event for event in same if event.on is None]
    chosen = min(exact or same, key=lambda event: event.at)
    vague = chosen.vague or len(exact) < len(same)
    return Event(POLICE_AWARE, chosen.at, chosen.on, vague, chosen.milestone)


def _day(event: Event) -> date:
    return event.on or local_day(event.at)


def place(events: list[Event], aware: Event) -> list[Event]:
    """The stream with the derived event just before the first event that is not earlier."""
    for number, event in enumerate(events):
        if event.at >= aware.at:
            return [*events[:number], aware, *events[number:]]
    return [*events, aware]
