"""An administrator gives access and takes it away, on pages and by the API."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from service.access import passwords
from service.actor import SYSTEM
from tests.fixtures.people import Browser, World
from tests.http.conftest import NOON


async def administrator(world: World) -> Browser:
    return await world.signed_in("administrator", "359")


async def added(browser: Browser, sign_in: str, **role: Any) -> dict[str, Any]:
    body = {"name": "Sam Field", "sign_in": sign_in, "role": role or {"role": "mash_manager", "area": "359"}}
    answer = await browser.json("POST", "/api/v1/people", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def one(browser: Browser, person: str) -> dict[str, Any]:
    people = (await browser.get("/api/v1/people")).json()["people"]
    return next(dict(each) for each in people if each["id"] == person)


async def audited(world: World, action: str) -> list[dict[str, Any]]:
    async with world.app.state.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch("select detail from audit where action = $1 order by written_at", action)
    return [row[0] for row in rows]


async def test_a_person_is_added_and_the_password_is_shown_this_once(world: World) -> None:
    async with await administrator(world) as browser:
        shown = await browser.form(
            "/administration/people/new", name="Jo Reed", sign_in=" Jo.Reed ", role="police_liaison", force="gmp"
        )
        assert shown.status_code == 200, shown.text
        password = re.findall(r"<code>([^<]+)</code>", shown.text)[0]
        listed = (await browser.get("/administration/people")).text
    assert "Jo Reed" in listed
    assert password not in listed
    async with world.app.state.database.transaction(SYSTEM) as tx:
        stored = await tx.connection.fetchval("select password_hash from person where sign_in = 'jo.reed'")
    assert stored.startswith("$argon2id$")
    assert await passwords.verified(stored, password)


async def test_what_is_wrong_with_a_new_person_is_said_field_by_field_and_kept(world: World) -> None:
    async with await administrator(world) as browser:
        answer = await browser.form(
            "/administration/people/new", name="Jo Reed", sign_in="a b", email="nowhere", role="partner"
        )
        assert answer.status_code == 422
        for field in ("sign_in", "email", "area", "agency"):
            assert f'href="#{field}"' in answer.text
        assert 'value="Jo Reed"' in answer.text
        taken = await browser.form("/administration/people/new", name="Jo Reed", sign_in="auditor.359", role="auditor")
        assert 'href="#sign_in"' in taken.text
        body = {"name": "", "sign_in": "x", "role": {"role": "mash_manager", "force": "gmp"}}
        refused = (await browser.json("POST", "/api/v1/people", body)).text
        for field in ("name", "sign_in", "role.area", "role.force"):
            assert f'"{field}"' in refused
        nowhere = {"name": "Jo", "sign_in": "jo.nowhere", "role": {"role": "mash_manager", "area": "999"}}
        assert '"role.area"' in (await browser.json("POST", "/api/v1/people", nowhere)).text


async def test_a_role_is_given_once_and_its_end_ends_the_listing_that_stood_on_it(world: World) -> None:
    async with await administrator(world) as browser:
        person = (await added(browser, "sam.roles"))["id"]
        path = f"/api/v1/people/{person}/roles"
        role = {"role": "mash_coordinator", "area": "350"}
        given = await browser.json("POST", path, role)
        assert given.status_code == 201
        assert (await browser.json("POST", path, role)).status_code == 409
        assert (await browser.json("POST", "/api/v1/deciders", {"area": "350", "person": person})).status_code == 204
        ended = await browser.json("POST", f"{path}/{given.json()['id']}/end", {})
        assert ended.json() == {"no_longer_decides_in": ["350"]}
        assert (await browser.json("POST", f"{path}/{given.json()['id']}/end", {})).status_code == 404
        assert [held["area"] for held in (await one(browser, person))["roles"]] == ["359"]
        assert (await browser.json("POST", f"/api/v1/people/{uuid4()}/roles", role)).status_code == 404
    assert {"role": "mash_coordinator", "area": "350"}.items() <= (await audited(world, "role_granted"))[-1].items()
    assert "until" in (await audited(world, "person_role_changed"))[-1]["changed"]
    change = (await audited(world, "qualified_decider_changed"))[-1]
    assert "until" in change["changed"]
    assert (change["row"]["area"], change["row"]["person"]) == ("350", person)


async def test_somebody_kept_from_signing_in_is_out_at_once_and_can_be_let_in_again(world: World) -> None:
    async with await administrator(world) as browser, await world.signed_in("board_member", "350") as board:
        person = str(world.partnership.people["board_member.350"])
        assert (await board.get("/account")).status_code == 200
        stopped = await browser.form(f"/administration/people/{person}", signing_in="stop")
        assert stopped.status_code == 303
        assert (await board.get("/account")).status_code == 303
        assert "May not sign in" in (await browser.get(f"/administration/people/{person}")).text
        assert (await browser.json("POST", f"/api/v1/people/{person}/enable", {})).status_code == 204
        assert (await one(browser, person))["disabled_at"] is None
        assert (await board.get("/account")).status_code == 303, "an ended session stays ended"


async def test_nobody_takes_administration_from_themselves(world: World) -> None:
    me = str(world.partnership.people["administrator.359"])
    async with await administrator(world) as browser:
        assert (await browser.json("POST", f"/api/v1/people/{me}/disable", {})).status_code == 409
        role = (await one(browser, me))["roles"][0]["id"]
        answer = await browser.form(f"/administration/people/{me}", end=role)
        assert answer.status_code == 422
        assert "ask another administrator" in answer.text
        assert (await browser.form(f"/administration/people/{me}", end="x")).status_code == 422


async def test_an_area_lists_only_those_who_hold_a_role_there(world: World) -> None:
    manager = str(world.partnership.people["mash_manager.359"])
    liaison = str(world.partnership.people["police_liaison.gmp"])
    async with await administrator(world) as browser:
        page = "/administration/deciders"
        assert (await browser.form(page, area="359", person=manager)).status_code == 303
        again = await browser.form(page, area="359", person=manager)
        assert "on the area&#39;s list already" in again.text
        stranger = await browser.form(page, area="350", person=liaison)
        assert 'href="#person_350"' in stranger.text
        assert 'href="#person_350"' in (await browser.form(page, area="350", person="")).text
        world.timepiece.set(NOON + timedelta(minutes=1))
        assert (await browser.form(page, area="359", end=manager)).status_code == 303
        gone = await browser.json("POST", "/api/v1/deciders/end", {"area": "359", "person": manager})
        assert gone.status_code == 404
        assert (await browser.json("POST", "/api/v1/deciders", {"area": "359", "person": manager})).status_code == 204
        listed = (await browser.get("/api/v1/deciders")).json()["deciders"]
    assert [each["name"] for each in listed if each["area"] == "359"] == ["Alex Mash Manager"]
    async with world.app.state.database.transaction(SYSTEM) as tx:
        kept = await tx.connection.fetchval("select count(*) from qualified_decider where area = '359'")
    assert kept == 2
