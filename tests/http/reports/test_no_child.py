"""Incidents of which nobody knows whether there was a child are a work list of their force."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import World
from tests.http.conftest import NOON


@pytest.fixture(autouse=True)
async def standards(world: World) -> None:
    async with world.app.state.database.transaction(SYSTEM, now=NOON - timedelta(days=30)) as tx:
        await rulebook.ship(tx)


async def push(world: World, reference: str, **more: Any) -> None:
    body = {
        "reference": reference,
        "force": "gmp",
        "area": "359",
        "district": "Leigh",
        "grade": "medium",
        "police_attended": {"at": (NOON - timedelta(days=1)).isoformat()},
    } | more
    async with world.machine("gmp") as machine:
        answer = await machine.post("/api/v1/notices", json=body)
    assert answer.status_code == 201, answer.text


async def test_what_was_not_asked_is_listed_until_a_child_is_named_and_adults_alone_are_counted(world: World) -> None:
    await push(world, "06DN/1/26", no_child_reason="not_asked")
    await push(world, "06DN/2/26", no_child_reason="not_recorded")
    await push(world, "06DN/3/26", no_child_reason="none_in_household")
    await push(world, "06DN/4/26", children=[{"family_name": "Sutton", "given_names": "Ada"}])
    path = "/api/v1/backlog/no-child"
    async with await world.signed_in("police_liaison", "gmp") as browser:
        assert "2 incidents name no child" in (await browser.get("/backlog")).text
        shown = (await browser.get("/backlog/no-child")).text
        assert "06DN/1/26" in shown
        assert "Leigh" in shown
        assert "06DN/3/26" not in shown
        assert "Of 4 incidents first recorded in the last 28 days, 1 named children, 1 had no child" in shown
        # Nothing of the incident has to be typed again to name its child.
        first = re.search(r'href="(/notices/new[?]same=[^"]+)">Name a child<[^>]+> of 06DN/1/26<', shown)
        assert first is not None
        form = (await browser.get(first[1])).text
        assert re.search(r'name="reference"[^>]*value="06DN/1/26"', form)
        assert re.search(r'name="district"[^>]*value="Leigh"', form)
        found = (await browser.get(path)).json()
        # Of an incident that came without a notice what is known of it is carried over alike.
        known = (await browser.get(f"/notices/new?incident={found['rows'][0]['incident']}")).text
        assert re.search(r'name="reference"[^>]*value="06DN/1/26"', known)
        assert re.search(r'name="district"[^>]*value="Leigh"', known)
        assert (await browser.get(f"/notices/new?incident={UUID(int=0)}")).status_code == 404
        assert (found["not_asked"], found["not_recorded"], found["total"]) == (1, 1, 2)
        assert found["recently"] == {"with_children": 1, "adults_only": 1, "unknown": 2}
        assert [each["reference"] for each in found["rows"]] == ["06DN/1/26", "06DN/2/26"]
        assert [each["reference"] for each in (await browser.get(f"{path}?reason=not_recorded")).json()["rows"]] == [
            "06DN/2/26"
        ]
        await push(world, "06DN/1/26", children=[{"family_name": "Sutton", "given_names": "Bea"}])
        assert [each["reference"] for each in (await browser.get(path)).json()["rows"]] == ["06DN/2/26"]
    async with await world.signed_in("police_liaison", "merseyside") as browser:
        assert (await browser.get(path)).json()["rows"] == []
        assert (await browser.get(f"/notices/new?incident={found['rows'][0]['incident']}")).status_code == 404
        assert "06DN/2/26" not in (await browser.get("/backlog/no-child")).text


async def test_the_backlogs_figures_are_the_pages(world: World) -> None:
    await push(world, "06DN/10/26", children=[{"family_name": "Sutton", "given_names": "Cai"}])
    async with await world.signed_in("police_liaison", "gmp") as browser:
        found = (await browser.get("/api/v1/backlog")).json()
        page = (await browser.get("/backlog")).text
        elsewhere = (await browser.get("/api/v1/backlog?area=350")).json()
    assert found["total"] == sum(found["by_grade"].values()) >= 1
    assert " ".join(found["sentences"]) in page
    assert elsewhere["total"] == 0
