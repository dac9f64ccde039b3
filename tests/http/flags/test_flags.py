"""Flags over the API, as a coordinator, a liaison officer and others meet them."""

from datetime import timedelta
from typing import Any

from service.flags.sweep import sweep
from tests.fixtures.conditions import Given, give
from tests.fixtures.people import World


async def raise_flag(world: World, area: str = "359") -> None:
    database = world.app.state.database
    await give(database, [Given(true_from=world.timepiece.now(), area=area)])
    await sweep(database)


async def stands(world: World, role: str, place: str) -> list[dict[str, Any]]:
    async with await world.signed_in(role, place) as browser:
        answer = await browser.get("/api/v1/flags?rule=overdue&subject=contact_decision")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_a_flag_is_seen_acknowledged_and_answered(world: World) -> None:
    await raise_flag(world)
    flag = (await stands(world, "mash_coordinator", "359"))[0]
    path = f"/api/v1/flags/{flag['id']}"
    due = (world.timepiece.now() + timedelta(hours=2)).isoformat()
    async with await world.signed_in("mash_coordinator", "359") as browser:
        assert (await browser.json("POST", f"{path}/acknowledgement", {})).status_code == 201
        body = {"next_action": "Ring the school", "next_due_at": due}
        assert (await browser.json("POST", f"{path}/answer", body)).status_code == 201
        detail = (await browser.get(path)).json()
    assert [event["kind"] for event in detail["events"]] == ["acknowledged", "answered"]
    assert detail["flag"]["answer"] == "answered"


async def test_an_answer_without_action_or_time_names_both(world: World) -> None:
    await raise_flag(world)
    flag = (await stands(world, "mash_coordinator", "359"))[0]
    async with await world.signed_in("mash_coordinator", "359") as browser:
        answer = await browser.json("POST", f"/api/v1/flags/{flag['id']}/answer", {})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["next_action", "next_due_at"]


async def test_another_area_sees_no_flag_and_cannot_answer_it(world: World) -> None:
    await raise_flag(world)
    flag = (await stands(world, "mash_coordinator", "359"))[0]
    assert flag["id"] not in {each["id"] for each in await stands(world, "mash_coordinator", "350")}
    async with await world.signed_in("mash_manager", "350") as browser:
        assert (await browser.get(f"/api/v1/flags/{flag['id']}")).status_code == 404
        refused = await browser.json("POST", f"/api/v1/flags/{flag['id']}/acknowledgement", {})
    assert refused.status_code == 404


async def test_the_inbox_empties_when_its_messages_were_opened(world: World) -> None:
    await raise_flag(world, "350")
    async with await world.signed_in("mash_coordinator", "350") as browser:
        messages = (await browser.get("/api/v1/inbox")).json()
        assert messages[0]["flag"]["area"] == "350"
        marked = await browser.json("POST", "/api/v1/inbox/read", {"messages": [messages[0]["id"]]})
        assert marked.json() == {"marked": 1}
        assert messages[0]["id"] not in {each["id"] for each in (await browser.get("/api/v1/inbox")).json()}
        assert (await browser.json("POST", "/api/v1/inbox/read", {})).status_code == 200
        assert (await browser.get("/api/v1/inbox")).json() == []
