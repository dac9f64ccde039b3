"""Where a pathway stands: a summary for lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from schema.spine import Segment, State
from service.clocks.awareness import POLICE_AWARE
from service.clocks.grades import Grading
from service.clocks.order import Event
from service.clocks.rows import Clock

_TO_ALLOCATE: Final = ("referral", "strategy_discussion", "immediate_protection")
#: Work that opens a closed case again, also where nobody recorded that it was opened.
_WORK: Final = frozenset(
    {
        "referral_accepted",
        "allocated",
        "threshold_reached",
        "strategy_requested",
        "enquiry_started",
        "assessment_started",
    }
)
#: Rules that watch for work that is missing promise nothing, so they are never the next due time.
_PROMISES: Final = ("overdue", "unallocated")


class Outline(msgspec.Struct, frozen=True, gc=False):
    """The places of the events that say where a pathway stands; None where there is no such event.

    ``teams``: events that may name a team, the last one first.
    """

    aware: int | None
    submitted: int | None
    shared: int | None
    received: int | None
    not_shared: int | None
    decided: int | None
    allocated: int | None
    teams: tuple[int, ...]
    wanted: bool
    closed: int | None
    withdrawn: bool


class _Summary:
    """Collects what the last or first milestone of each kind says."""

    def __init__(self) -> None:
        self.first: dict[str, int] = {}
        self.decided: int | None = None
        self.allocated: int | None = None
        self.teams: list[int] = []
        self.wanted = False
        self.over = False
        #: Whoever was allocated before now does not count for what is accepted after.
        self.anew = False
        self.closed: int | None = None
        self.withdrawn = False

    def take(self, number: int, event: Event) -> None:
        """Let one event, in order, change the summary."""
        kind, outcome = event.kind, event.milestone.outcome
        self.first.setdefault(kind, number)
        if kind in ("contact_decided", "referral_accepted", "allocated", "allocation_ended"):
            self._allocation(number, kind, outcome)
        elif kind in ("closed", "withdrawn", "stepped_down"):
            self.wanted, self.over, self.anew = False, True, True
            self.closed = number if kind == "closed" else self.closed
            self.withdrawn = self.withdrawn or kind == "withdrawn"
        elif kind == "reopened":
            self.closed, self.withdrawn, self.over, self.anew = None, False, False, True
        elif kind == "transfer_accepted":
            self.closed, self.over, self.anew = None, False, True
        if kind in _WORK or (kind == "contact_decided" and outcome in _TO_ALLOCATE):
            self.closed = None
        if kind == "contact_decided" and self.decided is None and outcome != "sent_to_right_area":
            self.decided = number

    def _allocation(self, number: int, kind: str, outcome: str | None) -> None:
        self.teams.append(number)
        if kind == "allocated":
            self.allocated, self.wanted, self.over, self.anew = number, False, False, False
        elif kind == "allocation_ended":
            # A worker who leaves after the case was closed leaves nobody without one.
            self.allocated, self.wanted = None, self.wanted or not self.over
        elif (self.allocated is None or self.anew) and (kind == "referral_accepted" or outcome in _TO_ALLOCATE):
            self.wanted = True


def outline_of(events: Sequence[Event]) -> Outline:
    """Which events the summary is taken from. Only their order matters, not their times."""
    summary = _Summary()
    for number, event in enumerate(events):
        summary.take(number, event)
    first = summary.first.get
    return Outline(
        first(POLICE_AWARE),
        first("notice_submitted"),
        first("notice_shared"),
        first("notice_received"),
        first("notice_not_shared"),
        summary.decided,
        summary.allocated,
        tuple(reversed(summary.teams)),
        summary.wanted,
        summary.closed,
        summary.withdrawn,
    )


def state_of(
    outline: Outline, events: Sequence[Event], graded: Grading, segments: Sequence[Segment], clocks: Sequence[Clock]
) -> State:
    """The summary. ``decided_at`` and ``outcome`` are the first decision's: reopening keeps it."""

    def at(number: int | None) -> datetime | None:
        return None if number is None else events[number].at

    aware = None if outline.aware is None else events[outline.aware]
    held = segments[-1] if segments else None
    next_due, standard = _next_due(clocks)
    known = aware if aware is not None and aware.known else None
    return State(
        first_grade=graded.first,
        grade=graded.current,
        urgent=graded.urgent,
        stage=held.stage if held else "not_known_to_police",
        holder=held.holder if held else "no_agency",
        held_since=held.since if held else None,
        aware_at=known.at if known is not None and known.on is None else None,
        aware_on=None if known is None else known.on,
        submitted_at=at(outline.submitted),
        shared_at=at(outline.shared),
        received_at=at(outline.received),
        not_shared_at=at(outline.not_shared),
        decided_at=at(outline.decided),
        outcome=None if outline.decided is None else events[outline.decided].milestone.outcome,
        allocated_to=None if outline.allocated is None else _said(events[outline.allocated], "worker") or None,
        allocated_team=next((team for n in outline.teams if (team := _said(events[n], "team")) is not None), None),
        allocation_wanted=outline.wanted,
        closed_at=at(outline.closed),
        withdrawn=outline.withdrawn,
        next_due_at=next_due,
        next_due_standard=standard,
    )


def _said(event: Event, name: str) -> str | None:
    """A word of the milestone's detail."""
    said = event.milestone.detail.get(name)
    return None if said is None else str(said)


def _next_due(clocks: Sequence[Clock]) -> tuple[datetime | None, str | None]:
    """The earliest due time that is not met yet, passed or not."""
    best: datetime | None = None
    name: str | None = None
    for clock in clocks:
        row = clock.row
        if row.stopped_at is not None or row.due_at is None or row.standing != "ok" or not row.rules:
            continue
        version = clock.episode.version
        if version.standard.flags not in _PROMISES:
            continue
        if version.flag_grades is not None and (row.grade or "high") not in version.flag_grades:
            continue
        if best is None or row.due_at < best:
            best, name = row.due_at, row.standard
    return best, name
