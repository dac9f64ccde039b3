"""From the request of a discussion to its record, with what each step tells the clocks."""

from datetime import timedelta

import asyncpg
import pytest

from schema.ids import new_id
from schema.meetings import Agency, Presence
from service.actor import SYSTEM
from service.errors import NotFound
from service.meetings import service as meetings
from service.pathways.rules import Entry
from service.pathways.service import record
from tests.fixtures.meetings import child, hold, look, request
from tests.fixtures.world import START, World


async def test_a_discussion_is_asked_for_and_held(world: World) -> None:
    ada, ben = await child(world, "Ada"), await child(world, "Ben")
    discussion = await request(world, ada, ben)
    view = await look(world, discussion)
    assert view.state == "requested"
    assert [each.agency for each in view.invitees] == ["childrens_social_care", "police", "health"]
    held = await hold(world, discussion, START + timedelta(hours=2))
    assert held.quoracy.quorate
    assert len(held.begun) == 2
    view = await look(world, discussion)
    assert view.state == "held"
    async with world.database.transaction(SYSTEM) as tx:
        kinds = await tx.connection.fetch(
            "select kind, count(*), count(distinct record), min(outcome) as outcome from milestone_current"
            " where detail ? 'discussion' group by kind order by kind"
        )
    assert [tuple(row) for row in kinds] == [
        ("strategy_held", 2, 1, "quorate"),
        ("strategy_requested", 2, 1, None),
        ("threshold_reached", 2, 1, None),
    ]


async def test_a_team_manager_asks_for_a_discussion_about_a_child_of_the_team(world: World) -> None:
    """Who convenes by a team sees that child alone, and all the discussion about it."""
    team, leader = new_id(START), world["team_manager.359"]
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        await owner.execute("insert into team (id, area, name) values ($1, '359', 'East')", team)
        await owner.execute("update person_role set team = $1 where person = $2", team, leader.id)
    finally:
        await owner.close()
    ours, other = await child(world, "Ada"), await child(world, "Ben", reference="06DA/2/26")
    allocated = Entry(pathway=ours, kind="allocated", at=START, detail={"worker": "duty", "team": str(team)})
    async with world.database.transaction(SYSTEM) as tx:
        await record(tx, [allocated])
    with pytest.raises(NotFound):
        await request(world, other, actor=leader)
    discussion = await request(world, ours, actor=leader, manager=None)
    held = await hold(world, discussion, START + timedelta(hours=1), actor=leader, section_47="no")
    assert (held.quoracy.quorate, held.begun) == (True, ())
    async with world.database.transaction(leader) as tx:
        (listed,) = await meetings.listing(tx, "all")
    assert (listed.id, listed.state, listed.children) == (discussion, "held", 1)


async def test_the_history_file_tells_who_was_there(world: World) -> None:
    discussion = await request(world, await child(world))
    four: dict[Agency, Presence] = {
        "education": "present",
        "health": "represented",
        "police": "present",
        "childrens_social_care": "present",
    }
    await hold(world, discussion, START + timedelta(hours=1), how=four)
    async with world.database.transaction(SYSTEM) as tx:
        detail = await tx.connection.fetchval("select detail from milestone where kind = 'strategy_held'")
    assert detail["agencies_present"] == ["childrens_social_care", "police", "health", "education"]
    assert detail["attendance"]["health"] == "represented"
