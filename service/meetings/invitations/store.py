"""What an invitation says, and whom it goes to. Sending reads as the system."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from service.database import Connection, Queries

queries: Final = Queries("service.meetings.invitations")


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation and how its discussion stands. ``was_for`` is the time that it last lost."""

    invitee: UUID
    discussion: UUID
    sequence: int
    form: str
    requested_at: datetime
    held_from: datetime | None
    cancelled_at: datetime | None
    withdrawn_at: datetime | None
    scheduled_from: datetime | None
    scheduled_until: datetime | None
    proposed_from: datetime | None
    proposed_until: datetime | None
    was_for: datetime | None


class Recipient(msgspec.Struct, frozen=True):
    """An address, and a name for the mail to it that stays the same at every attempt."""

    id: UUID
    email: str


async def known(connection: Connection, invitee: UUID) -> Known | None:
    """One invitation."""
    row = await connection.fetchrow(queries.known, invitee)
    return Known(**dict(row)) if row else None


async def recipients(connection: Connection, invitee: UUID) -> list[Recipient]:
    """Whom it goes to; nobody where no address is known."""
    return [Recipient(row[0], row[1]) for row in await connection.fetch(queries.recipients, invitee)]


async def invitees(connection: Connection, discussion: UUID, *, withdrawn: bool) -> list[UUID]:
    """Everybody invited to a discussion."""
    return [row[0] for row in await connection.fetch(queries.invitees, discussion, withdrawn)]
