"""Reading the trail leaves a trace too: the auditor is a person like others."""

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from service.access import audit
from service.access.trail import store
from service.access.trail.store import Access, Looker, Totals, Trace, Wanted
from service.database import Tx
from service.errors import Refused, Wrong

PAGE: Final = 50
#: Rows of one export at most.
EXPORT: Final = 100_000
#: Days shown when nothing else is asked, and at most.
DAYS: Final = 7
LONGEST_DAYS: Final = 366
#: A role not used for so long is worth a question.
UNUSED: Final = timedelta(days=90)
_LONDON: Final = ZoneInfo("Europe/London")


class Trail(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the trail of a period (local days, both included) with its totals."""

    first: date
    last: date
    totals: Totals
    rows: list[Trace]
    actions: list[tuple[str, int]]


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """Who may come in, who has not for long, and who was shown most children in the period."""

    first: date
    last: date
    access: list[Access]
    unused: int
    lookers: list[Looker]


def period(first: date | None, last: date | None, now: datetime) -> tuple[date, date]:
    """The days to show; both default to the last week until today.

    Raises:
        Refused: the days are in the wrong order or too far apart.
    """
    until = last or now.astimezone(_LONDON).date()
    if until >= date.max - timedelta(days=1):
        raise Refused([Wrong("to", until.isoformat(), "a day before the year 9999", "Check the year.")])
    since = first or max(date.min, until - timedelta(days=min(DAYS - 1, until.toordinal() - 1)))
    if since > until:
        raise Refused([Wrong("from", since.isoformat(), f"a day up to {until.isoformat()}", "Change one of the days.")])
    if (until - since).days > LONGEST_DAYS:
        raise Refused([Wrong("from", since.isoformat(), "at most a year before the last day", "Ask for less.")])
    return since, until


def _instants(first: date, last: date) -> tuple[datetime, datetime]:
    return (
        datetime.combine(first, time(), _LONDON).astimezone(ZoneInfo("UTC")),
        datetime.combine(last + timedelta(days=1), time(), _LONDON).astimezone(ZoneInfo("UTC")),
    )


async def trail(
    tx: Tx,
    *,
    first: date | None = None,
    last: date | None = None,
    action: str | None = None,
    actor: UUID | None = None,
    pathway: UUID | None = None,
    page: int = 1,
    limit: int = PAGE,
) -> Trail:
    """One page of the trail, the newest first.

    Args:
        tx: as an auditor; nobody else is shown a row.
        first: the first local day (a week back when not given).
        last: the last local day (today when not given).
        action: rows of this kind alone.
        actor: rows of this person or machine alone.
        pathway: rows that showed this pathway.
        page: from 1.
        limit: rows of a page.

    Raises:
        Refused: the days are in the wrong order or too far apart.
    """
    since, until = period(first, last, tx.now)
    begin, end = _instants(since, until)
    wanted = Wanted(since=begin, until=end, action=action, actor=actor, pathway=pathway)
    found = Trail(
        first=since,
        last=until,
        totals=await store.counted(tx.connection, wanted),
        rows=await store.listed(tx.connection, wanted, limit, limit * (page - 1)),
        actions=await store.actions(tx.connection, begin, end),
    )
    await audit.viewed(
        tx,
        "audit_viewed" if limit == PAGE else "audit_exported",
        "see who looked at what",
        [pathway] if pathway else [],
        {"from": since.isoformat(), "to": until.isoformat(), "action": action, "page": page},
    )
    return found


async def review(tx: Tx, *, first: date | None = None, last: date | None = None) -> Review:
    """Who holds which role and uses it, and who was shown how many children.

    Raises:
        Refused: the days are in the wrong order or too far apart.
    """
    since, until = period(first, last, tx.now)
    standing = await store.access(tx.connection)
    before = tx.now - UNUSED
    found = Review(
        first=since,
        last=until,
        access=standing,
        unused=sum(1 for each in standing if unused(each, before)),
        lookers=await store.actors(tx.connection, *_instants(since, until)),
    )
    await audit.viewed(tx, "access_reviewed", "see who may come in and who does", detail={"roles": len(standing)})
    return found


def unused(each: Access, before: datetime) -> bool:
    """Whether the role was given before then and its holder has not signed in since."""
    return each.since < before and (each.last_here is None or each.last_here < before)


async def chain(tx: Tx) -> audit.Verdict:
    """Whether the chain of seals over the trail holds; reads every row of it."""
    return await audit.verify(tx.connection)
