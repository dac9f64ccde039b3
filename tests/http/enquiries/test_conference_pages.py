"""A conference by its pages: asked for, dated, moved, called off, held with a decision for each child."""

from __future__ import annotations

from tests.fixtures.people import World
from tests.http.enquiries.conftest import Family, at, started
from tests.http.pathways.conftest import kinds_of


async def test_a_conference_is_asked_for_moved_held_and_called_off_by_page(world: World, family: Family) -> None:
    one, other = family.pathways
    async with (
        await world.signed_in("team_manager", "359") as manager,
        await world.signed_in("conference_service", "359") as chair,
    ):
        await started(manager, family)
        nothing = await manager.form(f"/pathways/{one}/conference")
        assert "Choose the kind of conference" in nothing.text
        missing = await manager.form(f"/pathways/{one}/conference", kind="transfer_in")
        assert 'href="#notified_at"' in missing.text
        assert 'href="#notified_by"' in missing.text
        born = await manager.form(f"/pathways/{one}/conference", kind="pre_birth")
        assert 'href="#kind"' in born.text
        asked = await manager.form(f"/pathways/{one}/conference", kind="initial", children=other)
        path = asked.headers["location"].partition("?")[0]
        assert (await chair.get(f"/pathways/{other}/conference")).headers["location"] == path

        day = await chair.form(f"{path}/date", version="1", planned_for="9/12/2026")
        assert "Enter the time of day too" in day.text
        done = await chair.form(f"{path}/date", version="1", planned_for="9/12/2026 10:00", chair="Sam Chair")
        assert done.headers["location"] == f"{path}?done=scheduled"
        unsaid = await chair.form(f"{path}/date", version="2", planned_for="10/12/2026 10:00")
        assert unsaid.status_code == 422
        assert 'href="#cause"' in unsaid.text
        assert 'href="#waits_on"' in unsaid.text
        first = await manager.form(
            f"{path}/date", version="1", planned_for="11/12/2026 10:00", cause="Ill", waits_on="health"
        )
        assert first.status_code == 412
        assert "Alex Conference Service changed this meanwhile" in first.text

    at(world, 2026, 12, 9, 12)
    async with await world.signed_in("conference_service", "359") as chair:
        empty = await chair.form(f"{path}/held", version="2")
        for field in ("held_at", "held_chair", "agencies", "children"):
            assert f'href="#{field}"' in empty.text, "every gap is told at once"
        half = {"version": "2", "held_at": "today 1000", "held_chair": "Sam Chair", f"outcome_{one}": "plan"}
        refused = await chair.form(f"{path}/held", **half)
        assert refused.status_code == 422
        for field in ("agencies", f"category_{one}", "children"):
            assert f'href="#{field}"' in refused.text
            assert f'id="{field}"' in refused.text
        whole = half | {f"category_{one}": "neglect", f"outcome_{other}": "no_plan"}
        there = {"agencies": ["childrens_social_care", "police", "health"]}
        answer = await chair.client.post(f"{path}/held", data={"csrf_token": chair.csrf, **whole, **there})
        assert answer.headers["location"] == f"{path}?done=held", answer.text
        shown = (await chair.get(path)).text
        assert "Held today " in shown
        assert "Child protection plan, neglect" in shown
        assert "No plan" in shown
        again = await chair.form(f"{path}/call-off", version="3", off_cause="Ill", off_waits_on="health")
        assert "This conference was held." in again.text
    assert (await kinds_of(world, one))[-1] == "conference_held"
