"""Writes requests, invitations, slots, answers and delays."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.meetings import Answer, Asked, InviteeSaid, SlotSaid
from service.database import Connection, Queries, Tx

queries = Queries(__package__ or "service.meetings.requesting")


class Whole(msgspec.Struct, frozen=True):
    """A pathway whose whole record the actor sees."""

    id: UUID
    child: UUID
    area: str
    force: str
    restricted: bool


async def pathways(connection: Connection, ids: Sequence[UUID]) -> list[Whole]:
    """Of these pathways, those whose whole records the actor sees."""
    return [Whole(*row) for row in await connection.fetch(queries.pathways, list(ids))]


async def add_discussion(
    tx: Tx,
    area: str,
    asked: Asked,
    manager: tuple[UUID, str],
    requested_at: datetime,
    threshold_at: datetime | None,
    *,
    identity: UUID | None = None,
) -> UUID:
    """Write a discussion; what it covers and who is asked follow. ``identity``: of one that is told of already."""
    identity = identity or new_id(tx.now)
    await tx.connection.execute(
        queries.add_discussion,
        identity,
        area,
        asked.kind,
        asked.urgency,
        asked.form,
        asked.reason.strip(),
        manager[0],
        manager[1],
        threshold_at,
        requested_at,
        tx.actor.id,
        asked.follows,
        asked.place.strip() or None,
        tx.now,
    )
    return identity


async def cover(tx: Tx, discussion: UUID, ids: Sequence[UUID]) -> None:
    """Let a discussion cover these pathways."""
    await tx.connection.execute(queries.cover, discussion, list(ids), tx.now, tx.actor.id)


async def invite(tx: Tx, discussion: UUID, said: InviteeSaid, area: str) -> UUID:
    """Ask somebody to take part."""
    identity = new_id(tx.now)
    await tx.connection.execute(
        queries.add_invitee,
        identity,
        discussion,
        said.agency,
        said.area or area,
        said.person,
        said.name.strip(),
        said.role_title.strip(),
        said.mail.strip(),
        said.required,
        tx.now,
        tx.actor.id,
    )
    return identity


async def withdraw_invitee(tx: Tx, discussion: UUID, invitee: UUID) -> bool:
    """Ask somebody no longer; False where they were not asked."""
    return await tx.connection.fetchval(queries.withdraw_invitee, discussion, invitee, tx.now) is not None


async def add_slot(tx: Tx, discussion: UUID, said: SlotSaid) -> UUID:
    """Offer a time, in whole seconds."""
    identity = new_id(tx.now)
    starts, ends = (said.starts_at.replace(microsecond=0), said.ends_at.replace(microsecond=0))
    await tx.connection.execute(queries.add_slot, identity, discussion, starts, ends, tx.now, tx.actor.id)
    return identity


async def withdraw_slot(tx: Tx, discussion: UUID, slot: UUID) -> bool:
    """Offer a time no longer; False where it was not offered."""
    return await tx.connection.fetchval(queries.withdraw_slot, discussion, slot, tx.now) is not None


async def add_answer(
    tx: Tx, discussion: UUID, slot: UUID, invitee: UUID, answer: Answer, representative: str, note: str
) -> UUID:
    """Write an answer; earlier ones stay beside it."""
    identity = new_id(tx.now)
    await tx.connection.execute(
        queries.add_answer,
        identity,
        discussion,
        slot,
        invitee,
        answer,
        representative.strip(),
        note.strip(),
        tx.now,
        tx.actor.kind,
        tx.actor.id,
    )
    return identity


async def add_delay(
    tx: Tx,
    discussion: UUID,
    kind: str,
    cause: str,
    agency: str,
    note: str,
    times: tuple[datetime | None, datetime | None],
) -> None:
    """Write a postponement or the cancellation; ``times``: when it was to be, and when it is to be now."""
    values: tuple[Any, ...] = (kind, cause, agency, note.strip(), *times, tx.now, tx.actor.id)
    await tx.connection.execute(queries.add_delay, new_id(tx.now), discussion, *values)


async def person(connection: Connection, identity: UUID) -> str | None:
    """A person's name, if they may still sign in."""
    name: str | None = await connection.fetchval(queries.person, identity)
    return name
