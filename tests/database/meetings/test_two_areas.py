"""Siblings in two areas, one discussion: each area has its own record, and each keeps to its own children."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from schema.meetings import InviteeSaid
from service.actor import SYSTEM
from service.errors import Conflict, Forbidden, NotFound
from service.meetings import service as meetings
from service.meetings.correcting import service as correcting
from service.meetings.requesting import service as requesting
from service.pathways import service as pathways
from service.pathways.rebuild import rebuild
from service.pathways.service import Correction
from tests.fixtures.meetings import child, hold, look, request
from tests.fixtures.world import START, World

HELD = START + timedelta(hours=2)


async def joint(world: World) -> tuple[UUID, UUID, UUID]:
    """A discussion of Wigan into which Bolton put the half-brother; the discussion and both pathways."""
    ours = await child(world, "Ada")
    theirs = await child(world, "Bo", area="350")
    discussion = await request(world, ours)
    bolton = world["mash_coordinator.350"]
    with pytest.raises(NotFound):
        await look(world, discussion, bolton)
    async with world.database.transaction(world.manager) as tx:
        await requesting.invite(tx, discussion, 1, InviteeSaid(agency="childrens_social_care", area="350"))
    async with world.database.transaction(bolton) as tx:
        await requesting.cover(tx, discussion, 2, [theirs])
    return discussion, ours, theirs


async def test_the_convenor_records_for_the_child_whom_the_other_area_put_in(world: World) -> None:
    discussion, ours, theirs = await joint(world)
    view = await look(world, discussion)
    assert (view.discussion.areas, len(view.covered)) == (("350", "359"), 2)
    await hold(world, discussion, HELD)
    async with world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch(
            "select pathway, area, record, recorded_by from milestone_current where kind = 'strategy_held'"
        )
        stopped = await tx.connection.fetch(
            "select pathway from clock where standard = 'strategy_discussion' and stopped_at = $1", HELD
        )
    assert {row["pathway"]: row["area"] for row in rows} == {ours: "359", theirs: "350"}
    assert len({row["record"] for row in rows}) == 2, "each area corrects its own"
    assert {row["recorded_by"] for row in rows} == {world.manager.id}
    assert {row[0] for row in stopped} == {ours, theirs}


async def test_clocks_of_the_lent_child_are_what_a_rebuild_makes_them(world: World) -> None:
    """Also where an earlier notice of that child, which the convenor never sees, was declined."""
    months = START - timedelta(days=60)
    await child(world, "Bo", area="350", reference="06DA/1/26", attended=months, shared=False, notice_not_shared=months)
    discussion, _, _ = await joint(world)
    await hold(world, discussion, HELD)
    done = await rebuild(world.database, check=True)
    assert (done.differing, done.examples) == (0, [])
    async with world.database.transaction(SYSTEM) as tx:
        assert await tx.connection.fetchval("select count(*) from condition where rule = 'second_look'") == 1


async def test_nobody_works_on_the_other_areas_children_outside_the_discussion(world: World) -> None:
    discussion, _, theirs = await joint(world)
    async with world.database.transaction(world.manager) as tx:
        assert await tx.connection.fetchval("select count(*) from pathway where id = $1", theirs) == 0
    async with world.database.transaction(world.manager) as tx:
        with pytest.raises(NotFound):
            await requesting.cover(tx, discussion, 3, [await child(world, "Cy", area="350", reference="06DA/9/26")])
    with pytest.raises(NotFound):
        await request(world, theirs)


async def test_each_area_corrects_its_own_and_the_convenor_both(world: World) -> None:
    discussion, _, theirs = await joint(world)
    held = await hold(world, discussion, HELD)
    later = HELD + timedelta(minutes=20)
    view = await look(world, discussion)
    assert view.record is not None
    told = replace(view.record.record, held_from=later)
    async with world.database.transaction(world.manager) as tx:
        await correcting.amend(tx, discussion, held.version, told, reason="Began late", source="Call log")
    async with world.database.transaction(SYSTEM) as tx:
        at = [
            row[0]
            for row in await tx.connection.fetch(
                "select distinct occurred_at from milestone_current where kind = 'strategy_held'"
            )
        ]
        milestone = await tx.connection.fetchval(
            "select id from milestone_current where kind = 'strategy_held' and pathway = $1", theirs
        )
    assert at == [later]
    async with world.database.transaction(world["mash_manager.350"]) as tx:
        change = Correction(reason="Our note says so", at=later + timedelta(minutes=5), precision="minute")
        await pathways.correct(tx, milestone, change)
    async with world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch("select area, occurred_at from milestone_current where kind = 'strategy_held'")
    assert {row[0]: row[1] for row in rows} == {"359": later, "350": later + timedelta(minutes=5)}
    async with world.database.transaction(world.manager) as tx:
        assert await correcting.told_otherwise(tx, (await meetings.seen(tx, discussion)).discussion)


async def test_a_restricted_child_of_another_area_is_not_lent(world: World) -> None:
    discussion, _, _ = await joint(world)
    hidden = await child(world, "Di", area="350", reference="06DA/9/26", restricted=True)
    async with world.database.transaction(world["mash_manager.350"]) as tx:
        with pytest.raises(Conflict):
            await requesting.cover(tx, discussion, 3, [hidden])


async def test_the_area_that_joined_does_not_ask_for_children_of_others(world: World) -> None:
    ours = await child(world, "Ada")
    with pytest.raises((Forbidden, NotFound)):
        await request(world, ours, actor=world["mash_manager.350"])
