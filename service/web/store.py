"""What every page shows around its content."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from service.database import Connection, Queries

queries: Final = Queries("service.web")
#: Unread messages are counted up to here.
_MANY: Final = 999


class Heartbeat(msgspec.Struct, frozen=True):
    """When the watcher, a feed (``feed:NAME``) or a nightly look (``comparison``, ``calendars``) was last heard of.

    ``past`` says how much of a demonstration's past has been loaded.
    """

    name: str
    at: datetime
    detail: dict[str, Any] = {}


class Around(msgspec.Struct, frozen=True):
    """Unread messages, signs of life, and the names of areas and forces by code."""

    unread: int | str
    beats: list[Heartbeat]
    places: dict[str, str]


async def inbox_unread(connection: Connection, person: UUID) -> int | str:
    """How many messages to the actor wait; ``999+`` where they are more."""
    count: int = await connection.fetchval(queries.inbox_unread, person, _MANY + 1)
    return _said(count)


def _said(count: int) -> int | str:
    return count if count <= _MANY else f"{_MANY}+"


async def around(
    connection: Connection, person: UUID | None, areas: Sequence[str] = (), forces: Sequence[str] = ()
) -> Around:
    """What changes around a page.

    Args:
        connection: in a transaction of the actor: their messages are read as they may be.
        person: whose unread messages are counted; nobody's with None.
        areas: whose feeds are told of, with those of ``forces``; every feed's where neither is given.
        forces: see ``areas``.
    """
    row = await connection.fetchrow(queries.around, person, _MANY + 1, list(areas), list(forces))
    if row is None:
        raise LookupError("what stands around a page always gives a row")
    return Around(_said(row[0]), msgspec.convert(row[1], list[Heartbeat]), row[2])


async def migrations_applied(connection: Connection) -> int:
    """How many migrations the database has had."""
    count: int = await connection.fetchval(queries.migrations_applied)
    return count


async def place_names(connection: Connection) -> dict[str, str]:
    """Areas and forces by code."""
    return {row[0]: row[1] for row in await connection.fetch(queries.place_names)}
