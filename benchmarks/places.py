"""Where benchmarks keep their databases, and how they start the services on them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from service import embedded
from service.embedded.services import Services

FOLDER = Path(".bench")
#: What an operator of a machine like this would set; the rest is PostgreSQL's default.
SETTINGS = """
shared_buffers = 1GB
effective_cache_size = 4GB
maintenance_work_mem = 512MB
max_wal_size = 8GB
checkpoint_timeout = 15min
random_page_cost = 1.1
"""
#: While a database is built and nothing in it is worth anything yet.
BUILDING = """
wal_level = minimal
max_wal_senders = 0
synchronous_commit = off
autovacuum = off
"""


def folder(size: int) -> Path:
    """The folder of the database with about ``size`` pathways."""
    return FOLDER / str(size)


def settle(data: Path, settings: str) -> None:
    """Make ``settings`` the cluster's own, instead of what stood there before."""
    (data / "postgres" / "postgresql.auto.conf").write_text(settings)


@contextmanager
def running(data: Path) -> Iterator[Services]:
    """The services of a folder, safe on power loss like the ones people use."""
    with embedded.start(data, durable=True) as services:
        yield services


def built(size: int) -> bool:
    """Whether the database of that size is complete."""
    return (folder(size) / "built").exists()


def ask(url: str, query: str, *arguments: object) -> object:
    """One value, in a connection and loop of its own."""

    async def asked() -> object:
        connection = await asyncpg.connect(url)
        try:
            found: object = await connection.fetchval(query, *arguments)
        finally:
            await connection.close()
        return found

    return asyncio.run(asked())
