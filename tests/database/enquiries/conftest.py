"""Children of two areas, allocated to the social worker and the team of each, with discussions held about them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import msgspec
import pytest

from schema.ids import new_id
from service.actor import SYSTEM, Actor
from service.enquiries import authorising, starting
from service.enquiries import service as enquiries
from service.enquiries.owning import KEPT
from service.enquiries.rules import Body, Starting
from service.intake.books import service as books
from service.intake.books.rules import Arrival, ChildSaid, Fact
from service.pathways import service as pathways
from service.pathways.owning import OWNERS
from service.pathways.rules import Entry
from tests.fixtures.world import World

#: A Friday afternoon: working day 15 is Friday 11 December.
DISCUSSED = datetime(2026, 11, 20, 15, tzinfo=UTC)
_TEAMS = UUID("018f0000-0000-7000-8000-00000000000a")
#: Everything that an enquiry needs before a manager may authorise it.
COMPLETE = Body(
    lead_social_worker="Sam",
    police_officer="DC Shah",
    history="Three notices in six months.",
    not_seen_why="The family was away.",
    findings="The children hear it most nights.",
    outcome="substantiated_continuing_risk",
    rationale="Harm goes on.",
    conference_required="yes",
    next_step="conference",
)

Put = Callable[..., Awaitable[UUID]]


# As the application does when it starts.
OWNERS.update(KEPT)


@pytest.fixture(autouse=True)
async def teams(world: World) -> None:
    """A team in each area, with its manager; the world stands an hour after the discussion."""
    world.timepiece.set(datetime(2026, 11, 20, 16, tzinfo=UTC))
    connection = await asyncpg.connect(world.urls.owner_url)
    try:
        for area in ("359", "350"):
            team = uuid5(_TEAMS, area)
            await connection.execute("insert into team (id, area, name) values ($1, $2, 'Team')", team, area)
            await connection.execute(
                "update person_role set team = $1 where area = $2 and role = 'team_manager'", team, area
            )
    finally:
        await connection.close()


@pytest.fixture
def put(world: World) -> Put:
    """One child put on the books and allocated; its pathway."""

    async def putting(
        reference: str = "06DE/1/26",
        given: str = "Ewan",
        *,
        area: str = "359",
        born: date | None = date(2014, 2, 3),
        due: date | None = None,
    ) -> UUID:
        seen = datetime(2026, 11, 19, 9, tzinfo=UTC)
        said = ChildSaid(family_name="Quillfeather", given_names=given, date_of_birth=born, expected_date_of_birth=due)
        arrival = Arrival(
            force="gmp",
            reference=reference,
            area=area,
            child=said,
            facts=(Fact(kind="police_attended", at=seen, shared="incident"),),
            source="police_file",
        )
        async with world.database.transaction(SYSTEM) as tx:
            (placed,) = await books.put(tx, [arrival])
            assert placed.pathway is not None
            worker = {"worker": str(world[f"social_worker.{area}"].id), "team": str(uuid5(_TEAMS, area))}
            await pathways.record(tx, [Entry(pathway=placed.pathway, kind="allocated", at=seen, detail=worker)])
        return placed.pathway

    return putting


async def discussed(world: World, *covered: UUID, at: datetime = DISCUSSED, **detail: Any) -> UUID:
    """One discussion about these children that decides on enquiries; its shared record."""
    async with world.database.transaction(SYSTEM, now=max(at, world.timepiece.now())) as tx:
        record = new_id(tx.now)
        await pathways.record(
            tx,
            [
                Entry(
                    pathway=pathway,
                    kind="strategy_held",
                    at=at,
                    outcome="quorate",
                    detail={"initiates_enquiry": True} | detail,
                    record=record,
                )
                for pathway in covered
            ],
        )
    return record


async def started(world: World, *covered: UUID, actor: Actor | None = None, **more: Any) -> list[UUID]:
    """The enquiries that a manager starts for these pathways."""
    async with world.database.transaction(actor or world["team_manager.359"]) as tx:
        begun = await starting.start(tx, Starting(pathways=list(covered), kind="joint", **more))
    return [each.enquiry for each in begun]


async def authorised(world: World, enquiry: UUID, **changes: Any) -> None:
    """Write, complete and authorise an enquiry, as its team does."""
    body = msgspec.structs.replace(COMPLETE, **changes)
    async with world.database.transaction(world["social_worker.359"]) as tx:
        version = await enquiries.save(tx, enquiry, body, 1)
        version = await enquiries.complete(tx, enquiry, version)
    async with world.database.transaction(world["team_manager.359"]) as tx:
        await authorising.authorise(tx, enquiry, version)


async def kinds(world: World, pathway: UUID) -> list[str]:
    """What stands for a pathway since it was allocated, as it was recorded."""
    async with world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch(
            "select kind from milestone_current where pathway = $1 order by recorded_at, id", pathway
        )
    found = [row[0] for row in rows]
    return found[found.index("allocated") + 1 :]


async def clock(world: World, pathway: UUID, standard: str) -> asyncpg.Record:
    """The newest clock of a standard."""
    async with world.database.transaction(SYSTEM) as tx:
        row = await tx.connection.fetchrow(
            "select due_at, stopped_at from clock where pathway = $1 and standard = $2"
            " order by started_at desc limit 1",
            pathway,
            standard,
        )
    assert row is not None
    return row
