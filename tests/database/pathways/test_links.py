"""Two records of one child: found, settled, linked without a clock moving, and unlinked again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from service.actor import SYSTEM
from service.errors import Conflict, Forbidden, NotFound, Refused
from service.intake.books import service as books
from service.intake.books.rules import Arrival, ChildSaid, Fact
from service.pathways import service as pathways
from service.pathways.links import looking
from service.pathways.links import service as links
from service.pathways.rebuild import rebuild
from service.pathways.rules import Entry
from tests.fixtures.world import START, World

BORN = date(2014, 2, 3)


async def put(
    world: World, reference: str, given: str, *, born: date | None = BORN, hours: float = 30, **more: Any
) -> UUID:
    """One child of a medium notice; the pathway."""
    at = START - timedelta(hours=hours)
    arrival = Arrival(
        force="gmp",
        reference=reference,
        area="359",
        child=ChildSaid(family_name="Pennington", given_names=given, date_of_birth=born, **more),
        facts=(
            Fact(kind="police_attended", at=at, shared="incident"),
            Fact(kind="risk_graded", at=at, outcome="medium", detail={"by": "officer"}, shared="incident"),
        ),
        source="police_file",
    )
    async with world.database.transaction(SYSTEM) as tx:
        (placed,) = await books.put(tx, [arrival])
    assert placed.pathway is not None
    return placed.pathway


async def ask(world: World, query: str, *arguments: object) -> list[tuple[Any, ...]]:
    async with world.database.transaction(SYSTEM) as tx:
        return [tuple(row) for row in await tx.connection.fetch(query, *arguments)]


async def child_of(world: World, pathway: UUID) -> UUID:
    ((child,),) = await ask(world, "select child from pathway where id = $1", pathway)
    return UUID(str(child))


async def clocks(world: World, *ids: UUID) -> list[tuple[Any, ...]]:
    return await ask(
        world,
        "select pathway, standard, started_at, due_at, stopped_at from clock where pathway = any($1) order by 1, 2, 3",
        list(ids),
    )


async def link(world: World, child: UUID, into: UUID, *, who: str = "mash_coordinator.359") -> UUID:
    async with world.database.transaction(world[who]) as tx:
        return await links.link(tx, child, into, "Same mother; the school confirms.")


async def unlink(world: World, made: UUID, *, who: str = "mash_coordinator.359") -> UUID:
    async with world.database.transaction(world[who]) as tx:
        return await links.unlink(tx, made, "Two cousins of one name.")


async def in_order(world: World) -> bool:
    return (await rebuild(world.database, check=True)).differing == 0


async def test_linking_moves_incidents_and_no_clock_and_unlinking_moves_them_back(world: World) -> None:
    old, new = await put(world, "06DA/1/26", "Ewan", hours=200), await put(world, "06DA/2/26", "Euan")
    before = await clocks(world, old, new)
    first, second = await child_of(world, old), await child_of(world, new)
    made = await link(world, second, first)
    assert await child_of(world, new) == first
    assert await clocks(world, old, new) == before
    assert await in_order(world)
    later = await put(world, "06DA/3/26", "Ewan", hours=10)
    await unlink(world, made)
    assert await child_of(world, new) == second
    assert await child_of(world, later) == first
    assert [row for row in await clocks(world, old, new, later) if row[0] in (old, new)] == before
    assert await in_order(world)
    history = await ask(world, "select kind, by, why from child_link order by at, id")
    assert [(kind, by) for kind, by, _ in history] == [
        ("linked", world.coordinator.id),
        ("unlinked", world.coordinator.id),
    ]


async def test_a_link_is_undone_once_and_needs_a_reason(world: World) -> None:
    old, new = await put(world, "06DA/1/26", "Ewan"), await put(world, "06DA/2/26", "Euan")
    made = await link(world, await child_of(world, new), await child_of(world, old))
    await unlink(world, made)
    with pytest.raises(Conflict):
        await unlink(world, made)
    with pytest.raises(Refused):
        async with world.database.transaction(world.coordinator) as tx:
            await links.link(tx, await child_of(world, new), await child_of(world, old), "  ")


async def test_a_notice_that_names_the_linked_record_joins_the_one_that_stands(world: World) -> None:
    old, new = await put(world, "06DA/1/26", "Ewan"), await put(world, "06DA/2/26", "Euan")
    first, second = await child_of(world, old), await child_of(world, new)
    await link(world, second, first)
    again = await put(world, "06DA/4/26", "Euan", hours=2)
    assert await child_of(world, again) == first
    # The row that came first comes again: nothing of it contradicts, whatever it stands under.
    assert await put(world, "06DA/2/26", "Euan") == new


async def test_an_earlier_notice_that_was_not_shared_bears_on_the_linked_incident(world: World) -> None:
    old, new = await put(world, "06DA/1/26", "Ewan", hours=400), await put(world, "06DA/2/26", "Euan", hours=20)
    async with world.database.transaction(world.liaison) as tx:
        at = START - timedelta(hours=300)
        detail = {"text": "No child was there.", "decided_by": "Sgt Holt", "history_shown": True}
        await pathways.record(
            tx, [Entry(pathway=old, kind="notice_not_shared", at=at, outcome="below_threshold", detail=detail)]
        )
    second_look = "select true from condition where about = $1 and rule = 'second_look'"
    assert await ask(world, second_look, new) == []
    made = await link(world, await child_of(world, new), await child_of(world, old))
    assert await ask(world, second_look, new) == [(True,)]
    await unlink(world, made)
    assert await ask(world, second_look, new) == []
    assert await in_order(world)


async def test_two_children_of_one_incident_are_never_made_one(world: World) -> None:
    one, other = await put(world, "06DA/1/26", "Ewan"), await put(world, "06DA/1/26", "Euan")
    with pytest.raises(Conflict, match="one incident"):
        await link(world, await child_of(world, one), await child_of(world, other))
    await looking.look(world.database)
    assert await ask(world, "select true from possible_match") == []


async def test_the_watcher_finds_what_may_be_one_child_and_asks_once(world: World) -> None:
    old, new = await put(world, "06DA/1/26", "Ewan"), await put(world, "06DA/2/26", "Euan")
    await put(world, "06DA/3/26", "Beatrix", born=date(2009, 7, 7))
    assert await looking.look(world.database) == 3
    async with world.database.transaction(world.coordinator) as tx:
        found = await links.waiting(tx, 50, 0)
    (pair,) = found.pairs
    assert {pair.child.record.id, pair.other.record.id} == {await child_of(world, old), await child_of(world, new)}
    assert any("Same date of birth" in reason for reason in pair.reasons)
    assert pair.match is not None
    async with world.database.transaction(world.coordinator) as tx:
        await links.settle(tx, pair.match.id, "different", "Cousins: the school knows both.")
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "update child set normal_name = normal_name || 'x' where id = $1", pair.child.record.id
        )
    assert await looking.look(world.database) == 1
    async with world.database.transaction(world.coordinator) as tx:
        assert (await links.waiting(tx, 50, 0)).total == 0


async def test_saying_that_they_are_one_links_them_and_one_person_says_it(world: World) -> None:
    old, new = await put(world, "06DA/1/26", "Ewan"), await put(world, "06DA/2/26", "Euan")
    await looking.look(world.database)
    ((match,),) = await ask(world, "select id from possible_match")
    keep = await child_of(world, old)
    async with world.database.transaction(world.coordinator) as tx:
        await links.settle(tx, match, "same", "The mother says so.", keep)
    assert await child_of(world, new) == keep
    assert await ask(world, "select state from possible_match") == [("same",)]
    with pytest.raises(Conflict):
        async with world.database.transaction(world.coordinator) as tx:
            await links.settle(tx, match, "different", "No.")


async def test_restricted_records_are_linked_by_managers_alone_and_stay_restricted(world: World) -> None:
    old = await put(world, "06DA/1/26", "Ewan")
    secret = await put(world, "06DA/2/26", "Euan", restricted=True)
    open_record, closed = await child_of(world, old), await child_of(world, secret)
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update pathway set restricted = true where id = $1", secret)
    with pytest.raises(NotFound):
        await link(world, open_record, closed)
    with pytest.raises(Conflict, match="restricted record"):
        await link(world, closed, open_record, who="mash_manager.359")
    made = await link(world, open_record, closed, who="mash_manager.359")
    assert await ask(world, "select restricted from pathway where id = $1", old) == [(True,)]
    await unlink(world, made, who="mash_manager.359")
    assert await ask(world, "select restricted from pathway where id = $1", old) == [(False,)]
    assert await ask(world, "select restricted from pathway where id = $1", secret) == [(True,)]


async def test_nobody_of_another_area_links_or_sees_the_history(world: World) -> None:
    old, new = await put(world, "06DA/1/26", "Ewan"), await put(world, "06DA/2/26", "Euan")
    first, second = await child_of(world, old), await child_of(world, new)
    for who in ("mash_manager.350", "police_liaison.gmp", "social_worker.359"):
        with pytest.raises((NotFound, Forbidden)):
            await link(world, second, first, who=who)
    await link(world, second, first)
    async with world.database.transaction(world["mash_manager.350"]) as tx:
        assert await tx.connection.fetchval("select count(*) from child_link") == 0


async def test_the_history_of_links_cannot_be_changed(world: World) -> None:
    old, new = await put(world, "06DA/1/26", "Ewan"), await put(world, "06DA/2/26", "Euan")
    await link(world, await child_of(world, new), await child_of(world, old))
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        for attack in ("update child_link set why = 'x'", "delete from child_link", "truncate child_link cascade"):
            with pytest.raises(asyncpg.RestrictViolationError):
                await owner.execute(attack)
    finally:
        await owner.close()


async def test_links_of_links_come_apart_in_any_order(world: World) -> None:
    ids = [await put(world, f"06DA/{n}/26", name, hours=n * 20) for n, name in ((1, "Ewan"), (2, "Euan"), (3, "Ewen"))]
    a, b, c = [await child_of(world, each) for each in ids]
    first = await link(world, b, a)
    second = await link(world, a, c)
    assert [await child_of(world, each) for each in ids] == [c, c, c]
    await unlink(world, first)
    assert [await child_of(world, each) for each in ids] == [c, b, c]
    await unlink(world, second)
    assert [await child_of(world, each) for each in ids] == [a, b, c]
    assert await ask(world, "select count(*) from child where linked_to is not null") == [(0,)]
    assert await in_order(world)


async def test_an_area_that_sent_a_child_away_does_not_open_the_same_pathway_again(world: World) -> None:
    pathway = await put(world, "06DA/1/26", "Ewan")
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update pathway set area = '350' where id = $1", pathway)
    arrival = Arrival(
        force="gmp",
        reference="06DA/1/26",
        area="359",
        child=ChildSaid(family_name="Pennington", given_names="Ewan", date_of_birth=BORN),
        facts=(Fact(kind="police_attended", at=START - timedelta(hours=30), shared="incident"),),
        source="typed",
    )
    async with world.database.transaction(world.coordinator) as tx:
        (placed,) = await books.put(tx, [arrival])
    assert placed.outcome == "held"
    assert [difference.field for difference in placed.differences] == ["area"]
