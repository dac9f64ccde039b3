"""Mails that say how many flags wait and nothing else: no name, no reference, no area.

Delivery is at least once. A mail whose answer was lost, or whose worker died, is sent again with the
same Message-ID, by which mail programs know it for the same.
"""

import asyncio
import logging
import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

import msgspec

from service.actor import SYSTEM
from service.database import Database
from service.flags import messages
from service.flags.messages import Mail
from service.mailing import ATTEMPTS, Post, kind_of, message_id, smtp
from service.outbox.rules import try_again_at
from service.settings import Settings

_LEASE: Final = timedelta(seconds=60)
_log: Final = logging.getLogger("tracker.mail")


class Delivered(msgspec.Struct):
    """What one round of delivery did."""

    bundled: int = 0
    sent: int = 0
    failed: int = 0
    given_up: int = 0


async def deliver(database: Database, settings: Settings, post: Post | None = None) -> Delivered:
    """Bundle what is new and send what is due. Without an SMTP server nothing happens: the inbox has it all."""
    done = Delivered()
    if settings.smtp_host is None:
        return done
    async with database.transaction(SYSTEM) as tx:
        manners = messages.Manners(gap=timedelta(minutes=settings.mail_gap_minutes))
        done.bundled = await messages.bundle(tx.connection, tx.now, manners)
    while True:
        async with database.transaction(SYSTEM) as tx:
            mails = await messages.claim(tx.connection, tx.now, tx.now + _LEASE)
        for mail in mails:
            await _send(database, settings, mail, post or smtp(settings), done)
        if len(mails) < messages.AT_ONCE:
            return done


async def _send(database: Database, settings: Settings, mail: Mail, post: Post, done: Delivered) -> None:
    try:
        await asyncio.to_thread(post, written(mail, settings, database.timepiece.now()))
    except (smtplib.SMTPException, OSError) as error:
        async with database.transaction(SYSTEM) as tx:
            again_at = try_again_at(mail.attempts, tx.now, limit=ATTEMPTS)
            kind = kind_of(error)
            await messages.failed(tx.connection, mail, kind, again_at, tx.now)
        done.failed += 1
        done.given_up += again_at is None
        _log.warning("mail %s was not taken (%s), attempt %d", mail.id, kind, mail.attempts)
        return
    async with database.transaction(SYSTEM) as tx:
        await messages.sent(tx.connection, mail, tx.now)
    done.sent += 1


def written(mail: Mail, settings: Settings, now: datetime) -> EmailMessage:
    """The mail itself. Its Message-ID depends on the mail alone, so that a repeat is known as one."""
    told = "1 new flag needs you" if mail.flags == 1 else f"{mail.flags} new flags need you"
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = mail.email
    message["Subject"] = f"{told} in {settings.service_name}"
    message["Message-ID"] = message_id(mail.id, settings)
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"{told}.\n\nSign in to see what they are about:\n{settings.origin.rstrip('/')}/inbox\n\n"
        "This mail says nothing about any child on purpose. Please do not reply to it.\n"
    )
    return message
