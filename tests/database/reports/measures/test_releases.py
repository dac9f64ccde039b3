"""What boards are told is worked out in the night in which a week begins, and told to whoever comes."""

from __future__ import annotations

import asyncio
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec
import pytest

from service.actor import SYSTEM, Actor, Grant
from service.database import Database, connect
from service.reports.disclosure import is_hidden
from service.reports.disclosure.periods import QUARTER, around, released_at
from service.reports.measures import folding, service
from service.reports.measures.figures import BoardFigures, Period, Scope
from service.reports.measures.releases import keeping, store
from service.reports.measures.releases.ahead import work_ahead
from service.reports.measures.releases.keeping import is_missing
from service.reports.measures.releases.rules import pack, unpack
from service.reports.measures.releases.states import states, told
from service.settings import Settings
from service.upkeep import service as upkeep
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World
from workers.periodic import jobs

#: Midnights in London of Mondays: one in winter, and one after each change of the clocks. In spring's a quarter ends.
WINTER = datetime(2026, 11, 16, tzinfo=UTC)
SPRING = datetime(2027, 3, 28, 23, tzinfo=UTC)
AUTUMN = datetime(2027, 11, 1, tzinfo=UTC)
#: By when nothing is being written any more that had begun before.
SETTLED = timedelta(minutes=2)


async def children(world: World, number: int, monday: datetime) -> None:
    """So many who wait, some of high grade, known since the Saturday before a Monday."""
    world.timepiece.set(monday - timedelta(days=2))
    for child in range(number):
        await put_child(
            world, attended=world.timepiece.now() - timedelta(hours=child), grade="high" if child < 3 else "medium",
            reference=f"06RA/{child}/26", given_names=f"C{child}",
        )  # fmt: skip
    while await folding.fold(world.database):
        pass


async def read(world: World, database: Database | None = None, areas: tuple[str, ...] = ("359",)) -> BoardFigures:
    async with (database or world.database).transaction(world["board_member.359"], snapshot=True) as tx:
        found = await service.board(tx, Scope(areas=areas))
    return msgspec.structs.replace(found, known=msgspec.structs.replace(found.known, asked=found.instant))


async def kept(world: World) -> list[dict[str, Any]]:
    async with world.database.transaction(SYSTEM, readonly=True) as tx:
        return [
            dict(row) for row in await tx.connection.fetch("select * from board_release order by worked_out_at, key")
        ]


async def all_worked_out(world: World) -> int:
    done = 0
    while (await work_ahead(world.database))["released"] is not None:
        done += 1
    return done


@pytest.mark.parametrize("monday", [SPRING, AUTUMN], ids=["spring", "autumn"])
async def test_who_reads_first_on_a_monday_morning_is_answered_from_the_night(world: World, monday: datetime) -> None:
    await children(world, 12, monday)
    world.timepiece.set(monday + SETTLED - timedelta(seconds=1))
    assert released_at(world.timepiece.now()) == monday
    assert await all_worked_out(world) == 0  # what was begun on Sunday may still be written
    world.timepiece.set(monday + SETTLED)
    # The quarter that runs, and the one before as known and as reported.
    assert await all_worked_out(world) == 3
    night = await kept(world)
    assert {(tuple(row["areas"]), row["released_at"]) for row in night} == {(("359",), monday)}
    world.timepiece.set(monday + timedelta(hours=9))
    first = await read(world)
    assert (first.instant, first.known.basis, first.child_days.waiting) == (monday, "known_now", 12)
    # A notice that comes in afterwards changes nothing, nor does a process that has only begun.
    await put_child(world, attended=monday - timedelta(hours=30), reference="06RA/99/26", given_names="Later")
    world.timepiece.set(monday + timedelta(days=2, hours=20))
    another = await connect(world.urls.app_url, world.timepiece, size=1)
    try:
        assert await read(world, another) == first
    finally:
        await another.close()
    assert (await all_worked_out(world), await kept(world)) == (0, night)
    if monday == SPRING:
        # When the quarter has ended it is told as reported too, and what is known beside that.
        world.timepiece.set(monday + timedelta(days=3, hours=1))
        assert await all_worked_out(world) == 2
        assert (await read(world)).period.last == datetime(2027, 3, 31, tzinfo=UTC).date()
        assert len(await kept(world)) == 5


async def test_what_it_depends_on_is_never_answered_from_before(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await children(world, 12, WINTER)
    world.timepiece.set(WINTER + timedelta(hours=9))
    before = await read(world)
    assert (before.child_days.waiting, len(await kept(world))) == (12, 1)  # what a reader worked out is kept too
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update area set small_numbers = 20 where code = '359'")
    assert (await work_ahead(world.database))["released"] == ("359",)
    assert is_hidden((await read(world)).child_days.waiting)
    assert len(await kept(world)) == 2
    # Another program reads nothing that this one worked out, nor that was added up from what the one before counted.
    monkeypatch.setattr(keeping, "digest", lambda *_: "another")
    await read(world)
    assert len(await kept(world)) == 3
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update measure_fold set rules = 'older'")
        assert await is_missing(tx, ("359",), around(WINTER.date(), QUARTER), None)
        await tx.connection.execute("update measure_fold set rules = $1", folding.rules())
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update area set small_numbers = 5 where code = '359'")
    monkeypatch.undo()
    assert (await read(world), len(await kept(world))) == (before, 3)


async def test_boards_with_a_member_in_common_go_by_the_highest_of_their_small_numbers(world: World) -> None:
    await children(world, 12, WINTER)
    world.timepiece.set(WINTER + timedelta(hours=9))
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        await owner.execute("update area set small_numbers = 12 where code = '350'")
        assert (await read(world)).child_days.waiting == 12
        await owner.execute(
            "insert into person_role (id, person, role, area, since) values (gen_random_uuid(), $1, $2, '350', $3)",
            world["board_member.359"].id, "board_member", WINTER,
        )  # fmt: skip
        # Who reads both would else work out of the one what the other hides.
        assert is_hidden((await read(world)).child_days.waiting)
        await owner.execute("update person_role set until = $1 where area = '350' and role = 'board_member'", START)
        assert (await read(world)).child_days.waiting == 12
    finally:
        await owner.close()


async def test_what_cannot_be_read_is_worked_out_again(world: World) -> None:
    await children(world, 6, WINTER)
    world.timepiece.set(WINTER + timedelta(hours=9))
    first = await read(world)
    (row,) = await kept(world)
    for damage in (zlib.compress(b"\x80"), row["told"][:-20]):
        async with world.database.transaction(SYSTEM) as tx:
            await tx.connection.execute("update board_release set told = $1", damage)
        assert await read(world) == first
    assert [unpack(each["told"]).child_days.waiting for each in await kept(world)] == [6]
    # Who counts everything again is told nothing from before, and weeks that are over are forgotten.
    await folding.rebuild(world.database)
    assert await kept(world) == []
    await read(world)
    settings = Settings(database_url=world.urls.app_url)
    await upkeep.forget(world.database, settings)
    assert len(await kept(world)) == 1
    world.timepiece.set(WINTER + timedelta(days=7))
    await upkeep.forget(world.database, settings)
    assert await kept(world) == []


async def test_nobody_reads_it_by_sql_and_no_small_number_is_in_it(world: World) -> None:
    await children(world, 3, WINTER)
    world.timepiece.set(WINTER + timedelta(hours=9))
    assert is_hidden((await read(world)).child_days.waiting)
    (row,) = await kept(world)
    packed = msgspec.msgpack.decode(zlib.decompress(row["told"]))
    assert (packed["figures"]["child_days"]["waiting"], packed["figures"]["ledger"]["new"]) == (0, 0)
    for sign_in in ("board_member.359", "mash_manager.359", "administrator"):
        async with world.database.transaction(world[sign_in]) as tx:
            assert await tx.connection.fetchval("select count(*) from board_release") == 0
            assert await tx.connection.execute("update board_release set told = ''") == "UPDATE 0"
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await store.keep(
                    tx.connection, b"k" * 64, b"", areas=["359"], period=Period(first=START.date(), last=START.date()),
                    as_of=None, released_at=WINTER, now=WINTER,
                )  # fmt: skip
    async with world.database.transaction(SYSTEM, snapshot=True) as tx:
        found = await told(tx, await states(tx, ("359",), around(WINTER.date(), QUARTER), None))
    assert unpack(pack(found)) == found


async def test_two_that_work_out_the_same_at_once_keep_it_once_and_wait_for_nobody(world: World) -> None:
    async def keep(connection: Any, key: bytes) -> None:
        await store.keep(
            connection, key, b"told", areas=["359"], period=Period(first=START.date(), last=START.date()), as_of=None,
            released_at=WINTER, now=WINTER,
        )  # fmt: skip

    one, other = b"\xff" * 64, b"\x01" * 64
    async with world.database.transaction(SYSTEM, snapshot=True) as first:
        async with world.database.transaction(SYSTEM, snapshot=True) as second:
            await keep(first.connection, one)
            await keep(second.connection, other)
            # Each finds the other writing, in the order in which they would wait for each other.
            await asyncio.wait_for(keep(first.connection, other), 5)
            await asyncio.wait_for(keep(second.connection, one), 5)
        # It has been kept since this one looked; the transaction goes on all the same.
        await keep(first.connection, other)
        assert await first.connection.fetchval("select count(*) from board_release") == 1
    assert [row["key"] for row in await kept(world)] == sorted([one, other])


async def test_what_was_lost_with_a_worker_is_found_by_the_next_look(world: World) -> None:
    await children(world, 4, WINTER)
    world.timepiece.set(WINTER + timedelta(hours=1))
    killed = asyncio.create_task(work_ahead(world.database))
    await asyncio.sleep(0)
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    assert await kept(world) == []
    async with world.database.transaction(SYSTEM) as busy:
        assert await store.only_one(busy.connection)
        assert await all_worked_out(world) == 0  # one worker at a time
    # Not before everything is counted.
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into measure_change (child, incident, area, force)"
            " select gen_random_uuid(), gen_random_uuid(), '359', 'gmp' from generate_series(1, 1001)"
        )
    assert await all_worked_out(world) == 0
    while await folding.fold(world.database):
        pass
    # As the worker does it: aside, with connections of its own.
    (job,) = (
        each for each in jobs(world.database, Settings(database_url=world.urls.app_url)) if each.name == "releases"
    )
    assert await job.work() == {"released": ("359",), "failed": 0}
    assert len(await kept(world)) == 1


async def test_an_area_whose_figures_are_damaged_keeps_no_other_board_waiting(world: World) -> None:
    await children(world, 4, WINTER)
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "update pathway set area = '350' where id = (select max(id::text)::uuid from pathway)"
        )
    while await folding.fold(world.database):
        pass
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "update measure_bin set records = decode(repeat('ff', 40), 'hex') where area = '350'"
        )
    world.timepiece.set(WINTER + timedelta(hours=1))
    assert await work_ahead(world.database) == {"released": ("359",), "failed": 1}


async def test_whoever_sits_on_two_boards_finds_both_together(world: World) -> None:
    await children(world, 7, WINTER)
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into person_role (id, person, role, area, since) values (gen_random_uuid(), $1, $2, '350', $3)",
            world["board_member.359"].id, "board_member", START,
        )  # fmt: skip
        assert await store.boards(tx.connection) == [("350",), ("350", "359")]
    grants = tuple(Grant(role="board_member", area=area) for area in ("350", "359"))
    both = Actor(kind="person", id=world["board_member.359"].id, name="Both", grants=grants)

    async def together() -> BoardFigures:
        async with world.database.transaction(both, snapshot=True) as tx:
            return await service.board(tx, Scope())

    # Bolton has nothing on its books yet: it is read as it is, and so are both together.
    world.timepiece.set(WINTER + timedelta(hours=1))
    assert ((await together()).child_days.waiting, await kept(world)) == (7, [])
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "update pathway set area = '350' where id = (select max(id::text)::uuid from pathway)"
        )
    first = await together()
    assert [row["areas"] for row in await kept(world)] == [["350", "359"]]
    assert await together() == first
