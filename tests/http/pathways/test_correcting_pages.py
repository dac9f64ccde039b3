"""Corrections by page: shown before they are recorded, and a second person where late becomes in time."""

from __future__ import annotations

import re

from tests.fixtures.people import Browser, World
from tests.http.pathways.conftest import Log, audited, milestone_of


async def correct(browser: Browser, path: str, **said: str) -> tuple[int, str]:
    answer = await browser.form(path, what="values", outcome="front_door", **said)
    return answer.status_code, answer.text


async def test_the_form_shows_what_stands_and_then_what_a_change_does(world: World, log: Log) -> None:
    (pathway,) = await log("06DC/1/26", "Ewan")
    milestone = await milestone_of(world, pathway, "notice_received")
    path = f"/pathways/{pathway}/milestones/{milestone}/correct"
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        form = (await coordinator.get(path)).text
        assert "03/11/2026 12:00" in form
        status, text = await correct(coordinator, path, when="3/11/2026 11:00", reason="Read off the mail")
        assert status == 200
        assert "Decision on the contact within 24 hours" in text
        assert await milestone_of(world, pathway, "notice_received") == milestone
        done = await coordinator.form(
            path, what="values", when="3/11/2026 11:00", outcome="front_door", reason="Read off the mail", step="record"
        )
        assert done.headers["location"] == f"/pathways/{pathway}?done=corrected"
        shown = (await coordinator.get(f"/pathways/{pathway}")).text
    assert "what stood before" in shown
    assert "Read off the mail" in shown
    assert len(await audited(world, "correction_form_viewed")) == 3


async def test_two_people_cannot_both_correct_and_the_second_sees_the_first(world: World, log: Log) -> None:
    (pathway,) = await log("06DC/2/26", "Ewan")
    milestone = await milestone_of(world, pathway, "notice_received")
    path = f"/pathways/{pathway}/milestones/{milestone}/correct"
    said = {"when": "3/11/2026 11:00", "step": "record"}
    async with (
        await world.signed_in("mash_coordinator", "359") as one,
        await world.signed_in("mash_manager", "359") as two,
    ):
        await correct(one, path, reason="First", **said)
        status, text = await correct(two, path, reason="Second", **said)
        opened = await two.get(path)
    assert status == opened.status_code == 412
    assert "Somebody else corrected this first" in text
    assert "First" in text


async def test_late_that_becomes_in_time_waits_for_another_manager(world: World, log: Log) -> None:
    (pathway,) = await log(
        "06DC/3/26",
        "Ewan",
        police_attended={"at": "2026-10-28T09:00:00Z"},
        notice_shared={"at": "2026-11-02T09:00:00Z"},
    )
    milestone = await milestone_of(world, pathway, "notice_shared")
    path = f"/pathways/{pathway}/milestones/{milestone}/correct"
    async with await world.signed_in("mash_manager", "359") as manager:
        status, text = await correct(manager, path, when="28/10/2026 10:00", reason="Sent by mail that day")
        assert status == 422
        assert 'href="#source"' in text
        sent = {"when": "28/10/2026 10:00", "reason": "Sent by mail that day", "source": "Mail log 17"}
        status, text = await correct(manager, path, **sent)
        assert "A second person must agree" in text
        status, _ = await correct(manager, path, step="record", **sent)
        assert status == 303
        page = (await manager.get("/corrections")).text
        assert "Mail log 17" in page
        assert "Another manager must judge it" in page
    async with await world.signed_in("mash_manager", "350") as stranger:
        assert "Mail log 17" not in (await stranger.get("/corrections")).text
    async with await world.signed_in("mash_manager", "359") as manager:
        (proposal,) = await proposals(manager)
        own = await manager.form(f"/corrections/{proposal}", verdict="agree")
        assert own.status_code == 409
        assert "second person" in own.text
    assert await milestone_of(world, pathway, "notice_shared") == milestone


async def test_what_never_happened_is_retracted_and_stays_on_the_page(world: World, log: Log) -> None:
    (pathway,) = await log("06DC/4/26", "Ewan")
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        await coordinator.form(f"/pathways/{pathway}/record/school_notified", when="now", told="The head")
        milestone = await milestone_of(world, pathway, "school_notified")
        path = f"/pathways/{pathway}/milestones/{milestone}/correct"
        await coordinator.form(path, what="never", reason="Another child's school", step="record")
        text = (await coordinator.get(f"/pathways/{pathway}")).text
    assert "Retracted" in text
    assert "Another child&#39;s school" in text


async def proposals(browser: Browser) -> list[str]:
    """Ids of what waits, from the API: one's own have no button on the page."""
    text = (await browser.get("/api/v1/corrections/waiting")).text
    return re.findall(r'"id":"([0-9a-f-]{36})"', text)
