"""From a held discussion to a conference on working day 16, as those who do it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from tests.fixtures.people import World
from tests.http.enquiries.conftest import WRITTEN, Family, at, change, started
from tests.http.pathways.conftest import kinds_of


async def test_one_enquiry_per_child_a_conference_on_day_16_and_its_agreed_lateness(
    world: World, family: Family
) -> None:
    async with (
        await world.signed_in("social_worker", "359") as worker,
        await world.signed_in("team_manager", "359") as manager,
        await world.signed_in("conference_service", "359") as chair,
    ):
        enquiries = await started(manager, family, history="Three notices in six months.")
        assert len(set(enquiries)) == 2
        for enquiry, pathway in zip(enquiries, family.pathways, strict=True):
            path = f"/api/v1/enquiries/{enquiry}"
            got = await worker.get(path)
            assert got.headers["etag"] == '"1"'
            assert got.json()["kind"] == "joint"
            version = await change(worker, "PUT", path, 1, WRITTEN)
            seen = {"at": "2026-11-20T15:30:00Z", "seen_alone": True}
            version = await change(worker, "POST", f"{path}/child-seen", version, seen)
            version = await change(worker, "POST", f"{path}/completion", version)
            await change(manager, "POST", f"{path}/authorisation", version)
            told = await kinds_of(world, pathway)
            assert {"information_requested", "information_returned"} <= set(told), "its check with health"
            assert [kind for kind in told if not kind.startswith("information_")][-4:] == [
                "strategy_held",
                "enquiry_started",
                "child_seen",
                "enquiry_completed",
            ]
        asked = await manager.json("POST", "/api/v1/conferences", {"pathways": family.pathways})
        assert asked.status_code == 201, asked.text
        path = f"/api/v1/conferences/{asked.json()['conference']}"
        planned = {"planned_for": "2026-12-14T10:00:00Z", "chair": "Sam Chair"}
        version = await change(chair, "PUT", f"{path}/date", 1, planned)

    at(world, 2026, 12, 14, 12)
    async with (
        await world.signed_in("team_manager", "359") as manager,
        await world.signed_in("conference_service", "359") as chair,
        await world.signed_in("mash_manager", "359") as front_door,
    ):
        due = (await chair.get("/api/v1/conferences?which=late")).json()
        assert [line["working_days_late"] for line in due["lines"]] == [1, 1]
        held = {
            "at": "2026-12-14T10:00:00Z",
            "chair": "Sam Chair",
            "agencies": ["childrens_social_care", "police", "health", "education"],
            "children": [
                {"pathway": family.pathways[0], "outcome": "plan", "category": "emotional_abuse"},
                {"pathway": family.pathways[1], "outcome": "no_plan"},
            ],
        }
        version = await change(chair, "POST", f"{path}/holding", version, held)
        unexplained = (await chair.get("/api/v1/conferences?which=without_reason")).json()
        assert len(unexplained["lines"]) == 2
        why = {
            "reason": "agency_not_available",
            "agency": "health",
            "text": "The school nurse was on leave until the 14th.",
            "interim_plan": "Daily visits; he stays with his brother.",
        }
        version = await change(chair, "PUT", f"{path}/lateness", version, why)
        alone = await chair.json("POST", f"{path}/agreement", {}, **{"if-match": f'"{version}"'})
        assert alone.status_code == 409
        await change(manager, "POST", f"{path}/agreement", version)
        assert (await chair.get("/api/v1/conferences?which=without_reason")).json()["lines"] == []

        page = (await front_door.get(f"/pathways/{family.pathways[0]}")).text
        for words in (
            "Lateness of the conference agreed: agency not available",
            "The school nurse was on leave until the 14th.",
            "Daily visits; he stays with his brother.",
            "Alex Team Manager",
            "Alex Conference Service",
            "10 hours late",
        ):
            assert words in page
        exported = (await front_door.get("/api/v1/history.csv")).text
    rows = list(csv.DictReader(io.StringIO(exported)))
    assert [row["given_names"] for row in rows] == ["Ewan", "Yusuf"]
    for row in rows:
        assert row["icpc_required"] == "yes"
        assert row["icpc_due_on"] == "2026-12-11"
        assert row["icpc_held_at"] == "2026-12-14T10:00:00Z"
        assert row["icpc_late_working_days"] == "1"
        assert row["icpc_late_reason"] == "agency_not_available"
        assert row["icpc_late_agreed_by_manager"] == "Alex Team Manager"
        assert row["icpc_late_agreed_by_chair"] == "Alex Conference Service"
    assert datetime(2026, 12, 14, tzinfo=UTC).weekday() == 0
