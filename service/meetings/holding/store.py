"""Writes records of discussions, their drafts, and to whom they were sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.meetings import How, Record
from service.database import Connection, Queries, Tx
from service.meetings.structs import Draft

queries = Queries(__package__ or "service.meetings.holding")


async def draft(connection: Connection, discussion: UUID) -> tuple[int, Draft | None]:
    """The version of the draft, and the record as far as it is written: 0 and nothing for who does not convene."""
    row = await connection.fetchrow(queries.draft, discussion)
    if row is None or not row["body"]:
        return row["version"] if row else 0, None
    record = msgspec.convert(row["body"], Record)
    return row["version"], Draft(record=record, saved_at=row["saved_at"], saved_by_name=row["saved_by_name"])


async def save_draft(tx: Tx, discussion: UUID, record: Record) -> int:
    """Keep what is written so far; the draft's new version."""
    body = msgspec.to_builtins(record)
    version: int = await tx.connection.fetchval(queries.save_draft, discussion, body, tx.now, tx.actor.id)
    return version


async def drop_draft(connection: Connection, discussion: UUID) -> None:
    """The record stands: what was written goes, its version stays, so that no old form is taken for a new one."""
    await connection.execute(queries.drop_draft, discussion)


async def add_record(tx: Tx, discussion: UUID, number: int, record: Record, reason: str | None = None) -> None:
    """Write a number of the record, whole."""
    body = msgspec.to_builtins(record)
    await tx.connection.execute(
        queries.add_record, new_id(tx.now), discussion, number, body, tx.now, tx.actor.id, reason
    )


async def under_way(connection: Connection, discussion: UUID) -> set[UUID]:
    """Covered children with an enquiry that another discussion began and that is not over."""
    return {row[0] for row in await connection.fetch(queries.under_way, discussion, str(discussion))}


async def add_copies(
    tx: Tx, discussion: UUID, invitees: Sequence[UUID], number: int, how: How, sent_at: datetime
) -> None:
    """Remember that the record was sent to these."""
    rows = [(new_id(tx.now), discussion, invitee, number, how, sent_at, tx.now, tx.actor.id) for invitee in invitees]
    await tx.connection.executemany(queries.add_copy, rows)


class Standing(msgspec.Struct, frozen=True):
    """What the milestone of a discussion says on one pathway."""

    pathway: UUID
    at: datetime | None
    outcome: str | None
    detail: dict[str, Any]


async def standing(connection: Connection, discussion: UUID, kind: str) -> list[Standing]:
    """The milestones that stand for a fact of the discussion, one for each pathway."""
    return [Standing(*row) for row in await connection.fetch(queries.standing, discussion, kind)]
