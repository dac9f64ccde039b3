"""Everything at once: each delay is flagged once, each person told once (invariant 6)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from service.actor import SYSTEM
from service.flags.sweep import foreseen, sweep
from service.pathways import service as pathways
from service.pathways.rebuild import differing, rebuild, recompute
from service.pathways.rules import Entry
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World


async def value(world: World, query: str) -> Any:
    async with world.database.transaction(SYSTEM) as tx, tx.recording():
        return await tx.connection.fetchval(query)


async def test_sweeps_rebuilds_and_new_milestones_at_once_raise_each_flag_once(world: World) -> None:
    ids = [
        await put_child(world, attended=START - timedelta(hours=1 + number), reference=f"06DA/{number}/26")
        for number in range(24)
    ]
    world.timepiece.advance(timedelta(days=5))

    async def disturb() -> None:
        for pathway in ids[::3]:
            async with world.database.transaction(world.liaison) as tx:
                await pathways.record_one(tx, Entry(pathway=pathway, kind="notice_shared", at=tx.now))

    async def again() -> None:
        for pathway in ids:
            async with world.database.transaction(SYSTEM) as tx:
                await recompute(tx, [pathway])

    await asyncio.gather(
        sweep(world.database, batch=7), sweep(world.database, batch=5), disturb(), again(), rebuild(world.database)
    )
    await sweep(world.database)
    assert await value(world, "select count(*) from flag") >= len(ids)
    assert await value(world, "select count(*) = count(distinct (about, rule, subject, episode)) from flag")
    assert await value(world, "select count(*) = count(distinct (flag, person)) from message")
    assert await value(
        world,
        "select bool_and(exists (select 1 from condition as c where c.flagged"
        " and (c.about, c.rule, c.subject, c.episode) = (f.about, f.rule, f.subject, f.episode))) from flag as f",
    )
    async with world.database.transaction(SYSTEM, readonly=True, snapshot=True) as tx:
        assert await differing(tx, ids) == []
    again_raised = await sweep(world.database)
    assert not again_raised.raised


async def keys(world: World) -> set[tuple[Any, ...]]:
    async with world.database.transaction(SYSTEM) as tx, tx.recording():
        return {tuple(row) for row in await tx.connection.fetch("select about, rule, subject, episode from flag")}


async def test_what_evaluate_foresees_for_an_instant_is_what_a_sweep_then_raises(world: World) -> None:
    for number in range(6):
        await put_child(
            world, attended=START - timedelta(hours=1 + 7 * number), reference=f"06DA/{number}/26", grade="high"
        )
    await sweep(world.database)
    then, already = START + timedelta(days=9), await keys(world)
    async with world.database.transaction(SYSTEM, readonly=True) as tx:
        counts, expected = await foreseen(tx, then)
    assert await keys(world) == already
    world.timepiece.set(then)
    await sweep(world.database)
    raised = await keys(world) - already
    assert raised
    assert {(each.about, each.rule, each.subject, each.episode) for each in expected} == raised
    assert sum(counts.values()) == len(raised)


async def test_a_machine_whose_clock_steps_back_raises_nothing_twice_and_unsays_nothing(world: World) -> None:
    pathway = await put_child(world, attended=START - timedelta(hours=30))
    await sweep(world.database)
    said = await keys(world)
    world.timepiece.set(START - timedelta(hours=12))
    async with world.database.transaction(world.liaison) as tx:
        await pathways.record_one(tx, Entry(pathway=pathway, kind="school_notified", at=tx.now))
    await sweep(world.database)
    world.timepiece.set(START + timedelta(minutes=1))
    again = await sweep(world.database)
    assert said <= await keys(world)
    assert await value(world, "select count(*) = count(distinct (flag, person)) from message")
    assert await value(world, "select bool_and(noticed_at >= true_from) from flag"), again
    async with world.database.transaction(SYSTEM, readonly=True, snapshot=True) as tx:
        assert await differing(tx, [pathway]) == []
