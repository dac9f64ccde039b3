"""Where a pathway stands: a summary for lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from schema.spine import Segment, State
from service.clocks.awareness import POLICE_AWARE
from service.clocks.grades import Grading
from service.clocks.order import Event
from service.clocks.rows import Clock

_TO_ALLOCATE: Final = ("referral", "strategy_discussion", "immediate_protection")
#: Rules that watch for work that is missing promise nothing, so they are never the next due time.
_PROMISES: Final = ("overdue", "unallocated")


class _Summary:
    """Collects what the last or first milestone of each kind says."""

    def __init__(self) -> None:
        self.first: dict[str, Event] = {}
        self.decided: Event | None = None
        self.worker: str | None = None
        self.team: str | None = None
        self.wanted = False
        self.closed: datetime | None = None
        self.withdrawn = False

    def take(self, event: Event) -> None:
        """Let one event, in order, change the summary."""
        kind, milestone = event.kind, event.milestone
        if kind not in self.first:
            self.first[kind] = event
        if kind in ("contact_decided", "referral_accepted", "allocated", "allocation_ended"):
            self._allocation(kind, event)
        elif kind in ("closed", "withdrawn", "stepped_down"):
            self.wanted = False
            self.closed = event.at if kind == "closed" else self.closed
            self.withdrawn = self.withdrawn or kind == "withdrawn"
        elif kind == "reopened":
            self.closed, self.withdrawn = None, False
        if kind == "contact_decided" and self.decided is None and milestone.outcome != "sent_to_right_area":
            self.decided = event

    def _allocation(self, kind: str, event: Event) -> None:
        detail, outcome = event.milestone.detail, event.milestone.outcome
        team = detail.get("team")
        self.team = str(team) if team is not None else self.team
        if kind == "allocated":
            worker = detail.get("worker")
            self.worker, self.wanted = str(worker) if worker is not None else "", False
        elif kind == "allocation_ended":
            self.worker, self.wanted = None, True
        elif self.worker is None and (kind == "referral_accepted" or outcome in _TO_ALLOCATE):
            self.wanted = True

    def at(self, kind: str) -> datetime | None:
        """The effective instant of the first milestone of a kind."""
        event = self.first.get(kind)
        return None if event is None else event.at


def state_of(events: Sequence[Event], graded: Grading, segments: Sequence[Segment], clocks: Sequence[Clock]) -> State:
    """The summary. ``decided_at`` and ``outcome`` are the first decision's: reopening keeps it."""
    summary = _Summary()
    for event in events:
        summary.take(event)
    aware = summary.first.get(POLICE_AWARE)
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
        submitted_at=summary.at("notice_submitted"),
        shared_at=summary.at("notice_shared"),
        received_at=summary.at("notice_received"),
        not_shared_at=summary.at("notice_not_shared"),
        decided_at=None if summary.decided is None else summary.decided.at,
        outcome=None if summary.decided is None else summary.decided.milestone.outcome,
        allocated_to=summary.worker or None,
        allocated_team=summary.team,
        allocation_wanted=summary.wanted,
        closed_at=summary.closed,
        withdrawn=summary.withdrawn,
        next_due_at=next_due,
        next_due_standard=standard,
    )


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
