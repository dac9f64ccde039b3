"""A new bank holiday and a new standard: what moves, what never does (peers' bug 4)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from schema.ids import new_id
from service.actor import SYSTEM
from service.errors import Refused
from service.intake.books import service as books
from service.intake.books.rules import Arrival, ChildSaid, Fact
from service.pathways import rulebook
from service.pathways.rebuild import rebuild, recompute_open
from service.pathways.rulebook import NewHoliday, NewStandard
from tests.fixtures.world import World

#: Wednesday 16 December 2026, noon.
RECEIVED = datetime(2026, 12, 16, 12, 0, tzinfo=UTC)


async def received(world: World, reference: str, decided: datetime | None = None) -> UUID:
    facts = [
        Fact(kind="police_attended", at=RECEIVED - timedelta(hours=3)),
        Fact(kind="risk_graded", at=RECEIVED - timedelta(hours=3), outcome="standard"),
        Fact(kind="notice_shared", at=RECEIVED),
        Fact(kind="notice_received", at=RECEIVED),
    ]
    if decided:
        facts.append(Fact(kind="contact_decided", at=decided, outcome="advice"))
    child = ChildSaid(family_name="Platt", given_names=reference, date_of_birth=date(2015, 1, 2))
    arrival = Arrival(
        force="gmp", reference=reference, area="359", child=child, facts=tuple(facts), source="history_file"
    )
    async with world.database.transaction(SYSTEM) as tx:
        (placed,) = await books.put(tx, [arrival])
    assert placed.pathway is not None
    return placed.pathway


async def due(world: World, pathway: UUID) -> tuple[datetime, int]:
    async with world.database.transaction(SYSTEM) as tx:
        row = await tx.connection.fetchrow(
            "select due_at, calendar from clock where pathway = $1 and standard = 'contact_decision'", pathway
        )
    assert row is not None
    return row["due_at"], row["calendar"]


async def test_a_new_bank_holiday_moves_open_clocks_and_never_closed_ones(world: World) -> None:
    world.timepiece.set(RECEIVED + timedelta(hours=1))
    waits = await received(world, "06DA/1/26")
    done = await received(world, "06DA/2/26", decided=RECEIVED + timedelta(minutes=30))
    friday = datetime(2026, 12, 18, tzinfo=UTC)
    assert (await due(world, waits), await due(world, done)) == ((friday, 1), (friday, 1))
    world.timepiece.advance(timedelta(minutes=1))
    async with world.database.transaction(world["administrator"]) as tx:
        await rulebook.add_holiday(tx, NewHoliday(on=date(2026, 12, 17), name="One-off bank holiday"))
    assert await recompute_open(world.database) >= 1
    assert await due(world, waits) == (friday + timedelta(days=1), 2)
    assert await due(world, done) == (friday, 1)
    assert (await rebuild(world.database, check=True)).differing == 0


async def test_a_new_bank_holiday_is_left_to_the_workers_in_the_queue(world: World) -> None:
    async with world.database.transaction(world["administrator"]) as tx:
        await rulebook.add_holiday(tx, NewHoliday(on=date(2026, 12, 17), name="One-off bank holiday"))
        assert await tx.connection.fetchval("select count(*) from outbox where kind = 'recompute_open'") == 1


async def test_a_standard_never_takes_effect_in_the_past(world: World) -> None:
    said = NewStandard(
        key="police_share",
        within="1 minute",
        basis="Local protocol",
        effective_from=world.timepiece.now() - timedelta(days=1),
    )
    with pytest.raises(Refused) as refused:
        async with world.database.transaction(world["administrator"]) as tx:
            await rulebook.new_version(tx, said)
    assert refused.value.wrong[0].field == "effective_from"


async def test_a_new_standard_holds_for_clocks_that_start_after_it(world: World) -> None:
    world.timepiece.set(RECEIVED + timedelta(hours=1))
    before = await received(world, "06DA/1/26")
    async with world.database.transaction(world["administrator"]) as tx:
        made = await rulebook.new_version(tx, NewStandard(key="contact_decision", within="1 minute", basis="A trial"))
    assert made.recorded_at == world.timepiece.now()
    world.timepiece.advance(timedelta(hours=1))
    at = world.timepiece.now() - timedelta(minutes=2)
    child = ChildSaid(family_name="Platt", given_names="Later", date_of_birth=date(2015, 1, 2))
    facts = tuple(Fact(kind=kind, at=at) for kind in ("police_attended", "notice_shared", "notice_received"))
    async with world.database.transaction(SYSTEM) as tx:
        (placed,) = await books.put(
            tx, [Arrival(force="gmp", reference="06DA/9/26", area="359", child=child, facts=facts, source="typed")]
        )
    assert placed.pathway is not None
    assert (await due(world, placed.pathway))[0] == at + timedelta(minutes=1)
    assert (await due(world, before))[0] == datetime(2026, 12, 18, tzinfo=UTC)


async def test_an_unknown_standard_is_refused_with_the_list(world: World) -> None:
    with pytest.raises(Refused) as refused:
        async with world.database.transaction(world["administrator"]) as tx:
            await rulebook.new_version(tx, NewStandard(key=str(new_id(tx.now)), within="1 minute", basis="x"))
    assert "police_share" in refused.value.wrong[0].expected
