"""Which strategy discussion initiated an enquiry: day 0 of the conference.

The discussion that says so (``initiates_enquiry``); of several, the earliest, and that is a query
about data quality. If none says so, the nearest discussion at or before the start of the enquiry;
if there is none, the start of the enquiry. Follow-up discussions never reset it. One occasion runs
until the enquiry is completed, the conference is held or found not to be required, or a reopening.
"""

from collections.abc import Sequence
from typing import Final

from service.clocks.order import Event

ENQUIRY_INITIATED: Final = "enquiry_initiated"

_ENDS: Final = frozenset({"enquiry_completed", "conference_held", "conference_not_required", "reopened", "withdrawn"})


def initiations(events: Sequence[Event]) -> tuple[list[Event], list[list[Event]]]:
    """The initiating events (as derived events), and the discussions that contradict each other."""
    found: list[Event] = []
    doubtful: list[list[Event]] = []
    said: list[Event] = []
    started: Event | None = None
    latest: Event | None = None
    used: set[object] = set()

    def settle() -> None:
        nonlocal started
        nearest = latest if latest is not None and latest.milestone.id not in used else started
        origin = said[0] if said else nearest if started is not None else None
        if origin is not None and origin.milestone.id not in used:
            used.add(origin.milestone.id)
            found.append(Event(ENQUIRY_INITIATED, origin.at, origin.on, origin.vague, origin.milestone))
        if len(said) > 1:
            doubtful.append(said.copy())
        said.clear()
        started = None

    for event in events:
        if event.kind == "strategy_held":
            if event.milestone.detail.get("initiates_enquiry") is True:
                said.append(event)
            elif started is None:
                latest = event
        elif event.kind == "enquiry_started":
            started = started or event
        elif event.kind in _ENDS:
            settle()
            latest = None if event.kind in ("reopened", "withdrawn") else latest
    settle()
    return found, doubtful


def place_initiations(events: Sequence[Event], found: Sequence[Event]) -> list[Event]:
    """The stream with each derived event just after the milestone it comes from."""
    by_milestone = {event.milestone.id: event for event in found}
    placed: list[Event] = []
    for event in events:
        placed.append(event)
        derived = by_milestone.get(event.milestone.id)
        if derived is not None and event.kind in ("strategy_held", "enquiry_started"):
            placed.append(derived)
    return placed
