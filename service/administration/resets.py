"""Links by which somebody chooses a password: shown to the administrator once, mailed where that is possible."""

import asyncio
import smtplib
from email.message import EmailMessage
from uuid import UUID

from service import mailing
from service.access import accounts
from service.access.accounts import RESET_HOURS, Link
from service.actor import Actor
from service.database import Database
from service.settings import Settings


async def make(database: Database, settings: Settings, actor: Actor, person: UUID) -> tuple[Link, bool]:
    """Make a link, and say whether a mail with it was handed in.

    Raises:
        NotFound: there is no such person who may sign in.
    """
    async with database.transaction(actor) as tx:
        link = await accounts.make_reset(tx, settings, person)
    if not settings.smtp_host or not link.email:
        return link, False
    try:
        await asyncio.to_thread(mailing.smtp(settings), written(settings, link))
    except (smtplib.SMTPException, OSError):
        return link, False
    return link, True


def written(settings: Settings, link: Link) -> EmailMessage:
    """The mail: no name, no case, only the link."""
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = link.email or ""
    message["Subject"] = f"{settings.service_name}: choose a password"
    message.set_content(
        f"Choose a new password here. The link works once, for {RESET_HOURS} hours.\n\n{link.address}\n\n"
        "If you did not ask for it, tell your administrator.\n"
    )
    return message
