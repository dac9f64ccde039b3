"""Actions in the figures: as known now and as they had been told at an earlier instant, of one's own area and force."""

from datetime import datetime, timedelta
from uuid import UUID

from service.actor import Actor
from service.meetings.acting import service as acting
from service.reports.measures import service as measures
from service.reports.measures.figures import Acted, Period, Scope
from tests.fixtures.meetings import action, child, hold, request
from tests.fixtures.world import START, World

DUE = START + timedelta(days=1)
WEEK = Period(first=START.date(), last=START.date() + timedelta(days=6))


async def read(world: World, actor: Actor, as_of: datetime | None = None, scope: Scope | None = None) -> list[Acted]:
    async with world.database.transaction(actor, snapshot=True) as tx:
        return (await measures.measured(tx, scope or Scope(), WEEK, as_of)).protection.actions


def numbers(found: list[Acted]) -> dict[str, tuple[int, ...]]:
    return {
        each.agency: tuple(
            tally.count
            for tally in (each.due, each.in_time, each.late, each.not_done, each.cancelled, each.overdue_now)
        )
        for each in found
    }


async def actions_of(world: World) -> dict[str, UUID]:
    async with world.database.transaction(world.manager) as tx:
        return {each.action.owner_agency: each.action.id for each in await acting.listing(tx, "all")}


async def test_they_are_told_as_they_were_known_then_and_as_they_are_known_now(world: World) -> None:
    discussion = await request(world, await child(world))
    await hold(
        world,
        discussion,
        START + timedelta(hours=1),
        actions=[action(due=DUE), action(due=DUE + timedelta(hours=1), agency="police")],
    )
    found = await actions_of(world)
    overdue = DUE + timedelta(hours=2)
    world.timepiece.set(DUE + timedelta(hours=6))
    async with world.database.transaction(world["partner.359"]) as tx:
        await acting.complete(
            tx, found["health"], 1, at=DUE - timedelta(hours=1), note="Seen.", evidence="Visit record 7"
        )
    async with world.database.transaction(world.manager) as tx:
        later = world.timepiece.now() + timedelta(days=20)
        await acting.move(tx, found["police"], 1, later, "The officer is ill.")
    # The police's is due in another period now.
    assert numbers(await read(world, world.manager)) == {"health": (1, 1, 0, 0, 0, 0)}
    both = {"health": (1, 0, 0, 1, 0, 1), "police": (1, 0, 0, 1, 0, 1)}
    assert numbers(await read(world, world.manager, overdue)) == both
    assert await read(world, world.manager, START + timedelta(minutes=30)) == []
    assert numbers(await read(world, world.liaison, overdue)) == both
    assert await read(world, world["mash_manager.350"], overdue) == []
    assert await read(world, world.manager, overdue, Scope(areas=("359",), grade="standard")) == []
    assert numbers(await read(world, world.manager, overdue, Scope(areas=("359",), grade="high"))) == both
