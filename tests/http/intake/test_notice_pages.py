"""Logging a notice by its page, as a browser without scripts sends it."""

import re
from uuid import UUID

import httpx
import pytest

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import Browser, World


@pytest.fixture(autouse=True)
async def standards(world: World) -> None:
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)


def filled(reference: str, **more: str) -> dict[str, str]:
    """The boxes of a notice with one child."""
    boxes = {
        "reference": reference,
        "force": "gmp",
        "area": "359",
        "police_attended": "today 0912",
        "grade": "medium",
        "children_0_sent": "yes",
        "children_0_given_names": "Ewan",
        "children_0_family_name": "Pennington",
        "children_0_born": "3/2/2011",
    }
    return boxes | more


def second(given: str, born: str) -> dict[str, str]:
    """A second row as the page first shows it: the same surname and address are ticked."""
    at = "children_1_"
    ticks = {f"{at}sent": "yes", f"{at}same_surname": "yes", f"{at}same_address": "yes"}
    return {**ticks, f"{at}given_names": given, f"{at}family_name": "", f"{at}born": born}


async def body_of(world: World, answer: httpx.Response) -> dict[str, object]:
    """The notice as it is kept."""
    assert answer.status_code == 303, answer.text[:3000]
    identity = UUID(answer.headers["location"].removeprefix("/notices/"))
    async with world.app.state.database.transaction(SYSTEM) as tx:
        found: dict[str, object] = await tx.connection.fetchval("select body from notice where id = $1", identity)
    return found


async def coordinator(world: World) -> Browser:
    return await world.signed_in("mash_coordinator", "359")


async def test_the_form_knows_my_force_and_area_and_asks_for_the_reference_first(world: World) -> None:
    async with await coordinator(world) as browser:
        shown = (await browser.get("/notices/new")).text
    assert 'name="area" value="359"' in shown
    assert 'name="force" value="gmp"' in shown
    assert re.search(r'id="reference"[^>]*autofocus', shown)


async def test_two_children_of_one_household_are_logged_and_due(world: World) -> None:
    async with await coordinator(world) as browser:
        more = second("Yusuf", "10/12/2016") | {
            "children_0_safe_contact": "Text only, before 3",
            "children_0_confidential_address": "yes",
        }
        answer = await browser.form("/notices/new", **filled("06DA/101/26", **more))
        body = await body_of(world, answer)
        told = (await browser.get(answer.headers["location"])).text
    assert [(c["family_name"], c["given_names"]) for c in body["children"]] == [  # type: ignore[attr-defined]  # JSON
        ("Pennington", "Ewan"),
        ("Pennington", "Yusuf"),
    ]
    assert [c["confidential_address"] for c in body["children"]] == [True, True]  # type: ignore[attr-defined]  # JSON
    assert "Due by" in told
    assert "Log another for the same incident" in told
    assert "Pennington" not in told


async def test_every_wrong_field_is_named_at_once_and_all_that_was_typed_is_kept(world: World) -> None:
    wrong = filled("", police_attended="25 o'clock", grade="", summary="Shouting heard", children_0_born="31/2/2011")
    async with await coordinator(world) as browser:
        answer = await browser.form("/notices/new", **wrong)
    assert answer.status_code == 422
    for field in ("reference", "police_attended", "grade", "children_0_born"):
        assert f'href="#{field}"' in answer.text
    assert "<title>Error: " in answer.text
    for kept in ("Shouting heard", "25 o&#39;clock", "31/2/2011", "Pennington"):
        assert kept in answer.text


async def test_without_a_child_it_asks_why_and_takes_the_reason(world: World) -> None:
    empty = {"children_0_given_names": "", "children_0_family_name": "", "children_0_born": ""}
    async with await coordinator(world) as browser:
        asked = await browser.form("/notices/new", **filled("06DA/102/26", **empty))
        assert 'href="#no_child_reason"' in asked.text
        taken = await browser.form("/notices/new", **filled("06DA/102/26", **empty, no_child_reason="not_asked"))
    assert (await body_of(world, taken))["no_child_reason"] == "not_asked"


async def test_times_out_of_order_are_asked_about_in_place(world: World) -> None:
    turned = filled("06DA/103/26", notice_submitted="0800")
    async with await coordinator(world) as browser:
        asked = await browser.form("/notices/new", **turned)
        assert asked.status_code == 422
        assert "is before police attending" in asked.text
        assert 'name="order_confirmed"' in asked.text
        taken = await browser.form("/notices/new", **turned, order_confirmed="yes")
    assert taken.status_code == 303


async def test_a_row_is_added_without_scripts(world: World) -> None:
    async with await coordinator(world) as browser:
        answer = await browser.form("/notices/new", **filled("06DA/104/26"), add="children")
    assert answer.status_code == 200
    assert 'id="children_1_given_names"' in answer.text
    assert re.search(r'id="children_1_same_surname"[^>]*checked', answer.text)
    assert "There is a problem" not in answer.text


async def test_a_child_who_may_be_known_is_shown_before_it_is_logged_and_settled(world: World) -> None:
    async with await coordinator(world) as browser:
        first = filled("06DA/105/26", children_0_given_names="Tomasz", children_0_born="4/3/2012")
        assert (await browser.form("/notices/new", **first)).status_code == 303
        near = filled("06DA/106/26", children_0_given_names="Tomas", children_0_born="3/4/2012")
        asked = await browser.form("/notices/new", **near)
        assert asked.status_code == 200
        assert "Day and month the other way round" in asked.text
        assert "Tomasz on record" in asked.text
        shown = re.search(r'name="children_0_shown" value="([^"]*)"', asked.text)
        known = re.search(r'name="children_0_child" type="radio" value="([0-9a-f-]{36})"', asked.text)
        assert shown
        assert known
        settled = {"children_0_shown": shown[1], "children_0_child": known[1]}
        body = await body_of(world, await browser.form("/notices/new", **near, **settled))
    assert body["children"][0]["child"] == known[1]  # type: ignore[index]  # JSON
    async with world.app.state.database.transaction(SYSTEM) as tx:
        count = await tx.connection.fetchval("select count(*) from pathway where child = $1", UUID(known[1]))
        seen = await tx.connection.fetchval("select count(*) from audit where action = 'possible_matches_viewed'")
    assert count == 2
    assert seen >= 2


async def test_an_exact_match_is_said_beside_the_child(world: World) -> None:
    child = {"children_0_given_names": "Nia", "children_0_born": "5/5/2015"}
    async with await coordinator(world) as browser:
        assert (await browser.form("/notices/new", **filled("06DA/107/26", **child))).status_code == 303
        fragment = await browser.form("/notices/matches", **filled("06DA/108/26", **child), row="0")
        assert "Known" in fragment.text
        assert "Same name. Same date of birth." in fragment.text
        for row in ("7", "x", ""):
            assert (await browser.form("/notices/matches", **filled("06DA/108/26", **child), row=row)).text == ""


async def test_a_colleague_of_another_area_finds_nobody_here(world: World) -> None:
    child = {"children_0_given_names": "Nia", "children_0_born": "5/5/2015"}
    async with await world.signed_in("mash_coordinator", "350") as browser:
        fragment = await browser.form("/notices/matches", **filled("06DA/109/26", **child), row="0")
    assert "Known" not in fragment.text


async def test_an_unborn_child_has_an_expected_date_that_lies_ahead(world: World) -> None:
    unborn = {"children_0_given_names": "Unborn", "children_0_involvement": "unborn", "children_0_born": "3/3/2027"}
    async with await coordinator(world) as browser:
        body = await body_of(world, await browser.form("/notices/new", **filled("06DA/110/26", **unborn)))
        refused = await browser.form("/notices/new", **filled("06DA/111/26", children_0_born="3/3/2027"))
    assert body["children"][0]["expected_date_of_birth"] == "2027-03-03"  # type: ignore[index]  # JSON
    assert 'href="#children_0_born"' in refused.text


async def test_the_next_notice_of_the_incident_carries_it_over(world: World) -> None:
    async with await coordinator(world) as browser:
        filled_in = filled("06DA/112/26", children_0_given_names="Osian", grade_rationale="Third this month")
        answer = await browser.form("/notices/new", **filled_in)
        identity = answer.headers["location"].removeprefix("/notices/")
        shown = (await browser.get(f"/notices/new?same={identity}")).text
    assert 'value="06DA/112/26"' in shown
    assert 'value="03/11/2026 09:12"' in shown
    assert "Third this month" in shown
    assert 'id="children_0_family_name" name="children_0_family_name" type="text" value="Pennington"' in shown
    assert "Osian" not in shown


async def test_a_liaison_logs_the_forces_own_record_which_waits_to_be_shared(world: World) -> None:
    async with await world.signed_in("police_liaison", "gmp") as browser:
        shown = (await browser.get("/notices/new")).text
        assert "not yet shared" in shown
        assert 'name="notice_received"' not in shown
        answer = await browser.form("/notices/new", **filled("06DA/113/26", children_0_given_names="Carys"))
        assert answer.status_code == 303, answer.text[:2000]
        told = (await browser.get(answer.headers["location"])).text
        assert "until you share it" in told
        rows = (await browser.get("/api/v1/unshared")).json()["rows"]
    assert "06DA/113/26" in {row["reference"] for row in rows}


async def test_a_notice_of_another_area_is_not_there(world: World) -> None:
    async with await coordinator(world) as mine, await world.signed_in("mash_coordinator", "350") as other:
        answer = await mine.form("/notices/new", **filled("06DA/114/26", children_0_given_names="Gwen"))
        assert (await other.get(answer.headers["location"])).status_code == 404


async def test_nobody_links_a_notice_to_a_child_of_another_area(world: World) -> None:
    async with await coordinator(world) as mine, await world.signed_in("mash_coordinator", "350") as other:
        logged = await mine.form("/notices/new", **filled("06DA/115/26", children_0_given_names="Mair"))
        assert logged.status_code == 303
        async with world.app.state.database.transaction(SYSTEM) as tx:
            child = await tx.connection.fetchval("select id from child where given_names = 'Mair'")
        body = {
            "reference": "06DA/116/26",
            "force": "gmp",
            "area": "350",
            "grade": "high",
            "police_attended": {"at": "2026-11-03T09:12:00Z"},
            "children": [{"given_names": "Mair", "child": str(child)}],
        }
        refused = await other.json("POST", "/api/v1/notices", body)
        assert refused.status_code == 422
        assert [error["field"] for error in refused.json()["errors"]] == ["children[0].child"]
        machine = world.machine("gmp")
        assert (await machine.post("/api/v1/notices", json=body)).status_code == 422
        await machine.aclose()
