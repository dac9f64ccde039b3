"""What people do about flags: see them, answer them, and what happens when the answer's time passes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from service.actor import SYSTEM, Actor
from service.errors import Forbidden, NotFound, Refused
from service.flags import service as flags
from service.flags.reading import Flag, Wanted
from service.flags.sweep import sweep
from service.pathways import service as pathways
from service.pathways.rules import Entry
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World

HOUR = timedelta(hours=1)


async def look(world: World, query: str) -> list[Any]:
    connection = await asyncpg.connect(world.urls.owner_url)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def not_shared_in_time(world: World) -> UUID:
    """A medium-risk child whose police attended 25 hours ago and shared nothing: an hour late now."""
    pathway = await put_child(world, attended=START - 25 * HOUR)
    await sweep(world.database)
    return pathway


async def listed(world: World, actor: Actor, rule: str = "overdue", subject: str = "police_share") -> list[Flag]:
    async with world.database.transaction(actor) as tx:
        return await flags.standing(tx, Wanted(rule=rule, subject=subject))


async def answer(world: World, actor: Actor, flag: UUID, hours: float = 2) -> None:
    async with world.database.transaction(actor) as tx:
        await flags.answer(tx, flag, next_action="Share it now", next_due_at=tx.now + hours * HOUR)


async def test_the_liaison_and_the_coordinator_see_the_same_flag_with_how_late_it_was_found(world: World) -> None:
    pathway = await not_shared_in_time(world)
    for actor in (world.liaison, world.coordinator):
        (flag,) = await listed(world, actor)
        assert (flag.about, flag.holder, flag.reference) == (pathway, "police", "06DA/1/26")
        assert (flag.true_from, flag.found_late) == (START - HOUR, HOUR)
        assert flag.answer == "unanswered"
    assert await listed(world, world["mash_coordinator.350"]) == []
    assert await listed(world, world["police_liaison.mers"]) == []


async def test_a_flag_shows_what_it_rests_on_and_who_did_what(world: World) -> None:
    await not_shared_in_time(world)
    (flag,) = await listed(world, world.liaison)
    async with world.database.transaction(world.liaison) as tx:
        await flags.acknowledge(tx, flag.id, "I am on it")
    await answer(world, world.liaison, flag.id)
    for actor in (world.liaison, world.coordinator):
        async with world.database.transaction(actor) as tx:
            detail = await flags.one(tx, flag.id)
        assert [each.kind for each in detail.evidence] == ["police_attended"]
        assert [(each.kind, each.by) for each in detail.events] == [
            ("acknowledged", world.liaison.id),
            ("answered", world.liaison.id),
        ]
        assert detail.flag.answer == "answered"
        assert detail.flag.next_due_at == START + 2 * HOUR


async def test_an_answer_does_not_end_a_flag_and_lapses_when_its_time_passes(world: World) -> None:
    await not_shared_in_time(world)
    (flag,) = await listed(world, world.liaison)
    await answer(world, world.liaison, flag.id)
    assert (await sweep(world.database)).lapsed == 0
    world.timepiece.advance(2 * HOUR)
    assert (await sweep(world.database)).lapsed == 1
    assert (await sweep(world.database)).lapsed == 0
    (after,) = await listed(world, world.liaison)
    assert after.answer == "lapsed"


async def test_a_newer_answer_stands_instead_of_the_older(world: World) -> None:
    await not_shared_in_time(world)
    (flag,) = await listed(world, world.liaison)
    await answer(world, world.liaison, flag.id, hours=1)
    await answer(world, world.liaison, flag.id, hours=10)
    world.timepiece.advance(2 * HOUR)
    assert (await sweep(world.database)).lapsed == 0
    (after,) = await listed(world, world.liaison)
    assert after.answer == "answered"


async def test_an_answer_to_what_has_ended_does_not_lapse(world: World) -> None:
    pathway = await not_shared_in_time(world)
    (flag,) = await listed(world, world.liaison)
    await answer(world, world.liaison, flag.id)
    await share(world, pathway)
    world.timepiece.advance(3 * HOUR)
    assert (await sweep(world.database)).lapsed == 0
    assert await listed(world, world.liaison) == []
    async with world.database.transaction(world.liaison) as tx:
        (ended,) = [each for each in await flags.about(tx, [pathway]) if each.id == flag.id]
    assert (ended.cause, ended.stands(world.timepiece.now())) == ("met:notice_shared", False)


async def share(world: World, pathway: UUID) -> None:
    async with world.database.transaction(world.liaison) as tx:
        entry = Entry(pathway=pathway, kind="notice_shared", at=world.timepiece.now().replace(microsecond=0))
        await pathways.record(tx, [entry])


async def test_the_ladder_is_climbed_once_while_the_delay_lasts(world: World) -> None:
    await not_shared_in_time(world)
    world.timepiece.set(START - HOUR + 4 * HOUR)
    assert (await sweep(world.database)).escalated >= 1
    world.timepiece.advance(HOUR)
    await sweep(world.database)
    assert await look(
        world,
        "select e.role from flag_event as e join flag as f on f.id = e.flag"
        " where e.kind = 'escalated' and f.rule = 'overdue' and f.subject = 'police_share'",
    ) == [("mash_manager",)]
    (flag,) = await listed(world, world.manager)
    assert flag.escalated_to == ("mash_manager",)
    told = await look(
        world,
        "select p.sign_in from message as m join person as p on p.id = m.person join flag as f on f.id = m.flag"
        " where f.rule = 'overdue' and f.subject = 'police_share' order by 1",
    )
    assert told == [("mash_manager.359",), ("police_liaison.gmp",)]


async def test_what_was_done_in_time_for_the_ladder_is_not_escalated(world: World) -> None:
    pathway = await not_shared_in_time(world)
    await share(world, pathway)
    world.timepiece.advance(8 * HOUR)
    await sweep(world.database)
    assert (
        await look(
            world,
            "select 1 from flag_event as e join flag as f on f.id = e.flag"
            " where e.kind = 'escalated' and f.subject = 'police_share'",
        )
        == []
    )


async def test_a_senior_leader_sees_the_child_behind_a_flag_only_when_it_came_up_to_them(world: World) -> None:
    pathway = await not_shared_in_time(world)
    leader = world["senior_leader.359"]
    assert await listed(world, leader) == []
    world.timepiece.advance(24 * HOUR)
    await sweep(world.database)
    assert [flag.about for flag in await listed(world, leader)] == [pathway]


@pytest.mark.parametrize("who", ["mash_coordinator.350", "police_liaison.mers", "board_member.359", "auditor"])
async def test_others_cannot_answer_because_they_see_no_flag(world: World, who: str) -> None:
    await not_shared_in_time(world)
    (flag,) = await listed(world, world.liaison)
    with pytest.raises(NotFound):
        await answer(world, world[who], flag.id)
    assert await look(world, "select count(*) from flag_event where kind = 'answered'") == [(0,)]


async def test_the_police_do_not_answer_for_social_care(world: World) -> None:
    shared = START - 20 * HOUR
    await put_child(world, attended=START - 25 * HOUR, notice_shared=shared, notice_received=shared)
    world.timepiece.advance(timedelta(days=5))
    await sweep(world.database)
    (flag,) = await listed(world, world.coordinator, "overdue", "contact_decision")
    with pytest.raises((NotFound, Forbidden)):
        await answer(world, world.liaison, flag.id)


async def test_an_answer_says_what_is_done_next_and_by_when(world: World) -> None:
    await not_shared_in_time(world)
    (flag,) = await listed(world, world.liaison)
    with pytest.raises(Refused) as refused:
        async with world.database.transaction(world.liaison) as tx:
            await flags.answer(tx, flag.id, next_action=" ", next_due_at=START - HOUR)
    assert [wrong.field for wrong in refused.value.wrong] == ["next_action", "next_due_at"]


async def test_an_inbox_shows_what_each_message_is_about_until_it_was_opened(world: World) -> None:
    pathway = await not_shared_in_time(world)
    async with world.database.transaction(world.liaison) as tx:
        messages = (await flags.inbox(tx)).messages
        assert pathway in {each.flag.about for each in messages if each.flag}
        assert await flags.mark_read(tx) == len(messages)
        assert (await flags.inbox(tx)).messages == []
        assert len((await flags.inbox(tx, everything=True)).messages) == len(messages)


async def test_a_restricted_record_is_told_to_its_manager_alone(world: World) -> None:
    pathway = await put_child(world, attended=START - 25 * HOUR)
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update pathway set restricted = true where id = $1", pathway)
    await sweep(world.database)
    people = await look(world, "select distinct p.sign_in from message as m join person as p on p.id = m.person")
    assert people == [("mash_manager.359",)]
    assert await listed(world, world.liaison) == []
    assert len(await listed(world, world.manager)) == 1
