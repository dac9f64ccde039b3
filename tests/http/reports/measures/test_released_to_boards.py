"""What a board member reads moves on Mondays alone: who keeps every page never sees one child come or go."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import World
from tests.http.conftest import NOON

DELAYS = "/api/v1/reports/delays"
ENDED = "from=2026-07-01&to=2026-09-30"
REPORTED = f"{DELAYS}?{ENDED}&as_of=2026-09-30T23:00:00Z"
#: Figures of the present quarter and of one that has ended, as known and as reported, by the API and in a file.
FORMS = (DELAYS, f"{DELAYS}?{ENDED}", REPORTED, "/board/data.csv")


@pytest.fixture(autouse=True)
async def rules(world: World) -> None:
    """The standards of the land."""
    async with world.app.state.database.transaction(SYSTEM, now=NOON - timedelta(days=300)) as tx:
        await rulebook.ship(tx)


async def push(world: World, number: int, attended: datetime) -> None:
    async with world.machine("gmp") as machine:
        answer = await machine.post(
            "/api/v1/notices",
            json={
                "reference": f"06RB/{number}/26",
                "force": "gmp",
                "area": "359",
                "grade": "medium",
                "police_attended": {"at": attended.isoformat()},
                "children": [{"family_name": "Sutton", "given_names": f"C{number}", "date_of_birth": "2015-04-01"}],
            },
        )
    assert answer.status_code == 201, answer.text


async def read(world: World, path: str, role: str = "board_member") -> Any:
    async with await world.signed_in(role, "359") as browser:
        answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    if not path.startswith("/api"):
        return answer.text
    found = answer.json()
    found.get("known", {}).pop("asked", None)
    return found


async def test_one_child_more_shows_to_who_works_with_it_and_to_the_board_with_the_week(world: World) -> None:
    # Before an area's first Monday there is no release: it is read as it is, so that nobody who waits is left out.
    for number in range(10):
        await push(world, number, NOON - timedelta(days=2 + number))
    for number in range(10, 30):
        await push(world, number, NOON - timedelta(days=60 + number))
    found = await read(world, DELAYS)
    assert (found["instant"], found["ledger"]["residual"]) == ("2026-11-03T12:00:00Z", 0)
    # On Thursday of the week after, what was known on Monday is told.
    world.timepiece.set(NOON + timedelta(days=9))
    before = {form: await read(world, form) for form in FORMS}
    told = before[DELAYS]
    assert (told["instant"], told["known"]["basis"]) == ("2026-11-09T00:00:00Z", "known_now")
    assert told["restated"] is None
    page = await read(world, "/board")
    assert re.search("as known on Mon 9 Nov.*: what a board reads moves on Mondays", page)
    await push(world, 31, NOON + timedelta(days=8))
    await push(world, 32, NOON - timedelta(days=70))
    world.timepiece.advance(timedelta(days=1))
    # What is kept of a release is told again; where it was lost, the same is worked out.
    assert await read(world, DELAYS) == told
    async with world.app.state.database.transaction(SYSTEM) as tx:
        assert await tx.connection.execute("delete from board_release") == f"DELETE {len(FORMS) - 1}"
    for form in reversed(FORMS):
        assert await read(world, form) == before[form], form
    assert (await read(world, DELAYS, "mash_manager"))["child_days"]["waiting"] == 32
    # With the week it comes to the board; of a quarter that has ended one more is not told from those reported.
    world.timepiece.advance(timedelta(days=3))
    assert await read(world, DELAYS) != told
    async with await world.signed_in("board_member", "359") as browser:
        assert (await browser.get(f"{DELAYS}?from=2027-01-01&to=2027-03-31")).status_code == 422
    assert (await read(world, REPORTED))["stages"] == before[REPORTED]["stages"]
