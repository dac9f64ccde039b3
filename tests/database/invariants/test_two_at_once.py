"""Several people at once on the same children: nothing is lost or stands twice, everybody gets an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from schema.ids import new_id
from schema.spine import PathwayFacts
from service.actor import SYSTEM, Actor
from service.errors import NeedsSecondPerson, NotFound, Superseded, TrackerError
from service.flags.sweep import sweep
from service.intake.decisions import service as decisions
from service.intake.decisions.service import Decision
from service.pathways import service as pathways
from service.pathways import store
from service.pathways.rebuild import differing, rebuild
from service.pathways.rules import Entry
from service.pathways.service import Correction
from service.pathways.store import NewPathway, Subject
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World

HOUR = timedelta(hours=1)


async def rows(world: World, query: str, *arguments: object) -> list[tuple[Any, ...]]:
    async with world.database.transaction(SYSTEM) as tx, tx.recording():
        return [tuple(row) for row in await tx.connection.fetch(query, *arguments)]


async def milestone(world: World, pathway: UUID, kind: str) -> UUID:
    ((found,),) = await rows(world, "select id from milestone_current where pathway = $1 and kind = $2", pathway, kind)
    assert isinstance(found, UUID)
    return found


async def record(world: World, actor: Actor, pathway: UUID, kind: str, **more: Any) -> None:
    async with world.database.transaction(actor) as tx:
        at = more.pop("at", None) or tx.now.replace(microsecond=0)
        await pathways.record_one(tx, Entry(pathway=pathway, kind=kind, at=at, **more))


async def correct(world: World, actor: Actor, target: UUID, change: Correction, **more: Any) -> None:
    async with world.database.transaction(actor) as tx:
        await pathways.correct(tx, target, change, **more)


async def all_of(*doing: Awaitable[None]) -> list[BaseException]:
    """Do all of it at once; what was answered instead of done."""
    answers = await asyncio.gather(*doing, return_exceptions=True)
    return [answer for answer in answers if answer is not None]


async def assert_as_a_rebuild_would_make_it(world: World, ids: list[UUID]) -> None:
    async with world.database.transaction(SYSTEM, readonly=True, snapshot=True) as tx:
        assert await differing(tx, ids) == []


async def let_qualified_decide(world: World) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into qualified_decider (area, person, since) values ('359', $1, $2)",
            world.manager.id,
            START - timedelta(days=100),
        )


async def test_what_four_people_record_at_once_all_stands(world: World) -> None:
    pathway = await put_child(world, attended=START - 30 * HOUR, notice_shared=START - 20 * HOUR)
    said = await all_of(
        record(world, world.coordinator, pathway, "notice_received"),
        record(world, world.liaison, pathway, "school_notified"),
        record(world, world.manager, pathway, "information_requested", outcome="health"),
        record(world, world["mash_manager.359"], pathway, "allocated", detail={"worker": "Sam Lee"}),
    )
    assert said == []
    assert await rows(world, "select count(*) from milestone where pathway = $1", pathway) == [(7,)]
    await assert_as_a_rebuild_would_make_it(world, [pathway])


async def test_of_two_corrections_at_once_one_stands_and_the_other_person_is_told(world: World) -> None:
    pathway = await put_child(world, attended=START - 30 * HOUR)
    target = await milestone(world, pathway, "police_attended")
    said = await all_of(
        *(
            correct(world, actor, target, Correction(reason="The log says so", at=START - hours * HOUR))
            for actor, hours in ((world.manager, 31), (world.coordinator, 32), (world.liaison, 33))
        )
    )
    assert [type(answer) for answer in said] == [Superseded, Superseded]
    assert await rows(world, "select count(*) from milestone where supersedes = $1", target) == [(1,)]
    await assert_as_a_rebuild_would_make_it(world, [pathway])


async def test_two_corrections_at_once_that_only_together_excuse_a_delay_need_a_second_person(world: World) -> None:
    """Six hours late: four hours off the end and four on the start excuse it together, and neither does alone."""
    pathway = await put_child(world, attended=START - 40 * HOUR, notice_shared=START - 10 * HOUR)
    attended = await milestone(world, pathway, "police_attended")
    shared = await milestone(world, pathway, "notice_shared")
    said = await all_of(
        correct(world, world.manager, attended, Correction(reason="Log", at=START - 36 * HOUR, source="Log")),
        correct(world, world.coordinator, shared, Correction(reason="Mail", at=START - 14 * HOUR, source="Mail")),
    )
    assert [type(answer) for answer in said] == [NeedsSecondPerson]


async def test_who_declines_on_a_pathway_just_opened_locks_in_one_order_with_everybody_else(world: World) -> None:
    first = await put_child(world, attended=START - 30 * HOUR)
    last = await put_child(world, attended=START - 20 * HOUR, reference="06DA/2/26", given_names="Ben")
    whose = "select p.child, q.incident from pathway as p, pathway as q where p.id = $1 and q.id = $2"
    ((child, incident),) = await rows(world, whose, first, last)
    opened = NewPathway(Subject(PathwayFacts(id=new_id(START), area="359", force="gmp"), incident, child))
    entries = [
        Entry(pathway=last, kind="police_reported", at=START - 21 * HOUR, source="history_file"),
        Entry(pathway=opened.subject.facts.id, kind="notice_not_shared", at=START - HOUR, source="history_file"),
    ]

    async def take_the_file() -> None:
        async with world.database.transaction(SYSTEM) as tx:
            await pathways.record(tx, entries, opened=[opened])

    async with world.database.transaction(SYSTEM) as tx, tx.recording():
        await store.lock(tx.connection, [first])
        taking = asyncio.create_task(take_the_file())
        waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        for _ in range(200):
            async with world.database.transaction(SYSTEM) as looking:
                if await looking.connection.fetchval(waits) or taking.done():
                    break
            await asyncio.sleep(0.01)
        # The one that the file waits for comes before the other, which is free still.
        await tx.connection.execute("select id from pathway where id = $1 for no key update nowait", last)
    await taking
    await assert_as_a_rebuild_would_make_it(world, [first, last, opened.subject.facts.id])


async def test_a_child_that_moves_while_somebody_records_is_recorded_where_it_is_or_not_at_all(world: World) -> None:
    await let_qualified_decide(world)
    for number in range(6):
        pathway = await put_child(
            world, attended=START - 30 * HOUR, notice_shared=START - 20 * HOUR, reference=f"06DA/{number}/26"
        )
        decision = Decision(
            pathways=[pathway],
            outcome="sent_to_right_area",
            rationale="Lives there",
            history_considered="None",
            decided_by=world.manager.id,
            to_area="350",
        )
        async with world.database.transaction(world.manager) as tx:
            await decisions.decide(tx, decision)

        async def accept(sent: UUID = pathway) -> None:
            async with world.database.transaction(world["mash_manager.350"]) as tx:
                await decisions.accept_transfer(tx, sent, "Jo")

        said = await all_of(
            accept(),
            record(world, world.coordinator, pathway, "notice_received"),
            record(world, world.liaison, pathway, "school_notified"),
        )
        assert all(isinstance(answer, NotFound) for answer in said), said
        await assert_as_a_rebuild_would_make_it(world, [pathway])
        for table in ("clock", "segment", "wait", "condition"):
            column = "about" if table == "condition" else "pathway"
            assert await rows(world, f"select distinct area from {table} where {column} = $1", pathway) == [("350",)]


async def test_who_shares_what_is_just_being_declined_undoes_it_for_the_childs_other_incidents_too(
    world: World,
) -> None:
    older, newer = [
        await put_child(world, attended=START - hours * HOUR, reference=f"06DA/{hours}/26") for hours in (30, 5)
    ]
    async with world.database.transaction(world.liaison) as tx:
        await decisions.decline(tx, older, "other", "As told", "PS 1")
        sharing = asyncio.create_task(record(world, world.liaison, older, "notice_shared"))
        # Time for the other one to come as far as it gets before this is committed.
        await asyncio.sleep(0.5)
    await sharing
    await assert_as_a_rebuild_would_make_it(world, [older, newer])


async def disturbed(world: World, random: Random, ids: list[UUID], number: int) -> None:
    """One person's minute: something of what people, files and the watcher do."""
    actors = (world.coordinator, world.manager, world.liaison, world["team_manager.359"])
    pathway, actor = random.choice(ids), random.choice(actors)
    ago = START - random.randrange(1, 2_000) * timedelta(minutes=1)
    does = random.randrange(7)
    if does == 0:
        await put_child(
            world,
            attended=ago,
            reference=f"06DA/{random.choice((0, 1, 2, 100 + number))}/26",
            notice_submitted=ago + timedelta(minutes=5),
        )
    elif does == 1:
        kind = random.choice(("notice_received", "school_notified", "notice_shared", "child_seen", "withdrawn"))
        await record(world, actor, pathway, kind, at=ago, detail={"reason": "as told"})
    elif does == 2:
        found = await rows(world, "select id from milestone_current where pathway = any($1) order by id", ids)
        retract = random.random() < 0.2
        change = Correction(reason="Log", source="Log", retract=retract, at=None if retract else ago)
        await correct(world, actor, random.choice(found)[0], change, authorised_by=world["senior_leader.359"].id)
    elif does == 3:
        async with world.database.transaction(world.liaison) as tx:
            await decisions.decline(tx, pathway, "other", "As told", "PS 1")
    elif does == 4:
        async with world.database.transaction(world.liaison) as tx:
            await decisions.share(tx, random.sample(ids, min(3, len(ids))))
    elif does == 5:
        await rebuild(world.database)
    else:
        await sweep(world.database, batch=random.choice((3, 50)))


async def disturb(world: World, seed: int, steps: int) -> None:
    ids = [
        await put_child(world, attended=START - (5 + number) * HOUR, reference=f"06DA/{number}/26")
        for number in range(4)
    ]
    world.timepiece.advance(timedelta(days=2))

    async def person(number: int) -> None:
        random = Random(seed * 100 + number)
        for _ in range(steps):
            try:
                await disturbed(world, random, ids, number)
            except TrackerError:
                continue

    await asyncio.gather(*(person(number) for number in range(4)))
    await sweep(world.database)
    every = [row[0] for row in await rows(world, "select id from pathway order by id")]
    await assert_as_a_rebuild_would_make_it(world, every)
    assert await rows(
        world,
        "select (select count(*) = count(distinct (about, rule, subject, episode)) from flag),"
        " (select count(*) = count(distinct (flag, person)) from message),"
        " (select count(*) = count(distinct supersedes) from milestone where supersedes is not null)",
    ) == [(True, True, True)]


async def test_four_people_a_file_and_the_watcher_at_once_end_as_a_rebuild_would_make_it(world: World) -> None:
    await disturb(world, 1, 12)


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [2, 3, 4])
async def test_people_files_and_the_watcher_at_once_for_long(world: World, seed: int) -> None:
    await disturb(world, seed, 150)
