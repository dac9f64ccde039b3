"""A slot of a worker: does the work aside, and says how it went."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from service.actor import SYSTEM
from service.outbox import service as outbox
from tests.fixtures import handlers
from tests.fixtures.world import World
from workers.handlers import HANDLERS, handler
from workers.metrics import Metrics
from workers.queue import Queue


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("works", "fails", "lasts"):
        monkeypatch.setitem(HANDLERS, kind, f"tests.fixtures.handlers:{kind}")
    handlers.ran.clear()
    handlers.began.clear()


async def queue(world: World, kind: str) -> UUID:
    async with world.database.transaction(SYSTEM) as tx:
        subject = uuid4()
        await outbox.queue(tx, kind, subject)
    return subject


async def state(world: World) -> asyncpg.Record | None:
    async with world.database.transaction(SYSTEM) as tx:
        return await tx.connection.fetchrow("select attempts, locked_until, done_at, last_error from outbox")


async def test_work_is_done_and_marked(world: World) -> None:
    subject = await queue(world, "works")
    slot = Queue(world.database, world.urls.app_url, Metrics())
    assert await slot.step() == 0
    assert handlers.ran == [subject]
    assert await slot.step() > 0
    assert tuple(await state(world) or ()) == (1, None, world.timepiece.now(), None)


async def test_why_work_failed_is_kept_without_what_it_was_about(world: World) -> None:
    await queue(world, "fails")
    await Queue(world.database, world.urls.app_url, Metrics()).step()
    row = await state(world)
    assert row is not None
    assert row["done_at"] is None
    assert row["last_error"].startswith("ValueError at handlers.py:")
    assert "Pennington" not in row["last_error"]


async def test_work_under_way_when_a_worker_stops_is_left_to_another(world: World) -> None:
    await queue(world, "lasts")
    step = asyncio.create_task(Queue(world.database, world.urls.app_url, Metrics()).step())
    assert await asyncio.to_thread(handlers.began.wait, 10)
    step.cancel()
    with pytest.raises(asyncio.CancelledError):
        await step
    assert tuple(await state(world) or ()) == (0, None, None, None)


@pytest.mark.parametrize("kind", ["recompute_open", "rebuild_pathways"])
async def test_every_kind_of_recomputation_has_its_handler(world: World, kind: str) -> None:
    await handler(kind)(world.database, uuid4())
