"""Tell everybody invited, by mail and in their calendars: queued with the change, sent by the workers.

The queue is the outbox, so a mail is there exactly when the change was committed. It carries how things stand when it
is sent; a program that gets two keeps the one with the higher sequence. Its Message-ID is the same at every attempt.
"""

import asyncio
import logging
import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from service.access import audit
from service.actor import SYSTEM
from service.clocks.words import say_instant
from service.database import Database, Tx
from service.errors import Conflict, NotFound
from service.mailing import ATTEMPTS, Post, kind_of, message_id, smtp
from service.meetings import store as meetings
from service.meetings.invitations import store
from service.meetings.invitations.rules import Event, Status, calendar, reference
from service.meetings.invitations.store import Known, Recipient
from service.meetings.rules import is_open
from service.outbox import service as outbox
from service.outbox import store as queue
from service.outbox.rules import try_again_at
from service.outbox.store import Work
from service.settings import Settings

KIND: Final = "invitation"
#: How long a discussion stands in a calendar that knows only when it begins.
_LENGTH: Final = timedelta(hours=1)
#: A mail to each of an agency's people may take a while with a slow server.
_LEASE: Final = timedelta(minutes=5)
_FORMS: Final = {
    "meeting": "Meeting in person",
    "video": "Video call",
    "telephone": "Telephone call",
    "series_of_calls": "Series of calls",
}
_log: Final = logging.getLogger("tracker.mail")


class Sent(msgspec.Struct):
    """What one round did, in mails."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0


async def tell(tx: Tx, discussion: UUID, *, only: UUID | None = None) -> None:
    """Queue a mail to everybody invited, in the transaction that changes time, form or cancellation.

    Args:
        tx: the transaction of the change.
        discussion: which.
        only: one invitee, when just that invitation is made, chased or withdrawn.
    """
    whom = [only] if only else await store.invitees(tx.connection, discussion, withdrawn=False)
    for invitee in whom:
        await outbox.queue(tx, KIND, invitee)


async def chase(tx: Tx, discussion: UUID) -> list[UUID]:
    """Ask again everybody who has answered no time on offer; the invitations that were chased.

    Raises:
        NotFound: there is no such discussion for this actor.
        Conflict: the discussion is over.
    """
    row = await meetings.discussion(tx.connection, discussion)
    if row is None:
        raise NotFound("There is no such discussion.")
    if not is_open(row):
        raise Conflict("This discussion is over: there is nothing left to answer.")
    answered = {each.invitee for each in await meetings.answers(tx.connection, discussion)}
    silent = [each for each in await meetings.invitees(tx.connection, discussion) if each.id not in answered]
    for invitee in silent:
        await outbox.queue(tx, KIND, invitee.id)
    await audit.viewed(tx, "discussion_chased", "ask again who has not answered", (), {"discussion": str(discussion)})
    return [each.id for each in silent]


async def deliver(database: Database, settings: Settings, post: Post | None = None) -> Sent:
    """Send what waits. Without an SMTP server nothing is sent: invitations stand on everybody's own page."""
    done = Sent()
    while (work := await _claim(database)) is not None:
        if settings.smtp_host is not None:
            await _send(database, settings, work, post or smtp(settings), done)
        else:
            await outbox.done(database, work)
    return done


async def _claim(database: Database) -> Work | None:
    async with database.transaction(SYSTEM) as tx:
        return await queue.claim(tx.connection, tx.now, tx.now + _LEASE, [KIND])


async def _send(database: Database, settings: Settings, work: Work, post: Post, done: Sent) -> None:
    async with database.transaction(SYSTEM) as tx:
        known = await store.known(tx.connection, work.subject)
        whom = await store.recipients(tx.connection, work.subject)
    try:
        # What has been held meanwhile needs no invitation.
        if known is not None and known.held_from is None:
            for recipient in whom:
                await asyncio.to_thread(post, written(known, recipient, work.id, settings, database.timepiece.now()))
                done.sent += 1
    except (smtplib.SMTPException, OSError) as error:
        async with database.transaction(SYSTEM) as tx:
            again_at = try_again_at(work.attempts, tx.now, limit=ATTEMPTS)
            await queue.failed(tx.connection, work, kind_of(error), again_at, tx.now)
        done.failed += 1
        done.given_up += again_at is None
        _log.warning("invitation %s was not taken (%s), attempt %d", work.id, kind_of(error), work.attempts)
        return
    await outbox.done(database, work)


def written(known: Known, recipient: Recipient, work: UUID, settings: Settings, now: datetime) -> EmailMessage:
    """The mail with its calendar part. Nothing in it says whom the discussion is about."""
    link = f"{settings.origin.rstrip('/')}/meetings/{known.discussion}"
    name = f"Strategy discussion {reference(known.discussion)}"
    subject, says = _words(known, name, now)
    text = f"{says}\n\nSign in to see it and to answer:\n{link}\n\n"
    text += "This mail says nothing about any child on purpose. Please do not reply to it.\n"
    message = EmailMessage(policy=SMTP)  # line ends inside the calendar part are CRLF too
    message["From"] = settings.mail_from
    message["To"] = recipient.email
    message["Subject"] = subject
    message["Message-ID"] = message_id(f"{work}.{recipient.id}", settings)
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    starts_at = known.scheduled_from or known.proposed_from or known.was_for
    if starts_at is not None:
        ends_at = (known.scheduled_until if known.scheduled_from else known.proposed_until) or starts_at + _LENGTH
        event = Event(
            uid=f"{known.discussion}@{urlsplit(settings.origin).hostname}",
            sequence=known.sequence,
            status=_status(known),
            starts_at=starts_at,
            ends_at=max(ends_at, starts_at),
            stamped_at=now,
            summary=name,
            description=text,
            location=_FORMS.get(known.form, ""),
            url=link,
            organiser=settings.mail_from,
            organiser_name=settings.organisation,
            attendee=recipient.email,
        )
        message.add_alternative(calendar(event), subtype="calendar", params={"method": event.method})
    return message


def _status(known: Known) -> Status:
    if known.cancelled_at or known.withdrawn_at or not (known.scheduled_from or known.proposed_from):
        return "CANCELLED"
    return "CONFIRMED" if known.scheduled_from else "TENTATIVE"


def _words(known: Known, name: str, now: datetime) -> tuple[str, str]:
    """Subject and first sentence."""
    if known.withdrawn_at:
        return f"{name}: you are no longer invited", "You are no longer invited to this discussion."
    if known.cancelled_at:
        return f"{name}: cancelled", "This discussion is cancelled."
    if known.scheduled_from:
        when = say_instant(known.scheduled_from, now)
        return f"{name}: {when}", f"This discussion is to be held on {when}."
    if known.proposed_from:
        return f"{name}: please answer", "You are invited to this discussion. Please say which of its times suit you."
    if known.was_for:
        return f"{name}: postponed", "This discussion is postponed. A new time will be proposed."
    return f"{name}: you are invited", "You are invited to this discussion. A time will be proposed."
