"""Children on the books for the pages of pathways."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import World

Log = Callable[..., Awaitable[list[str]]]
ATTENDED = "2026-11-03T01:12:00Z"


@pytest.fixture(autouse=True)
async def standards(world: World) -> None:
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)


@pytest.fixture
def log(world: World) -> Log:
    """Log a notice of Wigan, received at once, unless a machine pushes it; its pathways."""

    async def logged(reference: str, *names: str, pushed: bool = False, **more: Any) -> list[str]:
        body = {
            "reference": reference,
            "force": "gmp",
            "area": "359",
            "grade": "medium",
            "police_attended": {"at": ATTENDED},
            "children": [
                {"family_name": "Pennington", "given_names": name, "date_of_birth": f"2011-02-{number + 1:02}"}
                for number, name in enumerate(names)
            ],
        } | more
        if pushed:
            async with world.machine("gmp") as machine:
                answer = await machine.post("/api/v1/notices", json=body)
        else:
            coordinator = await world.signed_in("mash_coordinator", "359")
            answer = await coordinator.json("POST", "/api/v1/notices", body)
        assert answer.status_code == 201, answer.text
        return [each["pathway"] for each in answer.json()["pathways"]]

    return logged


async def kinds_of(world: World, pathway: str) -> list[str]:
    """What stands for a pathway, in order of recording."""
    async with world.app.state.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch(
            "select kind from milestone_current where pathway = $1 order by recorded_at, id", UUID(pathway)
        )
    return [row[0] for row in rows]


async def milestone_of(world: World, pathway: str, kind: str) -> str:
    """The id of the milestone of a kind that stands."""
    async with world.app.state.database.transaction(SYSTEM) as tx:
        return str(
            await tx.connection.fetchval(
                "select id from milestone_current where pathway = $1 and kind = $2", UUID(pathway), kind
            )
        )


async def audited(world: World, action: str) -> list[list[UUID]]:
    """The pathways of every audit row of an action."""
    async with world.app.state.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch("select pathways from audit where action = $1 order by at, id", action)
    return [row[0] for row in rows]
