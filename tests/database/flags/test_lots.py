"""Many messages at once: the inbox shows one lot with counts, the urgent ones singly, and loses none."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from schema.ids import new_id
from service.actor import SYSTEM, Actor
from service.errors import Conflict
from service.flags import service as flags
from service.flags.lots import SINGLY, SPAN, Asked, Lot
from service.flags.service import Inbox
from service.flags.sweep import sweep
from tests.fixtures.arrivals import put_child
from tests.fixtures.conditions import Given, give
from tests.fixtures.world import START, World

HOUR = timedelta(hours=1)
ROW = Given(
    true_from=START, about_kind="import_row", area=None, rule="not_on_the_books", subject="row", holder="police"
)


async def inbox(world: World, actor: Actor, *, everything: bool = False) -> Inbox:
    async with world.database.transaction(actor) as tx:
        return await flags.inbox(tx, everything=everything)


async def listed(world: World, actor: Actor, lot: Lot, rule: str | None, subject: str | None) -> tuple[list[UUID], int]:
    found: list[UUID] = []
    while True:
        async with world.database.transaction(actor) as tx:
            asked = Asked(since=lot.since, until=lot.until, rule=rule, subject=subject, offset=len(found))
            messages, total = await flags.lot(tx, asked)
        found += [each.waiting.id for each in messages]
        if not messages:
            return found, total


async def test_a_few_flags_are_told_one_by_one(world: World) -> None:
    await give(world.database, [ROW] * SINGLY)
    await sweep(world.database)
    found = await inbox(world, world.liaison)
    assert (len(found.messages), found.lots) == (SINGLY, [])


@pytest.mark.parametrize("role", ["liaison", "coordinator"])
async def test_a_flood_is_one_lot_whose_counts_add_up_with_the_urgent_ones_singly(world: World, role: str) -> None:
    """Many of an old file, three children at high risk among them; the same in the police's view and the area's."""
    actor: Actor = getattr(world, role)
    kind = ("in_transit", "in_transit")
    high = [
        await put_child(world, attended=START - number * HOUR, reference=f"06DL/{number}/26", grade="high")
        for number in range(3)
    ]
    standing = [
        Given(about=about, true_from=START + number * HOUR, rule=kind[0], subject=kind[1], holder="police")
        for number, about in enumerate(high)
    ]
    over = [
        msgspec.structs.replace(each, episode=new_id(START), true_until=START + HOUR, cause="corrected")
        for each in standing
        for _ in range(3)
    ]
    unseen = Given(true_from=START, rule=kind[0], subject=kind[1], holder="police")
    await give(world.database, [*standing, *over, *[ROW] * SINGLY, *[unseen] * SINGLY])
    world.timepiece.advance(3 * HOUR)
    await sweep(world.database, batch=10)
    found = await inbox(world, actor)
    (lot,) = found.lots
    counted = {(each.rule, each.subject): (each.messages, each.standing, each.urgent) for each in lot.kinds}
    if role == "liaison":
        assert counted[kind] == (12, 3, 3)
        assert counted["not_on_the_books", "row"] == (SINGLY, SINGLY, 0)
        # Of a child whose record the force no longer sees: counted, and said to be so.
        assert counted[None, None] == (SINGLY, 0, 0)
    else:
        assert counted[kind] == (12 + SINGLY, 3 + SINGLY, 3)
    about = [each.flag.about for each in found.messages if each.flag and each.flag.rule == kind[0]]
    assert about == high[::-1]
    assert len(found.messages) == lot.singly == lot.urgent < SINGLY
    every, total = await listed(world, actor, lot, None, None)
    assert len(set(every)) == len(every) == total == lot.messages
    told = "select count(*) from message as m join person as p on p.id = m.person where p.id = $1"
    async with world.database.transaction(SYSTEM) as tx:
        assert await tx.connection.fetchval(told, actor.id) == lot.messages
    for each in lot.kinds:
        if each.rule:
            some, total = await listed(world, actor, lot, each.rule, each.subject)
            assert len(some) == total == each.messages
    assert {each.waiting.id for each in found.messages} <= set(every)


async def test_what_comes_later_stands_by_itself_beside_an_old_flood(world: World) -> None:
    await give(world.database, [ROW] * (SINGLY + 1))
    await sweep(world.database)
    world.timepiece.advance(SPAN)
    (today,) = await give(world.database, [msgspec.structs.replace(ROW, true_from=START + SPAN)])
    await sweep(world.database)
    found = await inbox(world, world.liaison)
    assert [each.flag and each.flag.about for each in found.messages] == [today]
    assert [lot.messages for lot in found.lots] == [SINGLY + 1]


async def test_at_most_so_many_urgent_ones_of_a_flood_stand_singly(world: World) -> None:
    high = [
        await put_child(world, attended=START, reference=f"06DL/{number}/26", grade="high")
        for number in range(SINGLY + 3)
    ]
    await give(world.database, [Given(about=about, true_from=START) for about in high])
    await sweep(world.database)
    found = await inbox(world, world.coordinator)
    (lot,) = found.lots
    assert (len(found.messages), lot.singly) == (SINGLY, SINGLY)
    assert lot.urgent >= SINGLY + 3


async def test_a_lot_is_read_as_one_but_never_what_was_not_shown(world: World) -> None:
    await give(world.database, [ROW] * (SINGLY + 1))
    await sweep(world.database)
    (lot,) = (await inbox(world, world.liaison)).lots
    with pytest.raises(Conflict):
        async with world.database.transaction(world.liaison) as tx:
            await flags.mark_lot_read(tx, lot.since, lot.until, lot.messages - 1)
    async with world.database.transaction(world.liaison) as tx:
        assert await flags.mark_lot_read(tx, lot.since, lot.until, lot.messages) == lot.messages
    found = await inbox(world, world.liaison)
    assert (found.messages, found.lots) == ([], [])
    (again,) = (await inbox(world, world.liaison, everything=True)).lots
    assert again.messages == lot.messages
