"""The queue in Postgres: claimed by one, held, tried again, given up; whoever dies with it."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from service.actor import SYSTEM
from service.outbox import rules, store
from service.outbox import service as outbox
from tests.fixtures.world import World

KINDS = ["import"]


async def queue(world: World, kind: str = "import") -> UUID:
    async with world.database.transaction(SYSTEM) as tx:
        return await outbox.queue(tx, kind, uuid4())


async def figures(world: World) -> store.Figures:
    async with world.database.transaction(SYSTEM) as tx:
        return await store.figures(tx.connection)


async def test_work_is_claimed_by_one_worker_only(world: World) -> None:
    wanted = [await queue(world) for _ in range(10)]
    claimed = await asyncio.gather(*(outbox.claim(world.database, KINDS) for _ in range(16)))
    assert sorted(work.id for work in claimed if work) == sorted(wanted)


async def test_work_that_was_not_committed_is_not_there(world: World) -> None:
    try:
        async with world.database.transaction(SYSTEM) as tx:
            await outbox.queue(tx, "import", uuid4())
            raise LookupError
    except LookupError:
        pass
    assert await outbox.claim(world.database, KINDS) is None


async def test_a_kind_that_this_program_does_not_know_waits_for_one_that_does(world: World) -> None:
    await queue(world, "of_a_later_version")
    assert await outbox.claim(world.database, KINDS) is None
    assert (await figures(world)).waiting == 1


async def test_the_work_of_a_worker_that_died_is_free_again_after_its_lease(world: World) -> None:
    await queue(world)
    first = await outbox.claim(world.database, KINDS)
    assert first is not None
    world.timepiece.advance(rules.LEASE - timedelta(seconds=1))
    assert await outbox.claim(world.database, KINDS) is None
    assert await outbox.hold(world.database, first)
    world.timepiece.advance(timedelta(seconds=2))
    assert await outbox.claim(world.database, KINDS) is None
    world.timepiece.advance(rules.LEASE)
    second = await outbox.claim(world.database, KINDS)
    assert second is not None
    assert (second.id, second.attempts) == (first.id, 2)
    # The first one lives after all: what it says of the work no longer counts.
    assert not await outbox.hold(world.database, first)
    await outbox.done(world.database, first)
    assert (await figures(world)).waiting == 1
    await outbox.done(world.database, second)
    assert (await figures(world)).waiting == 0


async def test_work_that_fails_is_tried_later_and_later_and_then_given_up(world: World) -> None:
    await queue(world)
    waits = []
    for attempt in range(1, rules.ATTEMPTS + 1):
        work = await outbox.claim(world.database, KINDS)
        assert work is not None
        assert work.attempts == attempt
        given_up = await outbox.failed(world.database, work, "ValueError at somewhere.py:1")
        assert given_up == (attempt == rules.ATTEMPTS)
        began = world.timepiece.now()
        for _ in range(100):
            if given_up or (await figures(world)).oldest is None:
                break
            world.timepiece.advance(timedelta(seconds=5))
            if (oldest := (await figures(world)).oldest) and oldest <= world.timepiece.now():
                break
        else:
            world.timepiece.advance(timedelta(hours=1))
        waits.append(world.timepiece.now() - began)
    assert waits[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert await figures(world) == store.Figures(0, 1, None)
    world.timepiece.advance(timedelta(days=30))
    assert await outbox.claim(world.database, KINDS) is None


async def test_work_that_is_put_back_does_not_lose_an_attempt(world: World) -> None:
    await queue(world)
    work = await outbox.claim(world.database, KINDS)
    assert work is not None
    await outbox.put_back(world.database, work)
    again = await outbox.claim(world.database, KINDS)
    assert again is not None
    assert again.attempts == 1
