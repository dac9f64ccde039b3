"""The record of a discussion: refused with every wrong field, written by two people at once, corrected, sent."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from schema.meetings import ActionSaid, Attendance, ChildRecord, Dissent, Information, InviteeSaid, Record, SlotSaid
from service.actor import SYSTEM
from service.errors import Conflict, Forbidden, PreconditionFailed, Refused
from service.meetings import service as meetings
from service.meetings.correcting import service as correcting
from service.meetings.holding import service as holding
from service.meetings.pages import staying_open
from service.meetings.requesting import planning
from service.meetings.requesting import service as requesting
from service.pathways import proposals
from service.web import live
from tests.fixtures.meetings import FAMILY, attendance, child, decided, hold, look, record, request
from tests.fixtures.world import START, World

HELD = START + timedelta(hours=1)
# As the application does when it starts.
staying_open.register()


async def asked(world: World) -> UUID:
    discussion = await request(world, await child(world))
    world.timepiece.set(START + timedelta(hours=3))
    return discussion


async def refused(world: World, discussion: UUID, told: Record) -> list[str]:
    with pytest.raises(Refused) as error:
        async with world.database.transaction(world.manager) as tx:
            await holding.hold(tx, discussion, 1, told)
    async with world.database.transaction(SYSTEM) as tx:
        assert await tx.connection.fetchval("select count(*) from milestone where kind = 'strategy_held'") == 0
    return sorted(wrong.field for wrong in error.value.wrong)


async def test_an_empty_record_is_refused_with_everything_that_is_missing(world: World) -> None:
    discussion = await asked(world)
    assert await refused(world, discussion, Record()) == ["attendance", "chair", "children", "held_from", "held_until"]


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "ends before it begins": ({"held_from": HELD + timedelta(hours=2)}, ["held_until"]),
    "held before it was asked for": ({"held_from": START - timedelta(hours=1)}, ["held_from"]),
    "ends ahead": ({"held_until": START + timedelta(hours=9)}, ["held_until"]),
    "nothing about health": (
        {"attendance": attendance({"childrens_social_care": "present", "police": "present"})},
        ["attendance"],
    ),
    "a quorum claimed without health": (
        {
            "claimed_quorate": True,
            "attendance": attendance(
                {"childrens_social_care": "present", "police": "present", "health": "sent_information"}
            ),
        },
        ["claimed_quorate"],
    ),
    "an action without owner, outcome and time": (
        {"actions": [ActionSaid(what="Ring")]},
        ["actions[0].due_at", "actions[0].outcome_sought", "actions[0].owner_agency"],
    ),
    "no decision": ({"children": []}, ["children"]),
    "taken further, to nobody": (
        {"dissent": [Dissent(agency="police", escalated=True)]},
        ["dissent[0].escalated_to", "dissent[0].text"],
    ),
    "shared, but not what": ({"information": [Information(agency="police")]}, ["information[0].text"]),
    "there, but not who": (
        {
            "attendance": [
                Attendance(agency="childrens_social_care", presence="present", manager=True),
                Attendance(agency="police", presence="represented"),
                Attendance(agency="health", presence="apologies"),
            ]
        },
        ["attendance[0].name", "attendance[1].representative"],
    ),
}


async def test_what_cannot_be_is_refused_by_its_field(world: World) -> None:
    discussion = await asked(world)
    told = record(await look(world, discussion), HELD)
    for what, (change, fields) in WRONG.items():
        assert await refused(world, discussion, replace(told, **change)) == fields, what


async def test_a_discussion_held_within_the_minute_it_was_asked_for_is_taken_and_stops_its_clock(world: World) -> None:
    pathway = await child(world)
    asked_at = START + timedelta(minutes=20, seconds=40)
    world.timepiece.set(asked_at)
    discussion = await request(world, pathway)
    world.timepiece.set(asked_at + timedelta(seconds=15))
    # Both boxes say 09:20, as anybody writes them.
    told = record(await look(world, discussion), START + timedelta(minutes=20), minutes=0)
    async with world.database.transaction(world.manager) as tx:
        held = await holding.hold(tx, discussion, 1, told)
        await holding.issue(tx, discussion, held.version, sent_at=START + timedelta(minutes=20))
    row = (await look(world, discussion)).discussion
    assert (row.held_from, row.held_until, row.issued_at) == (asked_at, asked_at, asked_at)
    async with world.database.transaction(SYSTEM) as tx:
        ended = await tx.connection.fetch(
            "select stopped_at from clock where pathway = $1"
            " and standard in ('strategy_discussion', 'strategy_record')",
            pathway,
        )
    assert [each[0] for each in ended] == [asked_at, asked_at]


async def test_a_decision_needs_its_rationale_its_decider_and_the_child(world: World) -> None:
    discussion = await asked(world)
    view = await look(world, discussion)
    bare = ChildRecord(child=view.covered[0].child, section_47="yes")
    assert await refused(world, discussion, replace(record(view, HELD), children=[bare])) == [
        "children[0].decided_by",
        "children[0].enquiry",
        "children[0].lead",
        "children[0].not_known_because",
        "children[0].rationale",
    ]


async def test_the_second_of_two_who_write_one_record_is_told_what_changed(world: World) -> None:
    discussion = await asked(world)
    mine, theirs = Record(chair="Alex"), Record(next_discussion="Friday")
    async with world.database.transaction(world.manager) as tx:
        assert await holding.save_draft(tx, discussion, 0, mine) == 1
    async with world.database.transaction(world.coordinator) as tx:
        with pytest.raises(PreconditionFailed) as failed:
            await holding.save_draft(tx, discussion, 0, theirs)
    facts = failed.value.facts
    assert (facts["version"], facts["fields"], facts["draft"]["chair"]) == (1, ["chair", "next_discussion"], "Alex")
    assert facts["changes"][0]["by"] == "Mash Manager.359"
    for actor, others in ((world.coordinator, "Somebody"), (world.manager, "Nobody")):
        async with world.database.transaction(actor) as tx:
            name = f"meeting-versions:{discussion}:1:0"
            assert str((await live.read(tx, [name]))[name]).startswith(f"{others} else"), "what others saved"
    async with world.database.transaction(world.coordinator) as tx:
        assert await holding.save_draft(tx, discussion, 1, replace(mine, next_discussion="Friday")) == 2
        version, known = await holding.draft(tx, discussion)
    assert known is not None
    assert (version, known.record.chair, known.record.next_discussion) == (2, "Alex", "Friday")


async def test_writing_the_record_and_convening_stand_in_nobodys_way(world: World) -> None:
    discussion = await asked(world)
    async with world.database.transaction(world.coordinator) as tx:
        draft = await holding.save_draft(tx, discussion, 0, Record(chair="Alex"))
    async with world.database.transaction(world.manager) as tx:
        slot = SlotSaid(starts_at=HELD + timedelta(hours=2), ends_at=HELD + timedelta(hours=3))
        assert await planning.offer_slots(tx, discussion, 1, [slot]) == 2, "the draft changed nothing of this"
    async with world.database.transaction(world.coordinator) as tx:
        assert await holding.save_draft(tx, discussion, draft, Record(chair="Alex M.")) == 2
        news = f"meeting-news:{discussion}:2:0"
        assert await live.read(tx, [news]) == {news: "This page is up to date."}, "a draft is no news of the discussion"


async def test_where_it_takes_place_can_be_changed_and_calendars_hear_of_it_once_a_time_is_fixed(world: World) -> None:
    discussion = await asked(world)
    async with world.database.transaction(world.manager) as tx:
        assert await planning.place(tx, discussion, 1, where=" Room 2 ", form="meeting") == 2
        assert await planning.place(tx, discussion, 2, where="Room 2") == 2, "nothing changed"
        slot = SlotSaid(starts_at=HELD + timedelta(hours=3), ends_at=HELD + timedelta(hours=4))
        await planning.offer_slots(tx, discussion, 2, [slot])
        view = await meetings.seen(tx, discussion)
        await planning.schedule(tx, discussion, 3, view.slots[0].slot.id)
        fixed = (await meetings.seen(tx, discussion)).discussion
        await planning.place(tx, discussion, 4, where="https://meet.example/7", form="video")
        row = (await meetings.seen(tx, discussion)).discussion
    assert (row.place, row.form, row.scheduled_from) == ("https://meet.example/7", "video", fixed.scheduled_from)
    assert (view.discussion.sequence, row.sequence - fixed.sequence) == (0, 1)


async def test_a_record_is_not_held_over_what_somebody_wrote_meanwhile(world: World) -> None:
    discussion = await asked(world)
    told = record(await look(world, discussion), HELD)
    async with world.database.transaction(world.coordinator) as tx:
        await holding.save_draft(tx, discussion, 0, Record(chair="Alex"))
    async with world.database.transaction(world.manager) as tx:
        with pytest.raises(PreconditionFailed):
            await holding.hold(tx, discussion, 1, told)
    async with world.database.transaction(world.manager) as tx:
        await holding.hold(tx, discussion, 1, told, draft_version=1)
        with pytest.raises(Conflict):
            await holding.hold(tx, discussion, 2, told, draft_version=1)


async def test_an_agency_becomes_required_from_a_day_on_and_earlier_discussions_keep_their_rule(world: World) -> None:
    first = await request(world, await child(world))
    await hold(world, first, HELD)
    async with world.database.transaction(world["administrator"]) as tx:
        await meetings.require(tx, agency="education", required=True, basis="Partnership, 3 November", area="359")
    second = await request(world, await child(world, "Ben", reference="06DA/2/26"))
    view = await look(world, second)
    assert view.required == ("childrens_social_care", "police", "health", "education")
    assert [each.agency for each in view.invitees if each.required] == list(view.required)
    at = world.timepiece.now()
    four = {"childrens_social_care": "present", "police": "present", "health": "present", "education": "apologies"}
    held = await hold(world, second, at, how=four)
    assert (held.quoracy.quorate, held.quoracy.missing) == (False, ("education",))
    earlier = await look(world, first)
    assert earlier.quoracy is not None
    assert (earlier.quoracy.quorate, len(earlier.required)) == (True, 3)


async def test_a_correction_keeps_the_record_before_and_corrects_the_milestone(world: World) -> None:
    discussion = await asked(world)
    held = await hold(world, discussion, HELD)
    view = await look(world, discussion)
    assert view.record is not None
    two = attendance({"childrens_social_care": "present", "police": "present", "health": "sent_information"})
    told = replace(view.record.record, attendance=two)
    async with world.database.transaction(world.manager) as tx:
        with pytest.raises(Refused):
            await correcting.amend(tx, discussion, held.version, told, reason=" ")
    async with world.database.transaction(world.manager) as tx:
        await correcting.amend(tx, discussion, held.version, told, reason="The nurse had only written")
        kept = await holding.records(tx, discussion)
        changes = await meetings.history(tx, discussion)
    assert [(each.number, each.reason) for each in kept] == [(1, None), (2, "The nurse had only written")]
    assert set(changes[-1].changes) == {"attendance", "quorate"}
    async with world.database.transaction(SYSTEM) as tx:
        row = await tx.connection.fetchrow("select outcome, detail from milestone_current where kind = 'strategy_held'")
        assert await tx.connection.fetchval("select count(*) from clock where standard = 'strategy_quorate'") == 1
    assert row is not None
    assert (row["outcome"], row["detail"]["agencies_present"]) == ("not_quorate", ["childrens_social_care", "police"])
    assert row["detail"]["initiates_enquiry"] is True
    (one,) = told.children
    otherwise = replace(told, children=[replace(one, section_47="no", enquiry=None, lead="")])
    async with world.database.transaction(world.manager) as tx:
        now = (await meetings.seen(tx, discussion)).discussion
        await correcting.amend(tx, discussion, now.version, otherwise, reason="The child next door was meant")
        told_now = await tx.connection.fetchval(
            "select detail ->> 'initiates_enquiry' from milestone_current where kind = 'strategy_held'"
        )
    assert told_now == "false", "what was decided for one child is corrected with the record"


async def test_a_correction_that_turns_late_into_in_time_waits_for_a_second_person(world: World) -> None:
    pathway = await child(world)
    discussion = await request(world, pathway)
    late = START + timedelta(days=2)
    held = await hold(world, discussion, late)
    view = await look(world, discussion)
    assert view.record is not None
    earlier = START + timedelta(hours=3)
    told = replace(view.record.record, held_from=earlier, held_until=earlier + timedelta(hours=1))
    async with world.database.transaction(world.coordinator) as tx:
        with pytest.raises(Refused):
            await correcting.amend(tx, discussion, held.version, told, reason="Typed wrongly")
    async with world.database.transaction(world.coordinator) as tx:
        made = await correcting.amend(tx, discussion, held.version, told, reason="Typed wrongly", source="Call log")
    assert made.proposal is not None
    now = await look(world, discussion)
    assert now.record is not None
    assert (now.record.number, now.discussion.held_from) == (1, late)
    async with world.database.transaction(world.coordinator) as tx:
        assert [each.id for each in await correcting.waiting(tx, discussion)] == [made.proposal]
        with pytest.raises(Forbidden):
            await proposals.judge(tx, made.proposal, agree=True)
    # When a manager agrees, record and milestone change together.
    async with world.database.transaction(world.manager) as tx:
        await proposals.judge(tx, made.proposal, agree=True)
    now = await look(world, discussion)
    assert now.record is not None
    assert (now.record.number, now.discussion.held_from) == (2, earlier)
    async with world.database.transaction(SYSTEM) as tx:
        at = await tx.connection.fetchval("select occurred_at from milestone_current where kind = 'strategy_held'")
    assert at == earlier


async def test_the_last_required_recipient_stops_the_clock(world: World) -> None:
    discussion = await asked(world)
    held = await hold(world, discussion, HELD)
    version = held.version
    async with world.database.transaction(world.manager) as tx:
        _, version = await requesting.invite(
            tx, discussion, version, InviteeSaid(agency="education", name="Head teacher", mail="head@school.example")
        )
    people = {each.agency: each.id for each in (await look(world, discussion)).invitees}
    ours, police, health = (people[each] for each in ("childrens_social_care", "police", "health"))
    first, last = HELD + timedelta(hours=1), HELD + timedelta(hours=2)
    async with world.database.transaction(world.manager) as tx:
        version = await holding.issue(tx, discussion, version, [ours, police], sent_at=first)
    assert (await look(world, discussion)).state == "held"
    async with world.database.transaction(world.manager) as tx:
        version = await holding.issue(tx, discussion, version, [health], how="secure_mail", sent_at=last)
        await holding.issue(tx, discussion, version, [people["education"]], how="post")
    view = await look(world, discussion)
    assert (view.state, view.discussion.issued_at) == ("record_issued", last)
    async with world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch("select occurred_at from milestone where kind = 'strategy_record_issued'")
        stopped = await tx.connection.fetchval("select stopped_at from clock where standard = 'strategy_record'")
    assert ([row[0] for row in rows], stopped) == ([last], last)


async def test_a_record_is_sent_after_it_stands_and_to_those_who_were_asked(world: World) -> None:
    discussion = await asked(world)
    async with world.database.transaction(world.manager) as tx:
        with pytest.raises(Conflict):
            await holding.issue(tx, discussion, 1)
    held = await hold(world, discussion, HELD)
    async with world.database.transaction(world.manager) as tx:
        with pytest.raises(Refused) as error:
            await holding.issue(tx, discussion, held.version, [world.manager.id], sent_at=START)  # type: ignore[list-item]
    assert sorted(wrong.field for wrong in error.value.wrong) == ["invitees", "sent_at"]


async def test_a_partner_reads_the_record_that_stands_and_no_draft(world: World) -> None:
    discussion = await asked(world)
    async with world.database.transaction(world.manager) as tx:
        await holding.save_draft(tx, discussion, 0, Record(chair=FAMILY))
    async with world.database.transaction(world["partner.359"]) as tx:
        _, known = await holding.draft(tx, discussion)
        assert known is None
        assert await meetings.history(tx, discussion) == []
    await hold(world, discussion, HELD)
    view = await look(world, discussion, world["partner.359"])
    assert view.record is not None
    assert view.record.record.children[0] == decided(view.covered[0].child)
