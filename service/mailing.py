"""Hands mails to the server of the settings. What is in them is the business of who writes them."""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from typing import Final
from urllib.parse import urlsplit

from service.settings import Settings

ATTEMPTS: Final = 12
_TIMEOUT: Final = 15.0

#: Hands one mail to a server; raises smtplib.SMTPException or OSError when it is not certain that it was taken.
Post = Callable[[EmailMessage], None]


def smtp(settings: Settings) -> Post:
    """Hand mails to the server of the settings, one connection each."""

    def post(message: EmailMessage) -> None:
        host, port = settings.smtp_host or "", settings.smtp_port
        context = ssl.create_default_context()
        with (
            smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT, context=context)
            if settings.smtp_security == "tls"
            else smtplib.SMTP(host, port, timeout=_TIMEOUT)
        ) as server:
            if settings.smtp_security == "starttls":
                server.starttls(context=context)
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message)

    return post


def message_id(identity: object, settings: Settings) -> str:
    """The same for every attempt at one mail, so that a repeat is known as one."""
    return f"<{identity}@{urlsplit(settings.origin).hostname}>"


def kind_of(error: Exception) -> str:
    """What went wrong without the server's words, which may repeat an address."""
    return f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
