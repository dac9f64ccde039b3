"""Reads and writes issues, subscriptions, and mails about reports."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from service.database import Connection, Queries
from service.reports.plans.packs.rules import Every, Mail

queries = Queries(__package__ or "service.reports.plans.packs")
AT_ONCE: Final = 20


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """A report that was issued: of which days, as known at which instant, and the digest of its figures."""

    id: UUID
    area: str
    name: str
    first_day: date
    last_day: date
    as_of: datetime
    digest: str
    small_numbers: int
    issued_at: datetime
    issued_by_name: str


class Subscription(msgspec.Struct, frozen=True):
    """How often somebody gets a link to their report. Field order is column order."""

    every: Every
    since: datetime


async def issue(connection: Connection, values: tuple[Any, ...]) -> bool:
    """Write an issue, in the order of its columns; False if the area has one of that name."""
    return await connection.fetchval(queries.issue, *values) is not None


async def issues(connection: Connection, issue: UUID | None = None, areas: list[str] | None = None) -> list[Issue]:
    """Issues that the actor sees, the newest first; or one."""
    return [Issue(**dict(row)) for row in await connection.fetch(queries.issues, issue, areas)]


async def subscription(connection: Connection, person: UUID) -> Subscription | None:
    """Somebody's own."""
    row = await connection.fetchrow(queries.subscription, person)
    return Subscription(row[0], row[1]) if row else None


async def subscribe(connection: Connection, person: UUID, every: Every, now: datetime) -> None:
    """From now on, so often."""
    await connection.execute(queries.subscribe, person, every, now)


async def unsubscribe(connection: Connection, person: UUID) -> None:
    """No more."""
    await connection.execute(queries.unsubscribe, person)


async def queue_packs(connection: Connection, now: datetime, every: Every, period: str, since: datetime) -> int:
    """Queue the mails of a week or month that are not queued yet; how many."""
    return len(await connection.fetch(queries.queue_packs, now, every, period, since))


async def queue_overdue(connection: Connection, now: datetime, today: date, earliest: date) -> int:
    """Queue mails to owners of promises that became overdue since ``earliest``; how many."""
    return len(await connection.fetch(queries.queue_overdue, now, today, earliest))


async def claim(connection: Connection, now: datetime, until: datetime) -> list[Mail]:
    """Take mails that are due, until ``until``."""
    rows = await connection.fetch(queries.claim, now, until, AT_ONCE)
    return [Mail(id=row[0], occasion=row[1], attempts=row[2], email=row[3], overdue=row[4]) for row in rows]


async def sent(connection: Connection, mail: Mail, now: datetime) -> None:
    """The server took it."""
    await connection.execute(queries.sent, mail.id, now)


async def failed(connection: Connection, mail: Mail, error: str, again_at: datetime | None, now: datetime) -> None:
    """The server did not take it; tried again, or given up."""
    await connection.execute(queries.failed, mail.id, mail.attempts, error, again_at, now)
