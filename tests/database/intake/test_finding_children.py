"""Which child of an incident a row is about, when it is put on the books."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from msgspec.structs import replace

from service.actor import SYSTEM
from service.intake.books import service as books
from service.intake.files.rules import arrival_of
from service.pathways.rebuild import rebuild
from tests.fixtures.world import World
from tests.unit.intake.files.police_files import NOW, accepted, cells


async def put(world: World, *rows: dict[str, str]) -> Sequence[books.Placed]:
    arrivals = [arrival_of(accepted(cells(**row)), "gmp", "all_notices", UUID(int=1)) for row in rows]
    async with world.database.transaction(SYSTEM) as tx:
        return await books.put(tx, arrivals)


@pytest.mark.parametrize(
    ("known", "row", "outcome"),
    [
        ([{}], {"Child Surname": "penning-ton"}, "repeated"),
        ([{}], {"DOB": "04/02/2011"}, "created"),
        ([{}, {"DOB": "10/12/2016"}], {"DOB": "10/12/2016"}, "repeated"),
        ([{"DOB": ""}], {}, "updated"),
        ([{}], {"DOB": ""}, "repeated"),
        ([{}, {"DOB": "10/12/2016"}], {"DOB": ""}, "created"),
        ([{"Child Forename(s)": "Yusuf"}], {}, "created"),
        ([{}], {"Child Forename(s)": "Ada", "Incident Time": "09:00"}, "held"),
        ([{}], {"LA": "Bolton"}, "held"),
        ([{"Sex": ""}], {"District": "Atherton"}, "held"),
    ],
)
async def test_which_known_child_a_row_is_about(
    world: World, known: list[dict[str, str]], row: dict[str, str], outcome: str
) -> None:
    world.timepiece.set(NOW)
    await put(world, *known)
    (placed,) = await put(world, row)
    found = "created" if placed.created else "updated" if placed.updated else placed.outcome
    assert found == outcome
    assert (await rebuild(world.database, check=True)).differing == 0


@pytest.mark.parametrize(
    ("known", "then", "together"),
    [
        ({"school_status": "at_school"}, {"school_status": "home_educated"}, True),
        ({"ethnicity": "WBRI"}, {"ethnicity": "MWBC"}, True),
        ({"sex": "F"}, {"sex": "M"}, False),
        ({"sex": "U"}, {"sex": "M"}, True),
    ],
)
async def test_a_child_is_known_again_in_another_incident_unless_the_sex_is_another(
    world: World, known: dict[str, str], then: dict[str, str], together: bool
) -> None:
    world.timepiece.set(NOW)
    arrivals = []
    for reference, said in (("06DA/7/26", known), ("06DA/8/26", then)):
        arrival = arrival_of(accepted(cells(**{"Occurrence No": reference})), "gmp", "all_notices", UUID(int=1))
        arrivals.append(replace(arrival, child=replace(arrival.child, **said)))
    for arrival in arrivals:
        async with world.database.transaction(SYSTEM) as tx:
            await books.put(tx, [arrival])
    async with world.database.transaction(SYSTEM) as tx:
        children = await tx.connection.fetchval("select count(distinct child) from pathway")
        assert children == (1 if together else 2)
