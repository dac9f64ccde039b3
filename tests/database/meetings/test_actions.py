"""Actions: whose they are, what becomes of them, and the flag when their time passes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from schema.meetings import WhatChanged
from service.actor import SYSTEM, Actor
from service.errors import Conflict, Forbidden, PreconditionFailed, Refused
from service.flags import service as flags
from service.flags.reading import Wanted
from service.flags.sweep import sweep
from service.meetings.acting import service as acting
from service.meetings.acting.rebuilding import rebuild
from tests.fixtures.meetings import action, child, hold, look, request
from tests.fixtures.world import START, World, person_id

DUE = START + timedelta(days=1)


async def given(world: World, **more: Any) -> tuple[UUID, UUID]:
    """A discussion that was held and gave one action, of health where nothing else is said."""
    pathway = await child(world)
    discussion = await request(world, pathway)
    await hold(world, discussion, START + timedelta(hours=1), actions=[action(due=DUE, **more)])
    (only,) = await world_actions(world, world.manager)
    return discussion, only.action.id


async def world_actions(world: World, actor: Actor, which: str = "all") -> list[acting.Detail]:
    async with world.database.transaction(actor) as tx:
        return await acting.listing(tx, which)


async def one(world: World, actor: Actor, which: UUID) -> acting.Detail:
    async with world.database.transaction(actor) as tx:
        return await acting.one(tx, which)


async def flags_of(world: World, which: UUID) -> list[tuple[datetime, datetime | None, str | None, bool]]:
    async with world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch(
            "select true_from, true_until, cause, flagged from condition where about = $1 and rule = 'overdue'"
            " order by true_from",
            which,
        )
    return [tuple(row) for row in rows]


async def test_the_owner_accepts_reports_and_completes_in_time(world: World) -> None:
    _, which = await given(world)
    nurse = world["partner.359"]
    (mine,) = await world_actions(world, nurse, "mine")
    assert (mine.state, mine.yours, mine.terms) == ("given", True, False)
    async with world.database.transaction(nurse) as tx:
        version = await acting.accept(tx, which, 1)
        version = await acting.progress(tx, which, version, "Rang twice.", "Call log 12")
        await acting.complete(tx, which, version, note="She can sleep there.")
    done = await one(world, nurse, which)
    assert (done.state, [each.kind for each in done.events]) == ("done", ["given", "accepted", "progress", "done"])
    assert await flags_of(world, which) == []


async def test_an_action_done_within_the_minute_it_was_given_is_taken(world: World) -> None:
    discussion = await request(world, await child(world))
    world.timepiece.set(START + timedelta(hours=2, seconds=40))
    await hold(world, discussion, START + timedelta(hours=1), actions=[action(due=DUE)])
    which = (await world_actions(world, world.manager))[0].action.id
    nurse = world["partner.359"]
    async with world.database.transaction(nurse) as tx:
        version = await acting.accept(tx, which, 1)
        await acting.complete(tx, which, version, at=START + timedelta(hours=2), note="She sleeps there.")
    assert (await one(world, nurse, which)).state == "done"


async def test_an_overdue_action_is_flagged_to_its_owner_once_and_stays_late(world: World) -> None:
    _, which = await given(world)
    nurse = world["partner.359"]
    assert await flags_of(world, which) == [(DUE, None, None, False)]
    world.timepiece.set(DUE + timedelta(minutes=1))
    assert (await sweep(world.database)).raised >= 1
    await sweep(world.database)
    async with world.database.transaction(nurse) as tx:
        (message,) = (await flags.inbox(tx)).messages
        assert message.flag is not None
        assert (message.flag.about, message.flag.rule, message.flag.holder) == (which, "overdue", "health")
        await flags.answer(
            tx, message.flag.id, next_action="I go there now", next_due_at=world.timepiece.now() + timedelta(hours=3)
        )
    assert (await one(world, nurse, which)).state == "overdue"
    world.timepiece.advance(timedelta(hours=1))
    async with world.database.transaction(nurse) as tx:
        await acting.complete(tx, which, 1, note="Seen.")
    assert (await one(world, nurse, which)).state == "done_late"
    ended = world.timepiece.now()
    assert await flags_of(world, which) == [(DUE, ended, "done", True)]
    async with world.database.transaction(world.manager) as tx:
        about = await flags.about(tx, [which])
    assert [(flag.cause, flag.stands(ended)) for flag in about] == [("done", False)]


async def test_overdue_actions_stand_among_the_flags_of_the_area_and_of_the_force_that_owns_them(world: World) -> None:
    _, which = await given(world, agency="police")
    world.timepiece.set(DUE + timedelta(minutes=1))
    await sweep(world.database)
    for actor in (world.coordinator, world.manager, world.liaison):
        async with world.database.transaction(actor) as tx:
            standing = await flags.standing(tx, Wanted(subject="action"))
        assert [(flag.about, flag.holder) for flag in standing] == [(which, "police")]
    async with world.database.transaction(world["mash_coordinator.350"]) as tx:
        assert await flags.standing(tx, Wanted(subject="action")) == []
    async with world.database.transaction(world.liaison) as tx:
        await acting.complete(tx, which, 1, note="Seen.")
        assert await flags.standing(tx, Wanted(subject="action")) == []


async def test_after_a_day_the_manager_is_told_too(world: World) -> None:
    _, which = await given(world)
    world.timepiece.set(DUE + timedelta(minutes=1))
    await sweep(world.database)
    world.timepiece.set(DUE + timedelta(hours=24, minutes=1))
    assert (await sweep(world.database)).escalated >= 1
    async with world.database.transaction(world.manager) as tx:
        about = {each.flag.about for each in (await flags.inbox(tx)).messages if each.flag}
    assert which in about


async def test_a_moved_due_time_leaves_the_one_that_passed_on_record(world: World) -> None:
    _, which = await given(world)
    later = DUE + timedelta(days=2)
    world.timepiece.set(DUE + timedelta(hours=1))
    await sweep(world.database)
    async with world.database.transaction(world.manager) as tx:
        await acting.move(tx, which, 1, later, "The family is away")
    moved = DUE + timedelta(hours=1)
    assert await flags_of(world, which) == [(DUE, moved, "due_changed", True), (later, None, None, False)]
    async with world.database.transaction(world.manager) as tx:
        await acting.complete(tx, which, 2)
    found = await one(world, world.manager, which)
    assert found.state == "done_late", "moving a time that has passed makes nothing punctual"
    assert await flags_of(world, which) == [(DUE, moved, "due_changed", True)]


async def test_a_time_moved_before_it_passed_was_never_missed(world: World) -> None:
    _, which = await given(world)
    async with world.database.transaction(world.manager) as tx:
        await acting.move(tx, which, 1, DUE + timedelta(days=2), "The family is away")
    world.timepiece.set(DUE + timedelta(hours=1))
    async with world.database.transaction(world.manager) as tx:
        await acting.complete(tx, which, 2)
    assert (await one(world, world.manager, which)).state == "done"
    assert await flags_of(world, which) == []


async def test_done_in_time_but_told_late_needs_evidence(world: World) -> None:
    _, which = await given(world)
    world.timepiece.set(DUE + timedelta(hours=5))
    await sweep(world.database)
    in_time = DUE - timedelta(hours=1)
    async with world.database.transaction(world["partner.359"]) as tx:
        with pytest.raises(Refused) as refused:
            await acting.complete(tx, which, 1, at=in_time)
    assert [wrong.field for wrong in refused.value.wrong] == ["evidence"]
    async with world.database.transaction(world["partner.359"]) as tx:
        await acting.complete(tx, which, 1, at=in_time, evidence="Visit log of that day")
    assert (await one(world, world.manager, which)).state == "done"
    assert await flags_of(world, which) == [(DUE, world.timepiece.now(), "found_done_in_time", True)]


async def test_a_cancelled_action_ends_its_flag_with_the_cause(world: World) -> None:
    _, which = await given(world)
    world.timepiece.set(DUE + timedelta(hours=1))
    await sweep(world.database)
    async with world.database.transaction(world.manager) as tx:
        with pytest.raises(Refused):
            await acting.cancel(tx, which, 1, " ")
    async with world.database.transaction(world.manager) as tx:
        await acting.cancel(tx, which, 1, "She moved in with her aunt")
    assert await flags_of(world, which) == [(DUE, world.timepiece.now(), "cancelled", True)]
    async with world.database.transaction(world.manager) as tx:
        with pytest.raises(Conflict):
            await acting.complete(tx, which, 2)


async def test_what_is_sent_back_goes_to_somebody_else_and_its_time_runs_on(world: World) -> None:
    _, which = await given(world)
    async with world.database.transaction(world["partner.359"]) as tx:
        await acting.send_back(tx, which, 1, "The family has no health visitor")
    assert (await one(world, world.manager, which)).state == "sent_back"
    async with world.database.transaction(world.manager) as tx:
        await acting.reassign(tx, which, 2, agency="police")
    found = await one(world, world.liaison, which)
    assert (found.yours, found.action.due_at, found.state) == (True, DUE, "given")


async def test_two_people_who_change_one_action_lose_nothing(world: World) -> None:
    _, which = await given(world)
    async with world.database.transaction(world["partner.359"]) as tx:
        await acting.progress(tx, which, 1, "Rang.")
    async with world.database.transaction(world.manager) as tx:
        with pytest.raises(PreconditionFailed) as failed:
            await acting.move(tx, which, 1, DUE + timedelta(days=1), "Away")
    assert failed.value.facts["version"] == 2
    assert failed.value.facts["changes"][-1]["what"] == "progress"


async def test_only_those_who_gave_it_change_its_terms(world: World) -> None:
    _, which = await given(world)
    nurse = world["partner.359"]
    async with world.database.transaction(nurse) as tx:
        with pytest.raises(Forbidden):
            await acting.move(tx, which, 1, DUE + timedelta(days=1), "Away")
        with pytest.raises(Forbidden):
            await acting.cancel(tx, which, 1, "Not needed")
        with pytest.raises(Forbidden):
            await acting.reassign(tx, which, 1, agency="police")


async def test_a_person_owns_an_action_of_their_agency(world: World) -> None:
    _, which = await given(world, agency=None, owner_person=person_id("partner.359"))
    found = await one(world, world["partner.359"], which)
    assert (found.action.owner_agency, found.action.owner_key) == ("health", "area:359:health")
    assert found.action.owner_name == "Partner.359"


@pytest.mark.parametrize("kind", ["review", "initial"])
async def test_the_next_discussion_opens_with_the_last_ones_actions_and_insists_on_what_changed(
    world: World, kind: str
) -> None:
    first, which = await given(world)
    world.timepiece.set(START + timedelta(days=3))
    pathway = (await look(world, first)).covered[0].pathway
    review = await request(world, pathway, kind=kind, reason="Is he safe now?")
    async with world.database.transaction(world.manager) as tx:
        assert [each.action.id for each in await acting.earlier(tx, review)] == [which]
    at = START + timedelta(days=3, hours=1)
    with pytest.raises(Refused) as refused:
        await hold(world, review, at, section_47="under_way")
    assert [wrong.field for wrong in refused.value.wrong] == ["earlier_actions[0].what_changed"]
    said = WhatChanged(action=which, what_changed="He sleeps at his grandmother's.")
    await hold(world, review, at, section_47="under_way", earlier_actions=[said])
    events = (await one(world, world.manager, which)).events
    assert (events[-1].kind, events[-1].note, events[-1].discussion) == (
        "what_changed",
        "He sleeps at his grandmother's.",
        review,
    )


async def test_when_an_action_was_overdue_is_worked_out_again_from_what_became_of_it(world: World) -> None:
    _, which = await given(world)
    assert await rebuild(world.database, check=True) == []
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update condition set true_from = $2 where about = $1", which, START)
    assert await rebuild(world.database, check=True) == [which]
    assert await rebuild(world.database) == [which]
    assert await flags_of(world, which) == [(DUE, None, None, False)]
