"""Whose figures changed is said once by each transaction that changes them."""

from datetime import date, timedelta

import msgspec

from service.actor import SYSTEM
from service.intake.books import service as books
from service.intake.books.rules import Arrival, ChildSaid, Fact
from tests.fixtures.world import START, World

ARRIVAL = Arrival(
    force="gmp",
    reference="06DA/71/26",
    area="359",
    child=ChildSaid(family_name="Okafor", given_names="Temi", date_of_birth=date(2016, 2, 9)),
    facts=(Fact(kind="police_attended", at=START - timedelta(hours=3)),),
    source="typed",
)


async def changes(world: World) -> int:
    async with world.database.transaction(SYSTEM) as tx:
        count: int = await tx.connection.fetchval("select count(*) from measure_change")
        await tx.connection.execute("delete from measure_change")
    return count


async def test_a_district_told_with_the_notice_changes_nothing_twice_and_told_later_changes_it(world: World) -> None:
    await changes(world)
    async with world.database.transaction(SYSTEM) as tx:
        (placed,) = await books.put(tx, [msgspec.structs.replace(ARRIVAL, district="Wigan East")])
    assert await changes(world) == 1
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update pathway_told set district = 'Leigh' where pathway = $1", placed.pathway)
    assert await changes(world) == 1
