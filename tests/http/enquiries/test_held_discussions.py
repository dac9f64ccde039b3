"""Holding a discussion that decides on section 47 begins one enquiry for each child, in the same step."""

from __future__ import annotations

from tests.fixtures.people import World
from tests.http.enquiries.conftest import Put
from tests.http.meetings.conftest import asked, held
from tests.http.pathways.conftest import kinds_of


async def test_a_held_discussion_begins_one_enquiry_for_each_child_it_decided_for(world: World, put: Put) -> None:
    covered = await put("06DE/900/26", "Gus", "Hal")
    async with (
        await world.signed_in("mash_manager", "359") as manager,
        await world.signed_in("social_worker", "359") as worker,
    ):
        discussion = await asked(manager, covered, requested_at="today 1130")
        await held(manager, discussion)
        for pathway in covered:
            assert (await kinds_of(world, pathway)).count("enquiry_started") == 1
            there = await worker.get(f"/pathways/{pathway}/enquiry")
            path = there.headers["location"]
            view = (await worker.get(f"/api/v1{path}")).json()
            assert view["enquiry"]["discussion"] == view["discussion"] == discussion
            assert f'href="/meetings/{discussion}"' in (await worker.get(path)).text
            assert view["kind"] == "joint"
            assert view["body"]["lead_social_worker"] == "Sam Social"
            assert view["started"]["at"] == "2026-11-20T12:00:00Z"
            assert view["started"]["detail"]["history_considered"] is True
            assert [each["record"] for each in view["initiations"]] == [view["enquiry"]["initiated_by"]]
        nowhere = await worker.get(f"/enquiries/{discussion}")
        assert (nowhere.status_code, "Social worker, Wigan" in nowhere.text) == (404, True)


async def test_a_child_for_whom_it_did_not_decide_so_has_none(world: World, put: Put) -> None:
    covered = await put("06DE/901/26", "Cyd", "Dee")
    async with await world.signed_in("mash_manager", "359") as manager:
        discussion = await asked(manager, covered, requested_at="today 1130")
        nothing = {
            "children_1_section_47": "no",
            "children_1_enquiry": "",
            "children_1_lead": "",
            "children_1_alternative": "Assessment",
        }
        await held(manager, discussion, **nothing)
    begun = [(await kinds_of(world, pathway)).count("enquiry_started") for pathway in covered]
    assert sorted(begun) == [0, 1]
