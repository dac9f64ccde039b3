"""Lists as an actor may see them, each view left in the audit trail before it is shown."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from service.access import audit
from service.children.rules import normalise_name
from service.database import Tx
from service.pathways.lists import store
from service.pathways.lists.store import (
    AskedRow,
    Flow,
    Found,
    OfferedRow,
    UnsharedOne,
    UnsharedRow,
    WaitingCounts,
    WaitingRow,
)

PAGE: Final = 50
#: Rows of one export at most.
EXPORT: Final = 100_000
Sort = Literal["worst", "waited", "due", "grade"]
Which = Literal["deciding", "late", "today", "police", "us", "meeting", "unallocated", "everything"]
WORKERS: Final = ("mash_coordinator", "mash_manager", "out_of_hours")
_LONDON: Final = ZoneInfo("Europe/London")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BORN: Final = re.compile(
    r"(?:(?P<day>\d{1,2})[/.\- ](?:(?P<month>\d{1,2})|(?P<named>[a-z]{3})[a-z]*)[/.\- ](?P<year>\d{4})"
    r"|(?P<iso_year>\d{4})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2}))\Z",
    re.ASCII | re.IGNORECASE,
)


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One page of open work with the numbers above it."""

    counts: WaitingCounts
    total: int
    rows: list[WaitingRow]
    asked: list[AskedRow]
    offered: list[OfferedRow]


class Unshared(msgspec.Struct, frozen=True, kw_only=True):
    """The force's backlog: one page of it, all of it by grade and age, and how it flows."""

    everything: list[UnsharedOne]
    rows: list[UnsharedRow]
    flow: list[Flow]


def end_of_day(now: datetime) -> datetime:
    """The last instant of the local day of ``now`` (UTC)."""
    tomorrow = now.astimezone(_LONDON).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), _LONDON)
    return midnight.astimezone(now.tzinfo) - timedelta(microseconds=1)


async def waiting(
    tx: Tx,
    *,
    which: Which = "deciding",
    area: str | None = None,
    grade: str | None = None,
    page: int = 1,
    sort: Sort = "worst",
) -> Waiting:
    """Open work of the actor's areas (or one of them), a page of 50, worst first.

    The counts are those of the same area and grade, so that the total is one of them.
    """
    areas = _areas(tx, area)
    counts, rows = await store.waiting(
        tx.connection,
        areas,
        tx.now,
        which=which,
        end_of_today=end_of_day(tx.now),
        grade=grade,
        limit=PAGE,
        offset=PAGE * (page - 1),
        sort=sort,
    )
    asked = await store.asked(tx.connection, areas)
    offered = await store.offered(tx.connection, areas)
    await audit.viewed(
        tx,
        "waiting_list_viewed",
        "decide which child is next",
        [row.pathway for part in (rows, asked, offered) for row in part],
        {"which": which, "area": area, "grade": grade, "page": page},
    )
    return Waiting(counts=counts, total=getattr(counts, which), rows=rows, asked=asked, offered=offered)


async def waiting_export(
    tx: Tx, *, which: Which, area: str | None, grade: str | None, sort: Sort = "worst"
) -> list[WaitingRow]:
    """The whole list for a file; one export is one row of the audit trail."""
    _, rows = await store.waiting(
        tx.connection,
        _areas(tx, area),
        tx.now,
        which=which,
        end_of_today=end_of_day(tx.now),
        grade=grade,
        limit=EXPORT,
        offset=0,
        sort=sort,
    )
    await audit.viewed(
        tx,
        "waiting_list_exported",
        "work through the list outside the tracker",
        [row.pathway for row in rows],
        {"which": which, "area": area, "grade": grade, "rows": len(rows)},
    )
    return rows


async def waiting_counts(tx: Tx) -> WaitingCounts:
    """The numbers alone: no record is shown."""
    return await store.waiting_counts(tx.connection, _areas(tx, None), tx.now, end_of_day(tx.now))


def _areas(tx: Tx, area: str | None) -> list[str]:
    return [code for code in tx.actor.areas(*WORKERS) if area is None or code == area]


async def unshared(
    tx: Tx,
    *,
    grade: str | None = None,
    area: str | None = None,
    district: str | None = None,
    page: int = 1,
    days: int = 28,
) -> Unshared:
    """The backlog of the actor's forces, a page of 50, oldest high first, then by lateness."""
    forces = tx.actor.forces("police_liaison")
    everything = await store.unshared_summary(tx.connection, forces, area)
    rows = await store.unshared(
        tx.connection,
        forces,
        grade=grade,
        area=area,
        district=district,
        limit=PAGE,
        offset=PAGE * (page - 1),
    )
    today = tx.now.astimezone(_LONDON).date()
    flow = await store.police_flow(tx.connection, forces, today - timedelta(days=days), today - timedelta(days=1))
    await audit.viewed(
        tx,
        "unshared_list_viewed",
        "decide what leaves the office today",
        [row.pathway for row in rows],
        {"grade": grade, "area": area, "district": district, "page": page},
    )
    return Unshared(everything=everything, rows=rows, flow=flow)


async def search(tx: Tx, text: str) -> list[Found]:
    """Pathways by police reference, date of birth (03/02/2011, 3 Feb 2011) or the beginning of a family name."""
    wanted = text.strip()
    by, born = "name", _date(wanted)
    if born is not None:
        by = "born"
    elif any(character.isdigit() for character in wanted):
        by = "reference"
    areas = tx.actor.areas(*WORKERS)
    forces = tx.actor.forces("police_liaison")
    if by == "name":
        wanted = normalise_name(wanted).replace("\\", "").replace("%", "").replace("_", "") + "%"
    found = (
        await store.search(tx.connection, areas=areas, forces=forces, by=by, text=wanted, born=born, limit=PAGE)
        if text.strip()
        else []
    )
    await audit.viewed(
        tx, "search", "find a child or incident", [row.pathway for row in found], {"by": by, "found": len(found)}
    )
    return found


def _date(text: str) -> date | None:
    """The day that ``text`` is: 03/02/2011, 3 Feb 2011 or 2011-02-03."""
    found = _BORN.match(text)
    if found is None:
        return None
    named = (found["named"] or "").lower()
    month = _MONTHS.index(named) + 1 if named in _MONTHS else int(found["month"] or found["iso_month"] or 0)
    try:
        return date(int(found["year"] or found["iso_year"]), month, int(found["day"] or found["iso_day"]))
    except ValueError:
        return None
