"""The inbox and one flag by page: seen, answered, read."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from service.actor import SYSTEM
from service.flags.sweep import sweep
from service.pathways import rulebook
from tests.fixtures.people import Browser, World
from tests.http.conftest import NOON


@pytest.fixture
async def flag(world: World) -> str:
    """A flag about a notice of Wigan that nobody decided: the coordinator has a message about it."""
    async with world.app.state.database.transaction(SYSTEM, now=NOON - timedelta(days=30)) as tx:
        await rulebook.ship(tx)
    body = {
        "reference": "06DF/1/26",
        "force": "gmp",
        "area": "359",
        "grade": "high",
        "police_attended": {"at": "2026-10-28T09:12:00Z"},
        "notice_shared": {"at": "2026-10-28T10:12:00Z"},
        "notice_received": {"at": "2026-10-28T10:12:00Z"},
        "children": [{"family_name": "Sutton", "given_names": "Ada", "date_of_birth": "2014-05-01"}],
    }
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        answer = await coordinator.json("POST", "/api/v1/notices", body)
    assert answer.status_code == 201, answer.text
    await sweep(world.app.state.database)
    async with world.app.state.database.transaction(SYSTEM) as tx:
        found = await tx.connection.fetchval(
            "select f.id from flag f join message m on m.flag = f.id where f.about = $1 and m.person = $2"
            " and f.subject = 'contact_decision' and f.rule = 'overdue'",
            UUID(answer.json()["pathways"][0]["pathway"]),
            world.partnership.people["mash_coordinator.359"],
        )
    return str(found)


async def unread(browser: Browser) -> str:
    return (await browser.get("/inbox")).text


async def test_i_see_what_was_sent_to_me_answer_it_and_it_is_read(world: World, flag: str) -> None:
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        inbox = await unread(coordinator)
        assert f"/flags/{flag}" in inbox
        assert "Ada Sutton" in inbox
        text = (await coordinator.get(f"/flags/{flag}")).text
        assert "Late: decision on the contact" in text
        assert "and still so" in text
        assert f"/flags/{flag}" not in await unread(coordinator)
        assert f"/flags/{flag}" in (await coordinator.get("/inbox?show=all")).text
        refused = await coordinator.form(f"/flags/{flag}", step="answer", next_action="Ring the manager")
        assert refused.status_code == 422
        assert 'href="#next_due_at"' in refused.text
        assert "Ring the manager" in refused.text
        taken = await coordinator.form(
            f"/flags/{flag}", step="answer", next_action="Ring the manager", next_due_at="today 1600"
        )
        assert taken.status_code == 303
        assert "Answered by Alex Mash Coordinator" in (await coordinator.get(f"/flags/{flag}")).text


async def test_the_flag_of_another_area_is_not_there(world: World, flag: str) -> None:
    async with await world.signed_in("mash_coordinator", "350") as bolton:
        assert (await bolton.get(f"/flags/{flag}")).status_code == 404
        assert (await bolton.form(f"/flags/{flag}", step="seen")).status_code == 404
        assert (await bolton.form("/inbox/read", message="nonsense")).status_code == 303


async def test_all_messages_are_marked_as_read_at_once(world: World, flag: str) -> None:
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        await coordinator.form("/inbox/read")
        assert "Nothing waits for you here" in await unread(coordinator)
