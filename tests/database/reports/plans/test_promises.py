"""Promises: who makes, sees and answers them, and what of a figure each reader is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from schema.ids import new_id
from service.actor import Actor
from service.database import Tx
from service.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Refused
from service.reports.board import asking
from service.reports.board import service as board
from service.reports.measures.figures import Period
from service.reports.plans import service, wording
from service.reports.plans.rules import Answer, Change, NewComment, NewPromise, Promise
from service.reports.plans.service import Progress
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World

DUE = date(2026, 11, 20)


@asynccontextmanager
async def snapshot(world: World, actor: Actor) -> AsyncIterator[Tx]:
    async with world.database.transaction(actor, snapshot=True) as tx:
        yield tx


def promised(world: World, **changed: object) -> NewPromise:
    """Bolton's leaders promise nothing here; Wigan's do."""
    new = NewPromise(
        area="359",
        what="Triage on Saturdays",
        figure="child_days.waiting",
        owner=world["partner.359"].id,
        agency="health",
        due_on=DUE,
    )
    return msgspec.structs.replace(new, **changed)


async def made(world: World, **changed: object) -> Promise:
    async with snapshot(world, world["senior_leader.359"]) as tx:
        return await service.make(tx, promised(world, **changed))


async def test_a_promise_keeps_its_figure_and_reads_what_it_has_become(world: World) -> None:
    await put_child(world, attended=START - timedelta(hours=30))
    promise = await made(world)
    assert (promise.said_then, promise.told_then, promise.owner_name) == ("1", "1 to 5", "Partner.359")
    for number in range(7):
        await put_child(world, attended=START - timedelta(hours=20), reference=f"06DA/{number + 2}/26")
    world.timepiece.advance(timedelta(days=18))
    async with snapshot(world, world["mash_manager.359"]) as tx:
        (exact,) = await service.promises(tx)
    async with snapshot(world, world["board_member.359"]) as tx:
        (told,) = await service.promises(tx)
    assert (exact.then, exact.now, exact.moved) == ("1", "1", "same")  # eight incidents of one child
    assert (exact.overdue, exact.days_late) == (True, 1)
    assert (told.then, told.now, told.moved, told.promise.value_then) == ("1 to 5", "1 to 5", "not known", None)
    assert exact.then_at == START < exact.now_at


async def test_everybody_reads_a_promise_in_the_same_quarter_wherever_it_stands(world: World) -> None:
    """A leader's board is of a year, a member's of any quarter: the promise on each is that of the present quarter."""
    for number in range(12):
        attended = START - timedelta(days=3 + number)
        shared = attended + timedelta(hours=20)
        name = "ABCDEFGHIJKL"[number]
        await put_child(world, attended=attended, reference=f"06DA/{number}/26", given_names=name, notice_shared=shared)
    promise = await made(world, figure="police_share.median")
    assert (promise.first_day, promise.last_day) == (date(2026, 10, 1), date(2026, 12, 31))
    # In a young quarter the one before is still the one that is read.
    world.timepiece.advance(datetime(2027, 1, 10, 12, tzinfo=UTC) - START)
    now = world.timepiece.now()
    read: dict[str, list[Progress]] = {}
    for sign_in in ("mash_manager.359", "board_member.359", "partner.359"):
        async with snapshot(world, world[sign_in]) as tx:
            read[sign_in] = await service.promises(tx)
            assert [(await service.one(tx, promise.id))[0]] == read[sign_in]
    for sign_in, days in (
        ("mash_manager.359", {}),
        ("mash_manager.359", {"from": "2026-01-01", "to": "2026-06-30"}),
        ("board_member.359", {}),
        ("board_member.359", {"from": "2026-07-01", "to": "2026-09-30"}),
        ("board_member.359", {"as_of": "2027-01-01"}),
    ):
        async with snapshot(world, world[sign_in]) as tx:
            guarded = sign_in.startswith("board_member")
            found = await board.board(tx, asking.asked(days, now, "359", quarters=guarded))
        assert found.promises == read[sign_in], (sign_in, days)
        (table,) = (each for each in board.tables(found) if each.key == "promises")
        assert wording.compared(read[sign_in][0])[1] in table.rows[0]
    exact, told, owned = (each[0] for each in read.values())
    assert (exact.now, exact.now_of) == ("20 hours", Period(first=date(2026, 10, 1), last=date(2026, 12, 31)))
    assert (told.now, told.now_of) == (owned.now, exact.now_of)
    assert wording.as_at(exact) == ("October to December 2026, until Tue 3 Nov 2026", "October to December 2026")


async def test_everything_of_a_promise_is_asked_for_at_once(world: World) -> None:
    async with snapshot(world, world["senior_leader.359"]) as tx:
        with pytest.raises(Refused) as refused:
            await service.make(tx, NewPromise(area="359", what=" ", due_on=date(2026, 1, 1)))
    assert {each.field for each in refused.value.wrong} == {"what", "figure", "owner", "agency", "due_on"}


async def test_a_promise_is_about_a_figure_of_the_report_and_of_somebody_there(world: World) -> None:
    with pytest.raises(Refused) as refused:
        await made(world, figure="happiness.total", owner=world["mash_manager.350"].id)
    assert {each.field for each in refused.value.wrong} == {"figure", "owner"}
    with pytest.raises(Refused):
        await made(world, owner=uuid4())


async def test_who_sees_a_promise(world: World) -> None:
    promise = await made(world)
    for sign_in in ("board_member.359", "senior_leader.359", "mash_manager.359", "partner.359"):
        async with snapshot(world, world[sign_in]) as tx:
            assert len(await service.promises(tx)) == 1, sign_in
            await service.one(tx, promise.id)
    for sign_in in ("police_liaison.gmp", "team_manager.359", "board_member.350", "senior_leader.350"):
        async with snapshot(world, world[sign_in]) as tx:
            assert await service.promises(tx) == [], sign_in
            with pytest.raises(NotFound):
                await service.one(tx, promise.id)


async def test_a_board_member_reads_and_answers_nothing(world: World) -> None:
    promise = await made(world)
    async with snapshot(world, world["board_member.359"]) as tx:
        with pytest.raises(Forbidden):
            await service.make(tx, promised(world))
        with pytest.raises(Forbidden):
            await service.answer(tx, promise.id, 1, Answer(kind="done", text="All done."))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with snapshot(world, world["board_member.359"]) as tx:
            await tx.connection.execute("update promise set due_on = '2027-01-01' where id = $1", promise.id)


async def test_its_owner_answers_and_the_figure_of_that_day_stays_with_the_answer(world: World) -> None:
    promise = await made(world)
    async with snapshot(world, world["partner.359"]) as tx:
        assert await service.answer(tx, promise.id, 1, Answer(kind="note", text="A nurse is found.")) == 2
    async with snapshot(world, world["partner.359"]) as tx:
        assert await service.answer(tx, promise.id, 2, Answer(kind="done", text="She began on Saturday.")) == 3
    async with snapshot(world, world["board_member.359"]) as tx:
        progress, events = await service.one(tx, promise.id)
    assert progress.promise.status == "done"
    assert [(each.kind, each.said, each.by_name) for each in events] == [
        ("note", "0", "Partner.359"),
        ("done", "0", "Partner.359"),
    ]


async def test_a_change_of_what_was_read_before_is_refused(world: World) -> None:
    promise = await made(world)
    leader = world["senior_leader.359"]
    change = Change(due_on=date(2026, 12, 1), reason="The post is advertised again.")
    async with snapshot(world, leader) as tx:
        assert await service.change(tx, promise.id, 1, change) == 2
    async with snapshot(world, leader) as tx:
        with pytest.raises(PreconditionFailed):
            await service.change(tx, promise.id, 1, change)
    async with snapshot(world, world["partner.359"]) as tx:
        with pytest.raises(Forbidden):
            await service.change(tx, promise.id, 2, change)
    async with snapshot(world, leader) as tx:
        with pytest.raises(Refused):
            await service.change(tx, promise.id, 2, Change(agency="circus"))


async def test_two_changes_at_once_are_one_change(world: World) -> None:
    promise = await made(world)
    async with snapshot(world, world["partner.359"]) as slow:
        await service.one(slow, promise.id)
        async with snapshot(world, world["senior_leader.359"]) as quick:
            await service.answer(quick, promise.id, 1, Answer(kind="withdrawn", text="No money."))
        with pytest.raises(PreconditionFailed):
            await service.answer(slow, promise.id, 1, Answer(kind="done", text="Done."))


async def test_what_is_over_is_opened_again_before_it_changes(world: World) -> None:
    promise = await made(world)
    leader = world["mash_manager.359"]
    async with snapshot(world, leader) as tx:
        await service.answer(tx, promise.id, 1, Answer(kind="done", text="Done."))
    async with snapshot(world, leader) as tx:
        for refused in (Answer(kind="done", text="Again."), Answer(kind="withdrawn", text="Again.")):
            with pytest.raises(Conflict):
                await service.answer(tx, promise.id, 2, refused)
    async with snapshot(world, leader) as tx:
        assert await service.answer(tx, promise.id, 2, Answer(kind="reopened", text="It came back.")) == 3
        assert (await service.promises(tx))[0].promise.status == "open"


async def test_comments_stay_as_they_were_said_and_in_their_area(world: World) -> None:
    said = NewComment(area="359", first_day=date(2026, 10, 1), last_day=date(2026, 10, 31), text="Why the jump?")
    async with world.database.transaction(world["board_member.359"]) as tx:
        await service.comment(tx, said)
        with pytest.raises(Forbidden):
            await service.comment(tx, msgspec.structs.replace(said, area="350"))
    async with world.database.transaction(world["senior_leader.359"]) as tx:
        (found,) = await service.comments(tx, first=date(2026, 10, 20))
        assert (found.text, found.by_role) == ("Why the jump?", "board_member")
        assert await service.comments(tx, first=date(2026, 11, 1)) == []
    async with world.database.transaction(world["board_member.350"]) as tx:
        assert await service.comments(tx) == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.database.transaction(world["board_member.359"]) as tx:
            await tx.connection.execute("update report_comment set text = 'x' where id = $1", new_id(tx.now))
    owner = await asyncpg.connect(world.urls.owner_url)
    for table in ("report_comment", "promise_event", "report_issue", "caseload"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(f"delete from {table}")
    await owner.close()


async def test_a_partnership_says_which_numbers_are_small(world: World) -> None:
    await put_child(world, attended=START - timedelta(hours=30))
    async with world.database.transaction(world["administrator"]) as tx:
        await service.set_small_numbers(tx, "359", 9)
        with pytest.raises(Refused):
            await service.set_small_numbers(tx, "359", 1)
        with pytest.raises(NotFound):
            await service.set_small_numbers(tx, "999", 5)
    assert (await made(world)).told_then == "1 to 9"
