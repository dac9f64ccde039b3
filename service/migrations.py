"""Bring the database's schema up to date: forward only, checked, and safe when several processes start at once.

A migration is a file `NNNN_name.sql` of `schema/migrations`. Each runs once, in a transaction of its own together with
its entry in `schema_migration`; a file that begins with `-- migrate: no-transaction` (for an index made concurrently)
runs statement by statement outside one and must be repeatable. A file that changed after it ran is refused: mend the
schema with a new file.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from pathlib import Path

import asyncpg
import msgspec

FOLDER = Path(__file__).resolve().parent.parent / "schema" / "migrations"
NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
WITHOUT_TRANSACTION = "-- migrate: no-transaction"

LOCK = 7_264_150_311
"""Advisory lock that one runner at a time holds; any number, the same for every version of this program."""
LOCK_POLL_SECONDS = 0.1
LOCK_WAIT_SECONDS = 300.0
LIMITS = "set lock_timeout = '4s'; set statement_timeout = '60s'"
"""A migration that cannot have its locks soon fails, rather than stop everyone queueing behind it."""

CREATE_JOURNAL = """
create table if not exists schema_migration (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz not null default now()
)
"""


READ_JOURNAL = "grant select on schema_migration to tracker_app"
"""The application's readiness compares the journal with its own files."""


class MigrationError(Exception):
    """The schema cannot be brought up to date; the message is one line and names the file."""


class Migration(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    sql: str
    sha256: str

    @property
    def transactional(self) -> bool:
        return not self.sql.startswith(WITHOUT_TRANSACTION)


def read(folder: Path = FOLDER) -> list[Migration]:
    """The migrations of a folder in order; refuses names that leave the order in doubt."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        if not NAME.fullmatch(path.name):
            raise MigrationError(f"{path.name}: a migration is named like 0001_create_something.sql")
        content = path.read_bytes()
        found.append(Migration(name=path.name, sql=content.decode("utf-8"), sha256=hashlib.sha256(content).hexdigest()))
    numbers = [int(migration.name[:4]) for migration in found]
    if numbers != list(range(1, len(found) + 1)):
        raise MigrationError(f"the numbers of the migrations in {folder.name} are not 1, 2, 3 and so on")
    return found


async def migrate(owner_url: str, *, folder: Path = FOLDER) -> list[str]:
    """Apply what is missing as the owner and return the names of the files applied now.

    Raises MigrationError for an edited or failing file; what ran before the failing file stays. Errors of the
    connection itself (OSError, asyncpg.PostgresError) pass through.
    """
    wanted = read(folder)
    connection = await asyncpg.connect(owner_url, server_settings={"application_name": "tracker migrate"})
    try:
        await _lock(connection)
        await connection.execute(LIMITS)
        await connection.execute(CREATE_JOURNAL)
        known = {
            row["name"]: row["sha256"] for row in await connection.fetch("select name, sha256 from schema_migration")
        }
        _check_unedited(wanted, known)
        missing = [migration for migration in wanted if migration.name not in known]
        for migration in missing:
            await _apply(connection, migration)
        if await connection.fetchval("select true from pg_roles where rolname = 'tracker_app'"):
            await connection.execute(READ_JOURNAL)
        return [migration.name for migration in missing]
    finally:
        # Closing also gives up the lock, which belongs to the session.
        await connection.close()


async def pending(url: str, *, folder: Path = FOLDER) -> list[str]:
    """The names of the files that still have to run; for readiness, changes nothing."""
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("select to_regclass('schema_migration')") is None:
            return [migration.name for migration in read(folder)]
        known = {row["name"] for row in await connection.fetch("select name from schema_migration")}
    finally:
        await connection.close()
    return [migration.name for migration in read(folder) if migration.name not in known]


async def _lock(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Wait for other runners by asking again and again.

    A session that waits inside `pg_advisory_lock` holds a snapshot, and a `create index concurrently` of the runner
    that has the lock would wait for that snapshot for ever.
    """
    for _ in range(int(LOCK_WAIT_SECONDS / LOCK_POLL_SECONDS)):
        if await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
            return
        await asyncio.sleep(LOCK_POLL_SECONDS)
    raise MigrationError(f"another migration has been running for {LOCK_WAIT_SECONDS:.0f} seconds")


def _check_unedited(wanted: list[Migration], known: dict[str, str]) -> None:
    for migration in wanted:
        if known.get(migration.name, migration.sha256) != migration.sha256:
            raise MigrationError(f"{migration.name} was edited after it ran; put it back and write a new file instead")
    unknown = sorted(known.keys() - {migration.name for migration in wanted})
    if unknown:
        raise MigrationError(f"the database is newer than this program: it has {unknown[-1]}")


async def _apply(connection: asyncpg.Connection[asyncpg.Record], migration: Migration) -> None:
    try:
        if migration.transactional:
            async with connection.transaction():
                # The driver cannot run a file that holds comments alone.
                if statements(migration.sql):
                    await connection.execute(migration.sql)
                await _remember(connection, migration)
        else:
            for statement in statements(migration.sql):
                await connection.execute(statement)
            await _remember(connection, migration)
    except asyncpg.PostgresError as error:
        raise MigrationError(f"{migration.name}: {error}") from error


async def _remember(connection: asyncpg.Connection[asyncpg.Record], migration: Migration) -> None:
    await connection.execute(
        "insert into schema_migration (name, sha256) values ($1, $2)", migration.name, migration.sha256
    )


def statements(sql: str) -> list[str]:
    """Split a no-transaction file at semicolons that end a line; such files hold no function bodies."""
    bare = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return [part.strip() for part in re.split(r";\s*(?:\n|$)", bare) if part.strip()]
