"""Issue a report under a name, subscribe to one's own, and tell people by mail that it is there."""

import asyncio
import hashlib
import logging
import smtplib
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.access import audit
from service.actor import SYSTEM
from service.clocks.local_time import local_day
from service.database import Database, Tx
from service.errors import Conflict, Forbidden, NotFound, Refused, Wrong
from service.mailing import ATTEMPTS, Post, kind_of, smtp
from service.outbox.rules import try_again_at
from service.reports.measures import service as measures
from service.reports.measures import store as measures_store
from service.reports.measures.figures import BoardFigures, Period, Scope
from service.reports.plans.packs import rules, store
from service.reports.plans.packs.rules import Every
from service.reports.plans.packs.store import Issue, Subscription
from service.reports.plans.rules import MAKERS
from service.settings import Settings

_LEASE: Final = timedelta(seconds=60)
#: Promises that became overdue before this need no mail any more.
_LATE: Final = timedelta(days=7)
_log: Final = logging.getLogger("tracker.mail")
_encoder: Final = msgspec.json.Encoder(order="deterministic")


class NewIssue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report of a calendar quarter, as it is known now, to be kept under a name."""

    area: str = ""
    name: str = ""
    first_day: date
    last_day: date


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """An issue, and whether its figures, worked out again as they were known then, are the same to the last digit."""

    issue: Issue
    reproduced: bool


async def issue(tx: Tx, new: NewIssue) -> Issue:
    """Keep a report: which figures, as known at which instant. Needs ``snapshot=True``.

    Raises:
        Forbidden: the actor does not issue reports of the area.
        Refused: no name, or a period that is no calendar quarter.
        Conflict: the area has an issue of that name.
    """
    if not tx.actor.holds(*MAKERS, area=new.area):
        raise Forbidden("You issue reports of your own areas.")
    period = Period(first=new.first_day, last=new.last_day)
    if wrong := rules.wrong_with_issue(new.name, period, local_day(tx.now)):
        raise Refused(wrong)
    figures = await measures.measured(tx, Scope(areas=(new.area,)), period, tx.now, action="report_issued")
    # What is kept is what its board is told, which may be as it was when the week began.
    most, told = await measures.told_when_issued(tx, new.area, period)
    identity = new_id(tx.now)
    kept = await store.issue(
        tx.connection,
        (
            identity,
            new.area,
            new.name.strip()[: rules.LONGEST],
            new.first_day,
            new.last_day,
            figures.known.instant,
            digest(figures),
            most,
            told,
            tx.now,
            tx.actor.id,
        ),
    )
    if not kept:
        raise Conflict("There is a report of that name: give this one another.")
    return (await store.issues(tx.connection, identity))[0]


async def issues(tx: Tx, area: str | None = None) -> list[Issue]:
    """Reports that were issued in the actor's areas, the newest first."""
    return await store.issues(tx.connection, areas=[area] if area else None)


async def check(tx: Tx, identity: UUID) -> Checked:
    """One issue, its figures worked out again. Needs ``snapshot=True``.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = await store.issues(tx.connection, identity)
    if not found:
        raise NotFound("There is no such report.")
    kept = found[0]
    async with measures_store.as_system(tx) as reader:
        period = Period(first=kept.first_day, last=kept.last_day)
        figures = await measures.measured(reader, Scope(areas=(kept.area,)), period, kept.as_of, action=None)
    await audit.viewed(tx, "issue_checked", "compare an issued report", detail={"issue": str(identity)})
    return Checked(issue=kept, reproduced=digest(figures).hex() == kept.digest)


def digest(figures: BoardFigures) -> bytes:
    """SHA-256 of the figures as had been reported at their instant, without what has moved since."""
    told = msgspec.structs.replace(figures, restated=None, known=msgspec.structs.replace(figures.known, lowered=False))
    told = msgspec.structs.replace(told, known=msgspec.structs.replace(told.known, asked=told.known.instant))
    return hashlib.sha256(_encoder.encode(told)).digest()


async def subscription(tx: Tx) -> Subscription | None:
    """How often the actor gets a link, if at all."""
    return None if tx.actor.id is None else await store.subscription(tx.connection, tx.actor.id)


async def subscribe(tx: Tx, every: str) -> Subscription | None:
    """Send the actor a link each ``week`` or ``month``; none with ``never``. It leads to their own report.

    Raises:
        Refused: something else.
    """
    if tx.actor.id is None:
        raise Forbidden("People subscribe.")
    if every == "never":
        await store.unsubscribe(tx.connection, tx.actor.id)
        return None
    chosen: Every | None = next((each for each in rules.EVERY if each == every), None)
    if chosen is None:
        raise Refused([Wrong("every", every, "week, month or never", "Choose how often.")])
    await store.subscribe(tx.connection, tx.actor.id, chosen, tx.now)
    return await subscription(tx)


async def mails(database: Database, settings: Settings, post: Post | None = None) -> dict[str, Any]:
    """Queue what is due once for each person and period, and send what is queued. Without a mail server, nothing."""
    if settings.smtp_host is None:
        return {}
    done = {"queued": 0, "sent": 0, "failed": 0}
    async with database.transaction(SYSTEM) as tx:
        for every in rules.EVERY:
            begun = rules.begun(every, tx.now)
            if begun is not None:
                done["queued"] += await store.queue_packs(tx.connection, tx.now, every, *begun)
        today = local_day(tx.now)
        done["queued"] += await store.queue_overdue(tx.connection, tx.now, today, today - _LATE)
    while True:
        async with database.transaction(SYSTEM) as tx:
            claimed = await store.claim(tx.connection, tx.now, tx.now + _LEASE)
        for mail in claimed:
            done["sent" if await _send(database, settings, mail, post or smtp(settings)) else "failed"] += 1
        if len(claimed) < store.AT_ONCE:
            return done


async def _send(database: Database, settings: Settings, mail: rules.Mail, post: Post) -> bool:
    try:
        if not mail.occasion.startswith("overdue") or mail.overdue:
            await asyncio.to_thread(post, rules.written(mail, settings, database.timepiece.now()))
    except (smtplib.SMTPException, OSError) as error:
        async with database.transaction(SYSTEM) as tx:
            again_at = try_again_at(mail.attempts, tx.now, limit=ATTEMPTS)
            kind = kind_of(error)
            await store.failed(tx.connection, mail, kind, again_at, tx.now)
        _log.warning("mail %s was not taken (%s), attempt %d", mail.id, kind, mail.attempts)
        return False
    async with database.transaction(SYSTEM) as tx:
        await store.sent(tx.connection, mail, tx.now)
    return True
