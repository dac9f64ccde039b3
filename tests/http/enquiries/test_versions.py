"""Every change names its version; drafts are kept; what is refused says every field that is wrong."""

from __future__ import annotations

import asyncio

import pytest

from tests.fixtures.people import World
from tests.http.enquiries.conftest import WRITTEN, Family, Put, change, discussed, started, wrong_fields


async def test_a_change_names_its_version_and_a_later_one_hears_what_changed(world: World, family: Family) -> None:
    async with (
        await world.signed_in("social_worker", "359") as worker,
        await world.signed_in("team_manager", "359") as manager,
    ):
        enquiry, _ = await started(manager, family)
        path = f"/api/v1/enquiries/{enquiry}"
        without = await worker.json("PUT", path, {})
        assert without.status_code == 428
        for nonsense in ('"0"', '"x"', '"99"', "*"):
            assert (await worker.json("PUT", path, {}, **{"if-match": nonsense})).status_code == 412
        await change(worker, "PUT", path, 1, {"findings": "First"})
        second = await manager.json("PUT", path, {"findings": "Second"}, **{"if-match": '"1"'})
        assert second.status_code == 412
        facts = second.json()["facts"]
        assert facts["changed"] == {"findings": [None, "First"]}
        assert facts["by"] == "Alex Social Worker"
        assert facts["version"] == 2
        assert (await worker.get(path)).json()["body"] == {"findings": "First"}


async def test_what_is_wrong_is_named_field_by_field(world: World, family: Family) -> None:
    async with (
        await world.signed_in("social_worker", "359") as worker,
        await world.signed_in("team_manager", "359") as manager,
        await world.signed_in("conference_service", "359") as chair,
    ):
        enquiry, _ = await started(manager, family)
        path = f"/api/v1/enquiries/{enquiry}"
        said = {"checks": [{"agency": "dentist"}, {"agency": "health", "asked_on": "2027-01-01"}]}
        answer = await worker.json("PUT", path, said, **{"if-match": '"1"'})
        assert await wrong_fields(answer) == {"checks[0].agency", "checks[1].asked_on"}
        answer = await worker.json("PUT", path, {"outcome": "maybe"}, **{"if-match": '"1"'})
        assert await wrong_fields(answer) == {"outcome"}
        answer = await worker.json("POST", f"{path}/completion", {}, **{"if-match": '"1"'})
        assert {"history", "outcome", "rationale", "conference_required"} <= await wrong_fields(answer)
        future = {"at": "2026-11-21T09:00:00Z", "seen_alone": True}
        answer = await worker.json("POST", f"{path}/child-seen", future, **{"if-match": '"1"'})
        assert await wrong_fields(answer) == {"at"}
        assert (await worker.get(path)).json()["enquiry"]["version"] == 1

        asked = await manager.json("POST", "/api/v1/conferences", {"pathways": family.pathways, "kind": "transfer_in"})
        assert await wrong_fields(asked) == {"notified_at", "notified_by"}
        asked = await manager.json("POST", "/api/v1/conferences", {"pathways": family.pathways})
        path = f"/api/v1/conferences/{asked.json()['conference']}"
        answer = await chair.json("POST", f"{path}/holding", {}, **{"if-match": '"1"'})
        assert await wrong_fields(answer) == {"at", "chair", "agencies", "children"}
        answer = await chair.json("POST", f"{path}/cancellation", {}, **{"if-match": '"1"'})
        assert await wrong_fields(answer) == {"cause", "waits_on"}
        again = await manager.json("POST", "/api/v1/conferences", {"pathways": family.pathways[:1]})
        assert again.status_code == 409


async def test_only_those_who_hold_discussions_start_enquiries(world: World, family: Family) -> None:
    body = {"pathways": family.pathways, "kind": "joint"}
    for role in ("social_worker", "conference_service", "police_liaison"):
        async with await world.signed_in(role, "gmp" if role == "police_liaison" else "359") as somebody:
            assert (await somebody.json("POST", "/api/v1/enquiries", body)).status_code == 403
    async with await world.signed_in("team_manager", "350") as stranger:
        assert (await stranger.json("POST", "/api/v1/enquiries", body)).status_code == 404
    async with await world.signed_in("mash_manager", "359") as manager:
        assert (await manager.json("POST", "/api/v1/enquiries", body)).status_code == 201


async def test_by_pages_what_was_typed_is_kept_when_somebody_was_first(world: World, family: Family) -> None:
    async with (
        await world.signed_in("social_worker", "359") as worker,
        await world.signed_in("team_manager", "359") as manager,
    ):
        enquiry, _ = await started(manager, family)
        path = f"/enquiries/{enquiry}"
        done = await worker.form(path, version="1", part="body", step="save", findings="The first text")
        assert (done.status_code, done.headers["location"]) == (303, f"{path}?done=saved")
        late = await manager.form(path, version="1", part="body", step="save", findings="The second text")
        assert late.status_code == 412
        for words in ("Alex Social Worker changed this meanwhile", "The first text", "The second text"):
            assert words in late.text
        assert 'name="version" value="2"' in late.text
        done = await manager.form(path, version="2", part="body", step="save", findings="Both texts")
        assert done.status_code == 303
        refused = await worker.form(path, version="3", part="body", step="complete", history="Written down")
        assert refused.status_code == 422
        assert "Enter the rationale." in refused.text
        assert "Written down" in (await worker.get(path)).text


@pytest.mark.parametrize("page", ["/enquiries", "/conferences"])
async def test_the_lists_are_one_row_of_the_trail_and_a_file(world: World, family: Family, page: str) -> None:
    async with await world.signed_in("team_manager", "359") as manager:
        await started(manager, family)
        shown = await manager.get(page)
        file = await manager.get(f"{page}.csv")
    assert "Ewan Pennington" in shown.text
    assert file.headers["content-type"].startswith("text/csv")
    assert file.text.count("Pennington") >= 2


async def test_enquiries_of_a_discussion_start_in_one_step(world: World, put: Put) -> None:
    covered = await put("06DE/700/26", "Ada", "Bea")
    record = await discussed(world, covered)
    async with await world.signed_in("team_manager", "359") as manager:
        path = f"/enquiries/new?record={record}"
        form = await manager.get(path)
        assert form.text.count("checked") == 2
        assert (await manager.get("/enquiries/new")).status_code == 404
        assert (await manager.get("/enquiries/new?record=x")).status_code == 404
        nobody = await manager.form(path, kind="joint")
        assert "Choose at least one child" in nobody.text
        answer = await manager.client.post(
            path, data={"csrf_token": manager.csrf, "kind": "single_agency", "children": covered}
        )
        assert answer.headers["location"] == "/enquiries?done=started"
        assert "The enquiries have begun." in (await manager.get("/enquiries?done=started")).text
        there = await manager.get(f"/pathways/{covered[0]}/enquiry")
        assert there.status_code == 303
        assert "Single agency" in (await manager.get(there.headers["location"])).text


async def test_two_people_who_write_at_once_by_the_api_lose_nothing(world: World, family: Family) -> None:
    async with (
        await world.signed_in("social_worker", "359") as worker,
        await world.signed_in("team_manager", "359") as manager,
    ):
        enquiry, _ = await started(manager, family)
        path = f"/api/v1/enquiries/{enquiry}"
        answers = await asyncio.gather(
            *(
                who.json("PUT", path, WRITTEN | {"findings": str(who)}, **{"if-match": '"1"'})
                for who in (worker, manager)
            )
        )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
