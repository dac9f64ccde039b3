"""What a discussion told, corrected on a child's pathway: its own record follows in the same act."""

from datetime import timedelta
from uuid import UUID

import pytest

from service.actor import SYSTEM
from service.errors import Conflict, Refused
from service.meetings.holding import service as holding
from service.meetings.requesting import planning
from service.pathways import proposals
from service.pathways.service import Correction
from tests.fixtures.meetings import child, hold, look, request
from tests.fixtures.world import START, World

HELD = START + timedelta(hours=2)


async def told(world: World, kind: str) -> UUID:
    async with world.database.transaction(SYSTEM) as tx:
        found: UUID = await tx.connection.fetchval("select id from milestone_current where kind = $1", kind)
    return found


async def correct(world: World, kind: str, correction: Correction) -> UUID | None:
    milestone = await told(world, kind)
    async with world.database.transaction(world.manager) as tx:
        return await proposals.correct_or_propose(tx, milestone, correction)


async def test_when_it_was_asked_for_is_one_time_in_both_places(world: World) -> None:
    discussion = await request(world, await child(world))
    await hold(world, discussion, HELD)
    earlier = START - timedelta(minutes=40)
    await correct(world, "strategy_requested", Correction(reason="Call log", at=earlier, precision="minute"))
    await correct(world, "threshold_reached", Correction(reason="Note", detail={"reason": "Both were hit."}))
    row = (await look(world, discussion)).discussion
    assert (row.requested_at, row.reason, row.threshold_at) == (earlier, "Both were hit.", START)
    after = HELD + timedelta(minutes=30)
    with pytest.raises(Refused):
        await correct(world, "strategy_requested", Correction(reason="Wrong", at=after, precision="minute"))
    with pytest.raises(Conflict):
        await correct(world, "strategy_requested", Correction(reason="Never", retract=True))


async def test_a_cancellation_that_never_was_lets_the_discussion_stand_again(world: World) -> None:
    discussion = await request(world, await child(world))
    async with world.database.transaction(world.manager) as tx:
        await planning.cancel(tx, discussion, 1, cause="agency_unavailable", agency="police")
    await correct(world, "strategy_cancelled", Correction(reason="It was health", outcome="health"))
    view = await look(world, discussion)
    assert [(each.agency, each.reason) for each in view.delays] == [("health", "It was health")]
    await correct(world, "strategy_cancelled", Correction(reason="Another family's", retract=True))
    view = await look(world, discussion)
    assert (view.state, view.delays) == ("requested", ())


async def test_when_the_record_was_sent_is_one_time_in_both_places(world: World) -> None:
    discussion = await request(world, await child(world))
    held = await hold(world, discussion, HELD)
    first, last = HELD + timedelta(hours=1), HELD + timedelta(hours=2)
    people = [each.id for each in (await look(world, discussion)).invitees]
    world.timepiece.set(last + timedelta(hours=1))
    async with world.database.transaction(world.manager) as tx:
        version = await holding.issue(tx, discussion, held.version, people[:1], sent_at=first)
        await holding.issue(tx, discussion, version, people[1:], sent_at=last)
    kind = "strategy_record_issued"
    too_early = first - timedelta(minutes=5)
    with pytest.raises(Refused):
        await correct(world, kind, Correction(reason="Log", at=too_early, precision="minute"))
    sent = first + timedelta(minutes=10)
    await correct(world, kind, Correction(reason="Log", at=sent, precision="minute"))
    view = await look(world, discussion)
    assert view.discussion.issued_at == sent
    assert {each.sent_at for each in view.copies} == {first, sent}
    await correct(world, kind, Correction(reason="It bounced", retract=True))
    view = await look(world, discussion)
    assert (view.state, len(view.copies)) == ("held", 1)


async def test_one_that_was_never_held_is_to_be_held_still_and_its_record_is_a_draft_again(world: World) -> None:
    discussion = await request(world, await child(world))
    held = await hold(world, discussion, HELD, section_47="no")
    async with world.database.transaction(world.manager) as tx:
        await holding.issue(tx, discussion, held.version)
    await correct(world, "strategy_held", Correction(reason="Another family's", source="Diary", retract=True))
    view = await look(world, discussion)
    assert (view.state, view.record, view.copies, view.due_at is not None) == ("requested", None, (), True)
    async with world.database.transaction(world.manager) as tx:
        _, draft = await holding.draft(tx, discussion)
        assert (
            await tx.connection.fetchval("select count(*) from milestone_current where kind like 'strategy_record%'")
            == 0
        )
    assert draft is not None
    assert draft.record.children[0].rationale
    await hold(world, discussion, HELD + timedelta(hours=1), section_47="no")
    view = await look(world, discussion)
    assert view.record is not None
    assert (view.state, view.record.number) == ("held", 2)
