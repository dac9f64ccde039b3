"""From the request of a discussion to its record, with what each step tells the clocks."""

from datetime import timedelta

from service.actor import SYSTEM
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
