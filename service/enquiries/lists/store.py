"""Reads the lists of enquiries and conferences; rows come in the order people work them."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from service.database import Connection, Queries

queries = Queries(__package__ or "service.enquiries.lists")


class EnquiryRow(msgspec.Struct, frozen=True):
    """One child's enquiry under way. ``not_opened``: it began elsewhere and nobody writes it here yet;
    ``not_started``: a discussion decided on it, and nobody has started it.

    Field order is column order.
    """

    pathway: UUID
    area: str
    force: str
    started_at: datetime
    due_at: datetime
    enquiry: UUID | None
    state: str
    lead_social_worker: str | None
    unseen: bool
    seen_due_at: datetime | None
    without_history: bool
    family_name: str
    given_names: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    reference: str
    grade: str | None
    urgent: bool


class EnquiryCounts(msgspec.Struct, frozen=True):
    """How many enquiries stand where. Field order is column order."""

    everything: int
    unseen: int
    today: int
    late: int
    authorise: int
    without_history: int


class ConferenceRow(msgspec.Struct, frozen=True):
    """One child's conference that is due, or was late. Field order is column order.

    ``agreed``: manager and chair agreed the reason. ``required``: what the enquiry says, None where it does not yet.
    """

    pathway: UUID
    area: str
    force: str
    standard: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    stopped_by: str | None
    conference: UUID | None
    state: str
    planned_for: datetime | None
    late_reason: str | None
    by_manager: bool
    by_chair: bool
    agreed: bool
    required: str | None
    family_name: str
    given_names: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    reference: str


class ConferenceCounts(msgspec.Struct, frozen=True):
    """How many conferences stand where. Field order is column order."""

    due: int
    week: int
    late: int
    unscheduled: int
    without_reason: int
    not_required_late: int


async def enquiries(
    connection: Connection, now: datetime, today: datetime, *, which: str, area: str | None, limit: int, offset: int
) -> list[EnquiryRow]:
    """Enquiries under way of those whom the actor sees, the earliest target first."""
    rows = await connection.fetch(queries.enquiries, now, today, which, area, limit, offset)
    return [EnquiryRow(*row) for row in rows]


async def enquiry_counts(connection: Connection, now: datetime, today: datetime, area: str | None) -> EnquiryCounts:
    """The numbers on the tiles."""
    rows = await connection.fetch(queries.enquiry_counts, now, today, area)
    return EnquiryCounts(*rows[0])


async def conferences(
    connection: Connection, now: datetime, week: datetime, *, which: str, area: str | None, limit: int, offset: int
) -> list[ConferenceRow]:
    """Conferences of those whom the actor sees, the earliest target first."""
    rows = await connection.fetch(queries.conferences, now, week, which, area, limit, offset)
    return [ConferenceRow(*row) for row in rows]


async def conference_counts(
    connection: Connection, now: datetime, week: datetime, area: str | None
) -> ConferenceCounts:
    """The numbers on the tiles."""
    rows = await connection.fetch(queries.conference_counts, now, week, area)
    return ConferenceCounts(*rows[0])
