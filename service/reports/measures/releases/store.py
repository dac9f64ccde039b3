"""Reads and writes what was released. Only the system may."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import asyncpg

from service.database import Connection, Queries
from service.reports.measures.figures import Period

queries: Final = Queries(__package__ or "service.reports.measures.releases")
_LOCK_BYTES: Final = 8


async def kept(connection: Connection, key: bytes) -> bytes | None:
    """What was kept under a key."""
    found: bytes | None = await connection.fetchval(queries.kept, key)
    return found


async def is_kept(connection: Connection, key: bytes) -> bool:
    """Whether anything is kept under a key."""
    found: bool = await connection.fetchval(queries.is_kept, key)
    return found


async def keep(
    connection: Connection,
    key: bytes,
    told: bytes,
    *,
    areas: Sequence[str],
    period: Period,
    as_of: datetime | None,
    released_at: datetime,
    now: datetime,
) -> None:
    """Keep what was worked out; where another process has just kept the same, that stands."""
    lock = int.from_bytes(key[:_LOCK_BYTES], "big", signed=True)
    try:
        async with connection.transaction():
            await connection.execute(
                queries.keep, key, list(areas), period.first, period.last, as_of, released_at, now, told, lock
            )
    except asyncpg.SerializationError:
        # It was kept after our snapshot. The transaction goes on from before this statement.
        return


async def forget(connection: Connection, before: datetime | None = None) -> None:
    """Drop what was told of weeks that began before an instant; everything where none is given."""
    await connection.execute(queries.forget, before)


async def counted_by(connection: Connection) -> str | None:
    """By which rules that was counted which reports are added up from: until a worker has been there after an upgrade,
    by those before.
    """
    found: str | None = await connection.fetchval(queries.counted_by)
    return found


async def boards(connection: Connection) -> list[tuple[str, ...]]:
    """The areas of each member of a board, each set once."""
    return sorted(tuple(sorted(row[0])) for row in await connection.fetch(queries.boards))


async def only_one(connection: Connection) -> bool:
    """Whether this transaction is the one that works ahead."""
    found: bool = await connection.fetchval(queries.only_one_works_ahead)
    return found
