"""A feed that was heard of says so at the foot of every page; one that is silent becomes a banner."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from service.actor import SYSTEM
from service.intake.files import service as files
from service.web import store as web
from service.web.health import Health, health
from tests.fixtures.world import World

ROWS = (Path(__file__).parents[2] / "data" / "police_export.csv").read_bytes().splitlines(keepends=True)


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def send(world: World, content: bytes, *, dry_run: bool = False) -> UUID:
    identity = await files.store_file(
        world.database, SYSTEM, pieces(content), feed="gmp", file_name="export.csv", dry_run=dry_run
    )
    await files.run_import(world.database, identity)
    return identity


async def foot(world: World) -> Health:
    async with world.database.transaction(SYSTEM, readonly=True) as tx:
        beats = (await web.around(tx.connection, None)).beats
    return health(beats, world.timepiece.now(), timedelta(minutes=2))


async def test_the_foot_tells_of_the_last_file_that_was_read_and_its_silence_is_a_banner(world: World) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into feed (name, profile, force, coverage, silent_after)"
            " values ('gmp', 'gmp', 'gmp', 'all_notices', '30 hours')"
        )
    await send(world, b"".join(ROWS[:4]), dry_run=True)
    assert "police file" not in (await foot(world)).line
    await send(world, b"".join(ROWS[:4]))
    assert "Last police file: today 09:00, 3 notices." in (await foot(world)).line
    world.timepiece.advance(timedelta(hours=29))
    await send(world, b"nothing;that;can;be;read\n")
    assert len((await foot(world)).silent) == 1, "the watcher's alone"
    world.timepiece.advance(timedelta(hours=2))
    assert "No police file has come for 1 day 7 hours." in (await foot(world)).silent[1]
