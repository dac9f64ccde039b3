"""Rows of meetings as they are stored, and what is shown of a discussion."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.meetings import Answer, Form, How, Kind, Record, State, Urgency


class Discussion(msgspec.Struct, frozen=True, kw_only=True):
    """One discussion. Its state follows from which of its times are set: `rules.state`."""

    id: UUID
    area: str
    areas: tuple[str, ...]
    forces: tuple[str, ...]
    version: int
    sequence: int
    kind: Kind
    urgency: Urgency
    form: Form
    reason: str
    manager: UUID | None
    manager_name: str
    threshold_at: datetime | None
    requested_at: datetime
    requested_by: UUID | None
    follows: UUID | None
    place: str | None
    chair: str | None
    scheduled_slot: UUID | None
    scheduled_from: datetime | None
    scheduled_until: datetime | None
    held_from: datetime | None
    held_until: datetime | None
    quorate: bool | None
    in_hours: bool | None
    initiates_enquiry: bool
    cancelled_at: datetime | None
    issued_at: datetime | None
    recorded_at: datetime


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """A child in an incident that a discussion covers: what those who take part see of it."""

    discussion: UUID
    pathway: UUID
    area: str
    force: str
    child: UUID
    family_name: str
    given_names: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    sex: str
    involvement: str
    reference: str
    confidential_address: bool
    added_at: datetime


class ClockOf(msgspec.Struct, frozen=True, kw_only=True):
    """A clock of the strategy discussion on one of its pathways, with the engine's own instants."""

    pathway: UUID
    standard: str
    episode: UUID
    standing: str
    why: str | None
    started_at: datetime | None
    warn_at: datetime | None
    due_at: datetime | None
    end_of_day: bool
    stopped_at: datetime | None
    rules: bool


class Invitee(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is asked to take part: an agency where ``person`` and ``name`` are empty."""

    id: UUID
    agency: str
    area: str
    person: UUID | None
    person_name: str | None
    name: str
    role_title: str
    mail: str
    required: bool
    invited_at: datetime


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A time that is offered."""

    id: UUID
    starts_at: datetime
    ends_at: datetime


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The newest answer of an invitee to a slot."""

    slot: UUID
    invitee: UUID
    answer: Answer
    representative: str
    note: str
    at: datetime
    by_name: str | None


class Delay(msgspec.Struct, frozen=True, kw_only=True):
    """A postponement or the cancellation, with its cause and the agency it waits on.

    ``reason``: why it was corrected, where it was.
    """

    id: UUID
    kind: str
    cause: str
    agency: str
    note: str
    was_for: datetime | None
    now_for: datetime | None
    at: datetime
    by_name: str | None
    reason: str | None = None


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One number of the record: 1 as it was first recorded, higher ones with the reason of the correction."""

    number: int
    record: Record
    recorded_at: datetime
    recorded_by_name: str | None
    reason: str | None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The record while it is written."""

    record: Record
    saved_at: datetime
    saved_by_name: str | None


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A record sent to an invitee: which number of it, when and how."""

    invitee: UUID
    number: int
    how: How
    sent_at: datetime


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What one change did: its fields with the values before and after."""

    version: int
    what: str
    changes: dict[str, Any]
    at: datetime
    by_name: str
    reason: str | None


class Required(msgspec.Struct, frozen=True, kw_only=True):
    """That an agency must take part from some time on; in one area, or everywhere (None)."""

    area: str | None
    agency: str
    required: bool
    effective_from: datetime
    basis: str
    recorded_at: datetime


class RankedSlot(msgspec.Struct, frozen=True, kw_only=True):
    """A slot as it is offered for choice. ``first``: the first to come that all required agencies accept.

    ``in_time``: whether every clock that runs would still be met; None where nothing runs. ``over``: it has passed.
    """

    slot: Slot
    accepted_by: tuple[str, ...]
    missing: tuple[str, ...]
    in_time: bool | None
    first: bool
    over: bool


class Quoracy(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a discussion was quorate, by which rule, and who was missing."""

    quorate: bool
    rule: str
    required: tuple[str, ...]
    present: tuple[str, ...]
    missing: tuple[str, ...]
    manager_present: bool


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A discussion in a list: no child's name, only how many there are."""

    id: UUID
    area: str
    state: State
    kind: Kind
    urgency: Urgency
    form: Form
    requested_at: datetime
    scheduled_from: datetime | None
    scheduled_until: datetime | None
    held_from: datetime | None
    cancelled_at: datetime | None
    quorate: bool | None
    children: int
    due_at: datetime | None
    waits_for: tuple[str, ...]
    version: int


class View(msgspec.Struct, frozen=True, kw_only=True):
    """One discussion as its page shows it. What partners may not see is empty for them."""

    discussion: Discussion
    state: State
    covered: tuple[Covered, ...]
    not_covered: tuple[UUID, ...]
    clocks: tuple[ClockOf, ...]
    due_at: datetime | None
    required: tuple[str, ...]
    invitees: tuple[Invitee, ...]
    slots: tuple[RankedSlot, ...]
    answers: tuple[Answered, ...]
    waits_for: tuple[str, ...]
    delays: tuple[Delay, ...]
    record: Kept | None
    quoracy: Quoracy | None
    copies: tuple[Copy, ...]
    mine: tuple[UUID, ...]
    convenes: bool
