"""What moved a report since it was made: of whose records, by kind, and what was late and is in time by that."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from schema.ids import new_id
from service.actor import SYSTEM
from service.pathways import service as pathways
from service.pathways.rules import Entry
from service.pathways.service import Correction
from service.reports.measures import service
from service.reports.measures.figures import Scope
from service.reports.measures.ledgers import Restated
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World


async def record(world: World, pathway: UUID, kind: str, hours: float, outcome: str | None = None) -> UUID:
    async with world.database.transaction(SYSTEM) as tx:
        at = START + timedelta(hours=hours)
        entry = Entry(pathway=pathway, kind=kind, at=at, source="typed", outcome=outcome)
        return (await pathways.record_one(tx, entry)).id


async def correct(world: World, milestone: UUID, hours: float, *, agreed: bool = False) -> None:
    change = Correction(at=START + timedelta(hours=hours), reason="Read wrongly", source="Dispatch log")
    async with world.database.transaction(SYSTEM) as tx:
        await pathways.correct(tx, milestone, change, authorised_by=new_id(START) if agreed else None)


async def since(world: World, then: datetime, scope: Scope) -> Restated:
    """What has moved a report of these children since it was made."""
    async with world.database.transaction(SYSTEM, snapshot=True) as tx:
        found = (await service.board(tx, scope, None, then)).restated
    assert found is not None
    return found


async def test_what_moved_a_report_is_told_by_the_agency_whose_record_it_is(world: World) -> None:
    late = await put_child(world, attended=START - timedelta(hours=60))
    seen = await put_child(world, attended=START - timedelta(hours=50), reference="06DA/2/26", grade="high")
    shared = await record(world, late, "notice_shared", -20)
    visit = await record(world, seen, "child_seen", -2)
    then = world.timepiece.now()
    world.timepiece.advance(timedelta(days=2))
    # The notice was shared in time; the child was seen a day after the report and not before; another was told late;
    # what happened after the report, and is corrected, moves nothing of it.
    await correct(world, shared, -58, agreed=True)
    await correct(world, visit, 24)
    await put_child(world, attended=START - timedelta(hours=90), reference="06DA/3/26")
    later = await record(world, late, "notice_received", 20)
    await correct(world, later, 21)

    found = await since(world, then, Scope(areas=("359",)))
    moved = {each.key: (each.reported, each.known_now) for each in found.figures}
    # By the instant of the report nobody had been seen, and a third child waited whom nobody had told of.
    assert list(moved["waiting"]) == [1, 3]
    assert (found.corrections, found.retractions, found.recorded_late, found.pathways) == (2, 0, 2, 3)
    assert [(of.agency, of.corrections, of.recorded_late, of.forgave) for of in found.agencies] == [
        ("police", 1, 2, 1),
        ("childrens_social_care", 1, 0, 0),
    ]
    # Of one grade or district what moved is of these children alone.
    high = await since(world, then, Scope(areas=("359",), grade="high"))
    assert (high.corrections, high.recorded_late, high.pathways) == (1, 0, 1)
    assert (await since(world, then, Scope(areas=("359",), district="Atherton"))).pathways == 0
