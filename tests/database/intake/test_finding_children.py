"""Which child of an incident a row is about, when it is put on the books."""

from collections.abc import Sequence
from uuid import UUID

import pytest

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
