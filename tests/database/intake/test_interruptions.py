"""Police files read by several processes, stopped in the middle, and full of anything: the counts always add up."""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from service.actor import SYSTEM
from service.intake.files import running, service, taking
from service.intake.files.parse.reading import read_csv
from service.intake.files.service import Summary
from service.pathways.rebuild import rebuild
from tests.fixtures.databases import DatabaseUrls
from tests.fixtures.world import World
from tests.fixtures.world import world as make_world
from tests.unit.intake.files.police_files import DATA, NOW, cells, csv_file


@pytest.fixture
async def world(database_urls: DatabaseUrls) -> AsyncIterator[World]:
    async with make_world(database_urls, start=NOW) as made:
        async with made.database.transaction(SYSTEM) as tx:
            await tx.connection.execute(
                "insert into feed (name, profile, force, coverage) values ('gmp', 'gmp', 'gmp', 'all_notices')"
            )
        yield made


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 7)


async def stored(world: World, content: bytes, *, dry_run: bool = False) -> UUID:
    async def pieces() -> AsyncIterator[bytes]:
        yield content

    return await service.store_file(
        world.database, SYSTEM, pieces(), feed="gmp", file_name="export.csv", dry_run=dry_run
    )


def children(count: int, first: int = 0) -> list[list[str]]:
    return [cells(Occurrence_No=f"06DA/{first + number}/26") for number in range(count)]


async def test_a_process_that_dies_loses_nothing_and_repeats_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = await stored(world, csv_file(children(30)))
    original, calls = taking.Batch.take, 0

    async def dies(self: taking.Batch, batch: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise ConnectionResetError("the process was killed")
        return await original(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(taking.Batch, "take", dies)
    with pytest.raises(ConnectionResetError):
        await service.run_import(world.database, identity)
    half = await service.summary(world.database, identity)
    assert half == Summary(read=14, accepted=14)
    assert await service.run_import(world.database, identity) == Summary(read=30, accepted=30)
    assert await service.run_import(world.database, identity) == Summary(read=30, accepted=30)


async def test_two_processes_share_one_file(world: World) -> None:
    identity = await stored(world, csv_file(children(60)))
    both = await asyncio.gather(*(service.run_import(world.database, identity) for _ in range(2)))
    assert both == [Summary(read=60, accepted=60)] * 2


async def test_two_files_that_say_the_same_at_once_make_no_child_twice(world: World) -> None:
    await service.run_import(world.database, await stored(world, csv_file(children(20))))
    siblings = [
        cells(Occurrence_No=f"06DA/{number}/26", **{"Child Forename(s)": "Ada", "DOB": "01/02/2020"})
        for number in range(20)
    ]
    files = [await stored(world, csv_file(siblings)) for _ in range(2)]
    done = await asyncio.gather(*(service.run_import(world.database, identity) for identity in files))
    assert sum(each.accepted for each in done) == 20
    assert sum(each.repeated for each in done) == 20
    async with world.database.transaction(SYSTEM) as tx:
        assert await tx.connection.fetchval("select count(*) from pathway") == 40


async def test_a_fault_of_ours_ends_the_import_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    identity = await stored(world, csv_file(children(3)))

    async def broken(*_: object) -> object:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(taking.Batch, "take", broken)
    with pytest.raises(KeyError):
        await service.run_import(world.database, identity)
    assert "fault on our side" in str(await service.failure(world.database, identity))


async def test_a_trial_says_what_would_become_of_repeats_in_later_batches(world: World) -> None:
    rows = [*children(20), *children(20), *children(5, 100)]
    expected = Summary(read=45, accepted=25, repeated=20)
    tried = await service.run_import(world.database, await stored(world, csv_file(rows), dry_run=True))
    assert tried == expected
    async with world.database.transaction(SYSTEM) as tx:
        assert await tx.connection.fetchval("select count(*) from incident") == 0
    assert await service.run_import(world.database, await stored(world, csv_file(rows))) == expected


def spoilt(content: bytes, seed: int) -> bytes:
    """A file with some bytes of it changed, lost, doubled or moved."""
    chance = random.Random(seed)
    broken = bytearray(content)
    for _ in range(chance.randrange(1, 40)):
        place = chance.randrange(400, len(broken))
        what = chance.randrange(4)
        if what == 0:
            broken[place] = chance.randrange(256)
        elif what == 1:
            del broken[place : place + chance.randrange(1, 30)]
        elif what == 2:
            broken[place:place] = bytes(chance.choices(b'",;\r\n\x00\xff\x81=0123456789/:', k=chance.randrange(1, 12)))
        else:
            broken[place:place] = broken[400 : 400 + chance.randrange(1, 200)]
    return bytes(broken)


async def test_whatever_is_in_a_file_every_row_is_accounted_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 50)
    sample = b"".join((DATA / "police_export.csv").read_bytes().splitlines(keepends=True)[:120])
    for seed in range(12):
        content = spoilt(sample, seed)
        _, _, rows = read_csv(io.BytesIO(content))
        expected = sum(1 for _ in rows) - 1
        found = await service.run_import(world.database, await stored(world, content))
        assert await service.failure(world.database, await stored(world, content)) is None
        assert found.read == expected, seed
    assert (await rebuild(world.database, check=True)).differing == 0
