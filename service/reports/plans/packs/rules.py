"""Pure: which week or month it is, and what a mail says. No mail names anybody or anything."""

from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from service.clocks.local_time import local_day, midnight
from service.errors import Wrong
from service.mailing import message_id
from service.reports.disclosure.periods import is_quarter
from service.reports.measures.figures import Period
from service.settings import Settings
from service.web import words

Every = Literal["week", "month"]
EVERY: Final[tuple[Every, ...]] = ("week", "month")
#: Local time from which a new week's or month's mails go out.
_MORNING: Final = time(6)
#: Who is sent a link: everybody with a report of their own.
SUBSCRIBERS: Final = (
    "board_member",
    "senior_leader",
    "mash_manager",
    "mash_coordinator",
    "team_manager",
    "police_liaison",
)
LONGEST: Final = 120


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail to one person. The same id at every attempt. ``overdue``: promises that are, where it is about those."""

    id: UUID
    occasion: str
    attempts: int
    email: str
    overdue: int


def begun(every: Every, now: datetime) -> tuple[str, datetime] | None:
    """The week or month that has begun and since when; None before its first morning."""
    today = local_day(now)
    first = today - timedelta(days=today.weekday()) if every == "week" else today.replace(day=1)
    since = midnight(first)
    if now < since + timedelta(hours=_MORNING.hour):
        return None
    year, week, _ = first.isocalendar()
    return (f"week {year}-{week:02}" if every == "week" else f"month {first:%Y-%m}"), since


def wrong_with_issue(name: str, period: Period, today: date) -> list[Wrong]:
    """Every field of a new issue that is missing or cannot be."""
    found = []
    if not name.strip() or not name.isprintable():
        found.append(
            Wrong("name", name or "nothing", "some words", "Give the issue a name, such as Board, 3 November.")
        )
    if not is_quarter(period) or period.first > today:
        said = f"{period.first} to {period.last}"
        expected = "a quarter from January, April, July or October that has begun"
        found.append(Wrong("first_day", said, expected, "Choose a whole quarter that has begun."))
    return found


def written(mail: Mail, settings: Settings, now: datetime) -> EmailMessage:
    """The mail itself: what waits, and a link that asks to sign in."""
    base = settings.origin.rstrip("/")
    if mail.overdue:
        told = f"{words.count(mail.overdue, 'promise')} of yours {'is' if mail.overdue == 1 else 'are'} overdue"
        link, what = f"{base}/plans", "Sign in to answer"
    else:
        told, link, what = "Your report is ready", f"{base}/packs", "Sign in to read it"
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = mail.email
    message["Subject"] = f"{told} in {settings.service_name}"
    message["Message-ID"] = message_id(mail.id, settings)
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"{told}.\n\n{what}:\n{link}\n\n"
        "This mail holds no figures and no names on purpose. Please do not reply to it.\n"
    )
    return message
