"""Logging a notice over HTTP, typed by a coordinator or pushed by a force's machine."""

import asyncio
from typing import Any

import pytest

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import World

ATTENDED = "2026-11-03T09:12:00Z"


@pytest.fixture(autouse=True)
async def standards(world: World) -> None:
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)


def notice(reference: str, **more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "reference": reference,
        "force": "gmp",
        "area": "359",
        "grade": "medium",
        "police_attended": {"at": ATTENDED},
        "children": [
            {"family_name": "Pennington", "given_names": "Ewan", "date_of_birth": "2011-02-03"},
            {"family_name": "Pennington", "given_names": "Yusuf", "date_of_birth": "2016-12-10"},
        ],
    }
    return body | more


async def test_a_coordinator_logs_two_children_and_is_told_when_they_are_due(world: World) -> None:
    coordinator = await world.signed_in("mash_coordinator", "359")
    answer = await coordinator.json("POST", "/api/v1/notices", notice("06DA/1/26"))
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert len(body["pathways"]) == 2
    assert body["pathways"][0]["next_due"]["words"]
    # What recording found is what is stored: the same notice again records nothing and is answered from the rows.
    again = (await coordinator.json("POST", "/api/v1/notices", notice("06DA/1/26"))).json()
    assert [one["outcome"] for one in again["pathways"]] == ["repeated", "repeated"]
    assert [one["next_due"] for one in again["pathways"]] == [one["next_due"] for one in body["pathways"]]
    waiting = (await coordinator.get("/api/v1/waiting")).json()
    assert {row["given_names"] for row in waiting["rows"]} == {"Ewan", "Yusuf"}
    pathway = body["pathways"][0]["pathway"]
    shown = (await coordinator.get(f"/api/v1/pathways/{pathway}")).json()
    assert shown["head"]["holder"] == "childrens_social_care"
    assert any(clock["clock"]["standard"] == "contact_decision" for clock in shown["clocks"])


async def test_every_wrong_field_is_named_at_once(world: World) -> None:
    coordinator = await world.signed_in("mash_coordinator", "359")
    wrong = notice("", area="350", police_attended={"at": "2099-01-01T00:00:00Z"}, children=[])
    answer = await coordinator.json("POST", "/api/v1/notices", wrong)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"reference", "area", "police_attended", "children"} <= {error["field"] for error in answer.json()["errors"]}


async def test_seven_in_quotes_is_not_seven(world: World) -> None:
    coordinator = await world.signed_in("mash_coordinator", "359")
    answer = await coordinator.json("POST", "/api/v1/notices", notice("06DA/2/26", order_confirmed="true", grade=7))
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} >= {"order_confirmed", "grade"}


async def test_an_impossible_order_is_asked_about_and_taken_when_confirmed(world: World) -> None:
    coordinator = await world.signed_in("mash_coordinator", "359")
    body = notice("06DA/3/26", notice_submitted={"at": "2026-11-03T08:00:00Z"})
    asked = await coordinator.json("POST", "/api/v1/notices", body)
    assert asked.status_code == 422
    assert [error["field"] for error in asked.json()["errors"]] == ["notice_submitted"]
    taken = await coordinator.json("POST", "/api/v1/notices", body | {"order_confirmed": True})
    assert taken.status_code == 201


async def test_sixteen_repeats_at_once_give_one_notice_and_one_answer(world: World) -> None:
    body = notice("06DA/4/26")
    async with world.machine("gmp") as machine:
        answers = await asyncio.gather(
            *(machine.post("/api/v1/notices", json=body, headers={"Idempotency-Key": "one"}) for _ in range(16))
        )
        assert {answer.status_code for answer in answers} == {201}, answers[0].text
        assert len({answer.text for answer in answers}) == 1
        again = await machine.post("/api/v1/notices", json=body, headers={"Idempotency-Key": "one"})
        assert again.text == answers[0].text
        other = await machine.post("/api/v1/notices", json=notice("06DA/5/26"), headers={"Idempotency-Key": "one"})
        assert other.status_code == 422
    async with world.app.state.database.transaction(SYSTEM) as tx:
        assert await tx.connection.fetchval("select count(*) from notice where body->>'reference' = '06DA/4/26'") == 1


async def test_a_machine_of_another_force_cannot_log_for_this_one(world: World) -> None:
    async with world.machine("merseyside") as machine:
        answer = await machine.post("/api/v1/notices", json=notice("06DA/6/26"))
    assert answer.status_code == 422
    assert {"force", "area"} <= {error["field"] for error in answer.json()["errors"]}


async def test_the_liaison_shares_what_the_machine_pushed(world: World) -> None:
    async with world.machine("gmp") as machine:
        pushed = (await machine.post("/api/v1/notices", json=notice("06DA/7/26"))).json()
    liaison = await world.signed_in("police_liaison", "gmp")
    rows = (await liaison.get("/api/v1/unshared")).json()["rows"]
    assert "06DA/7/26" in {row["reference"] for row in rows}
    ids = [each["pathway"] for each in pushed["pathways"]]
    shared = await liaison.json("POST", "/api/v1/shares", {"pathways": ids[:1]})
    assert shared.status_code == 201, shared.text
    declined = await liaison.json(
        "POST",
        f"/api/v1/pathways/{ids[1]}/decline",
        {"reason": "below_threshold", "text": "Adults only, child at school", "decided_by": "PS 1234"},
    )
    assert declined.status_code == 201, declined.text
    rows = (await liaison.get("/api/v1/unshared")).json()["rows"]
    assert "06DA/7/26" not in {row["reference"] for row in rows}


async def test_a_decision_needs_a_decider_whom_the_area_lists(world: World) -> None:
    coordinator = await world.signed_in("mash_coordinator", "359")
    logged = (await coordinator.json("POST", "/api/v1/notices", notice("06DA/8/26"))).json()
    manager = await world.signed_in("mash_manager", "359")
    decision = {
        "pathways": [each["pathway"] for each in logged["pathways"]],
        "outcome": "referral",
        "rationale": "Third incident in a month",
        "history_considered": "Two earlier notices",
        "decided_by": str(world.partnership.people["mash_manager.359"]),
    }
    refused = await manager.json("POST", "/api/v1/decisions", decision)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["decided_by"]
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into qualified_decider (area, person, since) values ('359', $1, $2)",
            world.partnership.people["mash_manager.359"],
            tx.now,
        )
    taken = await manager.json("POST", "/api/v1/decisions", decision)
    assert taken.status_code == 201, taken.text
    waiting = (await manager.get("/api/v1/waiting")).json()
    assert waiting["counts"]["deciding"] == len([r for r in waiting["rows"] if r["reference"] != "06DA/8/26"])
