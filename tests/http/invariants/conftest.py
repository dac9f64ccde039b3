"""Children with a name that stands nowhere else, so that wherever it appears somebody was shown them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import World

SURNAME = "Quillfeather"
GIVEN = "Zebedee"
NAMES = (SURNAME, GIVEN, SURNAME.lower(), GIVEN.lower())


class Family(msgspec.Struct, frozen=True):
    """A child waiting at the front door and one not shared yet; ids by the parameter that leads to them."""

    ids: dict[str, str]
    received: str
    unshared: str


def notice(reference: str, given: str = GIVEN, **more: Any) -> dict[str, Any]:
    """A notice of one child."""
    child = {"family_name": SURNAME, "given_names": given, "date_of_birth": "2014-02-03"}
    body: dict[str, Any] = {"reference": reference, "force": "gmp", "area": "359", "grade": "medium"}
    return body | {"police_attended": {"at": "2026-11-03T09:12:00Z"}, "children": [child]} | more


@pytest.fixture
async def family(world: World) -> Family:
    """The same two children for every test of a file."""
    database = world.app.state.database
    async with database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)
    async with world.machine("gmp") as machine:
        pushed = await machine.post("/api/v1/notices", json=notice("06DA/801/26"))
    async with await world.signed_in("mash_coordinator", "359") as browser:
        typed = await browser.json("POST", "/api/v1/notices", notice("06DA/802/26", "Zebedee Ada"))
    assert (pushed.status_code, typed.status_code) == (201, 201), pushed.text + typed.text
    unshared, received = (answer.json()["pathways"][0]["pathway"] for answer in (pushed, typed))
    async with database.transaction(SYSTEM) as tx:
        row = await tx.connection.fetchrow(
            "select m.id, p.child, p.incident from milestone as m join pathway as p on p.id = m.pathway"
            " where p.id = $1::text::uuid",
            received,
        )
    async with await world.signed_in("mash_manager", "359") as manager:
        begun = {"pathways": [received], "kind": "joint", "at": "2026-11-03T10:00:00Z"}
        enquiry = (await manager.json("POST", "/api/v1/enquiries", begun)).json()[0]["enquiry"]
        asked = (await manager.json("POST", "/api/v1/conferences", {"pathways": [received]})).json()
    under_way = {"enquiry": enquiry, "conference": asked.get("conference") or asked["facts"]["conference"]}
    ids = {"pathway": received, "milestone": str(row[0]), "child": str(row[1]), "incident": str(row[2])}
    return Family(ids | under_way | {"notice": typed.json()["notice"]}, received, unshared)
