"""The inbox and one flag by page: seen, answered, read."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest

from service.actor import SYSTEM
from service.flags.sweep import sweep
from service.pathways import rulebook
from tests.fixtures.conditions import Given, give
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


async def test_a_flood_is_one_block_with_links_to_its_messages_and_is_read_as_one(world: World) -> None:
    """What a file of two years' incidents does to the inbox of the force."""
    database = world.app.state.database
    row = Given(
        true_from=NOON, about_kind="import_row", area=None, rule="not_on_the_books", subject="row", holder="police"
    )
    world.timepiece.advance(timedelta(days=1))
    await give(database, [row] * 60)
    await sweep(database)
    async with await world.signed_in("police_liaison", "gmp") as liaison:
        (lot,) = (await liaison.get("/api/v1/inbox/lots")).json()
        count = lot["messages"]
        assert count == sum(kind["messages"] for kind in lot["kinds"]) >= 60
        assert lot["kinds"][0] | {"urgent": 0} == {
            "rule": "not_on_the_books",
            "subject": "row",
            "messages": 60,
            "standing": 60,
            "urgent": 0,
        }
        said = f"{count} delays and questions became known together"
        text = (await liaison.get("/inbox")).text
        assert said in text
        href = re.search(r'href="(/inbox\?[^"]+rule=not_on_the_books[^"]*)"', text)
        assert href is not None
        listed = (await liaison.get(html.unescape(href[1]))).text
        assert "60 unread messages" in listed
        assert listed.count('<tr class="govuk-table__row">') == 51
        assert 'aria-label="Page 2"' in listed
        which = {"since": lot["since"], "until": lot["until"]}
        assert len((await liaison.get(f"/api/v1/inbox/lot?{urlencode({**which, 'limit': 200})}")).json()) == count
        fewer = await liaison.json("POST", "/api/v1/inbox/lot/read", {**which, "messages": count - 1})
        assert fewer.status_code == 409
        assert (await liaison.get("/api/v1/inbox/lot?since=0001-01-01T00:00:00&until=x")).status_code == 422
        far = urlencode({"since": "0001-01-01T00:00:00+14:00", "until": "9999-12-31T23:59:59-14:00"})
        assert (await liaison.get(f"/api/v1/inbox/lot?{far}")).status_code == 200
        assert (await liaison.get(f"/inbox?{far}")).status_code == 200
        assert said in (await liaison.get("/inbox?since=yesterday&until=2026-01-01")).text
        await liaison.form("/inbox/read", **which, messages=str(count - 1))
        assert said in (await liaison.get("/inbox")).text
        await liaison.form("/inbox/read", **which, messages=str(count))
        assert said not in (await liaison.get("/inbox")).text
        assert said in (await liaison.get("/inbox?show=all")).text
