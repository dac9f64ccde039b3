"""Attacks on meetings as the application's own role: partners see what they are invited to, and nothing of the rest."""

from datetime import timedelta
from uuid import UUID, uuid5

import asyncpg
import msgspec
import pytest

from schema.ids import new_id
from schema.meetings import InviteeSaid, SlotSaid
from service.actor import SYSTEM, Actor, Grant
from service.errors import NotFound
from service.meetings import service as meetings
from service.meetings.acting import service as acting
from service.meetings.pages import staying_open
from service.meetings.requesting import planning
from service.meetings.requesting import service as requesting
from service.web import live
from tests.fixtures.meetings import FAMILY, action, child, hold, look, request
from tests.fixtures.world import START, World, person_id

# As the application does when it starts.
staying_open.register()
#: Tables and views of meetings, all with something in them after `busy`.
OF_MEETINGS = (
    "discussion",
    "discussion_pathway",
    "invitee",
    "discussion_record",
    "discussion_fact",
    "discussion_child",
    "discussion_clock",
)
#: What nobody but those who convene reads.
OURS = ("discussion_draft", "discussion_change")
#: The spine, of which a partner reads nothing, invited or not.
SPINE = (
    "incident",
    "child",
    "child_name",
    "pathway",
    "pathway_state",
    "milestone",
    "milestone_current",
    "segment",
    "clock",
    "wait",
    "decision_draft",
    "notice",
)


async def person(
    world: World, sign_in: str, role: str, area: str | None = None, force: str | None = None, agency: str | None = None
) -> Actor:
    """A further person with one role."""
    identity, made = person_id(sign_in), Grant(role=role, area=area, force=force, agency=agency)
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        await owner.execute(
            "insert into person (id, sign_in, name, password_hash, created_at) values ($1, $2, $2, '', $3)",
            identity,
            sign_in,
            START,
        )
        await owner.execute(
            "insert into person_role (id, person, role, area, force, agency, since)"
            " values ($1, $2, $3, $4, $5, $6, $7)",
            uuid5(identity, "role"),
            identity,
            made.role,
            made.area,
            made.force,
            made.agency,
            START,
        )
    finally:
        await owner.close()
    return Actor(kind="person", id=identity, name=sign_in, grants=(made,))


class Busy(msgspec.Struct, frozen=True):
    """A discussion of Wigan that was held, and one of a child whom nobody but Wigan may know of."""

    discussion: UUID
    action: UUID
    pathway: UUID


@pytest.fixture
async def busy(world: World) -> Busy:
    pathway = await child(world)
    discussion = await request(world, pathway)
    await hold(world, discussion, START + timedelta(hours=1), actions=[action(due=START + timedelta(days=1))])
    async with world.database.transaction(world.manager) as tx:
        (given,) = await acting.listing(tx, "all")
    return Busy(discussion, given.action.id, pathway)


async def seen(world: World, actor: Actor, tables: tuple[str, ...]) -> dict[str, int]:
    async with world.database.transaction(actor) as tx:
        return {table: await tx.connection.fetchval(f"select count(*) from {table}") for table in tables}


async def test_health_of_the_area_sees_the_discussion_and_nothing_of_the_spine(world: World, busy: Busy) -> None:
    nurse = world["partner.359"]
    assert all((await seen(world, nurse, OF_MEETINGS)).values())
    assert set((await seen(world, nurse, (*SPINE, *OURS))).values()) == {0}
    view = await look(world, busy.discussion, nurse)
    assert [each.family_name for each in view.covered] == [FAMILY]
    assert (view.convenes, len(view.mine)) == (False, 1)


async def test_the_police_of_the_force_see_it_and_still_not_what_is_withheld(world: World, busy: Busy) -> None:
    assert all((await seen(world, world.liaison, OF_MEETINGS)).values())
    assert set((await seen(world, world.liaison, ("pathway", "milestone", "clock", "child", *OURS))).values()) == {0}
    async with world.database.transaction(world.liaison) as tx:
        kinds = {row[0] for row in await tx.connection.fetch("select kind from police_milestone")}
        standards = {row[0] for row in await tx.connection.fetch("select standard from police_clock")}
    assert not kinds & {"strategy_requested", "strategy_held", "threshold_reached", "contact_decided"}
    assert "strategy_discussion" not in standards


STRANGERS = (
    {"role": "partner", "area": "350", "agency": "health"},
    {"role": "partner", "area": "359", "agency": "probation"},
    {"role": "partner", "area": "359"},
    {"role": "police_liaison", "force": "mers"},
    {"role": "mash_manager", "area": "350"},
    {"role": "board_member", "area": "359"},
    {"role": "administrator"},
    {"role": "auditor"},
    {"role": "social_worker", "area": "359"},
)


async def test_who_is_not_invited_sees_nothing_and_changes_nothing(world: World, busy: Busy) -> None:
    for number, who in enumerate(STRANGERS):
        await _shut_out(world, busy, await person(world, f"stranger{number}", **who))


async def _shut_out(world: World, busy: Busy, stranger: Actor) -> None:
    assert set((await seen(world, stranger, (*OF_MEETINGS, *OURS, "action", "action_event"))).values()) == {0}
    async with world.database.transaction(stranger) as tx:
        for change in ("discussion set version = 9", "action set version = 9", "invitee set withdrawn_at = now()"):
            assert await tx.connection.execute(f"update {change}") == "UPDATE 0"
        assert await tx.connection.execute("delete from discussion_draft") == "DELETE 0"
    for what in (
        "insert into slot_answer (id, discussion, slot, invitee, answer, at, by_kind, by)"
        " values ($1, $2, $1, $1, 'accept', now(), 'person', $3)",
        "insert into discussion_pathway (discussion, pathway, child, area, force, added_at)"
        " values ($2, $1, $3, '359', 'gmp', now())",
        "insert into invitee (id, discussion, agency, area, required, invited_at, person)"
        " values ($1, $2, 'health', '359', true, now(), $3)",
        "insert into action_event (id, action, kind, at, recorded_at, by_kind, by)"
        " values ($1, $2, 'done', now(), now(), 'person', $3)",
    ):
        async with world.database.transaction(stranger) as tx:
            target = busy.action if "action_event" in what else busy.discussion
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with tx.connection.transaction():
                    await tx.connection.execute(what, new_id(tx.now), target, stranger.id)
    async with world.database.transaction(stranger) as tx:
        with pytest.raises(NotFound):
            await meetings.one(tx, busy.discussion)


async def test_somebody_invited_by_name_sees_that_discussion_and_no_other(world: World, busy: Busy) -> None:
    other = await request(world, await child(world, "Cara", reference="06DA/501/26"))
    guest = await person(world, "guest", role="partner", area="350", agency="domestic_abuse_service")
    async with world.database.transaction(world.manager) as tx:
        invitee, version = await requesting.invite(
            tx, other, 1, InviteeSaid(agency="domestic_abuse_service", person=guest.id)
        )
    assert [each.given_names for each in (await look(world, other, guest)).covered] == ["Cara"]
    async with world.database.transaction(guest) as tx:
        names = await tx.connection.fetch("select given_names from discussion_child")
        assert [row[0] for row in names] == ["Cara"]
        with pytest.raises(NotFound):
            await meetings.one(tx, busy.discussion)
    async with world.database.transaction(world.manager) as tx:
        await requesting.withdraw_invitation(tx, other, version, invitee)
    async with world.database.transaction(guest) as tx:
        assert await tx.connection.fetchval("select count(*) from discussion_child") == 0


async def test_who_owns_an_action_and_is_not_invited_sees_the_action_alone(world: World, busy: Busy) -> None:
    async with world.database.transaction(world.manager) as tx:
        view = await meetings.one(tx, busy.discussion)
        said = action("Open the case", due=START + timedelta(days=2), agency="probation")
        which, _ = await acting.give(tx, busy.discussion, view.discussion.version, said)
    officer = await person(world, "officer", role="partner", area="359", agency="probation")
    assert set((await seen(world, officer, (*OF_MEETINGS, *SPINE))).values()) == {0}
    async with world.database.transaction(officer) as tx:
        assert [each.action.id for each in await acting.listing(tx, "all")] == [which]
        await acting.accept(tx, which, 1)


async def test_a_partner_may_answer_for_its_own_agency_only(world: World, busy: Busy) -> None:
    discussion = await request(world, await child(world, "Cara", reference="06DA/501/26"))
    starts = START + timedelta(hours=6)
    async with world.database.transaction(world.manager) as tx:
        said = SlotSaid(starts_at=starts, ends_at=starts + timedelta(hours=1))
        await planning.offer_slots(tx, discussion, 1, [said])
    view = await look(world, discussion)
    slot = view.slots[0].slot.id
    police = next(each.id for each in view.invitees if each.agency == "police")
    nurse = world["partner.359"]
    async with world.database.transaction(nurse) as tx:
        await planning.answer(tx, discussion, slot, "accept")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.database.transaction(nurse) as tx:
            await tx.connection.execute(
                "insert into slot_answer (id, discussion, slot, invitee, answer, at, by_kind, by)"
                " values ($1, $2, $3, $4, 'accept', now(), 'person', $5)",
                new_id(tx.now),
                discussion,
                slot,
                police,
                nurse.id,
            )
    async with world.database.transaction(world.liaison) as tx:
        await planning.answer(tx, discussion, slot, "decline")
    assert {each.answer for each in (await look(world, discussion)).answers} == {"accept", "decline"}
    # What an open page says by itself is what its reader may see.
    stands, waits = f"meeting-stands:{discussion}", f"meeting-waits:{discussion}"
    news = f"meeting-news:{discussion}:1:0"
    names = [stands, waits, news, "meeting-waits:x", "meeting-stands:", "meeting-news:x:y:z"]
    async with world.database.transaction(nurse) as tx:
        told = await live.read(tx, names)
    assert told[stands] == "Asked for just now, no time fixed. It is due by the end of tomorrow, in 1 day 13 hours."
    assert told[waits] == "Waiting for an answer from children's social care."
    assert told[news] == "Since you opened this page: 2 answers and 1 change."
    assert told["meeting-waits:x"] == ""
    async with world.database.transaction(world["mash_manager.350"]) as tx:
        told = await live.read(tx, names)
    assert (told[stands], told[waits]) == ("This discussion is no longer yours to see.", "")
    assert told[news] == "This discussion is no longer yours to see."


async def test_a_restricted_child_is_discussed_by_managers_and_whom_they_invite(world: World) -> None:
    pathway = await child(world, "Dana", reference="06DA/502/26", restricted=True)
    discussion = await request(world, pathway)
    assert (await seen(world, world.coordinator, OF_MEETINGS)) == dict.fromkeys(OF_MEETINGS, 0)
    assert [each.given_names for each in (await look(world, discussion, world["partner.359"])).covered] == ["Dana"]


async def test_no_one_lends_themselves_the_children_of_another_area(world: World, busy: Busy) -> None:
    """The setting by which a convenor records on children that another area put in opens nothing else."""
    for stranger in (world["mash_manager.350"], world["partner.359"], world.liaison):
        async with world.database.transaction(stranger) as tx:
            await tx.connection.execute("select set_config('app.discussion', $1, true)", str(busy.discussion))
            assert await tx.connection.fetchval("select count(*) from milestone") == 0
            assert await tx.connection.fetchval("select count(*) from pathway") == 0


async def test_what_was_recorded_of_a_discussion_is_never_changed(world: World, busy: Busy) -> None:
    for table in ("discussion_record", "discussion_change", "slot_answer", "record_copy", "action_event"):
        for statement in (f"update {table} set discussion = discussion", f"delete from {table}"):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
                async with world.database.transaction(SYSTEM) as tx:
                    await tx.connection.execute(statement)
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute("truncate discussion_record")
    finally:
        await owner.close()
