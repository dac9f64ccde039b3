"""A discussion and the children's pathways say the same: a correction changes both or neither."""

from __future__ import annotations

from datetime import timedelta

from tests.fixtures.people import World
from tests.http.meetings.conftest import Logged, asked, held
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
        assert "Hold it: open the record" in page
        assert "Third time this year" not in page
        assert "Third time this year" in (await manager.get(f"/meetings/{discussion}/record")).text
        await held(manager, discussion, children_0_section_47="under_way")
        assert "quorate" in (await manager.get(f"/meetings/{discussion}")).text
        history = (await manager.get(f"/meetings/{discussion}/history")).text
        told = ("Recorded as held", "Taken back: it was not held", "Another family", "Asked for")
        assert all(word in history for word in told)
        assert "Draft" not in history.replace("Drafts are not kept", "")
    async with await world.signed_in("partner", "359") as partner:
        assert (await partner.get(f"/meetings/{discussion}/history")).status_code == 403
