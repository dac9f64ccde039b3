"""What a partnership agreed: who takes part in discussions, and what its boards are not shown."""

from __future__ import annotations

from tests.fixtures.people import AREAS, World

DISCUSSIONS = "/administration/discussions"
BOARDS = "/administration/boards"


async def test_an_administrator_lets_an_agency_be_required_in_one_area(world: World) -> None:
    async with await world.signed_in("administrator", "359") as admin:
        before = (await admin.get(DISCUSSIONS)).text
        assert before.count("Children&#39;s social care, police and health") == len(AREAS)
        refused = await admin.form(DISCUSSIONS, agency="childrens_social_care", required="no", basis="Minute 4")
        assert refused.status_code == 422
        assert "always present" in refused.text
        assert "Minute 4" in refused.text
        empty = await admin.form(DISCUSSIONS, agency="", required="", area="999", effective_from="yesterday", basis="")
        assert empty.status_code == 422
        for field in ("agency", "required", "area", "effective_from", "basis"):
            assert f'href="#{field}"' in empty.text, field
        said = {"agency": "education", "area": "359", "basis": "Partnership, 2 November, item 4"}
        done = await admin.form(DISCUSSIONS, required="yes", **said)
        assert done.headers["location"] == f"{DISCUSSIONS}?done=recorded"
        after = (await admin.get(done.headers["location"])).text
        assert "Discussions that were held keep the rule of their day" in after
        assert "Partnership, 2 November, item 4" in after
        later = await admin.form(DISCUSSIONS, required="no", effective_from="1/12/2026 09:00", **said)
        assert later.status_code == 303
        assert "Education: not required" in (await admin.get(DISCUSSIONS)).text


async def test_an_administrator_says_what_boards_are_not_shown(world: World) -> None:
    async with await world.signed_in("administrator", "359") as admin:
        for wrong in ("1", "21", "five", "", "9" * 30):
            refused = await admin.form(BOARDS, area="359", most=wrong)
            assert refused.status_code == 422, wrong
            assert "Give a number from 2 to 20" in refused.text
        assert (await admin.form(BOARDS, area="nowhere", most="8")).status_code == 422
        done = await admin.form(BOARDS, area="359", most="8")
        assert done.headers["location"] == f"{BOARDS}?done=changed"
        assert 'value="8"' in (await admin.get(BOARDS)).text
    async with await world.signed_in("mash_manager", "359") as manager:
        assert (await manager.get(BOARDS)).status_code == 403
        assert (await manager.form(BOARDS, area="359", most="2")).status_code == 403
