"""Search: nothing that was typed stands in an address or a title."""

from __future__ import annotations

from tests.fixtures.people import World
from tests.http.pathways.conftest import Log


async def test_a_name_a_reference_and_a_birthday_find_the_child(world: World, log: Log) -> None:
    await log("06DS/1/26", "Ewan")
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        for wanted in ("penning", "06DS/1/26", "01/02/2011", "1 Feb 2011", "2011-02-01"):
            answer = await coordinator.form("/search", q=wanted)
            assert answer.status_code == 200
            assert "Ewan Pennington" in answer.text
            assert wanted not in str(answer.url)
            title = answer.text[answer.text.index("<title>") : answer.text.index("</title>")]
            assert "Pennington" not in title
        assert "Nothing was found" in (await coordinator.form("/search", q="Zzz")).text
        empty = await coordinator.form("/search", q=" ")
    assert empty.status_code == 422
    assert 'href="#q"' in empty.text


async def test_another_area_finds_nothing_and_the_liaison_finds_the_forces(world: World, log: Log) -> None:
    await log("06DS/2/26", "Nia")
    async with await world.signed_in("mash_coordinator", "350") as bolton:
        assert "Nia Pennington" not in (await bolton.form("/search", q="06DS/2/26")).text
    async with await world.signed_in("police_liaison", "gmp") as liaison:
        assert "Nia Pennington" in (await liaison.form("/search", q="06DS/2/26")).text
