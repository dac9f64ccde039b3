"""A police file, validated, linked and with every clock, beside COPY and merge of the same database rows."""

from __future__ import annotations

import asyncio
import csv
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from benchmarks.harness import Bench, Result, cpu
from service.actor import SYSTEM
from service.collecting import collect_seldom
from service.database import connect
from service.demo import seed
from service.demo.generator import generate, police_rows
from service.intake.files import service as files
from service.migrations import migrate
from service.timepiece import SystemTimepiece

ROWS: Final = 20_000
_PATHWAYS_AT_SCALE_1: Final = 5_000
_RATE: Final = 3_000
_SHARE: Final = 0.6
_MEGABYTES: Final = 200
_SEED: Final = 17
#: In the order of their references.
_TABLES: Final = (
    "incident", "child", "pathway", "milestone", "pathway_state", "segment", "clock", "wait", "condition", "import_row",
)  # fmt: skip
_GENERATED: Final = ("written_at",)


def run(bench: Bench) -> list[Result]:
    """Import into one fresh database, merge its rows into another."""
    path = bench.folder / "police.csv"
    _write_file(path)
    outcome, seconds, rows, merged, used = asyncio.run(_both(bench, path))
    rate = outcome.read / seconds
    return [
        Result(
            f"police file of {outcome.read:,} rows ({outcome.accepted:,} accepted), with clocks",
            f"{_RATE:,} rows/s",
            f"{rate:,.0f} rows/s (processor ms each: import {used[1] / outcome.read * 1000:.2f},"
            f" postgres {used[0] / outcome.read * 1000:.2f})",
            rate >= _RATE,
        ),
        Result(
            "beside COPY and merge of the same database rows",
            f"{_SHARE:.0%}",
            f"{merged / seconds:.0%} ({rows:,} database rows: {seconds:.1f} s, merged in {merged:.1f} s)",
            merged / seconds >= _SHARE,
        ),
        Result("memory of the import", f"{_MEGABYTES} MB", *_memory(bench, path)),
    ]


def _write_file(path: Path) -> None:
    until = datetime.now(UTC).replace(microsecond=0)
    told = generate(_SEED, until, ROWS / _PATHWAYS_AT_SCALE_1)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(police_rows(told, ROWS))


async def _both(bench: Bench, path: Path) -> tuple[files.Summary, float, int, float, tuple[float, float]]:
    async with _fresh(bench, "police") as (owner, app), _fresh(bench, "merged") as (other, _):
        before = cpu(bench)["postgres"], time.process_time()
        outcome, seconds = await import_file(app, path)
        used = (cpu(bench)["postgres"] - before[0], time.process_time() - before[1])
        rows, merged = await _merge(owner, other)
    return outcome, seconds, rows, merged, used


@asynccontextmanager
async def _fresh(bench: Bench, name: str) -> AsyncIterator[tuple[str, str]]:
    """A database of its own with the partnership's places and people, dropped afterwards."""
    owner, app = (
        urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        for url in (bench.services.owner_url, bench.services.app_url)
    )
    connection = await asyncpg.connect(bench.services.owner_url)
    try:
        await connection.execute(f"drop database if exists {name}")
        await connection.execute(f"create database {name}")
        await migrate(owner)
        await seed(owner, app, empty=True, progress=lambda *_: None)
        yield owner, app
        # Without force PostgreSQL sends its own vacuuming away, which an owner may not.
        await connection.execute(f"drop database {name}")
    finally:
        await connection.close()


async def import_file(app_url: str, path: Path) -> tuple[files.Summary, float]:
    """Store a file and read it to its end; what became of it, and in how many seconds."""

    async def pieces() -> AsyncIterator[bytes]:
        with path.open("rb") as file:  # nothing else runs
            while piece := file.read(1_000_000):
                yield piece

    collect_seldom()
    database = await connect(app_url, SystemTimepiece(), size=2, command_timeout=None)
    try:
        began = time.perf_counter()
        stored = await files.store_file(database, SYSTEM, pieces(), feed="gmp", file_name=path.name)
        outcome = await files.run_import(database, stored)
        return outcome, time.perf_counter() - began
    finally:
        await database.close()


async def _merge(owner_url: str, other_url: str) -> tuple[int, float]:
    """Take the rows out, and put them into the other database as fast as the driver can."""
    source, target = await asyncpg.connect(owner_url), await asyncpg.connect(other_url)
    try:
        taken = [(table, *await _rows(source, table)) for table in _TABLES]
        for connection in (source, target):
            await connection.execute("set synchronous_commit = on")
        # What the entries of the rows point to.
        await _put(target, "import", *await _rows(source, "import"))
        began = time.perf_counter()
        async with target.transaction():
            for table, names, rows in taken:
                await _put(target, table, names, rows)
        seconds = time.perf_counter() - began
    finally:
        await source.close()
        await target.close()
    return sum(len(rows) for _, _, rows in taken), seconds


async def _rows(connection: asyncpg.Connection[Any], table: str) -> tuple[list[str], list[Any]]:
    columns = await connection.fetch(
        "select attname::text from pg_attribute"
        " where attrelid = $1::text::regclass and attnum > 0 and not attisdropped",
        table,
    )
    names = [row[0] for row in columns if row[0] not in _GENERATED]
    return names, list(await connection.fetch(f"select {', '.join(names)} from {table}"))


async def _put(connection: asyncpg.Connection[Any], table: str, names: list[str], rows: list[Any]) -> None:
    listed = ", ".join(names)
    await connection.execute(
        f"create temporary table if not exists put_{table} as select {listed} from {table} limit 0"
    )
    await connection.copy_records_to_table(f"put_{table}", records=rows, columns=names)
    await connection.execute(f"insert into {table} ({listed}) select {listed} from put_{table} on conflict do nothing")


def _memory(bench: Bench, path: Path) -> tuple[str, bool]:
    """The peak of a process that does nothing but import."""
    script = (
        "import asyncio, sys; from pathlib import Path; from benchmarks import police_file;"
        "asyncio.run(police_file.import_file(sys.argv[1], Path(sys.argv[2])));"
        # Not getrusage: it still counts the memory of the process that started this one.
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )

    async def alone() -> str:
        async with _fresh(bench, "police") as (_, app):
            command = [sys.executable, "-c", script, app, str(path)]
            done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True, text=True)
        said: str = done.stdout
        return said

    megabytes = int(asyncio.run(alone()).splitlines()[-1]) / 1024
    return f"{megabytes:.0f} MB", megabytes < _MEGABYTES
