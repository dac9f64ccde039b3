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


async def inbox_unread(connection: Connection, person: UUID) -> int | str:
    """How many messages to the actor wait; ``999+`` where they are more."""
    count: int = await connection.fetchval(queries.inbox_unread, person, _MANY + 1)
    return count if count <= _MANY else f"{_MANY}+"


async def heartbeats(connection: Connection, areas: Sequence[str] = (), forces: Sequence[str] = ()) -> list[Heartbeat]:
    """The last signs of life, of feeds those that send for these areas or forces, and what the nightly looks found."""
    return [Heartbeat(*row) for row in await connection.fetch(queries.heartbeats, list(areas), list(forces))]


async def migrations_applied(connection: Connection) -> int:
    """How many migrations the database has had."""
    count: int = await connection.fetchval(queries.migrations_applied)
    return count


async def place_names(connection: Connection) -> dict[str, str]:
    """Areas and forces by code."""
    return {row[0]: row[1] for row in await connection.fetch(queries.place_names)}
