"""Invitations over a real SMTP server, read back as other people's calendars read them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as POLICY
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from icalendar import Calendar

from schema.ids import new_id
from schema.meetings import InviteeSaid, SlotSaid
from service.embedded.process import free_port
from service.meetings.invitations import service as invitations
from service.meetings.invitations.rules import reference
from service.meetings.requesting import planning
from service.settings import Settings
from tests.fixtures.meetings import FAMILY, child, look, request
from tests.fixtures.world import START, World, person_id

TEN = START + timedelta(days=1, hours=1)


class Postbox:
    """Takes mails as they came over the wire; gives the answers it was told first."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        del server, session
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            found = BytesParser(policy=POLICY).parsebytes(envelope.content)
            assert isinstance(found, EmailMessage)
            self.taken.append(found)
            self.raw.append(envelope.content)
        return answer


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, controller.port
    controller.stop()


class Office:
    """One discussion with a nurse's typed address, and what is sent about it."""

    def __init__(self, world: World, postbox: Postbox, port: int) -> None:
        self.world, self.postbox = world, postbox
        self.discussion, self.nurse = new_id(START), new_id(START)
        self.settings = Settings(
            database_url=world.urls.app_url,
            origin="https://tracker.example",
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="none",
            mail_from="tracker@tracker.example",
        )

    async def run(self, statement: str, *values: object) -> None:
        connection = await asyncpg.connect(self.world.urls.owner_url)
        await connection.execute(statement, *values)
        await connection.close()

    async def open(self) -> None:
        await self.run(
            "insert into discussion (id, area, kind, urgency, form, reason, manager_name, requested_at, recorded_at)"
            " values ($1, '359', 'initial', 'usual', 'video', 'Amelia was hit', 'M', $2, $2)",
            self.discussion,
            START,
        )
        await self.invite(self.nurse, "health", mail="nurse@health.example")

    async def invite(self, invitee: UUID, agency: str, *, mail: str = "", person: UUID | None = None) -> None:
        await self.run(
            "insert into invitee (id, discussion, agency, area, mail, person, required, invited_at)"
            " values ($1, $2, $3, '359', $4, $5, true, $6)",
            invitee,
            self.discussion,
            agency,
            mail,
            person,
            START,
        )

    async def slot(self, at: datetime) -> None:
        await self.run(
            "insert into discussion_slot (id, discussion, starts_at, ends_at, proposed_at) values ($1, $2, $3, $4, $5)",
            new_id(START),
            self.discussion,
            at,
            at + timedelta(minutes=45),
            START,
        )

    async def send(self, only: UUID | None = None) -> invitations.Sent:
        async with self.world.database.transaction(self.world.coordinator) as tx:
            await invitations.tell(tx, self.discussion, only=only)
        return await invitations.deliver(self.world.database, self.settings)


@pytest.fixture
async def office(world: World, postbox: tuple[Postbox, int]) -> Office:
    made = Office(world, *postbox)
    await made.open()
    return made


def content(part: EmailMessage) -> bytes:
    """What the part holds, as it was before it was packed for the way."""
    found = part.get_payload(decode=True)
    assert isinstance(found, bytes)
    return found


def parts(mail: EmailMessage, kind: str = "") -> list[EmailMessage]:
    """The parts of a mail that hold something."""
    leaves = [part for part in mail.walk() if not part.is_multipart()]
    return [part for part in leaves if kind in ("", part.get_content_type())]


def event(mail: EmailMessage) -> tuple[str, Any]:
    """The method of a mail's calendar part and its one event."""
    (part,) = parts(mail, "text/calendar")
    parsed = Calendar.from_ical(content(part))
    assert part.get_param("method") == parsed["METHOD"]
    (found,) = parsed.walk("VEVENT")
    return str(parsed["METHOD"]), found


async def test_a_proposed_time_is_held_open_then_fixed_moved_and_cancelled(office: Office) -> None:
    """As people do it: each step queues its mails with the change, and no child is named in any of them."""
    world = office.world
    pathway = await child(world, "Amelia")
    head = InviteeSaid(agency="education", mail="head@school.example")
    slots = [SlotSaid(starts_at=TEN + timedelta(hours=n), ends_at=TEN + timedelta(hours=n + 1)) for n in (0, 2)]
    discussion = await request(world, pathway, slots=slots, invitees=[head], reason="Amelia was hit")
    one, two = (each.slot.id for each in (await look(world, discussion)).slots)

    async def sent() -> tuple[str, Any]:
        await invitations.deliver(world.database, office.settings)
        (mail,) = (mail for mail in office.postbox.taken if mail["To"] == "head@school.example")
        office.postbox.taken.clear()
        whole.extend(content(part).decode().replace("\r\n ", "") for part in parts(mail))
        return event(mail)

    whole: list[str] = []
    made = [await sent()]
    async with world.database.transaction(world.manager) as tx:
        version = await planning.schedule(tx, discussion, 1, one, place="At Amelia's school")
    made.append(await sent())
    async with world.database.transaction(world.manager) as tx:
        version = await planning.postpone(
            tx, discussion, version, cause="agency_unavailable", agency="police", slot=two, note="Amelia's officer"
        )
    made.append(await sent())
    async with world.database.transaction(world.manager) as tx:
        await planning.cancel(tx, discussion, version, cause="requested_in_error", agency="childrens_social_care")
    made.append(await sent())
    assert [method for method, _ in made] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    events = [found for _, found in made]
    assert [each["STATUS"] for each in events] == ["TENTATIVE", "CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert len({each["UID"] for each in events}) == 1
    assert [each["SEQUENCE"] for each in events] == [0, 1, 2, 3]
    assert [each.decoded("DTSTART") for each in events[:3]] == [TEN, TEN, TEN + timedelta(hours=2)]
    assert events[1]["DTSTART"].to_ical() == b"20261104T100000Z"
    assert len(whole) == 8, "a text and a calendar part of each mail"
    assert not any(word in said for said in whole for word in ("Amelia", FAMILY))


async def test_who_is_no_longer_invited_is_told_to_take_it_out_of_the_calendar(office: Office) -> None:
    await office.slot(TEN)
    await office.run("update invitee set withdrawn_at = $2 where id = $1", office.nurse, START)
    await office.send(office.nurse)
    (mail,) = office.postbox.taken
    assert mail["Subject"].endswith("you are no longer invited")
    assert event(mail)[0] == "CANCEL"


async def test_the_mail_leads_to_signing_in_and_names_nobody(office: Office) -> None:
    await office.slot(TEN)
    await office.send()
    (mail,) = office.postbox.taken
    assert mail["To"] == "nurse@health.example"
    assert mail["Subject"] == f"Strategy discussion {reference(office.discussion)}: please answer"
    whole = "".join(content(part).decode() for part in parts(mail))
    assert f"https://tracker.example/meetings/{office.discussion}" in whole.replace("\r\n ", "")
    assert "Amelia" not in whole
    assert b"\r\nBEGIN:VEVENT\r\n" in content(parts(mail, "text/calendar")[0])


async def test_without_a_time_there_is_no_calendar_part(office: Office) -> None:
    await office.send()
    (mail,) = office.postbox.taken
    assert mail.get_content_type() == "text/plain"
    assert "A time will be proposed" in mail.get_content()


async def test_a_discussion_that_lost_its_time_leaves_the_calendar(office: Office) -> None:
    await office.run(
        "insert into discussion_delay (id, discussion, kind, cause, agency, was_for, at)"
        " values ($1, $2, 'postponed', 'agency_unavailable', 'health', $3, $4)",
        new_id(START),
        office.discussion,
        TEN,
        START,
    )
    await office.send()
    (mail,) = office.postbox.taken
    assert mail["Subject"].endswith("postponed")
    assert event(mail)[0] == "CANCEL"


async def test_an_agency_without_a_name_reaches_all_its_people(office: Office) -> None:
    await office.run("update person set email = sign_in || '@example.org'")
    await office.invite(new_id(START + timedelta(seconds=1)), "police")
    await office.invite(new_id(START + timedelta(seconds=2)), "health")
    await office.invite(
        new_id(START + timedelta(seconds=3)), "childrens_social_care", person=person_id("team_manager.359")
    )
    await office.slot(TEN)
    await office.send()
    # No child is in this discussion, so no force reported one, and no liaison officer takes part.
    assert sorted(mail["To"] for mail in office.postbox.taken) == [
        "nurse@health.example",
        "partner.359@example.org",
        "team_manager.359@example.org",
    ]


async def test_a_refused_mail_comes_again_under_the_same_id(office: Office) -> None:
    await office.slot(TEN)
    office.postbox.answers = ["451 later"]
    first = await office.send()
    assert (first.sent, first.failed) == (0, 1)
    office.world.timepiece.advance(timedelta(minutes=1))
    again = await invitations.deliver(office.world.database, office.settings)
    assert again.sent == 1
    assert not (await invitations.deliver(office.world.database, office.settings)).sent
    (mail,) = office.postbox.taken
    assert mail["Message-ID"].endswith("@tracker.example>")


async def test_without_a_server_the_queue_does_not_fill(office: Office) -> None:
    await office.send()
    quiet = Settings(database_url=office.world.urls.app_url)
    async with office.world.database.transaction(office.world.coordinator) as tx:
        await invitations.tell(tx, office.discussion)
    assert not (await invitations.deliver(office.world.database, quiet)).sent
    assert not (await invitations.deliver(office.world.database, office.settings)).sent
