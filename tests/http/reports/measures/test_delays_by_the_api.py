"""The delay measures over the API: each reader's own area or force, and a board without small numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import World
from tests.http.conftest import NOON

DELAYS, LEDGER = "/api/v1/reports/delays", "/api/v1/reports/ledger"


@pytest.fixture(autouse=True)
async def standards(world: World) -> None:
    async with world.app.state.database.transaction(SYSTEM, now=NOON - timedelta(days=30)) as tx:
        await rulebook.ship(tx)


async def push(world: World, reference: str, *children: str, area: str = "359") -> None:
    body = {
        "reference": reference,
        "force": "gmp",
        "area": area,
        "grade": "high",
        "police_attended": {"at": (NOON - timedelta(days=2)).isoformat()},
        "children": [
            {"family_name": "Sutton", "given_names": name, "date_of_birth": "2015-04-01"} for name in children
        ],
    }
    async with world.machine("gmp") as machine:
        answer = await machine.post("/api/v1/notices", json=body)
    assert answer.status_code == 201, answer.text


async def read(world: World, role: str, place: str, path: str = DELAYS) -> Any:
    async with await world.signed_in(role, place) as browser:
        answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    assert "Sutton" not in answer.text
    return answer.json()


async def test_figures_are_of_the_readers_own_area_and_of_this_moment(world: World) -> None:
    await push(world, "06DM/1/26", "Ada", "Bea")
    found = await read(world, "mash_manager", "359")
    waiting = found["child_days"]["waiting"]
    assert waiting == 2
    assert found["known"] == {
        "basis": "known_now", "instant": "2026-11-03T12:00:00Z", "asked": "2026-11-03T12:00:00Z", "lowered": False,
        "uncounted": 0,
    }  # fmt: skip
    first = next(each for each in found["stages"] if each["stage"] == "unassessed" and each["by"] == "all")
    assert (first["open"]["count"], first["open"]["past_limit"], first["open"]["oldest"]) == (2, 2, 2 * 1440)
    assert (found["ledger"]["residual"], found["ledger"]["live"]) == (0, 2)
    assert next(each for each in found["definitions"] if each["key"] == "unassessed")["unit"] == "minutes"
    assert (await read(world, "mash_manager", "350"))["child_days"]["waiting"] == 0
    force = await read(world, "police_liaison", "gmp")
    assert force["child_days"]["waiting"] == 2
    assert (await read(world, "police_liaison", "merseyside"))["child_days"]["waiting"] == 0
    ledger = await read(world, "senior_leader", "359", f"{LEDGER}?from=2026-11-01&to=2026-11-03")
    assert [day["closing"] for day in ledger["days"]] == [2, 2, 2]
    assert (ledger["new"], ledger["residual"]) == (2, 0)


async def test_a_board_never_reads_a_small_number_nor_a_window_of_its_choice(world: World) -> None:
    await push(world, "06DM/2/26", "Cal", "Dot")
    found = await read(world, "board_member", "359")
    assert found["child_days"]["waiting"] != (await read(world, "mash_manager", "359"))["child_days"]["waiting"]
    assert "hidden" in found["child_days"]["waiting"]
    assert found["ledger"]["days"] == []
    assert "hidden" in (await read(world, "board_member", "359", LEDGER))["closing"]
    async with await world.signed_in("board_member", "359") as browser:
        for query in ("from=2026-11-01&to=2026-11-03", "grade=high", "as_of=2026-11-02T00:00:00Z", "district=Leigh"):
            answer = await browser.get(f"{DELAYS}?{query}")
            assert answer.status_code in (400, 422), f"{query}: {answer.status_code}"
            assert answer.json()["errors"], query


async def test_other_peoples_places_and_impossible_periods_are_refused(world: World) -> None:
    async with await world.signed_in("mash_coordinator", "359") as browser:
        assert (await browser.get(f"{DELAYS}?area=350")).status_code == 403
        for query in (
            "from=2026-11-03&to=2026-11-01", "from=0001-01-01", "from=9999-12-31", "as_of=2026-11-02T00:00:00",
            "as_of=2030-01-01T00:00:00Z",
        ):  # fmt: skip
            assert (await browser.get(f"{DELAYS}?{query}")).status_code in (400, 422), query
        earlier = await browser.get(f"{DELAYS}?as_of=2026-11-02T00:00:00Z")
        assert earlier.status_code == 200
        assert earlier.json()["known"]["basis"] == "as_reported"
        assert earlier.json()["restated"]["figures"]
    async with await world.signed_in("police_liaison", "merseyside") as browser:
        assert (await browser.get(f"{DELAYS}?force=gmp")).status_code == 403
        # Of another area a force reads its own incidents, of which there are none here.
        assert (await browser.get(f"{DELAYS}?area=359")).json()["child_days"]["waiting"] == 0


async def test_a_leader_who_asks_for_another_area_is_told_that_and_not_to_choose_other_days(world: World) -> None:
    async with await world.signed_in("senior_leader", "359") as browser:
        for path in ("/api/v1/reports/board", "/board/data.csv"):
            answer = await browser.get(f"{path}?area=350&from=2026-11-01&to=2026-11-03")
            assert answer.status_code == 403, path
            assert "one of your areas" in answer.text


async def test_every_reading_leaves_one_row_in_the_audit(world: World) -> None:
    await read(world, "board_member", "350")
    async with world.app.state.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch(
            "select action, pathways from audit where actor = $1", world.partnership.people["board_member.350"]
        )
    assert [tuple(row) for row in rows] == [("measures_viewed", [])]
