"""Places are set up on a page, not in SQL."""

from __future__ import annotations

from tests.fixtures.people import World

PLACES = "/administration/places"


async def test_an_administrator_sets_up_an_area_with_all_that_belongs_to_it(world: World) -> None:
    async with await world.signed_in("administrator", "359") as admin:
        for boxes in (
            {"kind": "force", "code": "lancs", "name": "Lancashire Constabulary"},
            {"kind": "area", "code": "888", "name": "Lancashire", "partnership": "Lancashire", "forces": "lancs"},
            {"kind": "district", "area": "888", "force": "lancs", "name": "Preston"},
            {"kind": "team", "area": "888", "name": "Assessment team"},
            {"kind": "school", "area": "888", "name": "Ribble Primary"},
            {"kind": "feed", "force": "lancs", "name": "lancs", "profile": "gmp", "coverage": "all_notices"},
        ):
            done = await admin.form(PLACES, **boxes)
            assert done.status_code == 303, done.text
        page = await admin.get(PLACES)
        assert "Ribble Primary" in page.text
        found = (await admin.get("/api/v1/places")).json()
        (area,) = [each for each in found["areas"] if each["code"] == "888"]
        assert area["forces"] == ["lancs"]
        (feed,) = [each for each in found["feeds"] if each["name"] == "lancs"]
        assert feed["silent_after_hours"] == 26
        team = next(each["id"] for each in found["teams"] if each["area"] == "888")
        renamed = await admin.form(PLACES, rename=f"team {team}", new_name="First response")
        assert renamed.status_code == 303
        assert "First response" in (await admin.get(PLACES)).text


async def test_what_cannot_be_is_said_beside_its_field_and_kept(world: World) -> None:
    async with await world.signed_in("administrator", "359") as admin:
        wrong = await admin.form(PLACES, kind="area", name="Nowhere", code="!", partnership="", forces="none")
        assert wrong.status_code == 422
        for said in ("code of the local authority", "partnership", "Choose the forces"):
            assert said in wrong.text
        assert 'value="Nowhere"' in wrong.text
        twice = await admin.json(
            "POST",
            "/api/v1/places",
            {"kind": "area", "code": "359", "name": "X", "partnership": "X", "forces": ["gmp"]},
        )
        assert twice.status_code == 409
        strange = await admin.form(PLACES, rename="team nobody", new_name="X")
        assert strange.status_code == 422
        assert (await admin.form(PLACES, kind="planet", name="Mars")).status_code == 422
