"""Reads and writes promises, what became of them, and comments."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
import msgspec

from schema.ids import new_id
from service.database import Connection, Queries, Tx
from service.reports.plans.rules import NewComment, Promise

queries = Queries(__package__ or "service.reports.plans")
#: More than any board has.
MOST = 500


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What was said or done, with the figure as it was then: ``said`` exactly, ``told`` as a board is told."""

    id: UUID
    kind: str
    text: str
    said: str
    told: str
    at: datetime
    by_name: str


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may own a promise."""

    id: UUID
    name: str
    roles: list[str]
    agencies: list[str]


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's own words on a report."""

    id: UUID
    area: str
    first_day: date
    last_day: date
    figure: str | None
    text: str
    at: datetime
    by_name: str
    by_role: str


async def promises(
    connection: Connection,
    areas: Sequence[str] | None = None,
    *,
    promise: UUID | None = None,
    owner: UUID | None = None,
) -> list[Promise]:
    """Promises that the actor sees: open ones by their day, then those that are over."""
    rows = await connection.fetch(queries.promises, None if areas is None else list(areas), promise, owner, MOST)
    return [Promise(**dict(row)) for row in rows]


async def lock(connection: Connection, promise: UUID) -> int | None:
    """Its version, locked until the transaction ends; None where the actor may not change it, or it has changed."""
    try:
        version: int | None = await connection.fetchval(queries.lock_promise, promise)
    except asyncpg.SerializationError:
        # Changed since this transaction first looked.
        return None
    return version


async def add(tx: Tx, new: Promise) -> None:
    """Write a new promise."""
    await tx.connection.execute(
        queries.add_promise,
        new.id,
        new.area,
        new.what,
        new.finding,
        new.figure,
        new.figure_group,
        new.value_then,
        new.said_then,
        new.told_then,
        new.first_day,
        new.last_day,
        new.then_at,
        new.owner,
        new.agency,
        new.due_on,
        new.created_by,
    )


async def change(connection: Connection, promise: Promise, version: int) -> int | None:
    """Write what may change of a promise; the new version, None if it has changed meanwhile."""
    found: int | None = await connection.fetchval(
        queries.change_promise,
        promise.id,
        version,
        promise.status,
        promise.ended_at,
        promise.due_on,
        promise.owner,
        promise.agency,
    )
    return found


async def add_event(tx: Tx, promise: Promise, kind: str, text: str, said: str, told: str) -> UUID:
    """Append what was said or done by the actor."""
    identity = new_id(tx.now)
    await tx.connection.execute(
        queries.add_event, identity, promise.id, promise.area, kind, text, said, told, tx.now, tx.actor.id
    )
    return identity


async def events(connection: Connection, promise: UUID) -> list[Event]:
    """What was said of a promise, the oldest first."""
    return [Event(**dict(row)) for row in await connection.fetch(queries.events, promise)]


async def owners(connection: Connection, area: str, roles: Sequence[str]) -> list[Owner]:
    """Who may own a promise of an area."""
    rows = await connection.fetch(queries.owners, area, list(roles))
    return [Owner(id=row[0], name=row[1], roles=list(row[2]), agencies=list(row[3] or ())) for row in rows]


async def set_small_numbers(connection: Connection, area: str, most: int) -> bool:
    """Say which numbers are small in an area; False if there is no such area."""
    return await connection.fetchval(queries.set_small_numbers, area, most) is not None


async def add_comment(tx: Tx, new: NewComment, role: str) -> UUID:
    """Append a comment of the actor."""
    identity = new_id(tx.now)
    await tx.connection.execute(
        queries.add_comment,
        identity,
        new.area,
        new.first_day,
        new.last_day,
        new.figure,
        new.text.strip(),
        tx.now,
        tx.actor.id,
        role,
    )
    return identity


async def comments(
    connection: Connection, areas: Sequence[str], first: date | None = None, last: date | None = None
) -> list[Comment]:
    """Comments on reports of these areas whose periods touch these days, the newest first."""
    rows = await connection.fetch(queries.comments, list(areas), first, last, MOST)
    return [Comment(**dict(row)) for row in rows]


async def overdue(connection: Connection, today: date) -> list[tuple[UUID, UUID, date]]:
    """Open promises whose last day has passed: (promise, owner, day)."""
    return [(row[0], row[1], row[2]) for row in await connection.fetch(queries.overdue, today)]
