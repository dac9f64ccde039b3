"""One story by the API: asked for, answered, held, acted on, one action overdue and flagged to its owner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from service.flags.sweep import sweep
from tests.fixtures.people import Browser, World
from tests.http.meetings.conftest import Logged


async def call(who: Browser, method: str, path: str, body: object = None, version: int | None = None) -> Any:
    """What the API answers; anything but success fails the test with its words."""
    headers = {} if version is None else {"if-match": f'"{version}"'}
    answer = await who.json(method, f"/api/v1{path}", body, **headers)
    assert answer.status_code < 300, f"{method} {path}: {answer.text}"
    return answer.json()


def told(view: Any, health: str) -> dict[str, Any]:
    """A complete record of what was said and decided about both children, with two actions."""
    present = {"presence": "present", "name": "Somebody"}
    decision = {
        "section_47": "yes",
        "enquiry": "joint",
        "lead": "Sam Seddon",
        "said": "She hides when he shouts.",
        "rationale": "Struck twice in a month.",
        "decided_by": "Alex Mash Manager",
        "medical": {"needed": True, "text": "Tomorrow at ten"},
    }
    action = {"outcome_sought": "Safe tonight", "due_at": "2026-11-04T12:00:00Z"}
    return {
        "held_from": "2026-11-03T14:00:00Z",
        "held_until": "2026-11-03T14:50:00Z",
        "chair": "Alex Mash Manager",
        "attendance": [
            {"agency": "childrens_social_care", "manager": True, **present},
            {"agency": "police", **present},
            {"agency": "health", "presence": "represented", "representative": "Bank nurse", "invitee": health},
        ],
        "information": [{"agency": "police", "text": "Four calls this year", "may_be_told_to_parents": "no"}],
        "history": {"considered": "Notices since March", "confirmed_by_chair": True},
        "children": [{"child": each["child"], **decision} for each in view["covered"]],
        "actions": [
            {"what": "Visit the grandmother", "owner_agency": "health", **action},
            {"what": "Arrest enquiries", "owner_agency": "police", **action},
        ],
    }


async def test_from_an_urgent_request_to_an_action_that_is_overdue(world: World, logged: Logged) -> None:
    pathways = await logged("06DA/21/26", "Asha", "Noor")
    async with (
        await world.signed_in("mash_manager", "359") as manager,
        await world.signed_in("police_liaison", "gmp") as police,
        await world.signed_in("partner", "359") as nurse,
    ):
        asked = {
            "pathways": pathways,
            "reason": "Struck when stepping in.",
            "urgency": "immediate",
            "slots": [
                {"starts_at": "2026-11-03T14:00:00Z", "ends_at": "2026-11-03T15:00:00Z"},
                {"starts_at": "2026-11-03T16:00:00Z", "ends_at": "2026-11-03T17:00:00Z"},
            ],
        }
        made = await call(manager, "POST", "/discussions", asked)
        path = f"/discussions/{made['discussion']}"
        # Asking once more makes no second discussion.
        again = await manager.json("POST", "/api/v1/discussions", asked)
        assert (again.status_code, again.json()["facts"]["discussions"]) == (409, [made["discussion"]])

        assert [each["id"] for each in await call(nurse, "GET", "/discussions?which=mine")] == [made["discussion"]]
        view = await call(police, "GET", path)
        assert {each["given_names"] for each in view["covered"]} == {"Asha", "Noor"}
        assert (await nurse.get(f"/api/v1/pathways/{pathways[0]}")).status_code == 403
        first, second = (each["slot"]["id"] for each in view["slots"])
        await call(police, "POST", f"{path}/answers", {"slot": first, "answer": "accept"})
        await call(nurse, "POST", f"{path}/answers", {"slot": first, "answer": "decline"})
        await call(nurse, "POST", f"{path}/answers", {"slot": second, "answer": "sends_information"})
        substitute = {"slot": first, "answer": "representative", "representative": "Bank nurse"}
        await call(nurse, "POST", f"{path}/answers", substitute)
        await call(manager, "POST", f"{path}/answers", {"slot": first, "answer": "accept", "invitee": ours(view)})
        view = await call(manager, "GET", path)
        assert (view["slots"][0]["slot"]["id"], view["slots"][0]["first"]) == (first, True)
        assert view["slots"][0]["in_time"] is True
        assert view["waits_for"] == []

        missing = await manager.json("POST", f"/api/v1{path}/schedule", {"slot": first})
        assert missing.status_code == 428
        version = (await call(manager, "POST", f"{path}/schedule", {"slot": first}, 1))["version"]
        stale = await manager.json("POST", f"/api/v1{path}/schedule", {"slot": first}, **{"if-match": '"1"'})
        assert stale.status_code == 412
        assert "scheduled_from" in stale.json()["facts"]["fields"]

    world.timepiece.advance(timedelta(hours=3))
    async with (
        await world.signed_in("mash_manager", "359") as manager,
        await world.signed_in("police_liaison", "gmp") as police,
        await world.signed_in("partner", "359") as nurse,
    ):
        record = told(view, next(each["id"] for each in view["invitees"] if each["agency"] == "health"))
        empty = await manager.json("POST", f"/api/v1{path}/record", {}, **{"if-match": f'"{version}"'})
        assert empty.status_code == 422
        assert {each["field"] for each in empty.json()["errors"]} >= {"held_from", "attendance", "children"}
        held = await call(manager, "POST", f"{path}/record", record, version)
        assert held["quoracy"]["quorate"] is True
        assert sorted(held["enquiries_begin"]) == sorted(pathways)
        sent = await call(manager, "POST", f"{path}/record/copies", {}, held["version"])
        assert (await call(nurse, "GET", path))["state"] == "record_issued"
        assert sent["version"] == held["version"] + 1

        (mine,) = await call(nurse, "GET", "/actions")
        assert (mine["action"]["what"], mine["state"]) == ("Visit the grandmother", "given")
        await call(nurse, "POST", f"/actions/{mine['action']['id']}/acceptance", None, 1)
        (theirs,) = await call(police, "GET", "/actions")
        done = {"note": "Arrested", "evidence": "Custody record 12"}
        await call(police, "POST", f"/actions/{theirs['action']['id']}/completion", done, 1)

    world.timepiece.advance(timedelta(hours=22))
    await sweep(world.app.state.database)
    async with (
        await world.signed_in("police_liaison", "gmp") as police,
        await world.signed_in("partner", "359") as nurse,
    ):
        (message,) = await call(nurse, "GET", "/inbox")
        assert (message["flag"]["about"], message["flag"]["rule"]) == (mine["action"]["id"], "overdue")
        told_police = await call(police, "GET", "/inbox")
        assert all(each["flag"]["about_kind"] != "action" for each in told_police), "theirs was done in time"
        late = {"note": "She can sleep there"}
        await call(nurse, "POST", f"/actions/{mine['action']['id']}/completion", late, 2)
        assert (await call(nurse, "GET", f"/actions/{mine['action']['id']}"))["state"] == "done_late"


def ours(view: Any) -> str:
    """The invitation of children's social care."""
    return next(str(each["id"]) for each in view["invitees"] if each["agency"] == "childrens_social_care")


async def test_an_administrator_lets_education_be_required(world: World, logged: Logged) -> None:
    (pathway,) = await logged("06DA/22/26", "Iman")
    async with (
        await world.signed_in("administrator", "359") as administrator,
        await world.signed_in("mash_manager", "359") as manager,
    ):
        said = {"agency": "education", "required": True, "basis": "Agreed by the partnership", "area": "359"}
        await call(administrator, "POST", "/required-agencies", said)
        early = await administrator.json(
            "POST", "/api/v1/required-agencies", said | {"effective_from": "2026-01-01T00:00:00Z"}
        )
        assert early.status_code == 422
        made = await call(manager, "POST", "/discussions", {"pathways": [pathway], "reason": "Bruises."})
        view = await call(manager, "GET", f"/discussions/{made['discussion']}")
        assert view["required"][-1] == "education"
        # As it was for the other tests of this file.
        await call(administrator, "POST", "/required-agencies", said | {"required": False})
