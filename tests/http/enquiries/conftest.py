"""A family of Wigan about whom a strategy discussion was held, and a team manager who holds its children."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest

from schema.ids import new_id
from service.actor import SYSTEM
from service.pathways import rulebook
from service.pathways import service as pathways
from service.pathways.rules import Entry
from service.timepiece import SetTimepiece
from tests.fixtures.databases import DatabaseUrls
from tests.fixtures.people import Browser, World

#: A Friday: working day 15 is Friday 11 December, working day 16 Monday 14 December.
DISCUSSED = datetime(2026, 11, 20, 15, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 16, tzinfo=UTC)
TEAM = UUID("018f0000-0000-7000-8000-000000000001")

_NUMBERS = itertools.count(1)

Put = Callable[..., Awaitable[list[str]]]


class Family(msgspec.Struct, frozen=True):
    """Pathways of two siblings, and the record of the discussion."""

    pathways: list[str]
    discussion: str


@pytest.fixture
def timepiece() -> SetTimepiece:
    """Friday 20 November 2026, an hour after the discussion, until a test moves it."""
    return SetTimepiece(NOW)


@pytest.fixture(autouse=True)
async def team(world: World, module_database_urls: DatabaseUrls) -> UUID:
    """The team of Wigan's social worker and team manager."""
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)
    connection = await asyncpg.connect(module_database_urls.owner_url)
    try:
        await connection.execute(
            "insert into team (id, area, name) values ($1, '359', 'Leigh assessment') on conflict do nothing", TEAM
        )
        await connection.execute(
            "update person_role set team = $1 where area = '359' and role in ('social_worker', 'team_manager')", TEAM
        )
    finally:
        await connection.close()
    return TEAM


@pytest.fixture
def put(world: World) -> Put:
    """Children of one incident, allocated to the social worker of Wigan; their pathways."""

    async def putting(reference: str, *names: str, area: str = "359", **more: Any) -> list[str]:
        body = {
            "reference": reference,
            "force": "gmp",
            "area": area,
            "grade": "high",
            "police_attended": {"at": "2026-11-19T01:12:00Z"},
            "children": [
                {"family_name": "Pennington", "given_names": name, "date_of_birth": f"2014-02-{number + 1:02}"}
                for number, name in enumerate(names)
            ],
        } | more
        async with world.machine("gmp") as machine:
            answer = await machine.post("/api/v1/notices", json=body)
        assert answer.status_code == 201, answer.text
        found = [each["pathway"] for each in answer.json()["pathways"]]
        worker = world.partnership.people[f"social_worker.{area}"]
        await record(
            world,
            found,
            "allocated",
            datetime(2026, 11, 20, 10, tzinfo=UTC),
            detail={"worker": str(worker), "team": str(TEAM)},
        )
        return found

    return putting


async def record(
    world: World, covered: list[str], kind: str, at: datetime, outcome: str | None = None, **more: Any
) -> str:
    """One record of a milestone for several children, as another part of the service writes it."""
    database = world.app.state.database
    async with database.transaction(SYSTEM, now=max(at, database.timepiece.now())) as tx:
        shared = new_id(tx.now)
        await pathways.record(
            tx,
            [Entry(pathway=UUID(each), kind=kind, at=at, outcome=outcome, record=shared, **more) for each in covered],
        )
    return str(shared)


@pytest.fixture
async def family(world: World, put: Put) -> Family:
    """Two siblings, and the discussion that decided on enquiries."""
    found = await put(f"06DE/{next(_NUMBERS)}/26", "Ewan", "Yusuf")
    return Family(found, await discussed(world, found))


async def discussed(world: World, covered: list[str], at: datetime = DISCUSSED, **detail: Any) -> str:
    """A quorate strategy discussion that decides on enquiries."""
    return await record(world, covered, "strategy_held", at, "quorate", detail={"initiates_enquiry": True, **detail})


def at(world: World, year: int, month: int, day: int, hour: int) -> None:
    """Set the time of the world to an instant (UTC)."""
    world.timepiece.set(datetime(year, month, day, hour, tzinfo=UTC))


async def started(browser: Browser, family: Family, **more: Any) -> list[str]:
    """The enquiries that start from a discussion, in the order of the pathways."""
    body = {"pathways": family.pathways, "kind": "joint", "initiated_by": family.discussion, **more}
    answer = await browser.json("POST", "/api/v1/enquiries", body)
    assert answer.status_code == 201, answer.text
    by_pathway = {each["pathways"][0]: each["enquiry"] for each in answer.json()}
    return [by_pathway[pathway] for pathway in family.pathways]


#: Everything that an enquiry needs before a manager may authorise it.
WRITTEN: dict[str, Any] = {
    "lead_social_worker": "Alex Social Worker",
    "police_officer": "DC 1234 Shah",
    "history": "Three notices in six months, each graded medium; the second was not shared.",
    "checks": [{"agency": "health", "question": "Injuries?", "asked_on": "2026-11-20", "answered_on": "2026-11-20"}],
    "findings": "The children hear it most nights.",
    "outcome": "substantiated_continuing_risk",
    "rationale": "Harm goes on while he lives there.",
    "conference_required": "yes",
    "next_step": "conference",
}


async def change(browser: Browser, method: str, path: str, version: int, body: Any = None) -> int:
    """Make a change that must be taken; the version after it."""
    answer = await browser.json(method, path, {} if body is None else body, **{"if-match": f'"{version}"'})
    assert answer.status_code == 200, answer.text
    after: int = answer.json()["version"]
    assert answer.headers["etag"] == f'"{after}"'
    return after


async def wrong_fields(answer: Any) -> set[str]:
    """The fields that a refusal names."""
    assert answer.status_code == 422, answer.text
    return {each["field"] for each in answer.json()["errors"]}
