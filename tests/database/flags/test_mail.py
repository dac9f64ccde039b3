"""Mails over a real SMTP server: one a person however much there is to tell, nothing personal in it."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from email.message import Message
from email.parser import BytesParser

import asyncpg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from service.embedded.process import free_port
from service.flags.mail import deliver
from service.flags.sweep import sweep
from service.settings import Settings
from tests.fixtures.conditions import Given, give
from tests.fixtures.world import START, World

SOON = timedelta(seconds=3)


class Postbox:
    """Takes mails; may refuse, or take one and lose the answer."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        del session
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if not answer.startswith("4"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(BytesParser().parsebytes(envelope.content))
        if answer == "lost" and server.transport is not None:
            server.transport.close()
        return answer


class Server:
    """A postbox and the settings that lead to it."""

    def __init__(self, postbox: Postbox, settings: Settings) -> None:
        self.postbox = postbox
        self.settings = settings


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings = Settings(
        database_url=world.urls.app_url,
        origin="https://tracker.example",
        smtp_host="127.0.0.1",
        smtp_port=controller.port,
        smtp_security="none",
        mail_from="tracker@tracker.example",
    )
    yield Server(postbox, settings)
    controller.stop()


async def give_addresses(world: World) -> None:
    connection = await asyncpg.connect(world.urls.owner_url)
    await connection.execute("update person set email = sign_in || '@example.org'")
    await connection.close()


async def raise_flags(world: World, count: int) -> None:
    await give(world.database, [Given(true_from=world.timepiece.now()) for _ in range(count)])
    await sweep(world.database)


async def test_two_hundred_flags_after_an_outage_make_one_mail(world: World, server: Server) -> None:
    await give_addresses(world)
    await raise_flags(world, 200)
    world.timepiece.advance(SOON)
    delivered = await deliver(world.database, server.settings)
    assert (delivered.bundled, delivered.sent) == (200, 1)
    (mail,) = server.postbox.taken
    assert mail["To"] == "mash_coordinator.359@example.org"
    assert str(mail["Subject"]).startswith("200 new flags need you")
    text = mail.get_payload()
    assert "https://tracker.example/inbox" in str(text)
    assert not (await deliver(world.database, server.settings)).sent


async def test_a_mail_says_nothing_about_children_areas_or_incidents(world: World, server: Server) -> None:
    await give_addresses(world)
    await raise_flags(world, 1)
    world.timepiece.advance(SOON)
    await deliver(world.database, server.settings)
    (mail,) = server.postbox.taken
    whole = mail.as_string()
    for word in ("359", "Wigan", "contact", "overdue", "gmp", "Pennington"):
        assert word not in whole.replace("mash_coordinator.359@example.org", "")


async def test_while_flags_are_still_coming_in_nothing_is_sent(world: World, server: Server) -> None:
    await give_addresses(world)
    await raise_flags(world, 5)
    assert (await deliver(world.database, server.settings)).sent == 0


async def test_further_flags_wait_a_while_and_share_the_next_mail(world: World, server: Server) -> None:
    await give_addresses(world)
    for _ in range(3):
        await raise_flags(world, 2)
        world.timepiece.advance(SOON)
        await deliver(world.database, server.settings)
    assert len(server.postbox.taken) == 1
    world.timepiece.advance(timedelta(minutes=5))
    await deliver(world.database, server.settings)
    assert [str(mail["Subject"])[:1] for mail in server.postbox.taken] == ["2", "4"]


async def test_a_mail_whose_answer_was_lost_is_repeated_with_the_same_message_id(world: World, server: Server) -> None:
    await give_addresses(world)
    await raise_flags(world, 3)
    server.postbox.answers = ["lost"]
    world.timepiece.advance(SOON)
    assert (await deliver(world.database, server.settings)).failed == 1
    world.timepiece.advance(timedelta(minutes=1))
    await raise_flags(world, 1)
    world.timepiece.advance(SOON)
    assert (await deliver(world.database, server.settings)).sent == 1
    first, second = server.postbox.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Subject"] == second["Subject"]


async def test_a_mail_whose_worker_died_is_sent_again_after_its_lease(world: World, server: Server) -> None:
    await give_addresses(world)
    await raise_flags(world, 1)
    world.timepiece.advance(SOON)

    class Killed(BaseException):
        pass

    def dies(_mail: object) -> None:
        raise Killed

    with pytest.raises(Killed):
        await deliver(world.database, server.settings, dies)
    assert (await deliver(world.database, server.settings)).sent == 0
    world.timepiece.advance(timedelta(seconds=61))
    assert (await deliver(world.database, server.settings)).sent == 1


async def test_a_server_that_never_takes_it_is_given_up_and_the_inbox_keeps_it(world: World, server: Server) -> None:
    await give_addresses(world)
    await raise_flags(world, 1)
    server.postbox.answers = ["451 later"] * 20
    given_up = 0
    for _ in range(20):
        world.timepiece.advance(timedelta(hours=1))
        given_up += (await deliver(world.database, server.settings)).given_up
    assert given_up == 1
    assert server.postbox.taken == []
    connection = await asyncpg.connect(world.urls.owner_url)
    assert await connection.fetchval("select last_error from message where dead_at is not null") == "SMTPDataError 451"
    assert await connection.fetchval("select count(*) from message where read_at is null") == 1
    await connection.close()


async def test_eight_deliveries_at_once_send_each_mail_once(world: World, server: Server) -> None:
    await give_addresses(world)
    await give(
        world.database,
        [
            Given(true_from=START, area=area, subject=subject)
            for area in ("359", "350")
            for subject in ("x", "conference")
        ],
    )
    await sweep(world.database)
    world.timepiece.advance(SOON)
    await asyncio.gather(*(deliver(world.database, server.settings) for _ in range(8)))
    sent = [str(mail["To"]) for mail in server.postbox.taken]
    assert len(sent) == len(set(sent)) == 6


async def test_without_a_server_messages_stay_in_the_inbox(world: World) -> None:
    await give_addresses(world)
    await raise_flags(world, 1)
    world.timepiece.advance(SOON)
    delivered = await deliver(world.database, Settings(database_url=world.urls.app_url))
    assert (delivered.bundled, delivered.sent) == (0, 0)
