"""Whoever looks sees when a machine last pushed something."""

from datetime import timedelta

from tests.fixtures.people import World
from tests.http.conftest import NOON


async def test_a_push_shows_at_the_foot_of_every_page(world: World) -> None:
    body = {
        "reference": "06DF/1/26",
        "force": "gmp",
        "area": "359",
        "grade": "medium",
        "police_attended": {"at": (NOON - timedelta(days=1)).isoformat()},
        "no_child_reason": "none_in_household",
    }
    async with world.machine("gmp") as machine:
        first = await machine.post("/api/v1/notices", json=body)
        assert first.status_code == 201, first.text
        world.timepiece.set(NOON + timedelta(seconds=30))
        assert (await machine.post("/api/v1/notices", json=body)).status_code in {200, 201}
    async with await world.signed_in("mash_coordinator", "350") as browser:
        shown = (await browser.get("/waiting")).text
    assert "Last notice pushed by feed of gmp: today 12:00." in shown
    async with await world.signed_in("police_liaison", "merseyside") as browser:
        assert "pushed by feed of gmp" not in (await browser.get("/backlog")).text
