"""Conferences in a real database: several children in one, postponed, late, agreed by both sides."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from service.actor import SYSTEM
from service.enquiries.conferences import agreeing, asking, service, viewing
from service.enquiries.conferences.rules import Asking, Calling, ChildDecided, Holding, Lateness, Scheduling
from service.enquiries.lists import service as lists
from service.enquiries.pages.listing import countdown
from service.enquiries.pages.words import conference_stands, conferences_sentence
from service.errors import Conflict, Forbidden, PreconditionFailed, Refused
from service.pathways import proposals
from service.pathways import service as pathways
from service.pathways.rules import Entry
from service.pathways.service import Correction
from tests.database.enquiries.conftest import DISCUSSED, Put, authorised, clock, discussed, kinds, started
from tests.fixtures.world import World

QUORUM = ["childrens_social_care", "police", "health"]
DAY_16 = datetime(2026, 12, 14, 10, tzinfo=UTC)
WHY = Lateness(reason="not_quorate", text="Health did not come.", interim_plan="Daily visits.")


async def asked(world: World, *covered: UUID, **more: Any) -> UUID:
    async with world.database.transaction(world["team_manager.359"]) as tx:
        return await asking.ask(tx, Asking(pathways=list(covered), **more))


def holding(*decided: tuple[UUID, str | None], at: datetime = DAY_16, agencies: list[str] = QUORUM) -> Holding:
    return Holding(
        at=at,
        chair="Sam Chair",
        agencies=agencies,
        children=[
            ChildDecided(pathway=pathway, outcome="plan" if category else "no_plan", category=category)
            for pathway, category in decided
        ],
    )


async def test_six_children_in_one_conference_are_one_record_with_a_decision_for_each(world: World, put: Put) -> None:
    children = [await put(given=name) for name in ("Ewan", "Yusuf", "Ada", "Bea", "Cyd", "Dee")]
    await discussed(world, *children)
    await started(world, *children)
    conference = await asked(world, *children)
    world.timepiece.set(datetime(2026, 12, 10, 12, tzinfo=UTC))
    decided = [(child, "neglect" if number % 2 else None) for number, child in enumerate(children)]
    at = datetime(2026, 12, 10, 10, tzinfo=UTC)
    async with world.database.transaction(world["conference_service.359"]) as tx:
        await service.hold(tx, conference, holding(*decided, at=at, agencies=QUORUM[:2]), 1)
        view = await viewing.view(tx, conference)
    assert {child.quorate for child in view.children} == {False}
    async with world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch("select record, outcome from milestone where kind = 'conference_held'")
    assert len({row["record"] for row in rows}) == 1
    assert sorted(row["outcome"] for row in rows) == ["no_plan"] * 3 + ["plan"] * 3
    for child in children:
        assert (await clock(world, child, "conference"))["stopped_at"] == at

    # The time is everybody's; what was decided is one child's alone.
    async with world.database.transaction(SYSTEM) as tx:
        target = await tx.connection.fetchval(
            "select id from milestone_current where pathway = $1 and kind = 'conference_held'", children[1]
        )
    async with world.database.transaction(world["team_manager.359"]) as tx:
        recorded = await pathways.correct(
            tx, target, Correction(reason="The minutes", at=at - timedelta(hours=1), outcome="no_plan")
        )
    assert sorted(str(each.outcome) for each in recorded.milestones) == ["no_plan"] * 4 + ["plan"] * 2
    assert {each.at for each in recorded.milestones} == {at - timedelta(hours=1)}
    async with world.database.transaction(world["team_manager.359"]) as tx:
        recorded = await pathways.correct(
            tx, recorded.milestones[0].id, Correction(reason="The minutes again", outcome="no_plan")
        )
    assert len(recorded.milestones) == 1
    # What is corrected on a pathway is corrected in the conference, and one that was never held is ahead still.
    async with world.database.transaction(world["team_manager.359"]) as tx:
        last = (await viewing.load(tx, conference)).children[0]
        assert last.held is not None
        with pytest.raises(Refused):
            await proposals.correct_or_propose(tx, last.held.id, Correction(reason="Note", outcome="plan"))
        plan = Correction(reason="Note", outcome="plan", detail={"category": "neglect"})
        await proposals.correct_or_propose(tx, last.held.id, plan)
        rows = await tx.connection.fetch(
            "select outcome, category from conference_child where pathway = $1", last.about.pathway
        )
        assert [tuple(row) for row in rows] == [("plan", "neglect")]
        view = await viewing.load(tx, conference)
        gone = Correction(reason="Another family's", retract=True)
        assert view.children[1].held is not None
        await proposals.correct_or_propose(tx, view.children[1].held.id, gone)
        view = await viewing.load(tx, conference)
    assert (view.conference.state, {child.outcome for child in view.children}) == ("requested", {None})


async def test_postponing_and_calling_off_stop_nothing_and_need_a_cause_and_an_agency(world: World, put: Put) -> None:
    child = await put()
    await discussed(world, child)
    await started(world, child)
    conference = await asked(world, child)
    chair = world["conference_service.359"]
    before = await clock(world, child, "conference")
    async with world.database.transaction(chair) as tx:
        first = Scheduling(planned_for=datetime(2026, 12, 9, 10, tzinfo=UTC), chair="Sam")
        version = await service.schedule(tx, conference, first, 1)
        with pytest.raises(Refused) as refused:
            await service.schedule(tx, conference, Scheduling(planned_for=DAY_16), version)
        assert {wrong.field for wrong in refused.value.wrong} == {"cause", "waits_on"}
        moved = Scheduling(planned_for=DAY_16, cause="Health cannot come", waits_on="health")
        version = await service.schedule(tx, conference, moved, version)
        with pytest.raises(Refused):
            await service.schedule(tx, conference, Scheduling(planned_for=DISCUSSED), version)
        view = await viewing.view(tx, conference)
    assert view.late
    assert [child.working_days_late for child in view.children] == [1]
    assert (await kinds(world, child)).count("conference_scheduled") == 2
    async with world.database.transaction(chair) as tx:
        await service.call_off(tx, conference, Calling(cause="Chair ill", waits_on="childrens_social_care"), version)
    assert await clock(world, child, "conference") == before
    async with world.database.transaction(SYSTEM) as tx:
        told = await tx.connection.fetchrow("select outcome, detail from milestone where kind = 'conference_cancelled'")
    assert told is not None
    assert (told["outcome"], told["detail"]["cause"]) == ("childrens_social_care", "Chair ill")
    again = await asked(world, child)
    assert again != conference


async def test_a_late_conference_needs_both_sides_and_two_people(world: World, put: Put) -> None:
    child, sibling = await put(given="Ewan"), await put(given="Yusuf")
    await discussed(world, child, sibling)
    await started(world, child, sibling)
    conference = await asked(world, child, sibling)
    manager, chair = world["team_manager.359"], world["conference_service.359"]
    with pytest.raises(Conflict, match="not late"):
        async with world.database.transaction(chair) as tx:
            await agreeing.explain(tx, conference, WHY, 1)
    world.timepiece.set(DAY_16)
    async with world.database.transaction(chair) as tx:
        with pytest.raises(Conflict, match="No reason"):
            await agreeing.agree(tx, conference, 1)
        with pytest.raises(Refused):
            await agreeing.explain(tx, conference, Lateness(), 1)
        version = await agreeing.explain(tx, conference, WHY, 1)
        with pytest.raises(Conflict):
            await agreeing.agree(tx, conference, version)
        with pytest.raises(Forbidden):
            await agreeing.agree(tx, conference, version, "manager")
    assert "conference_delay_agreed" not in await kinds(world, child)
    async with world.database.transaction(manager) as tx:
        # Another reason takes back what the other side agreed to.
        version = await agreeing.explain(tx, conference, WHY, version)
    async with world.database.transaction(chair) as tx:
        version = await agreeing.agree(tx, conference, version)
    for each in (child, sibling):
        assert (await kinds(world, each))[-1] == "conference_delay_agreed"
    async with world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch(
            "select record, outcome, detail from milestone where kind = 'conference_delay_agreed'"
        )
    assert len({row["record"] for row in rows}) == 1
    assert {row["detail"]["chair"] for row in rows} == {"conference_service.359"}
    assert {row["detail"]["manager"] for row in rows} == {"Team Manager.359"}
    await _agreed_again(world, conference, version, child)


async def _agreed_again(world: World, conference: UUID, version: int, child: UUID) -> None:
    """What two agreed to is not corrected by one; another reason stands when both have agreed again."""
    manager, chair = world["team_manager.359"], world["conference_service.359"]
    async with world.database.transaction(SYSTEM) as tx:
        milestone = await tx.connection.fetchval(
            "select id from milestone_current where kind = 'conference_delay_agreed' and pathway = $1", child
        )
    async with world.database.transaction(manager) as tx:
        with pytest.raises(Conflict, match="both agree to it again"):
            await proposals.correct_or_propose(tx, milestone, Correction(reason="No", outcome="other"))
        other = msgspec.structs.replace(WHY, reason="other", agency=None, text="Snow")
        version = await agreeing.explain(tx, conference, other, version)
        view = await viewing.load(tx, conference)
    assert {each.outcome for each in view.milestones if each.kind == "conference_delay_agreed"} == {WHY.reason}
    async with world.database.transaction(chair) as tx:
        await agreeing.agree(tx, conference, version)
        view = await viewing.load(tx, conference)
        again = [each for each in view.milestones if each.kind == "conference_delay_agreed"]
        assert [(each.outcome, each.detail["text"]) for each in again] == [("other", "Snow")] * 2
        gone = Correction(reason="The date was misread", retract=True)
        proposal = await proposals.correct_or_propose(tx, again[0].id, gone)
    assert proposal is not None, "one person alone takes nothing back"
    async with world.database.transaction(world.manager) as tx:
        await proposals.judge(tx, proposal, agree=True)
        row = (await viewing.load(tx, conference)).conference
    assert (row.delay_record, row.late_reason, row.agreed_chair) == (None, None, None)


async def test_a_social_worker_agrees_to_nothing_and_two_areas_have_no_common_conference(
    world: World, put: Put
) -> None:
    child, there = await put(), await put(given="Yusuf", area="350")
    with pytest.raises(Conflict, match="different areas"):
        async with world.database.transaction(SYSTEM) as tx:
            await asking.ask(tx, Asking(pathways=[child, there]))
    await discussed(world, child)
    await started(world, child)
    conference = await asked(world, child)
    world.timepiece.set(DAY_16)
    worker = world["social_worker.359"]
    attempts = (
        lambda tx: agreeing.explain(tx, conference, WHY, 1),
        lambda tx: agreeing.agree(tx, conference, 1),
        lambda tx: service.hold(tx, conference, holding((child, None)), 1),
        lambda tx: service.call_off(tx, conference, Calling(cause="x", waits_on="health"), 1),
        lambda tx: asking.ask(tx, Asking(pathways=[child])),
    )
    for attempt in attempts:
        with pytest.raises(Forbidden):
            async with world.database.transaction(worker) as tx:
                await attempt(tx)


async def test_whoever_sees_only_one_sibling_does_not_record_for_the_others(world: World, put: Put) -> None:
    child, sibling = await put(given="Ewan"), await put(given="Yusuf")
    async with world.database.transaction(world.manager) as tx:
        conference = await asking.ask(tx, Asking(pathways=[child, sibling]))
        ended = Entry(pathway=sibling, kind="allocated", at=DISCUSSED, detail={"worker": "x", "team": "another"})
        await pathways.record(tx, [ended])
    with pytest.raises(Forbidden, match="every child"):
        async with world.database.transaction(world["team_manager.359"]) as tx:
            await service.hold(tx, conference, holding((child, None), at=DISCUSSED), 1)


async def test_two_who_record_one_conference_lose_nothing(world: World, put: Put) -> None:
    child = await put()
    await discussed(world, child)
    conference = await asked(world, child)
    async with world.database.transaction(world["conference_service.359"]) as tx:
        planned = Scheduling(planned_for=DAY_16, chair="Sam")
        await service.schedule(tx, conference, planned, 1)
    with pytest.raises(PreconditionFailed) as failed:
        async with world.database.transaction(world["team_manager.359"]) as tx:
            await service.schedule(tx, conference, planned, 1)
    assert failed.value.facts["changed"]["chair"] == ["", "Sam"]
    assert failed.value.facts["by"] == "Conference Service.359"


async def test_a_transfer_in_conference_counts_apart_and_a_pre_birth_one_is_for_an_unborn_child(
    world: World, put: Put
) -> None:
    child = await put()
    with pytest.raises(Refused) as refused:
        await asked(world, child, kind="transfer_in")
    assert {wrong.field for wrong in refused.value.wrong} == {"notified_at", "notified_by"}
    conference = await asked(world, child, kind="transfer_in", notified_on=date(2026, 11, 20), notified_by="Salford")
    assert (await clock(world, child, "transfer_in_conference"))["due_at"] == datetime(2026, 12, 12, tzinfo=UTC)
    world.timepiece.set(DAY_16)
    async with world.database.transaction(world["conference_service.359"]) as tx:
        await service.hold(tx, conference, holding((child, "neglect")), 1)
        view = await viewing.view(tx, conference)
    assert [each.working_days_late for each in view.children] == [1]
    found = await kinds(world, child)
    assert "transfer_in_conference_held" in found
    assert "conference_held" not in found
    async with world.database.transaction(SYSTEM) as tx:
        assert not await tx.connection.fetch("select 1 from clock where standard = 'conference'")
    born = await put(given="Ewan")
    unborn = await put(given="", born=None, due=date(2027, 3, 1))
    await discussed(world, unborn)
    with pytest.raises(Refused):
        await asked(world, born, kind="pre_birth")
    world.timepiece.set(DISCUSSED)
    conference = await asked(world, unborn, kind="pre_birth")
    async with world.database.transaction(world["conference_service.359"]) as tx:
        view = await viewing.view(tx, conference)
    assert [each.working_days_left for each in view.children] == [15]


async def test_a_conference_known_from_a_file_is_opened_to_say_why_it_was_late(world: World, put: Put) -> None:
    child = await put()
    await discussed(world, child)
    world.timepiece.set(DAY_16)
    async with world.database.transaction(SYSTEM) as tx:
        entry = Entry(pathway=child, kind="conference_held", at=DAY_16, outcome="plan", source="history_file")
        await pathways.record(tx, [entry])
    async with world.database.transaction(world.manager) as tx:
        (line,) = (await lists.conferences(tx, which="without_reason")).lines
    assert conference_stands(line.row) == "Held", "not as one that nobody has asked for"
    conference = await asked(world, child)
    assert (await kinds(world, child)).count("conference_held") == 1
    async with world.database.transaction(world["conference_service.359"]) as tx:
        version = await agreeing.explain(tx, conference, WHY, 1)
    async with world.database.transaction(world.manager) as tx:
        await agreeing.agree(tx, conference, version)
        found = await lists.conferences(tx, which="without_reason")
    assert found.lines == []


async def test_the_list_says_that_a_conference_planned_after_its_target_will_be_late(world: World, put: Put) -> None:
    child = await put()
    await discussed(world, child)
    await started(world, child)
    conference = await asked(world, child)
    said = []
    async with world.database.transaction(world["conference_service.359"]) as tx:
        await service.schedule(tx, conference, Scheduling(planned_for=DAY_16), 1)
    for now in (world.timepiece.now(), DAY_16 - timedelta(hours=1), DAY_16 + timedelta(days=1)):
        world.timepiece.set(now)
        async with world.database.transaction(world["conference_service.359"]) as tx:
            found = await lists.conferences(tx)
            said.append((conferences_sentence(found.counts), *[countdown(line, tx.now) for line in found.lines]))
    due, reason = "1 conference is due", "1 has no agreed reason for being late."
    assert said == [
        (f"{due}; none is late. {reason}", "will be 1 working day late"),
        (f"{due}; 1 is late. {reason}", "late, and will be 1 working day late"),
        (f"{due}; 1 is late. {reason}", "2 working days late"),
    ]


async def test_the_lists_tell_what_is_due_late_and_found_not_to_be_required(world: World, put: Put) -> None:
    late, dropped, unseen = await put("1", "Ewan"), await put("2", "Ada"), await put("3", "Bea")
    await discussed(world, late, dropped, unseen)
    first, second, _ = await started(world, late, dropped, unseen)
    await authorised(world, first)
    world.timepiece.set(DAY_16)
    await authorised(world, second, outcome="not_substantiated", conference_required="no", next_step="early_help")
    async with world.database.transaction(world["team_manager.359"]) as tx:
        apart = await lists.conferences(tx, which="not_required_late")
        due = await lists.conferences(tx, which="late")
        running = await lists.enquiries(tx)
    assert [line.row.pathway for line in apart.lines] == [dropped]
    assert {line.row.pathway: line.row.required for line in due.lines} == {late: "yes", unseen: None}
    assert [line.working_days_late for line in due.lines] == [1, 1]
    assert [(row.pathway, row.unseen, row.without_history) for row in running.rows] == [(unseen, True, True)]
    assert (running.counts.everything, running.counts.late, running.total) == (1, 1, 1)
    async with world.database.transaction(world["team_manager.350"]) as tx:
        assert (await lists.conferences(tx)).total == (await lists.enquiries(tx)).total == 0
