"""Which strategy discussion initiated an enquiry: day 0 of the conference.

The discussion that says so (``initiates_enquiry``); of several, the earliest, and that is a query
about data quality. If none says so, the nearest discussion at or before the start of the enquiry;
if there is none, or another enquiry was completed since, the start of the enquiry. Follow-up
discussions never reset it. One occasion runs until the enquiry is completed, the conference is held
or found not to be required, or a reopening.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from service.clocks.order import Event

ENQUIRY_INITIATED: Final = "enquiry_initiated"

#: The kind of the derived event that meets the conference standard like the milestone of that name.
NOT_REQUIRED: Final = "conference_not_required"
_CARRIERS: Final = ("strategy_held", "enquiry_started", "enquiry_completed")
_ENDS: Final = frozenset({"enquiry_completed", "conference_held", "conference_not_required", "reopened", "withdrawn"})


class Enquiries:
    """What was read of the enquiries of one pathway.

    ``initiated``: one derived event per enquiry. ``without_conference``: derived events for
    completed enquiries of which it was recorded that no conference is required. ``doubtful``:
    discussions that contradict each other.
    """

    def __init__(self, events: Sequence[Event]) -> None:
        self.initiated: list[Event] = []
        self.without_conference: list[Event] = []
        self.doubtful: list[list[Event]] = []
        self._said: list[Event] = []
        self._started: Event | None = None
        self._latest: Event | None = None
        self._used: set[UUID] = set()
        for event in events:
            self._take(event)
        self._settle()

    def _take(self, event: Event) -> None:
        if event.kind == "strategy_held":
            if event.milestone.detail.get("initiates_enquiry") is True:
                self._said.append(event)
            elif self._started is None:
                self._latest = event
        elif event.kind == "enquiry_started":
            self._started = self._started or event
        elif event.kind in _ENDS:
            if event.kind == "enquiry_completed" and _no_conference(event, self._started):
                self.without_conference.append(_derived(NOT_REQUIRED, event))
            self._settle()
            if event.kind in ("enquiry_completed", "reopened", "withdrawn"):
                self._latest = None

    def _settle(self) -> None:
        """Close one occasion: decide what it was initiated by."""
        said, started, latest = self._said, self._started, self._latest
        nearest = latest if latest is not None and latest.milestone.id not in self._used else started
        origin = said[0] if said else nearest if started is not None else None
        if origin is not None and origin.milestone.id not in self._used:
            self._used.add(origin.milestone.id)
            self.initiated.append(_derived(ENQUIRY_INITIATED, origin))
        if len(said) > 1:
            self.doubtful.append(said)
        self._said, self._started = [], None


def _no_conference(completed: Event, started: Event | None) -> bool:
    """Whether it was recorded, on the enquiry's start or its end, that no conference is required."""
    for event in (completed, started):
        if event is not None and event.milestone.detail.get("conference_required") in ("no", False):
            return True
    return False


def _derived(kind: str, event: Event) -> Event:
    return Event(kind, event.at, event.on, event.vague, event.milestone)


def place_derived(events: Sequence[Event], enquiries: Enquiries) -> list[Event]:
    """The stream with each derived event just after the milestone it comes from."""
    derived = {event.milestone.id: event for event in (*enquiries.initiated, *enquiries.without_conference)}
    placed: list[Event] = []
    for event in events:
        placed.append(event)
        follows = derived.get(event.milestone.id)
        if follows is not None and event.kind in _CARRIERS:
            placed.append(follows)
    return placed
