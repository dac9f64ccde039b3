"""Everything at once: each delay is flagged once, each person told once (invariant 6)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from service.actor import SYSTEM
from service.flags.sweep import sweep
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
