"""My children: what a social worker and a team manager begin with."""

from __future__ import annotations

from uuid import UUID

import pytest

from schema.ids import new_id
from service.actor import SYSTEM
from tests.fixtures.people import World
from tests.http.pathways.conftest import Log, audited


async def _allocate(world: World, pathway: str, **detail: str) -> None:
    async with await world.signed_in("mash_manager", "359") as manager:
        answer = await manager.json(
            "POST",
            f"/api/v1/pathways/{pathway}/milestones",
            {"kind": "allocated", "at": "2026-11-03T08:00:00Z", "detail": detail},
        )
    assert answer.status_code == 201, answer.text


async def test_i_find_the_children_allocated_to_me_and_nobody_elses(world: World, log: Log) -> None:
    mine, theirs = await log("06CL/1/26", "Orla", "Piers")
    await _allocate(world, mine, worker=str(world.partnership.people["social_worker.359"]))
    await _allocate(world, theirs, worker="Somebody of another team")
    async with await world.signed_in("social_worker", "359") as worker:
        assert (await worker.get("/")).headers["location"] == "/caseload"
        text = (await worker.get("/caseload")).text
    assert "1 child of police notices." in text
    assert "Orla Pennington" in text
    assert "Piers" not in text
    assert (await audited(world, "caseload_viewed"))[-1] == [UUID(mine)]


async def test_a_child_whose_case_is_closed_leaves_the_list(world: World, log: Log) -> None:
    (mine,) = await log("06CL/2/26", "Rafe")
    await _allocate(world, mine, worker=str(world.partnership.people["social_worker.350"]))
    async with await world.signed_in("mash_manager", "359") as manager:
        closed = await manager.json(
            "POST", f"/api/v1/pathways/{mine}/milestones", {"kind": "closed", "at": "2026-11-03T08:30:00Z"}
        )
        assert closed.status_code == 201, closed.text
    async with await world.signed_in("social_worker", "350") as worker:
        assert "No child of a police notice is allocated to you." in (await worker.get("/caseload")).text


@pytest.fixture
async def team(world: World) -> UUID:
    """A team of Wigan whose manager is Wigan's team manager."""
    identity = new_id(world.timepiece.now())
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("insert into team (id, area, name) values ($1, '359', $2)", identity, str(identity))
        await tx.connection.execute(
            "update person_role set team = $1 where role = 'team_manager' and person = $2",
            identity,
            world.partnership.people["team_manager.359"],
        )
    return identity


async def test_a_manager_sees_the_team_and_who_has_no_worker_first(world: World, log: Log, team: UUID) -> None:
    held, unheld = await log("06CL/3/26", "Sian", "Tomos")
    await _allocate(world, held, worker="A worker of the team", team=str(team))
    await _allocate(world, unheld, worker="A worker who left", team=str(team))
    async with await world.signed_in("mash_manager", "359") as manager:
        ended = await manager.json(
            "POST", f"/api/v1/pathways/{unheld}/milestones", {"kind": "allocation_ended", "at": "2026-11-03T08:30:00Z"}
        )
        assert ended.status_code == 201, ended.text
    async with await world.signed_in("team_manager", "359") as manager:
        text = (await manager.get("/caseload")).text
    assert "Children of the team" in text
    assert "A worker of the team" in text
    assert "1 has no worker." in text
    assert text.index("Tomos Pennington") < text.index("Sian Pennington")
