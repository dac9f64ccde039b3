"""Links by mail: once for each person and period, whoever sends them, and nothing in them."""

import asyncio
import smtplib
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import asyncpg
import msgspec
import pytest

from service.actor import SYSTEM
from service.errors import Refused
from service.reports.measures import store as measures_store
from service.reports.plans import service as plans
from service.reports.plans.caseloads import service as caseloads
from service.reports.plans.caseloads.rules import Counted
from service.reports.plans.packs import rules, service
from service.reports.plans.rules import Answer, NewPromise
from service.settings import Settings
from tests.fixtures.world import START, World

SETTINGS = Settings(database_url="", smtp_host="mail.invalid", origin="https://tracker.example")
MONDAY = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)


async def give_addresses(world: World) -> None:
    owner = await asyncpg.connect(world.urls.owner_url)
    await owner.execute("update person set email = replace(sign_in, '.', '_') || '@example.org'")
    await owner.close()


async def mails(world: World, fails: int = 0) -> list[EmailMessage]:
    """Send what is due, by three workers at once; the server refuses the first ``fails`` mails."""
    taken: list[EmailMessage] = []
    refused = iter(range(fails))

    def post(message: EmailMessage) -> None:
        if next(refused, None) is not None:
            raise smtplib.SMTPServerDisconnected("board_member_359@example.org hung up")
        taken.append(message)

    await asyncio.gather(*(service.mails(world.database, SETTINGS, post) for _ in range(3)))
    return taken


async def test_a_subscriber_gets_one_link_each_week_and_nothing_in_it(world: World) -> None:
    await give_addresses(world)
    async with world.database.transaction(world["board_member.359"]) as tx:
        await service.subscribe(tx, "week")
        with pytest.raises(Refused):
            await service.subscribe(tx, "hour")
    assert await mails(world) == []  # subscribed on a Tuesday: the week had begun
    world.timepiece.advance(MONDAY - START - timedelta(hours=5))
    assert await mails(world) == []  # it is Monday, four in the morning
    world.timepiece.advance(timedelta(hours=5))
    (mail,) = await mails(world)
    assert (mail["To"], mail["Subject"]) == (
        "board_member_359@example.org",
        "Your report is ready in Unassessed risk tracker",
    )
    text = mail.get_content()
    assert "https://tracker.example/packs" in text
    assert not any(digit in text for digit in "0123456789")
    world.timepiece.advance(timedelta(days=3))
    assert await mails(world) == []
    world.timepiece.advance(timedelta(days=4))
    assert len(await mails(world)) == 1
    async with world.database.transaction(world["board_member.359"]) as tx:
        assert await service.subscribe(tx, "never") is None
    world.timepiece.advance(timedelta(days=7))
    assert await mails(world) == []


async def test_a_mail_that_is_refused_is_tried_again_as_the_same_mail(world: World) -> None:
    await give_addresses(world)
    async with world.database.transaction(world["senior_leader.359"]) as tx:
        await service.subscribe(tx, "month")
    world.timepiece.advance(timedelta(days=29))
    assert await mails(world, fails=1) == []
    world.timepiece.advance(timedelta(minutes=1))
    assert len(await mails(world)) == 1
    owner = await asyncpg.connect(world.urls.owner_url)
    row = await owner.fetchrow("select occasion, attempts, sent_at is not null, last_error from report_mail")
    await owner.close()
    assert row is not None
    assert tuple(row) == ("pack month 2026-12", 2, True, None)


async def test_the_owner_of_an_overdue_promise_is_told_once(world: World) -> None:
    await give_addresses(world)
    new = NewPromise(
        area="359",
        what="Triage on Saturdays",
        figure="child_days.waiting",
        owner=world["partner.359"].id,
        agency="health",
        due_on=date(2026, 11, 6),
    )
    made: list[UUID] = []
    for what in ("Triage on Saturdays", "And on Sundays", "And at night"):
        async with world.database.transaction(world["senior_leader.359"], snapshot=True) as tx:
            made.append((await plans.make(tx, msgspec.structs.replace(new, what=what))).id)
    async with world.database.transaction(world["senior_leader.359"], snapshot=True) as tx:
        await plans.answer(tx, made[2], 1, Answer(kind="withdrawn", text="No staff."))
    world.timepiece.advance(timedelta(days=3))
    assert await mails(world) == []  # the sixth has not passed
    world.timepiece.advance(timedelta(days=1))
    (mail,) = await mails(world)
    assert str(mail["Subject"]).startswith("2 promises of yours are overdue")
    assert "Saturdays" not in mail.as_string()
    world.timepiece.advance(timedelta(days=1))
    assert await mails(world) == []


async def test_without_a_mail_server_nothing_is_queued(world: World) -> None:
    await give_addresses(world)
    assert await service.mails(world.database, Settings(database_url="")) == {}


async def test_a_whole_caseload_is_the_newest_count_and_not_known_when_it_is_old(world: World) -> None:
    manager, worker = world["team_manager.359"], world["social_worker.359"].id
    assert worker is not None
    for cases, day in ((22, date(2026, 10, 1)), (25, date(2026, 10, 20)), (31, date(2026, 10, 20))):
        async with world.database.transaction(manager) as tx:
            await caseloads.enter(tx, Counted(area="359", worker=worker, cases=cases, counted_on=day))
        world.timepiece.advance(timedelta(seconds=1))
    async with world.database.transaction(world["mash_manager.359"]) as tx:
        (found,) = await caseloads.caseloads(tx)
    assert (found.cases, found.counted_on) == (31, date(2026, 10, 20))
    async with world.database.transaction(SYSTEM) as tx:
        known = await measures_store.whole_caseloads(tx.connection, ["359"], date(2026, 9, 3), date(2026, 11, 3))
        assert known == [(str(worker), None, 31)]
        assert (await measures_store.whole_caseloads(tx.connection, ["350"], START.date(), START.date()))[0][2] is None
    world.timepiece.advance(timedelta(days=60))
    async with world.database.transaction(manager) as tx:
        (old,) = await caseloads.caseloads(tx)
    assert (old.cases, old.counted_on) == (None, date(2026, 10, 20))
    for stranger in ("team_manager.350", "mash_coordinator.359", "board_member.359"):
        async with world.database.transaction(world[stranger]) as tx:
            assert await tx.connection.fetchval("select count(*) from caseload") == 0


def test_a_week_begins_on_monday_morning_and_a_month_on_its_first() -> None:
    assert rules.begun("week", datetime(2026, 11, 9, 5, 59, tzinfo=UTC)) is None
    assert rules.begun("week", datetime(2026, 11, 9, 6, 0, tzinfo=UTC)) == (
        "week 2026-46",
        datetime(2026, 11, 9, tzinfo=UTC),
    )
    assert rules.begun("month", datetime(2026, 7, 1, 5, 30, tzinfo=UTC)) == (
        "month 2026-07",
        datetime(2026, 6, 30, 23, tzinfo=UTC),
    )
