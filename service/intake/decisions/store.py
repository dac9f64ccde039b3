"""Drafts, qualified deciders and transfers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Queries, Tx

queries = Queries(__package__ or "service.intake.decisions")


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A coordinator's draft of a decision; it stops no clock."""

    body: dict[str, Any]
    drafted_by: UUID
    drafted_by_name: str | None
    drafted_at: datetime
    version: int


class OpenTransfer(msgspec.Struct, frozen=True):
    """A pathway that was sent on and not yet accepted."""

    id: UUID
    from_area: str
    to_area: str


class Transfer(msgspec.Struct, frozen=True):
    """A sending to another area. ``accepted_at``: when that area accepted, and the pathway moved."""

    id: UUID
    sent_at: datetime
    accepted_at: datetime | None


async def qualified(tx: Tx, area: str) -> dict[UUID, str]:
    """People whom an area lists as qualified to decide contacts: names by id."""
    return {row[0]: row[1] for row in await tx.connection.fetch(queries.qualified, area, tx.now)}


async def areas_of(tx: Tx, pathways: Sequence[UUID]) -> dict[UUID, str]:
    """The area of each pathway that the actor may see."""
    return {row[0]: row[1] for row in await tx.connection.fetch(queries.areas_of, list(pathways))}


async def draft(tx: Tx, pathway: UUID) -> Draft | None:
    """The draft of a pathway's decision, if there is one."""
    row = await tx.connection.fetchrow(queries.draft, pathway)
    return Draft(**dict(row)) if row else None


async def save_draft(tx: Tx, pathway: UUID, body: dict[str, Any], version: int) -> int | None:
    """Save a draft based on ``version`` (0: none yet); None when it has changed meanwhile."""
    saved: int | None = await tx.connection.fetchval(queries.save_draft, pathway, body, tx.actor.id, tx.now, version)
    return saved


async def drop_drafts(tx: Tx, pathways: Sequence[UUID]) -> None:
    """Drop drafts of what has been decided."""
    await tx.connection.execute(queries.drop_drafts, list(pathways))


async def send(tx: Tx, pathway: UUID, from_area: str, to_area: str) -> None:
    """Remember that a pathway was sent to another area."""
    await tx.connection.execute(queries.send, new_id(tx.now), pathway, from_area, to_area, tx.now)


async def open_transfer(tx: Tx, pathway: UUID) -> OpenTransfer | None:
    """The transfer that waits for its receiver, if there is one."""
    row = await tx.connection.fetchrow(queries.open_transfer, pathway)
    return OpenTransfer(*row) if row else None


async def transfer_to(tx: Tx, pathway: UUID, area: str) -> Transfer | None:
    """The last sending of a pathway to an area."""
    row = await tx.connection.fetchrow(queries.transfer_to, pathway, area)
    return Transfer(*row) if row else None


async def transfer_accepted(tx: Tx, pathway: UUID) -> Transfer | None:
    """The last sending of a pathway that was accepted."""
    row = await tx.connection.fetchrow(queries.transfer_accepted, pathway)
    return Transfer(*row) if row else None


async def take_back(tx: Tx, transfer: UUID) -> None:
    """A sending that never was: the other area sees the child no longer."""
    await tx.connection.execute(queries.take_back, transfer)


async def redate(tx: Tx, transfer: UUID, sent_at: datetime, accepted_at: datetime | None) -> None:
    """Correct when it was sent and accepted."""
    await tx.connection.execute(queries.redate, transfer, sent_at, accepted_at)


async def accept(tx: Tx, transfer: OpenTransfer, pathway: UUID) -> None:
    """The receiver accepts: the pathway moves to it."""
    await tx.connection.execute(queries.accept, transfer.id, tx.now)
    await tx.connection.execute(queries.move, pathway, transfer.to_area)


async def area_exists(tx: Tx, code: str) -> bool:
    """Whether there is such an area."""
    return bool(await tx.connection.fetchval(queries.area_exists, code))


async def areas(tx: Tx) -> dict[str, str]:
    """Every area of the tracker: names by code."""
    return {row[0]: row[1] for row in await tx.connection.fetch(queries.areas)}
