"""Structs of the spine: what was recorded (truth) and what follows from it (derived).

Every instant is an aware UTC datetime in whole seconds. A day-precise milestone has ``on`` and no
``at``: a day never gets an invented midnight.
"""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from schema.vocabulary import Grade, Precision


class Milestone(msgspec.Struct, frozen=True):
    """Something that happened to one child in one incident, as somebody recorded it.

    ``record`` is shared by the rows of one fact that covers several pathways (a meeting, an
    incident's attendance): correcting one corrects all. ``root`` is the first row of the chain of
    corrections, and so survives them; it keys the episodes of clocks and flags. ``outcome`` is the
    one closed value that rules look at (a grade, a contact outcome, an agency, ``quorate``);
    ``detail`` holds the rest and is read by rules only where they say so.
    """

    id: UUID
    root: UUID
    record: UUID
    kind: str
    at: datetime | None
    on: date | None
    precision: Precision
    recorded_at: datetime
    source: str = "typed"
    outcome: str | None = None
    detail: dict[str, Any] = {}
    supersedes: UUID | None = None
    retracted: bool = False


class PathwayFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What rules need to know of the child and the incident besides the milestones."""

    id: UUID
    area: str
    force: str
    involvement: str = "not_recorded"
    date_of_birth: date | None = None
    expected_date_of_birth: date | None = None
    school_status: str = "unknown"
    coverage: str = "all_notices"
    earlier_not_shared: tuple[tuple[UUID, datetime], ...] = ()
    """Notices of this child declined in the 12 months before this incident: (pathway, when)."""


class RaisedFlag(msgspec.Struct, frozen=True, kw_only=True):
    """A flag that was raised: truth, never unsaid. Conditions that vanish end as ``corrected``."""

    rule: str
    subject: str
    episode: UUID
    true_from: datetime
    noticed_at: datetime


class History(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one pathway: the input of every evaluation.

    ``milestones`` holds every row ever recorded, superseded and retracted ones too, in any order;
    that is what lets a vanished condition be dated by the correction that ended it.
    """

    pathway: PathwayFacts
    milestones: tuple[Milestone, ...]
    flags: tuple[RaisedFlag, ...] = ()


class Segment(msgspec.Struct, frozen=True):
    """Who held the child from when until when; ``until`` is None for the one open segment."""

    holder: str
    stage: str
    since: datetime
    until: datetime | None
    approximate: bool
    opened_by: UUID


ClockStanding = Literal["ok", "not_applicable", "cannot_compute"]


class ClockRow(msgspec.Struct, frozen=True):
    """One standard applied to one pathway for one episode. Nothing here depends on now.

    Late means: stopped after ``due_at``, or not stopped and now is past ``due_at``. ``end_of_day``
    says that ``due_at`` is the midnight that ends the last day, so that pages say "end of Wed".
    ``rules`` is False where another clock of the same standard has the earlier due time.
    """

    standard: str
    episode: UUID
    version: UUID
    calendar: int | None
    grade: Grade | None
    standing: ClockStanding
    why: str | None
    started_at: datetime | None
    start_milestone: UUID
    warn_at: datetime | None
    due_at: datetime | None
    end_of_day: bool
    stopped_at: datetime | None
    stop_milestone: UUID | None
    stop_recorded_at: datetime | None
    approximate: bool
    rules: bool


class Condition(msgspec.Struct, frozen=True):
    """What is true of a pathway from when until when, and why it ended.

    ``true_from`` may lie ahead (an open clock's due time): nothing about a condition depends on
    now. ``rule`` is ``overdue``, ``approaching``, ``absent`` ... and ``subject`` the standard or
    milestone it is about, so that a flag's key is (pathway, rule, subject, episode).
    """

    rule: str
    subject: str
    episode: UUID
    true_from: datetime
    true_until: datetime | None
    cause: str | None
    holder: str
    evidence: tuple[UUID, ...]


class Wait(msgspec.Struct, frozen=True):
    """One stretch of unassessed risk ("waiting for a first decision") and how it ended."""

    since: datetime
    since_day_precise: bool
    until: datetime | None
    until_day_precise: bool
    exit: str | None
    episode: UUID


class State(msgspec.Struct, frozen=True):
    """Where the pathway stands: a summary for lists, derived like everything else."""

    first_grade: Grade | None
    grade: Grade | None
    urgent: bool
    stage: str
    holder: str
    held_since: datetime | None
    aware_at: datetime | None
    aware_on: date | None
    submitted_at: datetime | None
    shared_at: datetime | None
    received_at: datetime | None
    not_shared_at: datetime | None
    decided_at: datetime | None
    outcome: str | None
    allocated_to: str | None
    allocated_team: str | None
    allocation_wanted: bool
    closed_at: datetime | None
    withdrawn: bool
    next_due_at: datetime | None
    next_due_standard: str | None


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that follows from one pathway's milestones."""

    state: State
    segments: tuple[Segment, ...]
    clocks: tuple[ClockRow, ...]
    conditions: tuple[Condition, ...]
    waits: tuple[Wait, ...]
