"""Notices put on the books, and what follows from them, in a real database as the application's role."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from service.actor import SYSTEM, Actor
from service.errors import Conflict, Forbidden, NeedsSecondPerson, NotFound, Refused, Superseded
from service.intake.books import service as books
from service.intake.books.rules import Arrival, ChildSaid, Fact
from service.pathways import service as pathways
from service.pathways.rebuild import rebuild
from service.pathways.rules import Entry
from service.pathways.service import Correction
from tests.fixtures.world import START, World


def at(hours: float) -> datetime:
    """An instant so many hours before the world's start."""
    return START - timedelta(hours=hours)


def arrival(reference: str = "06DA/1/26", given: str = "Ewan", attended: float = 30, **facts: float) -> Arrival:
    """One child whose police attended so many hours ago, graded medium."""
    said = [
        Fact(kind="police_attended", at=at(attended), shared="incident"),
        Fact(kind="risk_graded", at=at(attended), outcome="medium", detail={"by": "officer"}, shared="incident"),
        *(Fact(kind=kind, at=at(hours)) for kind, hours in facts.items()),
    ]
    return Arrival(
        force="gmp",
        reference=reference,
        area="359",
        child=ChildSaid(family_name="Pennington", given_names=given, date_of_birth=date(2011, 2, 3)),
        facts=tuple(said),
        source="police_file",
    )


async def put(world: World, *arrivals: Arrival, actor: Actor = SYSTEM) -> list[books.Placed]:
    async with world.database.transaction(actor) as tx:
        return await books.put(tx, arrivals)


async def clock(world: World, pathway: UUID | None, standard: str) -> asyncpg.Record:
    async with world.database.transaction(SYSTEM) as tx:
        row = await tx.connection.fetchrow(
            "select started_at, due_at, stopped_at from clock where pathway = $1 and standard = $2", pathway, standard
        )
    assert row is not None
    return row


async def milestone_id(world: World, pathway: UUID | None, kind: str) -> UUID:
    async with world.database.transaction(SYSTEM) as tx:
        found: UUID = await tx.connection.fetchval(
            "select id from milestone_current where pathway = $1 and kind = $2", pathway, kind
        )
    return found


async def test_a_medium_notice_shared_after_25_hours_is_an_hour_late(world: World) -> None:
    (placed,) = await put(world, arrival(attended=30, notice_shared=5))
    assert placed.outcome == "accepted"
    row = await clock(world, placed.pathway, "police_share")
    assert row["due_at"] == at(6)
    assert row["stopped_at"] - row["due_at"] == timedelta(hours=1)
    async with world.database.transaction(world.coordinator) as tx:
        condition = await tx.connection.fetchrow(
            "select true_from, true_until, cause, flagged from condition"
            " where about = $1 and rule = 'overdue' and subject = 'police_share'",
            placed.pathway,
        )
    assert condition is not None
    assert (condition["true_from"], condition["true_until"]) == (at(6), at(5))
    assert not condition["flagged"]


async def test_the_same_row_again_is_repeated_and_writes_nothing(world: World) -> None:
    await put(world, arrival(notice_shared=5))
    (again,) = await put(world, arrival(notice_shared=5))
    assert (again.outcome, again.updated) == ("repeated", False)
    async with world.database.transaction(SYSTEM) as tx:
        assert await tx.connection.fetchval("select count(*) from milestone") == 3


async def test_a_known_row_that_adds_the_sharing_is_accepted_and_updated(world: World) -> None:
    await put(world, arrival())
    (next_day,) = await put(world, arrival(notice_shared=5))
    assert (next_day.outcome, next_day.updated) == ("accepted", True)


async def test_a_row_that_contradicts_is_held_and_changes_nothing(world: World) -> None:
    await put(world, arrival(attended=30))
    (placed,) = await put(world, arrival(attended=29))
    assert placed.outcome == "held"
    assert [difference.field for difference in placed.differences] == ["police_attended"]


async def test_siblings_share_one_attendance_and_correcting_one_corrects_both(world: World) -> None:
    ewan, yusuf = await put(world, arrival(given="Ewan"), arrival(given="Yusuf"))
    target = await milestone_id(world, ewan.pathway, "police_attended")
    async with world.database.transaction(world.manager) as tx:
        await pathways.correct(tx, target, Correction(reason="The log says 04:00", at=at(29), precision="minute"))
    for placed in (ewan, yusuf):
        assert (await clock(world, placed.pathway, "police_share"))["due_at"] == at(5)


async def test_two_corrections_of_one_milestone_cannot_both_stand(world: World) -> None:
    (placed,) = await put(world, arrival())
    target = await milestone_id(world, placed.pathway, "police_attended")
    async with world.database.transaction(world.manager) as tx:
        await pathways.correct(tx, target, Correction(reason="The log says 03:00", at=at(31)))
    with pytest.raises(Superseded):
        async with world.database.transaction(world.manager) as tx:
            await pathways.correct(tx, target, Correction(reason="No, 02:00", at=at(32)))


async def test_late_becomes_in_time_only_with_a_source_and_a_second_person(world: World) -> None:
    (placed,) = await put(world, arrival(attended=30, notice_shared=5))
    target = await milestone_id(world, placed.pathway, "notice_shared")
    change = Correction(reason="It was sent the evening before", at=at(7))
    with pytest.raises(Refused):
        async with world.database.transaction(world.manager) as tx:
            await pathways.correct(tx, target, change)
    sourced = Correction(reason=change.reason, at=change.at, source="Mail log of the triage desk")
    with pytest.raises(NeedsSecondPerson):
        async with world.database.transaction(world.manager) as tx:
            await pathways.correct(tx, target, sourced)
    async with world.database.transaction(world.coordinator) as tx:
        await pathways.correct(tx, target, sourced, authorised_by=world.manager.id)
    row = await clock(world, placed.pathway, "police_share")
    assert row["stopped_at"] < row["due_at"]


async def test_a_coordinator_elsewhere_neither_sees_nor_records(world: World) -> None:
    (placed,) = await put(world, arrival())
    assert placed.pathway is not None
    stranger = world["mash_coordinator.350"]
    async with world.database.transaction(stranger) as tx:
        for table in ("pathway", "milestone", "clock", "segment", "pathway_state", "child", "incident", "wait"):
            assert await tx.connection.fetchval(f"select count(*) from {table}") == 0, table
    with pytest.raises(NotFound):
        async with world.database.transaction(stranger) as tx:
            await pathways.record(tx, [Entry(pathway=placed.pathway, kind="notice_received", at=at(1))])


async def test_a_liaison_shares_and_the_clock_stops_though_the_tables_stay_closed(world: World) -> None:
    (placed,) = await put(world, arrival())
    assert placed.pathway is not None
    async with world.database.transaction(world.liaison) as tx:
        assert await tx.connection.fetchval("select count(*) from pathway") == 0
        assert await tx.connection.fetchval("select count(*) from police_pathway") == 1
        await pathways.record(tx, [Entry(pathway=placed.pathway, kind="notice_shared", at=at(1))])
        assert await tx.connection.fetchval("select count(*) from milestone") == 0
    assert (await clock(world, placed.pathway, "police_share"))["stopped_at"] == at(1)


async def test_a_liaison_of_another_force_sees_nothing(world: World) -> None:
    (placed,) = await put(world, arrival())
    assert placed.pathway is not None
    async with world.database.transaction(world["police_liaison.mers"]) as tx:
        assert await tx.connection.fetchval("select count(*) from police_pathway") == 0
    with pytest.raises(NotFound):
        async with world.database.transaction(world["police_liaison.mers"]) as tx:
            await pathways.record(tx, [Entry(pathway=placed.pathway, kind="notice_shared", at=at(1))])


async def test_a_coordinator_may_not_decide_a_contact(world: World) -> None:
    (placed,) = await put(world, arrival(notice_shared=6, notice_received=5))
    assert placed.pathway is not None
    decision = Entry(
        pathway=placed.pathway,
        kind="contact_decided",
        at=at(1),
        outcome="advice",
        detail={"rationale": "r", "history_considered": "h", "decided_by": "me"},
    )
    with pytest.raises(Forbidden):
        async with world.database.transaction(world.coordinator) as tx:
            await pathways.record(tx, [decision])
    async with world.database.transaction(world.manager) as tx:
        await pathways.record(tx, [decision])


@pytest.mark.parametrize(
    "statement", ["update milestone set kind = 'closed'", "delete from milestone", "truncate milestone"]
)
async def test_nobody_changes_a_milestone_not_even_the_owner(world: World, statement: str) -> None:
    await put(world, arrival())
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        with pytest.raises(asyncpg.PostgresError):
            await owner.execute(statement)
    finally:
        await owner.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.database.transaction(SYSTEM) as tx:
            await tx.connection.execute(statement)


async def test_the_database_writes_its_own_time_and_takes_none(world: World) -> None:
    (placed,) = await put(world, arrival())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.database.transaction(SYSTEM) as tx:
            await tx.connection.execute(
                "insert into milestone (id, pathway, area, force, record, root, kind, occurred_at, precision, source,"
                " recorded_at, recorded_by_kind, written_at) values"
                " (gen_random_uuid(), $1, '359', 'gmp', $1, $1, 'closed', now(), 'minute', 'typed', now(), 'system',"
                " $2)",
                placed.pathway,
                datetime(2020, 1, 1, tzinfo=UTC),
            )


async def test_a_future_time_is_refused_by_name(world: World) -> None:
    (placed,) = await put(world, arrival())
    assert placed.pathway is not None
    with pytest.raises(Refused) as refused:
        async with world.database.transaction(world.coordinator) as tx:
            await pathways.record(tx, [Entry(pathway=placed.pathway, kind="notice_received", at=at(-1))])
    assert refused.value.wrong[0].field == "entries[0].at"


async def test_a_rebuild_finds_nothing_to_do_and_mends_what_was_spoiled(world: World) -> None:
    await put(world, arrival(given="Ewan", notice_shared=5), arrival(given="Yusuf"))
    assert (await rebuild(world.database, check=True)).differing == 0
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update clock set due_at = due_at + interval '1 hour'")
        await tx.connection.execute("delete from segment")
    checked = await rebuild(world.database, check=True)
    assert (checked.pathways, checked.differing) == (2, 2)
    assert (await rebuild(world.database)).differing == 2
    assert (await rebuild(world.database, check=True)).differing == 0


async def test_a_late_notice_taken_back_and_recorded_again_in_time_needs_a_second_person(world: World) -> None:
    (placed,) = await put(world, arrival(attended=30, notice_shared=1))
    assert placed.pathway is not None
    target = await milestone_id(world, placed.pathway, "notice_shared")
    async with world.database.transaction(world.coordinator) as tx:
        await pathways.correct(tx, target, Correction(reason="Sent to the wrong team", retract=True))
    again = Entry(pathway=placed.pathway, kind="notice_shared", at=at(7))
    received = Entry(pathway=placed.pathway, kind="notice_received", at=at(7))
    voids = set()
    for excuse in (again, received):
        with pytest.raises(Conflict, match="second person") as refused:
            async with world.database.transaction(world.coordinator) as tx:
                await pathways.record(tx, [excuse])
        voids.add(UUID(refused.value.facts["by"]))
    (void,) = voids
    with pytest.raises(NeedsSecondPerson):
        async with world.database.transaction(world.coordinator) as tx:
            await pathways.correct(tx, void, Correction(reason="It did arrive", at=at(7), source="Mail log"))
    async with world.database.transaction(world.coordinator) as tx:
        await pathways.record(tx, [Entry(pathway=placed.pathway, kind="notice_shared", at=at(0.5))])
    assert (await clock(world, placed.pathway, "police_share"))["stopped_at"] == at(0.5)
