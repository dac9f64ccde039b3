"""Real records against every route: people of another area or force learn nothing and change nothing."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from schema.vocabulary import ROLES
from service.access.permissions import Route
from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import World
from tests.http.access.test_access_matrix import ROUTES

SECRET = "Quillfeather"
NOTICE = {
    "reference": "06DA/77/26",
    "force": "gmp",
    "area": "359",
    "grade": "high",
    "police_attended": {"at": "2026-11-03T09:12:00Z"},
    "children": [{"family_name": SECRET, "given_names": "Ada", "date_of_birth": "2014-02-03"}],
}
STRANGERS = [(role, "merseyside" if role == "police_liaison" else "350") for role in ROLES]
#: Roles of the right area that see no whole records by their role alone.
FIGURES_ONLY = [(role, "359") for role in ("board_member", "administrator", "auditor", "senior_leader", "partner")]

#: Parameters that lead to a record.
LEADING = ("pathway", "milestone", "enquiry", "conference", "discussion", "action")


@pytest.fixture
async def ids(world: World) -> dict[str, UUID]:
    """One child's records of Wigan, by the name of the parameter that leads to them."""
    database = world.app.state.database
    async with database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)
    async with world.machine("gmp") as machine:
        answer = (await machine.post("/api/v1/notices", json=NOTICE)).json()
    found = {"incident": UUID(answer["incident"]), "pathway": UUID(answer["pathways"][0]["pathway"])}
    async with database.transaction(SYSTEM) as tx:
        row = await tx.connection.fetchrow(
            "select m.id, p.child from milestone m join pathway p on p.id = m.pathway where p.id = $1", found["pathway"]
        )
    found |= {"milestone": row[0], "child": row[1]} | await under_way(world, str(found["pathway"]))
    return found | await met(world, str(found["pathway"]), str(row[1]))


async def under_way(world: World, pathway: str) -> dict[str, UUID]:
    """An enquiry and a conference about the child, begun once for all the tests of the file."""
    async with await world.signed_in("mash_manager", "359") as manager:
        begun = {"pathways": [pathway], "kind": "joint", "at": "2026-11-03T10:00:00Z"}
        enquiry = (await manager.json("POST", "/api/v1/enquiries", begun)).json()[0]["enquiry"]
        answer = (await manager.json("POST", "/api/v1/conferences", {"pathways": [pathway]})).json()
    # Asked for by an earlier test of this file, it is named in the refusal.
    return {"enquiry": UUID(enquiry), "conference": UUID(answer.get("conference") or answer["facts"]["conference"])}


async def met(world: World, pathway: str, child: str) -> dict[str, UUID]:
    """A discussion still to be held, and the action of one that was, made once for all the tests of the file."""
    asked = {"pathways": [pathway], "reason": SECRET, "requested_at": "2026-11-03T10:00:00Z"}
    async with await world.signed_in("mash_manager", "359") as manager:
        answer = (await manager.json("POST", "/api/v1/discussions", asked)).json()
        if "discussion" in answer:
            held = {
                "held_from": "2026-11-03T10:10:00Z",
                "held_until": "2026-11-03T10:20:00Z",
                "chair": SECRET,
                "attendance": [
                    {"agency": agency, "presence": "present", "name": SECRET}
                    for agency in ("childrens_social_care", "police", "health")
                ],
                "children": [
                    {
                        "child": child,
                        "section_47": "under_way",
                        "rationale": SECRET,
                        "decided_by": SECRET,
                        "said": SECRET,
                    }
                ],
                "actions": [
                    {
                        "what": SECRET,
                        "outcome_sought": SECRET,
                        "owner_agency": "health",
                        "due_at": "2026-11-09T10:00:00Z",
                    }
                ],
            }
            path = f"/api/v1/discussions/{answer['discussion']}/record"
            taken = await manager.json("POST", path, held, **{"if-match": '"1"'})
            assert taken.status_code == 201, taken.text
            answer = (await manager.json("POST", "/api/v1/discussions", asked)).json()
        actions = (await manager.get("/api/v1/actions?which=all")).json()
    # Asked for by an earlier test of this file, it is named in the refusal.
    discussion = answer.get("discussion") or answer["facts"]["discussions"][0]
    return {"discussion": UUID(discussion), "action": UUID(actions[0]["action"]["id"])}


def is_invited(role: str, place: str, route: Route) -> bool:
    """Health of the area takes part in its discussions, and owns the action."""
    subjects = ("discussion", "action", "meeting", "inbox", "flags")
    return (role, place) == ("partner", "359") and any(subject in route.path for subject in subjects)


def filled(route: Route, ids: dict[str, UUID]) -> str:
    """The route's address, leading to the records where it names one of them."""
    return re.sub(r"\{([a-z_]+)[^}]*\}", lambda found: str(ids.get(found[1], ids["pathway"])), route.path)


async def attempt(world: World, route: Route, role: str, place: str, ids: dict[str, UUID]) -> Any:
    async with await world.signed_in(role, place) as browser:
        if route.method == "GET":
            return await browser.get(filled(route, ids))
        if route.path.startswith("/api/"):
            return await browser.json(route.method, filled(route, ids), BODIES.get(route.path, {}))
        return await browser.form(filled(route, ids), text=SECRET[:6], kind="closed", at="now", reason="x")


#: Bodies that would be taken from somebody entitled, so that refusal is not for their form.
BODIES: dict[str, Any] = {
    "/api/v1/pathways/{pathway}/milestones": {"kind": "closed", "at": "2026-11-03T10:00:00Z"},
    "/api/v1/search": {"text": SECRET},
}


async def truth(world: World) -> tuple[int, int]:
    async with world.app.state.database.transaction(SYSTEM) as tx:
        row = await tx.connection.fetchrow("select (select count(*) from milestone), (select count(*) from notice)")
    return row[0], row[1]


@pytest.mark.parametrize("route", ROUTES, ids=[f"{route.method} {route.path}" for route in ROUTES])
async def test_strangers_learn_nothing_and_change_nothing(world: World, ids: dict[str, UUID], route: Route) -> None:
    before = await truth(world)
    for role, place in [*STRANGERS, *FIGURES_ONLY]:
        if is_invited(role, place, route):
            continue
        answer = await attempt(world, route, role, place, ids)
        assert answer.status_code != 500, f"{role} of {place}"
        echoed = answer.text.replace(SECRET[:6], "") if route.method != "GET" else answer.text
        assert SECRET not in answer.text, f"{role} of {place} was shown the child"
        assert "06DA/77/26" not in echoed, f"{role} of {place} was shown the reference"
        if any(
            f"{{{name}" in route.path
            for name in ("pathway", "milestone", "enquiry", "conference", "discussion", "action")
        ):
            assert answer.status_code in {303, 403, 404, 422, 428}, f"{role} of {place} got {answer.status_code}"
    assert await truth(world) == before
