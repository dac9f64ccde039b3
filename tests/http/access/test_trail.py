"""The auditor's pages: who looked at what, who may come in, and whether the chain holds."""

from __future__ import annotations

from uuid import uuid4

from service.access import audit
from service.actor import SYSTEM
from tests.fixtures.people import World


async def _looked(world: World, pathway: str | None = None) -> None:
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await audit.viewed(
            tx, "pathway_viewed", "see what has happened", [uuid4()] if pathway is None else [], {"page": 3}
        )


async def test_the_auditor_begins_with_the_trail_and_finds_who_looked(world: World) -> None:
    await _looked(world)
    async with await world.signed_in("auditor", "359") as auditor:
        assert (await auditor.get("/")).headers["location"] == "/audit"
        text = (await auditor.get("/audit?action=pathway_viewed")).text
        assert "Pathway viewed" in text
        assert "see what has happened" in text
        assert "Page: 3" in text
        file = await auditor.get("/audit.csv?action=pathway_viewed")
    assert file.content.decode("utf-8-sig").splitlines()[0] == "When (UTC),Who,Kind,What,Why,Pathways,More"
    assert "page 3" in file.text


async def test_reading_the_trail_leaves_a_trace(world: World) -> None:
    async with await world.signed_in("auditor", "359") as auditor:
        await auditor.get("/audit")
        again = (await auditor.json("GET", "/api/v1/audit?action=audit_viewed", None)).json()
    assert again["totals"]["rows"] >= 1
    assert {row["action"] for row in again["rows"]} == {"audit_viewed"}


async def test_the_trail_of_one_pathway_is_found_by_the_address_of_its_page(world: World) -> None:
    pathway = uuid4()
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await audit.viewed(tx, "pathway_viewed", "for this one", [pathway])
        await audit.viewed(tx, "pathway_viewed", "for another", [uuid4()])
    async with await world.signed_in("auditor", "359") as auditor:
        text = (await auditor.get(f"/audit?pathway=https://tracker.example/pathways/{pathway}")).text
    assert "for this one" in text
    assert "for another" not in text


async def test_days_that_cannot_be_are_said_and_nothing_is_lost(world: World) -> None:
    async with await world.signed_in("auditor", "359") as auditor:
        answers = [
            await auditor.get(f"/audit?{query}")
            for query in ("from=31/2/2026", "from=4/11/2026&to=3/11/2026", "from=1/1/2020", "by=x", "pathway=somebody")
        ]
        problem = await auditor.json("GET", "/api/v1/audit?from=2026-11-04&to=2026-11-03", None)
    assert [answer.status_code for answer in answers] == [422] * 5
    assert all("There is a problem" in answer.text for answer in answers)
    assert "31/2/2026" in answers[0].text
    assert problem.status_code == 422
    assert problem.json()["errors"][0]["field"] == "from"


async def test_the_review_names_a_role_that_nobody_uses(world: World) -> None:
    async with await world.signed_in("auditor", "359") as auditor:
        text = (await auditor.get("/audit/access")).text
        said = (await auditor.json("GET", "/api/v1/audit/access", None)).json()
    assert "Not used" in text
    assert said["unused"] >= 1
    assert any(each["role"] == "police_liaison" and each["force"] == "gmp" for each in said["access"])


async def test_the_chain_is_checked_on_a_page(world: World) -> None:
    async with await world.signed_in("auditor", "359") as auditor:
        assert "The chain holds" in (await auditor.get("/audit/chain")).text
        assert (await auditor.json("GET", "/api/v1/audit/chain", None)).json()["intact"] is True


async def test_nobody_else_is_shown_the_trail(world: World) -> None:
    for role in ("administrator", "mash_manager", "board_member"):
        async with await world.signed_in(role, "359") as other:
            for path in ("/audit", "/audit/access", "/audit/chain", "/audit.csv"):
                assert (await other.get(path)).status_code in (403, 404)
