"""Late that becomes in time needs a source and a second person through the API too (invariant 3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg

from schema.ids import new_id
from service.actor import SYSTEM
from service.flags.sweep import sweep
from tests.fixtures.databases import DatabaseUrls
from tests.fixtures.people import World
from tests.http.conftest import NOON
from tests.http.invariants.conftest import Family, notice


async def fetch(world: World, query: str, *arguments: object) -> list[Any]:
    async with world.app.state.database.transaction(SYSTEM) as tx, tx.recording():
        return [tuple(row) for row in await tx.connection.fetch(query, *arguments)]


async def test_a_correction_that_forgives_needs_its_source_and_somebody_else(
    world: World, family: Family, module_database_urls: DatabaseUrls
) -> None:
    async with world.machine("gmp") as machine:
        answer = await machine.post(
            "/api/v1/notices",
            json=notice(
                "06DA/810/26",
                "Una",
                police_attended={"at": "2026-10-30T09:00:00Z"},
                notice_shared={"at": "2026-11-02T09:00:00Z"},
            ),
        )
    pathway = answer.json()["pathways"][0]["pathway"]
    await sweep(world.app.state.database)
    flagged = (
        "select id, rule, subject, episode, true_from, noticed_at from flag where about = $1::text::uuid order by 1"
    )
    flags = await fetch(world, flagged, pathway)
    assert ("overdue", "police_share") in {(row[1], row[2]) for row in flags}
    ((milestone,),) = await fetch(
        world,
        "select id from milestone_current where pathway = $1::text::uuid and kind = 'notice_shared'",
        pathway,
    )
    path = f"/api/v1/milestones/{milestone}/corrections"
    change = {"reason": "It was sent the evening before", "at": "2026-10-31T08:00:00Z"}
    world.timepiece.advance(timedelta(minutes=20))
    async with (
        await world.signed_in("mash_manager", "359") as proposer,
        await world.signed_in("mash_manager", "350") as stranger,
        await world.signed_in("mash_coordinator", "359") as coordinator,
    ):
        unsourced = await coordinator.json("POST", path, change)
        assert unsourced.status_code == 422
        assert [error["field"] for error in unsourced.json()["errors"]] == ["source"]
        previewed = await proposer.json("POST", f"{path}?preview=true", change | {"source": "Mail log"})
        assert (previewed.status_code, previewed.json()["state"]) == (200, "preview")
        proposed = await proposer.json("POST", path, change | {"source": "Mail log"})
        assert (proposed.status_code, proposed.json()["state"]) == (202, "waits_for_second_person")
        verdict = f"/api/v1/corrections/{proposed.json()['proposal']}/verdict"
        assert (await proposer.json("POST", verdict, {"agree": True})).status_code == 403
        assert (await coordinator.json("POST", verdict, {"agree": True})).status_code == 403
        assert (await stranger.json("POST", verdict, {"agree": True})).status_code == 404
        assert (
            await fetch(
                world, "select cause from condition where about = $1::text::uuid and cause = 'corrected'", pathway
            )
            == []
        )
        second = await world.signed_in("mash_manager", "359")
        assert (await second.json("POST", verdict, {"agree": True})).status_code == 403, "the same person twice"
    other = await another_manager(world, module_database_urls.owner_url)
    async with await world.signed_in("mash_manager", other) as somebody_else:
        agreed = await somebody_else.json("POST", verdict, {"agree": True})
        assert agreed.status_code < 300, agreed.text
        assert (await somebody_else.json("POST", verdict, {"agree": True})).status_code == 409
        late = await somebody_else.json("POST", path, change | {"source": "Mail log"})
        assert late.status_code == 412
        assert late.json()["facts"]["by"]
    world.timepiece.advance(timedelta(hours=1))
    await sweep(world.app.state.database)
    causes = await fetch(
        world,
        "select cause from condition where about = $1::text::uuid and rule = 'overdue' and subject = 'police_share'",
        pathway,
    )
    assert causes == [("corrected",)]
    assert set(flags) <= set(await fetch(world, flagged, pathway))


async def another_manager(world: World, owner_url: str) -> str:
    """Give the manager of Bolton the same role in Wigan; the place they sign in by."""
    owner = await asyncpg.connect(owner_url)
    try:
        await owner.execute(
            "insert into person_role (id, person, role, area, since) values ($1, $2, 'mash_manager', '359', $3)",
            new_id(NOON),
            world.partnership.people["mash_manager.350"],
            NOON - timedelta(days=1),
        )
    finally:
        await owner.close()
    return "350"
