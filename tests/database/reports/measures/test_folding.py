"""Figures follow whatever is recorded: folded or not, in whatever order, by however many writers at once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from schema.ids import new_id
from service.actor import SYSTEM
from service.intake.decisions import service as decisions
from service.migrations import FOLDER
from service.pathways import service as pathways
from service.pathways.rules import Entry
from service.pathways.service import Correction
from service.reports.measures import folding, service, store
from service.reports.measures.figures import BoardFigures, Period, Scope
from service.reports.measures.rules.records import Key
from tests.database.invariants.operations import Family
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World

_numbers = itertools.count(1)


async def figures(
    world: World, areas: Sequence[str] = (), as_of: datetime | None = None, period: Period | None = None
) -> BoardFigures:
    async with world.database.transaction(SYSTEM, snapshot=True) as tx:
        return await service.board(tx, Scope(areas=tuple(areas)), period, as_of)


async def fold(world: World) -> int:
    done = 0
    while folded := await folding.fold(world.database, batch=7):
        done += folded
    return done


async def bins(world: World) -> dict[Key, bytes]:
    async with world.database.transaction(SYSTEM) as tx:
        return {Key(*row[:5]): row[5] for row in await store.bins(tx.connection, None, None, None)}


def said(found: BoardFigures) -> bytes:
    """Everything it says, but for what has to do with how it was worked out."""
    return msgspec.json.encode(msgspec.structs.replace(found, known=msgspec.structs.replace(found.known, uncounted=0)))


async def whatever(ready: World, data: st.DataObject) -> None:
    family = Family(ready, data, next(_numbers), [])
    for _ in range(data.draw(st.integers(4, 14))):
        await family.step()
        if data.draw(st.integers(0, 3)) == 0:
            await folding.fold(ready.database, batch=3)
    unfolded = await figures(ready)
    assert unfolded.ledger.residual == 0, family.log
    assert all(day.residual == 0 for day in unfolded.ledger.days)
    assert unfolded.ledger.live == unfolded.ledger.closing
    await fold(ready)
    assert said(await figures(ready)) == said(unfolded), family.log
    assert (await folding.check(ready.database, thorough=True)).differing == 0, family.log
    held = await bins(ready)
    await folding.rebuild(ready.database)
    assert await bins(ready) == held, family.log


def explore(number: int) -> Any:
    """A test of the simplest family and of one at random; what one leaves behind is no part of another's example."""
    limits = settings(max_examples=2, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))

    async def drawn(ready: World, data: st.DataObject) -> None:
        await whatever(ready, data)

    return seed(number)(limits(given(data=st.data())(drawn)))


test_bins_and_what_is_not_folded_say_the_same_whatever_is_done = explore(1)
test_bins_and_what_is_not_folded_say_the_same_whatever_else_is_done = explore(2)
test_bins_and_what_is_not_folded_say_the_same_after_a_rebuild = explore(3)


async def test_a_report_sees_a_correction_at_once_and_restates(world: World) -> None:
    pathway = await put_child(world, attended=START - timedelta(hours=30), notice_shared=START - timedelta(hours=20))
    await fold(world)
    before = await figures(world, ["359"])
    assert (before.child_days.waiting, before.ledger.closing, before.ledger.live) == (1, 1, 1)
    async with world.database.transaction(SYSTEM) as tx:
        made = await pathways.record_one(
            tx, Entry(pathway=pathway, kind="child_seen", at=START - timedelta(hours=2), source="typed")
        )
    assert (await figures(world, ["359"])).child_days.waiting == 0
    async with world.database.transaction(SYSTEM) as tx:
        await pathways.correct(
            tx,
            made.id,
            Correction(reason="Another child", retract=True, source="Visit log"),
            authorised_by=new_id(START),
        )
    after = await figures(world, ["359"])
    assert [after.child_days.waiting, after.ledger.closing, after.ledger.residual] == [1, 1, 0]
    assert after.quality.corrections[0].agency == "childrens_social_care"


async def test_what_was_reported_on_an_instant_stays_what_was_reported(world: World) -> None:
    pathway = await put_child(world, attended=START - timedelta(hours=60), grade="high")
    await put_child(world, attended=START - timedelta(hours=10), reference="06DA/2/26")
    world.timepiece.advance(timedelta(hours=1))
    then = world.timepiece.now()
    reported = await figures(world, ["359"])
    world.timepiece.advance(timedelta(days=2))
    async with world.database.transaction(SYSTEM) as tx:
        seen = Entry(pathway=pathway, kind="child_seen", at=START - timedelta(hours=50), source="typed")
        await pathways.record_one(tx, seen)
    await put_child(world, attended=START - timedelta(hours=90), reference="06DA/3/26")
    for _ in range(2):  # not folded, and folded
        again = await figures(world, ["359"], as_of=then)
        assert again.known.basis == "as_reported"
        for part in ("stages", "child_days", "time_use", "queues", "police", "front_door", "protection", "fairness"):
            assert msgspec.json.encode(getattr(again, part)) == msgspec.json.encode(getattr(reported, part)), part
        assert again.ledger.days == reported.ledger.days
        assert again.restated is not None
        moved = {each.key: (each.reported, each.known_now) for each in again.restated.figures}
        assert [moved[key] for key in ("waiting", "began")] == [(2, 2), (2, 3)]
        assert again.restated.recorded_late > 0
        await fold(world)


async def test_an_instant_while_something_is_being_written_is_lowered(world: World) -> None:
    await put_child(world, attended=START - timedelta(hours=10))
    world.timepiece.set(datetime.now(START.tzinfo))
    async with world.database.transaction(world.coordinator) as writing:
        await writing.connection.execute("select 1")
        await asyncio.sleep(0.05)
        world.timepiece.set(datetime.now(START.tzinfo))
        found = await figures(world, as_of=world.timepiece.now())
    assert found.known.lowered
    assert found.known.instant < found.known.asked


async def test_concurrent_writers_and_folders_neither_lose_nor_double(world: World) -> None:
    async def write(number: int) -> UUID:
        attended = START - timedelta(hours=number + 1)
        return await put_child(world, attended=attended, reference=f"06DA/{number}/26")

    async def keep_folding() -> None:
        for _ in range(12):
            await folding.fold(world.database, batch=2)
            await asyncio.sleep(0.01)

    await asyncio.gather(keep_folding(), keep_folding(), *(write(number) for number in range(12)))
    await fold(world)
    found = await figures(world)
    assert found.ledger.closing == found.ledger.live == 12
    assert (await folding.check(world.database)).differing == 0


async def test_a_transfer_moves_the_count_and_keeps_the_age(ready: World) -> None:
    pathway = await put_child(ready, attended=START - timedelta(hours=30), notice_shared=START - timedelta(hours=29))
    sender, receiver = ready["mash_manager.359"], ready["mash_manager.350"]
    sent = decisions.Decision(
        pathways=[pathway], outcome="sent_to_right_area", rationale="Lives there", history_considered="None",
        decided_by=sender.id, to_area="350",
    )  # fmt: skip
    async with ready.database.transaction(sender) as tx:
        await decisions.decide(tx, sent)
    ready.timepiece.advance(timedelta(hours=6))
    async with ready.database.transaction(receiver) as tx:
        await decisions.accept_transfer(tx, pathway, receiver.name)
    ready.timepiece.advance(timedelta(hours=6))
    here, there, both = [await figures(ready, areas) for areas in (["359"], ["350"], ["359", "350"])]
    assert (here.child_days.waiting, there.child_days.waiting, both.child_days.waiting) == (0, 1, 1)
    assert here.ledger.exits == {"moved": 1}
    assert (there.ledger.moved_in, there.ledger.new) == (1, 0)
    (first, *_), (second, *_) = there.stages, both.stages
    assert first.open.oldest == second.open.oldest == 42 * 60
    assert round(here.child_days.total + there.child_days.total, 3) == round(both.child_days.total, 3)
    assert round(both.child_days.total, 3) == round(42 / 24, 3)


async def test_a_bin_that_does_not_hold_what_it_should_is_found_and_made_again(world: World) -> None:
    await put_child(world, attended=START - timedelta(hours=30))
    await fold(world)
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("delete from measure_bin where kind = 'exposure'")
    assert (await folding.compare(world.database))["differing"] == 1
    await folding.rebuild(world.database)
    assert (await folding.compare(world.database))["differing"] == 0


async def test_nobody_but_the_system_reads_what_figures_are_made_of(world: World) -> None:
    await put_child(world, attended=START - timedelta(hours=30))
    await fold(world)
    await put_child(world, attended=START - timedelta(hours=20), reference="06DA/2/26")
    for sign_in in ("mash_manager.359", "board_member.359", "police_liaison.gmp"):
        async with world.database.transaction(world[sign_in], snapshot=True) as tx:
            await service.board(tx, Scope())
            for table in ("measure_bin", "measure_unit", "measure_change"):
                assert await tx.connection.fetchval(f"select count(*) from {table}") == 0, (sign_in, table)
            assert await tx.connection.fetchval("select actor_kind()") == "person"


async def test_figures_are_read_from_one_snapshot_or_not_at_all(world: World) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        with pytest.raises(RuntimeError, match="snapshot"):
            await service.board(tx, Scope())


async def test_a_pathway_written_by_another_way_is_found(world: World) -> None:
    await put_child(world, attended=START - timedelta(hours=30))
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("delete from measure_change")
    await folding.look_for_missing(world.database)
    assert (await figures(world)).child_days.waiting == 1


async def test_a_school_filled_later_by_another_way_is_counted_again(world: World) -> None:
    await put_child(world, attended=START - timedelta(hours=30), strategy_held=START - timedelta(hours=9))
    await fold(world)
    counted = await bins(world)
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update child set school_status = 'at_school'")
    await fold(world)
    assert await bins(world) != counted
    assert (await folding.compare(world.database))["differing"] == 0


async def test_an_upgrade_forgets_records_of_another_size_and_all_is_counted_again(world: World) -> None:
    await put_child(world, attended=START - timedelta(hours=30))
    await fold(world)
    counted = await bins(world)
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        await owner.execute("alter table measure_bin drop constraint records_of_forty_bytes")
        await owner.execute("update measure_bin set records = substr(records, 1, 36)")
        await owner.execute("alter table measure_fold add column number bigint not null default 0")
        await owner.execute((FOLDER / "0036_children_behind_figures.sql").read_text())
        with pytest.raises(asyncpg.CheckViolationError):
            # As a worker of the version before would.
            await owner.execute(
                "insert into measure_bin (area, force, district, kind, quarter, records)"
                " values ('359', 'gmp', '', 'school', '2026-10-01', $1)",
                bytes(36),
            )
    finally:
        await owner.close()
    assert await bins(world) == {}
    # A report works out for itself what nobody has counted, and says what it does not count.
    assert (await figures(world)).child_days.waiting == 1
    await fold(world)
    assert await bins(world) == counted


async def test_a_program_with_other_rules_counts_everything_again_by_itself_and_once(world: World) -> None:
    assert await folding.look_for_other_rules(world.database) == {"counted again": False}
    await put_child(world, attended=START - timedelta(hours=30))
    await fold(world)
    counted = await bins(world)
    assert await folding.look_for_other_rules(world.database) == {"counted again": False}
    async with world.database.transaction(SYSTEM) as tx:
        # As by a program that found nothing to count.
        await tx.connection.execute("update measure_fold set rules = 'those of the program before'")
        await tx.connection.execute("delete from measure_unit")
        await tx.connection.execute("delete from measure_bin")
    assert await bins(world) != counted
    assert await folding.look_for_other_rules(world.database) == {"counted again": True}
    assert await folding.look_for_other_rules(world.database) == {"counted again": False}
    await fold(world)
    assert await bins(world) == counted


async def test_a_child_of_several_incidents_counts_once_under_the_highest_grade(world: World) -> None:
    for number, grade in enumerate(("high", "medium", "medium")):
        attended = START - timedelta(hours=9 + number)
        await put_child(world, attended=attended, grade=grade, reference=f"06DA/{number}/26")
    async with world.database.transaction(SYSTEM, snapshot=True) as tx:
        medium = await service.board(tx, Scope(areas=("359",), grade="medium"))
    # One child in three incidents counts once, under the highest grade; the ledger counts pathways.
    assert (medium.child_days.waiting, medium.ledger.live, medium.ledger.closing) == (0, 2, 2)
    whole = await figures(world)
    assert (whole.child_days.waiting, set(whole.child_days.by_grade)) == (1, {"high", "medium"})
    assert medium.period.last == date(2026, 11, 3)
