"""Reads the lists. Rows come in the order people work them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from service.database import Connection, Queries

#: After every other character, so that a text with it comes after all that begin with the text.
_LAST: Final = "\U0010ffff"

queries = Queries(__package__ or "service.pathways.lists")


class WaitingRow(msgspec.Struct, frozen=True):
    """One child's open work. Field order is column order."""

    pathway: UUID
    area: str
    force: str
    incident: UUID
    child: UUID
    first_grade: str | None
    grade: str | None
    urgent: bool
    stage: str
    holder: str
    held_since: datetime | None
    aware_at: datetime | None
    aware_on: date | None
    waiting_since: datetime | None
    next_due_at: datetime | None
    next_due_standard: str | None
    allocation_wanted: bool
    outcome: str | None
    share_used: float | None
    oldest_of_grade: bool
    reference: str
    district: str | None
    summary: str | None
    family_name: str
    given_names: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    involvement: str


class WaitingCounts(msgspec.Struct, frozen=True):
    """How many children stand where. ``longest_since``: when the longest wait began."""

    deciding: int
    deciding_late: int
    late: int
    today: int
    police: int
    us: int
    meeting: int
    unallocated: int
    everything: int
    longest_since: datetime | None


_COUNTS: Final = len(WaitingCounts.__struct_fields__)


class AskedRow(msgspec.Struct, frozen=True):
    """A check with an agency that has not been answered."""

    pathway: UUID
    agency: str | None
    asked_at: datetime | None
    asked_on: date | None
    reference: str
    family_name: str
    given_names: str


class OfferedRow(msgspec.Struct, frozen=True):
    """A child whom another area sent here, not yet accepted. Field order is column order."""

    pathway: UUID
    from_area: str
    to_area: str
    sent_at: datetime
    reference: str
    family_name: str
    given_names: str


class UnsharedRow(msgspec.Struct, frozen=True):
    """One child whose notice has not left the force. Field order is column order."""

    pathway: UUID
    incident: UUID
    force: str
    reference: str
    district: str | None
    area: str
    family_name: str
    given_names: str
    date_of_birth: date | None
    first_grade: str | None
    grade: str | None
    urgent: bool
    aware_at: datetime | None
    aware_on: date | None
    submitted_at: datetime | None
    due_at: datetime | None
    standing: str | None


class UnsharedOne(msgspec.Struct, frozen=True):
    """What the summary counts: grade and age of one child's notice."""

    grade: str
    incident: UUID
    aware_at: datetime | None
    submitted_at: datetime | None


class Flow(msgspec.Struct, frozen=True):
    """Incidents that arrived and that left (all shared or declined) on one local day."""

    day: date
    arrived: int
    cleared: int


class Found(msgspec.Struct, frozen=True):
    """One pathway that a search found. Field order is column order."""

    pathway: UUID
    reference: str
    force: str
    area: str
    child: UUID
    family_name: str
    given_names: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    grade: str | None
    stage: str
    holder: str
    waiting_since: datetime | None
    aware_at: datetime | None
    aware_on: date | None
    next_due_at: datetime | None


async def waiting(
    connection: Connection,
    areas: Sequence[str],
    now: datetime,
    *,
    which: str,
    end_of_today: datetime,
    grade: str | None,
    limit: int,
    offset: int,
    sort: str = "worst",
) -> tuple[WaitingCounts, list[WaitingRow]]:
    """The numbers on the tiles, and open work of areas, worst first.

    ``sort``: ``worst``, with the oldest of each grade on the first page; or ``waited``, ``due`` or ``grade``, which
    come before it.
    """
    arguments = (list(areas), now, which, end_of_today, grade, limit, offset, sort == "worst", sort)
    rows = await connection.fetch(queries.waiting, *arguments)
    counts = WaitingCounts(*rows[0][:_COUNTS])
    return counts, [WaitingRow(*row[_COUNTS:]) for row in rows if row[_COUNTS] is not None]


async def waiting_counts(
    connection: Connection, areas: Sequence[str], now: datetime, end_of_today: datetime, grade: str | None = None
) -> WaitingCounts:
    """The numbers on the tiles, of one grade where it is given."""
    row = await connection.fetchrow(queries.waiting_counts, list(areas), now, end_of_today, grade)
    if row is None:
        raise LookupError("counts always give a row")
    return WaitingCounts(*row)


async def asked(connection: Connection, areas: Sequence[str]) -> list[AskedRow]:
    """What was asked of other agencies and is not answered."""
    return [AskedRow(*row) for row in await connection.fetch(queries.asked, list(areas))]


async def offered(connection: Connection, areas: Sequence[str]) -> list[OfferedRow]:
    """Children whom other areas sent to these, longest wait first."""
    return [OfferedRow(*row) for row in await connection.fetch(queries.offered, list(areas))]


async def unshared(
    connection: Connection,
    forces: Sequence[str],
    *,
    grade: str | None,
    area: str | None,
    district: str | None,
    limit: int,
    offset: int,
) -> list[UnsharedRow]:
    """Children whose notice has not left the force, oldest high first, then by lateness."""
    rows = await connection.fetch(queries.unshared, list(forces), grade, area, district, limit, offset)
    return [UnsharedRow(*row) for row in rows]


async def unshared_summary(connection: Connection, forces: Sequence[str], area: str | None) -> list[UnsharedOne]:
    """Grade and age of every notice not yet shared."""
    return [UnsharedOne(*row) for row in await connection.fetch(queries.unshared_summary, list(forces), area)]


async def police_flow(connection: Connection, forces: Sequence[str], first: date, last: date) -> list[Flow]:
    """Arrivals and clearances a local day, first and last included."""
    return [Flow(*row) for row in await connection.fetch(queries.police_flow, list(forces), first, last)]


async def search(
    connection: Connection,
    *,
    areas: Sequence[str],
    forces: Sequence[str],
    by: str,
    text: str,
    born: date | None,
    limit: int,
) -> list[Found]:
    """Pathways by reference, date of birth, or the beginning of a normalised name (then ``text`` ends with %)."""
    found: list[Found] = []
    if areas:
        first = text.removesuffix("%") if by == "name" else text
        rows = await connection.fetch(queries.search_area, list(areas), by, first, born, limit, first + _LAST)
        found += [Found(*row) for row in rows]
    if forces:
        rows = await connection.fetch(queries.search_police, list(forces), by, text, born, limit)
        found += [Found(*row) for row in rows]
    return found
