"""Builds the database that benchmarks hold: `make bench-data` makes the one of 1,000,000 pathways.

A partnership of several thousand pathways is loaded as for a demonstration; then SQL multiplies it
until there are enough, with constraints and indexes put back at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import time
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from benchmarks import copies, places
from schema import calendars
from service.actor import SYSTEM
from service.console import Console
from service.database import connect
from service.demo import seed
from service.migrations import MigrationError, migrate
from service.pathways import store
from service.pathways.rebuild import recompute
from service.timepiece import SystemTimepiece

#: Pathways of the partnership at scale 1.
SAMPLE = 5_650
CHECKED = 2_000
MINUTES = 30


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.data", description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1_000_000, help="how many pathways, about (1000000)")
    build(parser.parse_args().size)


def build(size: int) -> Path:
    """Build the database of that size, unless it is there; its folder."""
    data = places.folder(size)
    if places.built(size):
        with places.running(data) as services:
            try:
                asyncio.run(migrate(services.owner_url))
            except MigrationError as error:
                raise SystemExit(f"{error}: remove {data} to build it again") from error
        return data
    shutil.rmtree(data, ignore_errors=True)
    began = time.monotonic()
    with places.running(data):
        pass  # creates the cluster
    places.settle(data, places.SETTINGS + places.BUILDING)
    with places.running(data) as services:
        asyncio.run(_build(services.owner_url, services.app_url, size, began))
    places.settle(data, places.SETTINGS)
    seconds = round(time.monotonic() - began, 1)
    (data / "built").write_bytes(msgspec.json.encode({"size": size, "seconds": seconds}))
    _say(began, "done")
    return data


def _say(began: float, what: str) -> None:
    print(f"{time.monotonic() - began:7.1f} s  {what}", flush=True)


async def _build(owner_url: str, app_url: str, size: int, began: float) -> None:
    number = max(1, round(size / SAMPLE))
    await migrate(owner_url)
    owner = await asyncpg.connect(owner_url, command_timeout=None)
    try:
        await _record_calendar(owner, number)
        await seed(owner_url, app_url, empty=False, progress=Console().progress, scale=size / number / SAMPLE)
        _say(began, "the sample is loaded")
        if number > 1:
            await _multiply(owner, owner_url, number, began)
        await owner.execute("vacuum (analyze)")
        _say(began, "vacuumed")
    finally:
        await owner.close()
    await _check(app_url)
    _say(began, f"{CHECKED:,} pathways recomputed, none differ")


async def _record_calendar(owner: asyncpg.Connection[Any], number: int) -> None:
    """The calendar that ships, with the school terms of every area that there will be."""
    shipped = calendars.load_shipped()
    schools = list(shipped.schools)
    for of_set in range(1, (number - 1) // copies.PER_SET + 1):
        schools += [msgspec.structs.replace(terms, area=f"{terms.area}-{of_set}") for terms in shipped.schools]
    made = msgspec.structs.replace(shipped, schools=tuple(schools))
    await store.insert_calendar(owner, made, None)


async def _multiply(owner: asyncpg.Connection[Any], owner_url: str, number: int, began: float) -> None:
    await owner.execute(copies.COPIES.replace("$1::int", str(number)))
    for statement in copies.SETS:
        await owner.execute(statement)
    tables = [table for half in copies.HALVES for table in half]
    put_back = await _take_off(owner, tables)
    for table in tables:
        # Copies are as right as their originals; what looks rows up for each would go without indexes.
        await owner.execute(f"alter table {table} disable trigger user")
    _say(began, f"indexes and constraints off; multiplying by {number}")
    half, other = (list(tables) for tables in copies.HALVES)
    await asyncio.gather(_copy(owner_url, half, began), _copy(owner_url, other, began))
    for table in tables:
        await owner.execute(f"alter table {table} enable trigger user")
    await asyncio.gather(*(_run(owner_url, statements) for statements in _halved(put_back)))
    _say(began, "indexes back")
    for statement in [each for each in put_back if " foreign key " in each.lower()]:
        await owner.execute(f"{statement} not valid")
    await owner.execute("drop table bench_set, bench_copy")


def _halved(put_back: list[str]) -> tuple[list[str], list[str]]:
    """Indexes of milestone, and all others: about as much work each."""
    indexes = [each for each in put_back if " foreign key " not in each.lower()]
    return [each for each in indexes if "milestone" in each], [each for each in indexes if "milestone" not in each]


async def _take_off(owner: asyncpg.Connection[Any], tables: list[str]) -> list[str]:
    """Drop constraints and indexes of tables; the statements that put them back, keys before references."""
    constraints = await owner.fetch(
        "select c.conrelid::regclass::text as tab, c.conname as name, c.contype::text as kind,"
        " pg_get_constraintdef(c.oid) as definition from pg_constraint as c"
        " where c.contype in ('p', 'u', 'f') and (c.conrelid = any($1::text[]::regclass[])"
        " or c.confrelid = any($1::text[]::regclass[]))",
        tables,
    )
    indexes = await owner.fetch(
        "select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition"
        " from pg_index as i where i.indrelid = any($1::text[]::regclass[])"
        " and not exists (select 1 from pg_constraint as c"
        " where c.conindid = i.indexrelid and c.contype in ('p', 'u'))",
        tables,
    )
    for row in sorted(constraints, key=lambda row: row["kind"] != "f"):
        await owner.execute(f'alter table {row["tab"]} drop constraint "{row["name"]}"')
    for row in indexes:
        await owner.execute(f"drop index {row['name']}")
    constraints.sort(key=lambda row: "puf".index(row["kind"]))
    back = [f'alter table {row["tab"]} add constraint "{row["name"]}" {row["definition"]}' for row in constraints]
    return [*[row["definition"] for row in indexes], *back]


async def _copy(owner_url: str, tables: list[str], began: float) -> None:
    connection = await asyncpg.connect(owner_url, command_timeout=MINUTES * 60)
    try:
        for table in tables:
            columns = await connection.fetch(
                "select attname::text as name from pg_attribute where attrelid = $1::text::regclass and attnum > 0"
                " and not attisdropped and attname <> 'written_at' order by attnum",
                table,
            )
            done = await connection.execute(copies.multiply(table, [row["name"] for row in columns]))
            _say(began, f"{table}: {done.split()[-1]} rows")
    finally:
        await connection.close()


async def _run(owner_url: str, statements: list[str]) -> None:
    connection = await asyncpg.connect(owner_url, command_timeout=MINUTES * 60)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _check(app_url: str) -> None:
    """Recompute some pathways from everywhere: nothing may differ."""
    database = await connect(app_url, SystemTimepiece(), command_timeout=None)
    try:
        async with database.transaction(SYSTEM) as tx:
            every = max(1, await store.count_pathways(tx.connection) // CHECKED)
            sample = await tx.connection.fetch(
                "select id from (select p.id, row_number() over (order by p.id) as n from pathway as p) as p"
                " where n % $1 = 0",
                every,
            )
            differing = await recompute(tx, [row["id"] for row in sample])
    finally:
        await database.close()
    if differing:
        raise SystemExit(f"{differing} of {len(sample)} pathways are not what follows from their milestones")


if __name__ == "__main__":
    main()
