"""Reads what a discussion's changes do not tell: answers, and who was asked and is no longer."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from schema.meetings import Answer
from service.database import Connection, Queries

queries: Final = Queries("service.meetings.history")


class Given(msgspec.Struct, frozen=True):
    """An answer to a time that was offered. Field order is column order."""

    at: datetime
    answer: Answer
    representative: str
    note: str
    by_name: str
    invitee: UUID
    starts_at: datetime
    ends_at: datetime


async def answers(connection: Connection, discussion: UUID) -> list[Given]:
    """Every answer, in order."""
    return [Given(*row) for row in await connection.fetch(queries.answers, discussion)]


async def invited(connection: Connection, discussion: UUID) -> dict[UUID, tuple[str, str]]:
    """Everybody who was ever asked: agency and name (empty for an agency) by invitation."""
    return {row[0]: (row[1], row[2]) for row in await connection.fetch(queries.invited, discussion)}
