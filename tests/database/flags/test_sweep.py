"""The sweep: flags appear by themselves, once each, and the right people are told once each."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from service.actor import SYSTEM
from service.flags.sweep import foreseen, sweep
from tests.fixtures.conditions import Given, give
from tests.fixtures.world import START, World

HOUR = timedelta(hours=1)


async def look(world: World, query: str, *arguments: object) -> list[Any]:
    """Rows as the owner sees them."""
    connection = await asyncpg.connect(world.urls.owner_url)
    try:
        return [tuple(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


async def told(world: World) -> list[str]:
    rows = await look(world, "select p.sign_in from message as m join person as p on p.id = m.person order by 1")
    return [row[0] for row in rows]


async def test_a_flag_appears_when_its_time_has_come_and_not_before(world: World) -> None:
    await give(world.database, [Given(true_from=START + HOUR)])
    assert (await sweep(world.database)).raised == 0
    world.timepiece.advance(HOUR)
    assert (await sweep(world.database)).raised == 1
    assert await look(world, "select true_from, noticed_at from flag") == [(START + HOUR, START + HOUR)]
    assert not (await sweep(world.database)).anything


async def test_after_an_outage_flags_carry_the_time_they_became_true_and_how_late_they_were_found(
    world: World,
) -> None:
    await give(world.database, [Given(true_from=START + HOUR)])
    world.timepiece.advance(timedelta(hours=42))
    swept = await sweep(world.database)
    assert swept.latest == timedelta(hours=41)
    assert await look(world, "select noticed_at - true_from from flag") == [(timedelta(hours=41),)]


async def test_a_delay_that_was_over_before_anybody_looked_is_still_flagged(world: World) -> None:
    ended = Given(true_from=START, true_until=START + HOUR, cause="met:contact_decided")
    await give(world.database, [ended])
    world.timepiece.advance(timedelta(days=2))
    assert (await sweep(world.database)).raised == 1
    assert await told(world) == ["mash_coordinator.359"]


async def test_a_warning_that_is_over_is_kept_but_nobody_is_told(world: World) -> None:
    await give(world.database, [Given(rule="approaching", true_from=START, true_until=START + HOUR, cause="overdue")])
    world.timepiece.advance(timedelta(hours=2))
    assert (await sweep(world.database)).raised == 1
    assert await told(world) == []


async def test_eight_sweeps_at_once_raise_each_flag_once(world: World) -> None:
    await give(world.database, [Given(true_from=START) for _ in range(2_000)])
    done = await asyncio.gather(*(sweep(world.database, batch=100) for _ in range(8)))
    assert sum(swept.raised for swept in done) == 2_000
    assert await look(world, "select count(*) from flag") == [(2_000,)]
    assert await look(world, "select count(*), count(distinct (flag, person)) from message") == [(2_000, 2_000)]
    assert await look(world, "select count(*) from condition where not flagged") == [(0,)]


async def test_a_condition_that_was_recomputed_beside_a_sweep_is_not_flagged_twice(world: World) -> None:
    await give(world.database, [Given(true_from=START)])
    await sweep(world.database)
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update condition set flagged = false")
    swept = await sweep(world.database)
    assert (swept.raised, swept.healed) == (0, 1)
    assert await look(world, "select count(*) from flag") == [(1,)]
    assert await look(world, "select flagged from condition") == [(True,)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Given(true_from=START, subject="police_share", holder="police"), ["police_liaison.gmp"]),
        (Given(true_from=START, subject="contact_decision"), ["mash_coordinator.359"]),
        (
            Given(true_from=START, rule="in_transit", subject="in_transit", holder="police"),
            ["mash_coordinator.359", "police_liaison.gmp"],
        ),
        (Given(true_from=START, rule="unallocated", subject="allocation"), ["team_manager.359"]),
        (Given(true_from=START, subject="conference"), ["conference_service.359", "team_manager.359"]),
        (Given(true_from=START, rule="ungraded", subject="risk_graded", holder="police"), ["police_liaison.gmp"]),
        (Given(true_from=START, area="350"), ["mash_coordinator.350"]),
        (
            Given(
                true_from=START,
                about_kind="import_row",
                area=None,
                rule="not_on_the_books",
                subject="row",
                holder="police",
            ),
            ["police_liaison.gmp"],
        ),
    ],
)
async def test_those_who_must_act_are_told(world: World, given: Given, expected: list[str]) -> None:
    await give(world.database, [given])
    assert (await sweep(world.database)).untold == 0
    assert await told(world) == expected


async def test_where_nobody_holds_the_role_somebody_else_is_told(world: World) -> None:
    await give(world.database, [Given(true_from=START, area="354"), Given(true_from=START, area="354", force="mers")])
    assert (await sweep(world.database)).untold == 0
    assert await told(world) == ["police_liaison.gmp", "police_liaison.mers"]


async def test_what_would_be_raised_is_told_without_raising_it(world: World) -> None:
    await give(world.database, [Given(true_from=START), Given(true_from=START + HOUR)])
    async with world.database.transaction(SYSTEM, readonly=True) as tx:
        counts, conditions = await foreseen(tx, START + timedelta(minutes=1))
    assert (counts, len(conditions)) == ({"overdue": 1}, 1)
    assert await look(world, "select count(*) from flag") == [(0,)]


async def test_five_thousand_deadlines_at_one_instant_are_raised_by_one_sweep(world: World) -> None:
    # How long it takes is measured by the benchmarks, on a machine that does nothing else.
    await give(world.database, [Given(true_from=START) for _ in range(5_000)])
    swept = await sweep(world.database)
    assert (swept.raised, swept.more) == (5_000, False)


async def test_behind_a_long_backlog_what_is_due_now_does_not_wait(world: World) -> None:
    old = [Given(true_from=START - timedelta(days=700) + timedelta(minutes=number)) for number in range(500)]
    (new,) = (await give(world.database, [*old, Given(true_from=START)]))[-1:]
    swept = await sweep(world.database, batch=100, rounds=1)
    assert (swept.raised, swept.more) == (200, True)
    assert await look(world, "select count(*) from flag where about = $1", new) == [(1,)]
    assert (await sweep(world.database, batch=100)).raised == 301
