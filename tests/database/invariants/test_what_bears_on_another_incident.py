"""What is recorded about a child in one incident and bears on another keeps that one's derived rows right too."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from service.actor import SYSTEM
from service.intake.books import service as books
from service.intake.books.rules import Arrival, ChildSaid, Fact
from service.intake.decisions import service as decisions
from service.intake.decisions.service import Decision
from service.pathways import service as pathways
from service.pathways.rebuild import differing
from service.pathways.rules import Entry
from service.pathways.service import Correction
from tests.fixtures.world import START, World


def arriving(reference: str, hours: int, **said: Any) -> Arrival:
    child: dict[str, Any] = {
        "family_name": "Pennington",
        "given_names": "Ewan",
        "date_of_birth": date(2011, 2, 3),
    } | said
    return Arrival(
        force="gmp",
        reference=reference,
        area="359",
        child=ChildSaid(**child),
        facts=(Fact(kind="police_attended", at=START - timedelta(hours=hours), shared="incident"),),
        source="police_file",
    )


async def put(world: World, reference: str, hours: int, **said: Any) -> UUID:
    async with world.database.transaction(SYSTEM) as tx:
        (placed,) = await books.put(tx, [arriving(reference, hours, **said)])
    assert placed.pathway is not None
    return placed.pathway


async def assert_nothing_differs(world: World, *ids: UUID) -> None:
    async with world.database.transaction(SYSTEM, readonly=True, snapshot=True) as tx:
        assert await differing(tx, ids) == []


async def milestone(world: World, pathway: UUID, kind: str) -> UUID:
    async with world.database.transaction(SYSTEM) as tx:
        found: UUID = await tx.connection.fetchval(
            "select id from milestone_current where pathway = $1 and kind = $2", pathway, kind
        )
    return found


@pytest.mark.parametrize("undone_by", ["nothing", "notice_shared", "withdrawn", "retraction", "correction"])
@pytest.mark.parametrize("later_first", [False, True])
async def test_a_declined_notice_looks_at_the_next_incident_until_it_is_undone(
    world: World, undone_by: str, later_first: bool
) -> None:
    earlier = await put(world, "06DA/1/26", 60)
    later = await put(world, "06DA/2/26", 10) if later_first else None
    async with world.database.transaction(world.liaison) as tx:
        await decisions.decline(tx, earlier, "below_threshold", "Adults only", "PS 1234")
    if later is None:
        world.timepiece.advance(timedelta(hours=2))
        later = await put(world, "06DA/2/26", -1)
    await assert_nothing_differs(world, earlier, later)
    world.timepiece.advance(timedelta(hours=5))
    if undone_by in ("notice_shared", "withdrawn"):
        entry = Entry(pathway=earlier, kind=undone_by, at=world.timepiece.now(), source="system")
        async with world.database.transaction(SYSTEM) as tx:
            await pathways.record_one(tx, entry)
    elif undone_by != "nothing":
        target = await milestone(world, earlier, "notice_not_shared")
        moment: dict[str, Any] = {"at": START - timedelta(hours=1)} if undone_by == "correction" else {"retract": True}
        change = Correction(reason="Wrong child", source="Log", **moment)
        async with world.database.transaction(world.liaison) as tx:
            await pathways.correct(tx, target, change, authorised_by=world.manager.id)
    await assert_nothing_differs(world, earlier, later)


async def test_retracting_what_undid_a_declined_notice_counts_too(world: World) -> None:
    earlier, later = await put(world, "06DA/1/26", 60), await put(world, "06DA/2/26", 10)
    async with world.database.transaction(world.liaison) as tx:
        await decisions.decline(tx, earlier, "below_threshold", "Adults only", "PS 1234")
    world.timepiece.advance(timedelta(hours=1))
    async with world.database.transaction(world.liaison) as tx:
        await decisions.share(tx, [earlier])
    world.timepiece.advance(timedelta(hours=1))
    target = await milestone(world, earlier, "notice_shared")
    async with world.database.transaction(world.coordinator) as tx:
        await pathways.correct(
            tx, target, Correction(reason="Not sent", source="Log", retract=True), authorised_by=world.manager.id
        )
    await assert_nothing_differs(world, earlier, later)
    async with world.database.transaction(SYSTEM) as tx:
        looked = await tx.connection.fetchval(
            "select count(*) from condition where about = $1 and rule = 'second_look' and true_until is null", later
        )
    assert looked == 1


@pytest.mark.parametrize(
    "said", [{"school_status": "home_educated"}, {"date_of_birth": date(2024, 2, 3)}, {"sex": "M"}], ids=str
)
async def test_what_is_learnt_about_a_child_counts_in_every_incident(world: World, said: dict[str, Any]) -> None:
    blank = {"date_of_birth": None, "local_reference": "L-1"}
    earlier = await put(world, "06DA/1/26", 60, **blank)
    later = await put(world, "06DA/2/26", 10, **blank)
    world.timepiece.advance(timedelta(hours=1))
    again = await put(world, "06DA/2/26", 10, **(blank | said))
    await assert_nothing_differs(world, earlier, later, again)


async def moved(world: World, pathway: UUID) -> None:
    """Sent to the right area, and accepted there."""
    sender, receiver = world["mash_manager.359"], world["mash_manager.350"]
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into qualified_decider (area, person, since) values ('359', $1, $2)",
            sender.id,
            START - timedelta(days=900),
        )
    said: dict[str, Any] = {"rationale": "As told", "history_considered": "None", "decided_by": sender.id}
    async with world.database.transaction(sender) as tx:
        gone = Decision(pathways=[pathway], outcome="sent_to_right_area", to_area="350", **said)
        await decisions.decide(tx, gone)
    world.timepiece.advance(timedelta(hours=3))
    async with world.database.transaction(receiver) as tx:
        await decisions.accept_transfer(tx, pathway, receiver.name)


async def test_a_declined_notice_that_moved_to_another_area_still_counts(world: World) -> None:
    earlier, later = await put(world, "06DA/1/26", 60), await put(world, "06DA/2/26", 10)
    await moved(world, earlier)
    async with world.database.transaction(world.liaison) as tx:
        await decisions.decline(tx, earlier, "below_threshold", "Adults only", "PS 1234")
    await assert_nothing_differs(world, earlier, later)
    sender = world["mash_manager.359"]
    said: dict[str, Any] = {"rationale": "As told", "history_considered": "None", "decided_by": sender.id}
    async with world.database.transaction(sender) as tx:
        await decisions.decide(tx, Decision(pathways=[later], outcome="advice", **said))
    await assert_nothing_differs(world, earlier, later)


@pytest.mark.parametrize("what", ["withdrawn", "sharing retracted"])
async def test_who_undoes_a_declined_notice_in_one_area_changes_what_follows_in_another(
    world: World, what: str
) -> None:
    earlier, later = await put(world, "06DA/1/26", 60), await put(world, "06DA/2/26", 10)
    async with world.database.transaction(world.liaison) as tx:
        await decisions.decline(tx, earlier, "below_threshold", "Adults only", "PS 1234")
    world.timepiece.advance(timedelta(hours=1))
    if what == "sharing retracted":
        async with world.database.transaction(world.liaison) as tx:
            await decisions.share(tx, [earlier])
    await moved(world, earlier)
    await assert_nothing_differs(world, earlier, later)
    async with world.database.transaction(world["mash_manager.350"]) as tx:
        if what == "withdrawn":
            said = {"reason": "Came in twice"}
            entry = Entry(
                pathway=earlier, kind="withdrawn", at=tx.now, source="typed", outcome="duplicate", detail=said
            )
            await pathways.record_one(tx, entry)
        else:
            change = Correction(reason="Not sent", source="Log", retract=True)
            target = await milestone(world, earlier, "notice_shared")
            await pathways.correct(tx, target, change, authorised_by=world.manager.id)
        # What was worked on for its sake is not seen.
        assert await tx.connection.fetchval("select count(*) from pathway where id = $1", later) == 0
    await assert_nothing_differs(world, earlier, later)


async def test_what_is_learnt_of_a_child_counts_where_an_incident_moved_to(world: World) -> None:
    blank = {"date_of_birth": None, "local_reference": "L-1"}
    gone = await put(world, "06DA/1/26", 60, **blank)
    stays = await put(world, "06DA/2/26", 10, **blank)
    await moved(world, gone)
    arrival = arriving("06DA/2/26", 10, **(blank | {"date_of_birth": date(2024, 2, 3)}))
    async with world.database.transaction(world.coordinator) as tx:
        await books.put(tx, [arrival])
    await assert_nothing_differs(world, gone, stays)
