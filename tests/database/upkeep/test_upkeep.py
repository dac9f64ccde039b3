"""Periods, heartbeats, the nightly comparison and what is forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from service.access import audit
from service.actor import SYSTEM
from service.settings import Settings
from service.upkeep import service as upkeep
from service.upkeep import store
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World

LEASE = timedelta(minutes=1)


async def once(world: World, job: str, period: str, done: list[int]) -> bool:
    async def work() -> dict[str, Any]:
        done.append(1)
        await asyncio.sleep(0.01)
        return {"done": len(done)}

    return await upkeep.once(world.database, job, period, LEASE, work)


async def test_a_period_is_worked_once_however_many_workers_try(world: World) -> None:
    done: list[int] = []
    tries = await asyncio.gather(*(once(world, "night", "2026-11-03", done) for _ in range(8)))
    assert (sum(tries), len(done)) == (1, 1)
    assert not await once(world, "night", "2026-11-03", done)
    assert await once(world, "night", "2026-11-04", done)


async def test_a_period_whose_worker_died_is_taken_over(world: World) -> None:
    async def dies() -> dict[str, Any]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await upkeep.once(world.database, "night", "2026-11-03", LEASE, dies)
    done: list[int] = []
    assert not await once(world, "night", "2026-11-03", done)
    world.timepiece.advance(LEASE)
    assert await once(world, "night", "2026-11-03", done)
    async with world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch("select attempts, finished_at, detail from period_result")
    assert [tuple(row) for row in rows] == [(2, world.timepiece.now(), {"done": 1})]


async def test_the_nightly_comparison_finds_what_was_altered_behind_our_back(world: World) -> None:
    pathway = await put_child(world, attended=START - timedelta(hours=25))
    assert (await upkeep.compare(world.database))["differing"] == 0
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update clock set due_at = due_at + interval '1 hour' where pathway = $1", pathway)
    found = await upkeep.compare(world.database)
    assert (found["differing"], found["examples"]) == (1, [str(pathway)])
    assert (await upkeep.health(world.database)).differing == 1


async def test_calendars_that_run_out_raise_an_alarm_in_good_time(world: World) -> None:
    world.timepiece.set(datetime(2040, 1, 1, tzinfo=UTC))
    assert (await upkeep.look_at_calendars(world.database))["problems"]
    assert (await upkeep.health(world.database)).calendar_problems > 0


async def test_an_older_sign_of_life_does_not_replace_a_newer_one(world: World) -> None:
    await upkeep.beat(world.database, {"worker": "a"})
    world.timepiece.advance(timedelta(seconds=-5))
    await upkeep.beat(world.database, {"worker": "b"})
    async with world.database.transaction(SYSTEM) as tx:
        beats = await store.beats(tx.connection, [upkeep.WATCHER])
    assert (beats[upkeep.WATCHER].at, beats[upkeep.WATCHER].detail) == (START, {"worker": "a"})


async def test_stored_answers_are_forgotten_after_seven_days_and_not_before(world: World) -> None:
    settings = Settings(database_url=world.urls.app_url)
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into idempotency (actor, route, key, request_hash, status, body, created_at)"
            " values ($1, '/api/v1/notices', 'k', '', 201, '{}', $2)",
            uuid4(),
            tx.now,
        )
    for days, left in ((7, 1), (1, 0)):
        world.timepiece.advance(timedelta(days=days))
        await upkeep.forget(world.database, settings)
        async with world.database.transaction(SYSTEM) as tx:
            assert await tx.connection.fetchval("select count(*) from idempotency") == left


async def test_the_audit_is_sealed(world: World) -> None:
    async with world.database.transaction(world.coordinator) as tx:
        await audit.viewed(tx, "flags_viewed", "answer delays")
    # A transaction of another test on the same server may be older: until it ends nothing is sealed.
    made = await upkeep.seal(world.database)
    for _ in range(1200):
        if made:
            break
        await asyncio.sleep(0.05)
        made = await upkeep.seal(world.database)
    assert made["rows"] == 1
    assert await upkeep.seal(world.database) == {}
