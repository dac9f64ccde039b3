"""The pool, and the transaction that every query on personal data runs in.

A transaction runs as a named actor: the first statement tells the database who it is, for this
transaction only, and row-level security does the rest. All settings are local to the transaction
and all locks end with it, so a connection goes back to the pool as clean as it came.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from importlib.resources import files
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from service.actor import Actor
from service.timepiece import Timepiece

#: What stores take: a connection of the pool, or one opened by hand.
Connection = asyncpg.Connection | PoolConnectionProxy

_SETTINGS: Final = {
    "application_name": "tracker",
    "timezone": "UTC",
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
    # Row-level security makes a plan of four tables cost more to make than to run; the statements
    # are written so that one plan fits all arguments.
    "plan_cache_mode": "force_generic_plan",
}
#: Prepared statements that a connection keeps. The driver's own hundred are fewer than the pages and the API need
#: between them, and each that was dropped is planned again, at the price of running it several times.
_STATEMENTS: Final = 400
_BECOME: Final = (
    "select set_config('app.actor_kind', $1, true), set_config('app.actor_id', $2, true),"
    " set_config('app.scope', '', true)"
)
_decode: Final = msgspec.json.Decoder().decode
_SCOPE: Final = "select set_config('app.scope', $1, true), set_config('app.kin', '', true)"
_KIN: Final = "select set_config('app.kin', $1, true)"


class Tx(msgspec.Struct, frozen=True):
    """A transaction: its connection, who acts, and the one instant that counts as now in it.

    ``memo`` belongs to the database: what the process keeps of it between transactions (rules that
    are read once and checked by their version).
    """

    connection: Connection
    actor: Actor
    now: datetime
    memo: dict[str, Any]

    @asynccontextmanager
    async def recording(self) -> AsyncIterator[None]:
        """Work on whole pathways of the actor's own force or area, for as long as it lasts.

        Only the one door for milestones and the notice service use it: a liaison's regrade must
        recompute clocks whose milestones the liaison may not read.
        """
        await self.connection.execute(_SCOPE, "record")
        yield
        # When something is raised the transaction ends, and its settings with it.
        await self.connection.execute(_SCOPE, "")

    async def with_all_incidents_of(self, children: Iterable[UUID]) -> None:
        """While `recording`: work on every incident of these children, also one that moved to another area.

        What is recorded of one incident bears on the others. The database asks whether the actor may record on one.
        """
        await self.connection.execute(_KIN, f"{{{','.join(map(str, children))}}}")


class Database:
    """A pool and the timepiece; opens transactions."""

    def __init__(self, pool: asyncpg.Pool, timepiece: Timepiece) -> None:
        self.pool = pool
        self.timepiece = timepiece
        self.memo: dict[str, Any] = {}

    @asynccontextmanager
    async def transaction(
        self,
        actor: Actor,
        *,
        readonly: bool = False,
        snapshot: bool = False,
        now: datetime | None = None,
    ) -> AsyncIterator[Tx]:
        """Run as ``actor``; commits at the end, rolls back when anything is raised.

        Args:
            actor: on whose behalf every statement runs.
            readonly: refuse writes.
            snapshot: every statement sees the database as it was at the first one.
            now: the instant that counts as now; the timepiece's when not given.
        """
        isolation: Literal["repeatable_read", "read_committed"] = "repeatable_read" if snapshot else "read_committed"
        async with (
            self.pool.acquire() as connection,
            connection.transaction(readonly=readonly, isolation=isolation),
        ):
            # After the transaction began, so that nothing counts as recorded before PostgreSQL knows of it.
            moment = now or self.timepiece.now()
            await connection.execute(_BECOME, actor.kind, str(actor.id or ""))
            yield Tx(connection, actor, moment, self.memo)

    async def close(self) -> None:
        """Close the pool, waiting for what is under way."""
        await self.pool.close()


async def _no_reset(_connection: Connection) -> None:
    """Nothing to reset: every setting is local to its transaction (see docs/decisions)."""


async def _prepare(connection: Connection) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda data: {} if data == b"\x01{}" else _decode(data[1:]),
    )


async def connect(url: str, timepiece: Timepiece, *, size: int = 8, command_timeout: float | None = 60.0) -> Database:
    """Open the pool.

    Raises:
        OSError, asyncpg.PostgresError: the server cannot be reached or refuses the role.
    """
    pool = await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        init=_prepare,
        reset=_no_reset,
        server_settings=dict(_SETTINGS),
        statement_cache_size=_STATEMENTS,
        command_timeout=command_timeout,
    )
    return Database(pool, timepiece)


def place(url: str) -> str:
    """Where a URL points, without its user and password: for messages and logs."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'local socket'}:{parts.port or ''}{parts.path}"


def named_queries(text: str) -> dict[str, str]:
    """Split a ``queries.sql`` into its queries by their ``-- name: word`` lines.

    What several queries have in common stands once, above them, as ``-- part: word``; ``-- use: word other`` puts it
    in, with ``other`` where the part says ``<this>``.

    Raises:
        ValueError: a query without a name, a name that stands twice, or a part that is used before it stands.
    """
    queries: dict[str, str] = {}
    parts: dict[str, str] = {}
    kind, name = queries, ""
    lines: list[str] = []

    def finish() -> None:
        body = "\n".join(lines).strip()
        if not name:
            if any(line and not line.startswith("--") for line in lines):
                raise ValueError("a query stands before the first '-- name:' line")
            return
        if name in kind:
            raise ValueError(f"two queries are named {name}")
        kind[name] = body.rstrip(";")

    for line in text.splitlines():
        if line.startswith(("-- name:", "-- part:")):
            finish()
            kind, name, lines = parts if line.startswith("-- part:") else queries, line[8:].strip(), []
        elif line.startswith("-- use:"):
            used, _, this = line[7:].strip().partition(" ")
            if used not in parts:
                raise ValueError(f"there is no part named {used} above")
            lines.append(parts[used].replace("<this>", this))
        else:
            lines.append(line)
    finish()
    return queries


class Queries:
    """The named queries of one subject, as attributes: ``queries = Queries(__package__)``."""

    def __init__(self, package: str, file: str = "queries.sql") -> None:
        self._queries = named_queries((files(package) / file).read_text(encoding="utf-8"))

    def __getattr__(self, name: str) -> str:
        try:
            return self._queries[name]
        except KeyError:
            raise AttributeError(f"no query named {name}") from None
