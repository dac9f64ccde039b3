"""A discussion and the children's pathways say the same: a correction changes both or neither."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.fixtures.people import World
from tests.http.meetings.conftest import Logged, asked, held, hidden
from tests.http.pathways.conftest import milestone_of


async def test_what_a_discussion_tells_is_corrected_by_its_record(world: World, logged: Logged) -> None:
    (ada,) = await logged("06SD/11/26", "Ada")
    world.timepiece.advance(timedelta(hours=3))
    async with await world.signed_in("mash_manager", "359") as manager:
        discussion = await asked(manager, [ada], requested_at="today 1130")
        await held(manager, discussion)
        milestone = await milestone_of(world, ada, "strategy_held")
        path = f"/pathways/{ada}/milestones/{milestone}/correct"
        assert f'href="/meetings/{discussion}/record"' in (await manager.get(path)).text
        refused = await manager.form(path, what="values", when="today 1215", reason="Began later")
        assert refused.status_code == 422
        assert "Correct the record: that corrects it for every child it covers" in refused.text
        change = {"reason": "Began later", "at": "2026-11-03T12:15:00Z"}
        by_api = await manager.json("POST", f"/api/v1/milestones/{milestone}/corrections", change)
        assert (by_api.status_code, by_api.json()["facts"]["discussion"]) == (409, discussion)
        # That it never took place is said on the pathway: it is to be held still, and nothing written is lost.
        gone = await manager.form(path, what="never", reason="Another family", source="Diary", step="record")
        assert gone.status_code == 303, gone.text
        page = (await manager.get(f"/meetings/{discussion}")).text
        assert "The enquiry that it began stands, and its clocks run, until its start is taken back too" in page
        start = await milestone_of(world, ada, "enquiry_started")
        assert f'href="/pathways/{ada}/milestones/{start}/correct"' in page
        enquiry = re.search(r'href="(/enquiries/[0-9a-f-]{36})"', page)
        assert enquiry
        assert (await manager.get(enquiry[1])).status_code == 200
        assert "Hold it: open the record" in page
        assert "Third time this year" not in page
        assert "Third time this year" in (await manager.get(f"/meetings/{discussion}/record")).text
        await held(manager, discussion, children_0_section_47="under_way")
        after = (await manager.get(f"/meetings/{discussion}")).text
        assert "quorate" in after
        assert f'href="{enquiry[1]}">Section 47 enquiry' in after
        assert "recorded as held, and was not" not in after
        history = (await manager.get(f"/meetings/{discussion}/history")).text
        told = ("Recorded as held", "Taken back: it was not held", "Another family", "Asked for")
        assert all(word in history for word in told)
        assert "Draft" not in history.replace("Drafts are not kept", "")
    async with await world.signed_in("partner", "359") as partner:
        assert (await partner.get(f"/meetings/{discussion}/history")).status_code == 403


async def test_late_becomes_in_time_in_both_places_when_a_second_person_agrees(world: World, logged: Logged) -> None:
    (ben,) = await logged("06SD/13/26", "Ben")
    async with await world.signed_in("mash_manager", "359") as manager:
        discussion = await asked(manager, [ben])
    world.timepiece.advance(timedelta(days=3))
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        path = f"/meetings/{discussion}/record"
        await held(coordinator, discussion, held_from="today 0830", held_until="today 0845")
        fields = hidden((await coordinator.get(path)).text)
        said = {"held_from": ["3/11/2026 16:00"], "held_until": ["3/11/2026 16:30"], "reason": ["Call log"]}
        unsourced = await coordinator.form(path, **(fields | said), step="correct")
        assert unsourced.status_code == 422
        assert "name the log or record" in unsourced.text
        sent = await coordinator.form(path, **(fields | said | {"source": ["Call log"]}), step="correct")
        assert sent.headers["location"] == f"/meetings/{discussion}?done=proposed"
        assert "waits for a second person" in (await coordinator.get(f"/meetings/{discussion}")).text
    async with await world.signed_in("mash_manager", "359") as manager:
        waiting = (await manager.get("/corrections")).text
        assert f'href="/meetings/{discussion}">The discussion' in waiting
        found = re.search(r'action="(/corrections/[0-9a-f-]{36})"', waiting)
        assert found
        agreed = await manager.form(found[1], verdict="agree")
        assert agreed.headers["location"] == "/corrections?done=agree"
        assert "Held Tue 3 Nov 16:00" in (await manager.get(f"/meetings/{discussion}")).text
        assert "16:00" in (await manager.get(f"/pathways/{ben}")).text
