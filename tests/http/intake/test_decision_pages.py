"""Deciding by page: siblings with exceptions, drafts that stop nothing, transfers."""

from __future__ import annotations

import pytest

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import Browser, World
from tests.http.pathways.conftest import kinds_of, milestone_of

COMPLETE = {
    "outcome": "referral",
    "rationale": "Third incident in a month",
    "history_considered": "Two earlier notices",
    "step": "decide",
}


@pytest.fixture(autouse=True)
async def qualified(world: World) -> str:
    manager = world.partnership.people["mash_manager.359"]
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)
        await tx.connection.execute(
            "insert into qualified_decider (area, person, since) values ('359', $1, $2) on conflict do nothing",
            manager,
            tx.now,
        )
    return str(manager)


async def logged(world: World, reference: str, *names: str) -> list[str]:
    body = {
        "reference": reference,
        "force": "gmp",
        "area": "359",
        "grade": "medium",
        "police_attended": {"at": "2026-11-03T09:12:00Z"},
        "children": [{"family_name": "Sutton", "given_names": name, "date_of_birth": "2014-05-01"} for name in names],
    }
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        answer = await coordinator.json("POST", "/api/v1/notices", body)
    assert answer.status_code == 201, answer.text
    return [each["pathway"] for each in answer.json()["pathways"]]


async def send(browser: Browser, pathway: str, **fields: str) -> tuple[int, str]:
    answer = await browser.form(f"/pathways/{pathway}/decide", **fields)
    return answer.status_code, answer.text


async def test_siblings_are_decided_together_except_one(world: World, qualified: str) -> None:
    ada, bea, cai = await logged(world, "06DD/1/26", "Ada", "Bea", "Cai")
    async with await world.signed_in("mash_manager", "359") as manager:
        form = (await manager.get(f"/pathways/{ada}/decide")).text
        assert form.count(" checked") >= 2
        status, text = await send(manager, ada, children=bea, decided_by=qualified, **COMPLETE)
        assert status == 303, text
    for pathway, decided in ((ada, True), (bea, True), (cai, False)):
        assert ("contact_decided" in await kinds_of(world, pathway)) is decided
    assert "referral_accepted" in await kinds_of(world, ada)


async def test_an_incomplete_decision_names_every_field_and_keeps_what_was_typed(world: World) -> None:
    (ada,) = await logged(world, "06DD/2/26", "Ada")
    async with await world.signed_in("mash_manager", "359") as manager:
        status, text = await send(manager, ada, step="decide", rationale="Only this", outcome="linked_to_open_case")
    assert status == 422
    for field in ("history_considered", "decided_by", "named_worker"):
        assert f'href="#{field}"' in text
    assert "Only this" in text
    assert "contact_decided" not in await kinds_of(world, ada)


async def test_a_coordinator_only_drafts_and_the_manager_finds_it(world: World, qualified: str) -> None:
    (ada,) = await logged(world, "06DD/3/26", "Ada")
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        form = (await coordinator.get(f"/pathways/{ada}/decide")).text
        assert "Record the decision" not in form
        status, _ = await send(coordinator, ada, version="0", **COMPLETE)
        assert status == 303
        assert "contact_decided" not in await kinds_of(world, ada)
        status, text = await send(coordinator, ada, version="0", rationale="Mine", step="draft")
        assert status == 412
        assert "Somebody saved another draft meanwhile" in text
        assert "Third incident in a month" in text
        assert "Mine" in text
    async with await world.signed_in("mash_manager", "359") as manager:
        text = (await manager.get(f"/pathways/{ada}/decide")).text
    assert "Third incident in a month" in text
    assert "Alex Mash Coordinator" in text


async def test_a_child_sent_to_the_right_area_moves_when_it_accepts(world: World, qualified: str) -> None:
    (ada,) = await logged(world, "06DD/4/26", "Ada")
    async with await world.signed_in("mash_manager", "359") as manager:
        said = COMPLETE | {"outcome": "sent_to_right_area"}
        status, text = await send(manager, ada, decided_by=qualified, **said)
        assert status == 422
        assert 'href="#to_area"' in text
        status, text = await send(manager, ada, decided_by=qualified, to_area="350", **said)
        assert status == 303, text
        assert f"/pathways/{ada}/accept-transfer" not in (await manager.get(f"/pathways/{ada}")).text
        assert (await manager.form(f"/pathways/{ada}/accept-transfer")).status_code == 403
    async with await world.signed_in("mash_coordinator", "350") as bolton:
        assert "Accept transfer" in (await bolton.get(f"/pathways/{ada}")).text
        assert "from Wigan" in (await bolton.get(f"/pathways/{ada}/accept-transfer")).text
        assert "Sent to us by another area" in (await bolton.get("/waiting")).text
        taken = await bolton.form(f"/pathways/{ada}/accept-transfer")
        assert taken.headers["location"] == f"/pathways/{ada}?done=accepted"
        assert "Bolton" in (await bolton.get(f"/pathways/{ada}")).text


async def test_a_child_sent_to_another_area_by_mistake_is_seen_there_no_longer(world: World, qualified: str) -> None:
    (ada,) = await logged(world, "06DD/6/26", "Ada")
    path = f"/pathways/{ada}"
    said = COMPLETE | {"outcome": "sent_to_right_area", "decided_by": qualified, "to_area": "350"}
    never = {"what": "never", "reason": "Meant another child", "step": "record"}
    async with (
        await world.signed_in("mash_manager", "359") as manager,
        await world.signed_in("mash_coordinator", "350") as bolton,
    ):
        assert (await send(manager, ada, **said))[0] == 303
        assert (await bolton.get(path)).status_code == 200
        status, text = await send(manager, ada, **said)
        assert (status, "has been sent to another area already" in text) == (422, True)
        sent = await milestone_of(world, ada, "sent_to_right_area")
        elsewhere = {"reason": "Typed wrongly", "detail": {"to_area": "354"}}
        answer = await manager.json("POST", f"/api/v1/milestones/{sent}/corrections", elsewhere)
        assert (answer.status_code, "that is a decision" in answer.text) == (409, True), answer.text
        assert (await manager.form(f"{path}/milestones/{sent}/correct", **never)).status_code == 303
        assert (await bolton.get(path)).status_code == 404
        assert "06DD/6/26" not in (await bolton.get("/waiting")).text
        # Sent again on purpose and accepted, it is the other area's, which sends it on but does not undo it.
        assert (await send(manager, ada, **said))[0] == 303
        assert (await bolton.form(f"{path}/accept-transfer")).status_code == 303
        for kind in ("transfer_accepted", "sent_to_right_area"):
            milestone = await milestone_of(world, ada, kind)
            refused = await bolton.form(f"{path}/milestones/{milestone}/correct", **never)
            assert "that is a decision" in refused.text, kind
        assert (await bolton.get(path)).status_code == 200


async def test_the_emergency_duty_team_decides_only_for_itself(world: World, qualified: str) -> None:
    (ada,) = await logged(world, "06DD/5/26", "Ada")
    async with await world.signed_in("out_of_hours", "359") as team:
        status, text = await send(team, ada, decided_by=qualified, **COMPLETE)
    assert status == 422
    assert "Only a manager records a decision that somebody else made" in text
