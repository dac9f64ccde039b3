"""Lists of enquiries and conferences as an actor may see them, each view left in the audit trail."""

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from service.access import audit
from service.clocks.local_time import end_of, local_day
from service.database import Tx
from service.enquiries.conferences import rules
from service.enquiries.lists import store
from service.enquiries.lists.store import ConferenceCounts, ConferenceRow, EnquiryCounts, EnquiryRow
from service.pathways import rulebook

PAGE: Final = 50
#: Rows of one export at most.
EXPORT: Final = 100_000
Which = Literal["everything", "unseen", "today", "late", "authorise", "without_history"]
Wanted = Literal["due", "week", "late", "unscheduled", "without_reason", "not_required_late"]
_WEEK: Final = timedelta(days=6)


class Enquiries(msgspec.Struct, frozen=True, kw_only=True):
    """One page of enquiries under way, with the numbers above it."""

    counts: EnquiryCounts
    total: int
    rows: list[EnquiryRow]


class ConferenceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One child's conference, with the working days that are left until its target, or that it is late by.

    ``late``: past its target, or planned for after it; then ``working_days_late`` counts until that day.
    """

    row: ConferenceRow
    late: bool
    working_days_left: int
    working_days_late: int


class Conferences(msgspec.Struct, frozen=True, kw_only=True):
    """One page of conferences, with the numbers above it."""

    counts: ConferenceCounts
    total: int
    lines: list[ConferenceLine]


def end_of_today(now: datetime) -> datetime:
    """The midnight that ends the local day: what is due by the end of today is due at it."""
    return end_of(local_day(now))


async def enquiries(tx: Tx, *, which: Which = "everything", area: str | None = None, page: int = 1) -> Enquiries:
    """Enquiries under way, a page of 50, the earliest target first."""
    today = end_of_today(tx.now)
    counts = await store.enquiry_counts(tx.connection, tx.now, today, area)
    rows = await store.enquiries(
        tx.connection, tx.now, today, which=which, area=area, limit=PAGE, offset=PAGE * (page - 1)
    )
    await audit.viewed(
        tx,
        "enquiries_viewed",
        "decide which enquiry is next",
        [row.pathway for row in rows],
        {"which": which, "area": area, "page": page},
    )
    return Enquiries(counts=counts, total=getattr(counts, which), rows=rows)


async def conferences(tx: Tx, *, which: Wanted = "due", area: str | None = None, page: int = 1) -> Conferences:
    """Conferences by their target day, a page of 50."""
    week = end_of(local_day(tx.now) + _WEEK)
    counts = await store.conference_counts(tx.connection, tx.now, week, area)
    rows = await store.conferences(
        tx.connection, tx.now, week, which=which, area=area, limit=PAGE, offset=PAGE * (page - 1)
    )
    lines = await _lines(tx, rows)
    await audit.viewed(
        tx,
        "conferences_viewed",
        "see which conferences are due",
        [row.pathway for row in rows],
        {"which": which, "area": area, "page": page},
    )
    return Conferences(counts=counts, total=getattr(counts, which), lines=lines)


async def _lines(tx: Tx, rows: list[ConferenceRow]) -> list[ConferenceLine]:
    calendar = (await rulebook.current(tx)).calendar(None)
    lines = []
    for row in rows:
        planned = row.planned_for if row.state == "scheduled" else None
        until = rules.counted_until(row.stopped_at, planned, tx.now)
        lines.append(
            ConferenceLine(
                row=row,
                late=until > row.due_at,
                working_days_left=rules.working_days_left(row.due_at, tx.now, calendar),
                working_days_late=rules.working_days_late(row.due_at, until, calendar),
            )
        )
    return lines


async def enquiries_export(tx: Tx, *, which: Which, area: str | None) -> list[EnquiryRow]:
    """The whole list for a file; one export is one row of the audit trail."""
    today = end_of_today(tx.now)
    rows = await store.enquiries(tx.connection, tx.now, today, which=which, area=area, limit=EXPORT, offset=0)
    await audit.viewed(
        tx,
        "enquiries_exported",
        "work through the list outside the tracker",
        [row.pathway for row in rows],
        {"which": which, "area": area, "rows": len(rows)},
    )
    return rows


async def conferences_export(tx: Tx, *, which: Wanted, area: str | None) -> list[ConferenceLine]:
    """The whole list for a file; one export is one row of the audit trail."""
    week = end_of(local_day(tx.now) + _WEEK)
    rows = await store.conferences(tx.connection, tx.now, week, which=which, area=area, limit=EXPORT, offset=0)
    await audit.viewed(
        tx,
        "conferences_exported",
        "work through the list outside the tracker",
        [row.pathway for row in rows],
        {"which": which, "area": area, "rows": len(rows)},
    )
    return await _lines(tx, rows)
