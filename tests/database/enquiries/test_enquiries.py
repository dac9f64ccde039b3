"""Enquiries in a real database, as the application's role: one for each child, whatever was recorded before."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from service.actor import SYSTEM
from service.enquiries import authorising, starting, viewing
from service.enquiries import service as enquiries
from service.enquiries.rules import Body, Check, Seen, Starting
from service.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Refused
from service.pathways import proposals
from service.pathways import service as pathways
from service.pathways.rules import Entry
from service.pathways.service import Correction
from tests.database.enquiries.conftest import (
    COMPLETE,
    DISCUSSED,
    Put,
    authorised,
    clock,
    discussed,
    kinds,
    started,
)
from tests.fixtures.world import World


async def test_one_enquiry_starts_for_each_child_when_the_discussion_was_held(world: World, put: Put) -> None:
    children = [await put(given=name) for name in ("Ewan", "Yusuf", "Ada", "Bea", "Cyd", "Dee")]
    record = await discussed(world, *children)
    found = await started(world, *children, initiated_by=record)
    assert len(set(found)) == 6
    async with world.database.transaction(world["team_manager.359"]) as tx:
        views = [await viewing.view(tx, each) for each in found]
    assert {view.started.at for view in views if view.started} == {DISCUSSED}
    assert {view.enquiry.initiated_by for view in views} == {record}
    assert len({view.enquiry.started_record for view in views}) == 6
    for role in ("conference_service", "mash_coordinator", "out_of_hours", "senior_leader"):
        with pytest.raises((Forbidden, NotFound)):
            async with world.database.transaction(world[f"{role}.359"]) as tx:
                await enquiries.save(tx, found[0], COMPLETE, 1)


async def test_several_incidents_of_one_child_are_one_enquiry(world: World, put: Put) -> None:
    first, second = await put("06DE/1/26"), await put("06DE/2/26")
    await discussed(world, first, second)
    (enquiry,) = await started(world, first, second)
    for pathway in (first, second):
        assert await kinds(world, pathway) == ["strategy_held", "enquiry_started"]
    async with world.database.transaction(world["social_worker.359"]) as tx:
        seen = Seen(at=datetime(2026, 11, 20, 15, 30, tzinfo=UTC), seen_alone=True)
        await enquiries.record_seen(tx, enquiry, seen, 1)
    async with world.database.transaction(SYSTEM) as tx:
        records = await tx.connection.fetch("select distinct record from milestone where kind = 'child_seen'")
    assert len(records) == 1


async def test_a_second_discussion_joins_the_enquiry_that_is_open_and_the_earliest_counts(
    world: World, put: Put
) -> None:
    pathway = await put()
    await discussed(world, pathway)
    (first,) = await started(world, pathway)
    world.timepiece.advance(timedelta(days=5))
    again = await discussed(world, pathway, at=DISCUSSED + timedelta(days=5))
    async with world.database.transaction(world["team_manager.359"]) as tx:
        (joined,) = await starting.start(tx, Starting(pathways=[pathway], kind="joint", initiated_by=again))
        view = await viewing.view(tx, first)
    assert (joined.enquiry, joined.joined) == (first, True)
    assert [each.at for each in view.initiations] == [DISCUSSED, DISCUSSED + timedelta(days=5)]
    assert (await clock(world, pathway, "conference"))["due_at"] == datetime(2026, 12, 12, tzinfo=UTC)
    async with world.database.transaction(SYSTEM) as tx:
        query = await tx.connection.fetchval(
            "select count(*) from condition where about = $1 and rule = 'data_quality'", pathway
        )
    assert query == 1


async def test_two_managers_who_start_at_once_start_one(world: World, put: Put) -> None:
    pathway = await put()
    await discussed(world, pathway)
    found = await asyncio.gather(started(world, pathway), started(world, pathway, actor=world["mash_manager.359"]))
    assert len({each for part in found for each in part}) == 1
    assert (await kinds(world, pathway)).count("enquiry_started") == 1


async def test_a_repeat_enquiry_is_another_episode_once_the_first_is_authorised(world: World, put: Put) -> None:
    pathway = await put()
    await discussed(world, pathway)
    (first,) = await started(world, pathway)
    await authorised(world, first, outcome="not_substantiated", conference_required="no", next_step="early_help")
    world.timepiece.advance(timedelta(days=10))
    await discussed(world, pathway, at=DISCUSSED + timedelta(days=10))
    (second,) = await started(world, pathway)
    assert first != second
    assert (await clock(world, pathway, "conference"))["due_at"] == datetime(2026, 12, 22, tzinfo=UTC)


async def test_an_enquiry_that_began_as_a_milestone_alone_is_taken_up_and_not_begun_twice(
    world: World, put: Put
) -> None:
    pathway = await put()
    async with world.database.transaction(SYSTEM) as tx:
        await pathways.record(
            tx, [Entry(pathway=pathway, kind="enquiry_started", at=DISCUSSED, outcome="joint", source="history_file")]
        )
    (enquiry,) = await started(world, pathway)
    assert await kinds(world, pathway) == ["enquiry_started"]
    async with world.database.transaction(world["team_manager.359"]) as tx:
        view = await viewing.view(tx, enquiry)
    assert view.started is not None
    assert view.started.at == DISCUSSED


async def test_without_a_discussion_it_must_be_said_when_it_began(world: World, put: Put) -> None:
    pathway = await put()
    with pytest.raises(Refused, match="No discussion"):
        await started(world, pathway)
    (enquiry,) = await started(world, pathway, at=DISCUSSED)
    async with world.database.transaction(world["team_manager.359"]) as tx:
        view = await viewing.view(tx, enquiry)
    assert view.started is not None
    assert view.started.at == DISCUSSED
    assert view.enquiry.initiated_by is None


async def test_a_retracted_start_is_told_and_another_can_begin(world: World, put: Put) -> None:
    pathway = await put()
    await discussed(world, pathway)
    (first,) = await started(world, pathway)
    async with world.database.transaction(world["team_manager.359"]) as tx:
        view = await viewing.view(tx, first)
        assert view.started is not None
        await pathways.correct(tx, view.started.id, Correction(reason="Another child", retract=True))
        view = await viewing.view(tx, first)
    assert view.started is None
    (second,) = await started(world, pathway)
    assert first != second


async def test_missing_history_is_flagged_until_the_analysis_is_written(world: World, put: Put) -> None:
    without, with_it = await put(given="Ewan"), await put(given="Yusuf")
    await discussed(world, without, with_it)
    (enquiry,) = await started(world, without)
    await started(world, with_it, history="Three notices.")
    async with world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch("select pathway from clock where standard = 'enquiry_history'")
    assert [row[0] for row in rows] == [without]
    async with world.database.transaction(world["social_worker.359"]) as tx:
        version = await enquiries.save(tx, enquiry, Body(history="Two plans before."), 1)
        await enquiries.save(tx, enquiry, Body(history="Two plans before, one closed."), version)
    assert (await kinds(world, without)).count("history_considered") == 1
    assert (await clock(world, without, "enquiry_history"))["stopped_at"] is not None


async def test_of_two_people_who_write_the_second_is_told_what_the_first_changed(world: World, put: Put) -> None:
    pathway = await put()
    await discussed(world, pathway)
    (enquiry,) = await started(world, pathway)
    async with world.database.transaction(world["social_worker.359"]) as tx:
        await enquiries.save(tx, enquiry, Body(findings="Mine"), 1)
    with pytest.raises(PreconditionFailed) as failed:
        async with world.database.transaction(world["team_manager.359"]) as tx:
            await enquiries.save(tx, enquiry, Body(findings="Theirs"), 1)
    assert failed.value.facts["version"] == 2
    assert failed.value.facts["changed"] == {"findings": [None, "Mine"]}
    assert failed.value.facts["by"] == "Social Worker.359"


async def test_whoever_writes_at_the_very_same_time_waits_and_then_hears_of_it(world: World, put: Put) -> None:
    pathway = await put()
    await discussed(world, pathway)
    (enquiry,) = await started(world, pathway)

    async def write(who: str) -> int | PreconditionFailed:
        try:
            async with world.database.transaction(world[who]) as tx:
                return await enquiries.save(tx, enquiry, Body(findings=who), 1)
        except PreconditionFailed as failed:
            return failed

    found = await asyncio.gather(write("social_worker.359"), write("team_manager.359"), write("mash_manager.359"))
    assert sorted(type(each).__name__ for each in found) == ["PreconditionFailed", "PreconditionFailed", "int"]


async def test_checks_are_told_as_milestones_and_say_the_same_as_what_is_written(world: World, put: Put) -> None:
    pathway = await put()
    await discussed(world, pathway)
    (enquiry,) = await started(world, pathway)
    worker, day = world["social_worker.359"], DISCUSSED.date()

    async def told() -> list[tuple[str, object, str]]:
        async with world.database.transaction(SYSTEM) as tx:
            rows = await tx.connection.fetch(
                "select kind, occurred_on, outcome from milestone_current where kind like 'information%' order by kind"
            )
        return [tuple(row) for row in rows]

    async def write(version: int, *checks: Check) -> tuple[int, Body]:
        async with world.database.transaction(worker) as tx:
            version = await enquiries.save(tx, enquiry, Body(checks=checks), version)
            return version, (await viewing.load(tx, enquiry)).body

    ours = Check(agency="childrens_social_care", asked_on=day)
    version, body = await write(1, Check(agency="health", question="Injuries?", asked_on=day), ours)
    assert await told() == [("information_requested", day, "health")]
    assert all(check.id for check in body.checks)
    health, ours = body.checks
    answered = msgspec.structs.replace(health, answered_on=day, answer="None known", agency="police")
    version, body = await write(version, answered, ours)
    assert await told() == [("information_requested", day, "police"), ("information_returned", day, "police")]
    async with world.database.transaction(SYSTEM) as tx:
        milestone = await tx.connection.fetchval(
            "select id from milestone_current where kind = 'information_requested'"
        )
    earlier = day - timedelta(days=1)
    async with world.database.transaction(worker) as tx:
        await proposals.correct_or_propose(tx, milestone, Correction(reason="Log", on=earlier, precision="day"))
        view = await viewing.load(tx, enquiry)
    assert view.body.checks[0].asked_on == earlier
    await write(view.version, ours)
    assert await told() == []


async def test_a_worker_completes_and_only_a_manager_authorises(world: World, put: Put) -> None:
    pathway = await put()
    await discussed(world, pathway)
    (enquiry,) = await started(world, pathway)
    worker, manager = world["social_worker.359"], world["team_manager.359"]
    async with world.database.transaction(worker) as tx:
        version = await enquiries.save(tx, enquiry, Body(findings="Something"), 1)
    with pytest.raises(Refused) as refused:
        async with world.database.transaction(worker) as tx:
            await enquiries.complete(tx, enquiry, version)
    assert "not_seen_why" in {wrong.field for wrong in refused.value.wrong}
    async with world.database.transaction(worker) as tx:
        version = await enquiries.save(tx, enquiry, COMPLETE, version)
        version = await enquiries.complete(tx, enquiry, version)
    assert (await kinds(world, pathway))[-1] != "enquiry_completed"
    with pytest.raises(Forbidden):
        async with world.database.transaction(worker) as tx:
            await authorising.authorise(tx, enquiry, version)
    async with world.database.transaction(manager) as tx:
        version = await authorising.send_back(tx, enquiry, version, "See the child")
    with pytest.raises(Conflict):
        async with world.database.transaction(manager) as tx:
            await authorising.authorise(tx, enquiry, version)
    async with world.database.transaction(worker) as tx:
        version = await enquiries.complete(tx, enquiry, version)
    async with world.database.transaction(manager) as tx:
        version = await authorising.authorise(tx, enquiry, version)
        view = await viewing.view(tx, enquiry)
    assert (await kinds(world, pathway))[-1] == "enquiry_completed"
    assert view.enquiry.authorised_by == "Team Manager.359"
    assert view.enquiry.completed_by == "Social Worker.359"
    with pytest.raises(Conflict):
        async with world.database.transaction(worker) as tx:
            await enquiries.save(tx, enquiry, COMPLETE, version)
    async with world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch(
            "select state from enquiry_revision where enquiry = $1 order by version", enquiry
        )
    assert [row[0] for row in rows] == ["open", "open", "open", "completed", "open", "completed", "authorised"]
    # What it found is one truth: corrected on the pathway, corrected here; taken back, it is open again.
    async with world.database.transaction(SYSTEM) as tx:
        milestone = await tx.connection.fetchval("select id from milestone_current where kind = 'enquiry_completed'")
    async with world.database.transaction(manager) as tx:
        other = Correction(reason="Misread", outcome="not_substantiated", detail={"conference_required": "no"})
        assert await proposals.correct_or_propose(tx, milestone, other) is None
        view = await viewing.load(tx, enquiry)
        assert (view.body.outcome, view.body.conference_required) == ("not_substantiated", "no")
        milestone = await tx.connection.fetchval("select id from milestone_current where kind = 'enquiry_completed'")
        await proposals.correct_or_propose(tx, milestone, Correction(reason="Another child's", retract=True))
        row = (await viewing.load(tx, enquiry)).enquiry
    assert (row.state, row.returned, row.completed_record) == ("open", "Another child's", None)


async def test_a_conference_found_not_to_be_required_after_day_15_stays_late(world: World, put: Put) -> None:
    pathway = await put()
    await discussed(world, pathway)
    (enquiry,) = await started(world, pathway)
    await authorised(world, enquiry)
    world.timepiece.set(datetime(2026, 12, 14, 9, tzinfo=UTC))
    async with world.database.transaction(world["team_manager.359"]) as tx:
        with pytest.raises(Refused):
            await authorising.drop_conference(tx, enquiry, 4, " ")
        version = await authorising.drop_conference(tx, enquiry, 4, "Moved away with a plan")
        with pytest.raises(Conflict):
            await authorising.drop_conference(tx, enquiry, version, "Again")
    row = await clock(world, pathway, "conference")
    assert row["stopped_at"] > row["due_at"]


async def test_siblings_in_two_areas_have_an_enquiry_in_each(world: World, put: Put) -> None:
    here, there = await put(given="Ewan"), await put(given="Yusuf", area="350")
    await discussed(world, here, there)
    with pytest.raises(NotFound):
        await started(world, here, there)
    (ours,) = await started(world, here)
    (theirs,) = await started(world, there, actor=world["team_manager.350"])
    for stranger, enquiry in (("team_manager.359", theirs), ("team_manager.350", ours)):
        with pytest.raises(NotFound):
            async with world.database.transaction(world[stranger]) as tx:
                await viewing.view(tx, enquiry)


async def test_the_child_is_seen_once_and_not_alone_only_with_a_reason(world: World, put: Put) -> None:
    pathway = await put()
    await discussed(world, pathway)
    (enquiry,) = await started(world, pathway)
    at = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    async with world.database.transaction(world["social_worker.359"]) as tx:
        for seen in (Seen(at=at, seen_alone=False), Seen(seen_alone=True), Seen(at=at, on=at.date(), seen_alone=True)):
            with pytest.raises(Refused):
                await enquiries.record_seen(tx, enquiry, seen, 1)
        version = await enquiries.record_seen(
            tx, enquiry, Seen(at=at, seen_alone=False, why_not_alone="Two months old"), 1
        )
        with pytest.raises(Conflict):
            await enquiries.record_seen(tx, enquiry, Seen(at=at, seen_alone=True), version)
    assert (await clock(world, pathway, "child_seen_enquiry"))["stopped_at"] == at
