"""What discussions do to the clocks, at the edges: weekends, holidays, clock changes, follow-ups, many children."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from schema.meetings import SlotSaid
from service.actor import SYSTEM
from service.errors import Conflict, Refused
from service.meetings import service as meetings
from service.meetings.requesting import planning
from service.meetings.requesting import service as requesting
from tests.fixtures.meetings import child, hold, look, request, utc
from tests.fixtures.world import START, World


async def clocks(world: World, pathway: UUID, standard: str) -> list[asyncpg.Record]:
    async with world.database.transaction(SYSTEM) as tx:
        rows: list[asyncpg.Record] = await tx.connection.fetch(
            "select started_at, due_at, stopped_at from clock where pathway = $1 and standard = $2 and rules"
            " order by started_at",
            pathway,
            standard,
        )
    return rows


async def due(world: World, pathway: UUID, standard: str) -> datetime:
    (row,) = await clocks(world, pathway, standard)
    found: datetime = row["due_at"]
    return found


#: When it was asked for, how urgently, and the end of its time.
EDGES = (
    ("2026-10-25 00:30", "immediate", "2026-10-26 00:00"),  # a day of 25 hours: clocks go back at two
    ("2026-11-06 23:00", "usual", "2026-11-10 00:00"),  # Friday night: the end of Monday
    ("2026-11-07 10:00", "usual", "2026-11-10 00:00"),  # a Saturday
    ("2026-11-09 23:50", "immediate", "2026-11-10 00:00"),  # the same day, with ten minutes left
    ("2026-12-24 16:00", "usual", "2026-12-30 00:00"),  # Christmas, a weekend and the substitute day between
    ("2027-03-28 00:30", "immediate", "2027-03-28 23:00"),  # a day of 23 hours: the midnight of summer time
)


async def test_a_discussion_is_due_by_the_end_of_its_day(world: World) -> None:
    for number, (asked, urgency, end) in enumerate(EDGES):
        at = utc(asked)
        world.timepiece.set(at)
        pathway = await child(world, asked, reference=f"06DA/{number}/26", attended=at - timedelta(hours=2))
        discussion = await request(world, pathway, urgency=urgency)
        assert await due(world, pathway, "strategy_discussion") == utc(end), asked
        assert (await look(world, discussion)).due_at == utc(end), asked


async def test_what_is_asked_for_only_when_a_slot_exists_counts_from_the_threshold(world: World) -> None:
    world.timepiece.set(START + timedelta(days=3))
    pathway = await child(world, attended=START - timedelta(hours=3))
    discussion = await request(world, pathway, threshold_at=START)
    (row,) = await clocks(world, pathway, "strategy_discussion")
    assert (row["started_at"], row["due_at"]) == (START, utc("2026-11-05 00:00"))
    starts = START + timedelta(days=3, hours=1)
    async with world.database.transaction(world.manager) as tx:
        await planning.offer_slots(tx, discussion, 1, [SlotSaid(starts_at=starts, ends_at=starts + timedelta(hours=1))])
    assert [slot.in_time for slot in (await look(world, discussion)).slots] == [False]


async def test_postponed_and_cancelled_stop_nothing_and_the_agency_is_waited_on(world: World) -> None:
    pathway = await child(world)
    first, later = START + timedelta(hours=3), START + timedelta(hours=27)
    slots = [SlotSaid(starts_at=at, ends_at=at + timedelta(hours=1)) for at in (first, later)]
    discussion = await request(world, pathway, slots=slots)
    one, two = (slot.slot.id for slot in (await look(world, discussion)).slots)
    async with world.database.transaction(world.coordinator) as tx:
        version = await planning.schedule(tx, discussion, 1, one)
        with pytest.raises(Conflict):
            await planning.schedule(tx, discussion, version, two)
        with pytest.raises(Refused) as refused:
            await planning.postpone(tx, discussion, version, cause="other", agency="nobody")
    assert sorted(wrong.field for wrong in refused.value.wrong) == ["agency", "note"]
    world.timepiece.advance(timedelta(hours=1))
    async with world.database.transaction(world.coordinator) as tx:
        version = await planning.postpone(
            tx, discussion, version, cause="agency_unavailable", agency="police", slot=two
        )
    async with world.database.transaction(SYSTEM) as tx:
        state = await tx.connection.fetchrow("select holder, stage from pathway_state where pathway = $1", pathway)
        detail = await tx.connection.fetchval("select detail from milestone where kind = 'strategy_postponed'")
    assert state is not None
    assert tuple(state) == ("police", "convening")
    assert (detail["cause"], detail["agency"]) == ("agency_unavailable", "police")
    view = await look(world, discussion)
    assert (view.state, view.discussion.scheduled_from, view.discussion.sequence) == ("scheduled", later, 2)
    async with world.database.transaction(world.coordinator) as tx:
        await planning.cancel(tx, discussion, version, cause="agency_unavailable", agency="health")
    (row,) = await clocks(world, pathway, "strategy_discussion")
    assert (row["started_at"], row["stopped_at"]) == (START, None)
    again = await request(world, pathway)
    assert again != discussion
    (row,) = await clocks(world, pathway, "strategy_discussion")
    assert row["started_at"] == START, "asking again begins no new time"


async def put_off(world: World, discussion: UUID) -> None:
    """Fix a time for a discussion and postpone it, because the police cannot come."""
    at = world.timepiece.now() + timedelta(minutes=20)
    async with world.database.transaction(world.manager) as tx:
        slot = SlotSaid(starts_at=at, ends_at=at + timedelta(hours=1))
        version = await planning.offer_slots(tx, discussion, 1, [slot])
        (ranked,) = (await meetings.seen(tx, discussion)).slots
        version = await planning.schedule(tx, discussion, version, ranked.slot.id)
        before = await tx.connection.fetchval("select stage from pathway_state")
        await planning.postpone(tx, discussion, version, cause="agency_unavailable", agency="police")
        assert await tx.connection.fetchval("select stage from pathway_state") == before != "convening"


async def test_a_review_has_no_limit_of_its_own_and_never_resets_the_conference(world: World) -> None:
    pathway = await child(world)
    first = await request(world, pathway)
    held = utc("2026-11-03 14:00")
    await hold(world, first, held)
    conference = await due(world, pathway, "conference")
    assert conference == utc("2026-11-25 00:00"), "fifteen working days, the discussion's own day being day 0"
    for days, word in ((3, "under_way"), (7, "under_way")):
        world.timepiece.set(held + timedelta(days=days))
        review = await request(world, pathway, kind="review", reason="How is it now?")
        with pytest.raises(Refused) as refused:
            await hold(world, review, held + timedelta(days=days, hours=1), section_47="yes")
        assert [wrong.field for wrong in refused.value.wrong] == ["children[0].section_47"]
        await put_off(world, review)
        await hold(world, review, held + timedelta(days=days, hours=1), section_47=word)
    assert await due(world, pathway, "conference") == conference
    assert len(await clocks(world, pathway, "strategy_discussion")) == 1
    async with world.database.transaction(SYSTEM) as tx:
        held_rows = await tx.connection.fetchval("select count(*) from milestone where kind = 'strategy_held'")
        doubts = await tx.connection.fetchval("select count(*) from condition where subject = 'initiates_enquiry'")
        told = await tx.connection.fetch("select outcome, detail from milestone where kind = 'strategy_postponed'")
    assert (held_rows, doubts) == (3, 0)
    assert [(row["outcome"], row["detail"]["review"], row["detail"]["cause"]) for row in told] == [
        ("police", True, "agency_unavailable")
    ] * 2, "a review's postponement is counted like any other"


async def test_one_that_was_not_quorate_is_held_and_a_quorate_one_follows(world: World) -> None:
    pathway = await child(world)
    two: Any = {"childrens_social_care": "present", "police": "present", "health": "no_response"}
    await hold(world, await request(world, pathway), START + timedelta(hours=2), how=two)
    (held,) = await clocks(world, pathway, "strategy_discussion")
    (quorate,) = await clocks(world, pathway, "strategy_quorate")
    assert held["stopped_at"] == START + timedelta(hours=2)
    assert quorate["stopped_at"] is None
    at = START + timedelta(hours=5)
    world.timepiece.set(START + timedelta(hours=4))
    await hold(world, await request(world, pathway), at, section_47="under_way")
    (quorate,) = await clocks(world, pathway, "strategy_quorate")
    assert quorate["stopped_at"] == at
    (conference,) = await clocks(world, pathway, "conference")
    assert conference["started_at"] == START + timedelta(hours=2), "the discussion that initiated the enquiry"


async def test_one_discussion_of_six_children_stops_six_clocks_with_one_record(world: World) -> None:
    pathways = [await child(world, name) for name in ("Ada", "Ben", "Cy", "Di", "Eve")]
    pathways.append(await child(world, "", expected=utc("2027-02-01 00:00").date()))
    discussion = await request(world, *pathways)
    at = START + timedelta(hours=2)
    held = await hold(world, discussion, at)
    assert len(held.begun) == 6, "the unborn child as well"
    stopped = [(await clocks(world, each, "strategy_discussion"))[0]["stopped_at"] for each in pathways]
    assert stopped == [at] * 6
    async with world.database.transaction(SYSTEM) as tx:
        records = await tx.connection.fetchval(
            "select count(distinct record) from milestone where kind = 'strategy_held'"
        )
    assert records == 1


async def test_an_incident_later_than_the_invitation_is_covered_when_it_is_added_and_not_before(world: World) -> None:
    first = await child(world)
    discussion = await request(world, first)
    world.timepiece.advance(timedelta(hours=2))
    later = await child(world, reference="06DA/501/26", attended=world.timepiece.now() - timedelta(minutes=40))
    view = await look(world, discussion)
    assert ([each.pathway for each in view.covered], view.not_covered) == ([first], (later,))
    never = await child(world, reference="06DA/502/26", attended=world.timepiece.now() - timedelta(minutes=30))
    added = world.timepiece.now()
    async with world.database.transaction(world.manager) as tx:
        await requesting.cover(tx, discussion, 1, [later])
    assert (await clocks(world, later, "strategy_discussion"))[0]["started_at"] == added
    await hold(world, discussion, added + timedelta(hours=1))
    for pathway in (first, later):
        assert (await clocks(world, pathway, "strategy_discussion"))[0]["stopped_at"] == added + timedelta(hours=1)
    async with world.database.transaction(SYSTEM) as tx:
        kinds = "select count(*) from milestone where pathway = $1 and kind like 'strategy%'"
        assert await tx.connection.fetchval(kinds, never) == 0, "what nobody added is not covered"


async def test_in_and_out_of_hours_follow_from_the_calendar(world: World) -> None:
    for at, inside in (("2026-11-03 16:59", True), ("2026-11-03 17:00", False), ("2026-11-07 11:00", False)):
        world.timepiece.set(utc(at) - timedelta(minutes=30))
        discussion = await request(world, await child(world, at, reference=f"06DA/{at}/26"))
        held = await hold(world, discussion, utc(at))
        assert held.discussion.in_hours is inside, at
