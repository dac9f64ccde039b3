"""Reads one pathway, from the tables for an area's people, from the police views for a liaison."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from schema.spine import ClockRow, Milestone
from service.database import Connection, Queries

queries = Queries(__package__ or "service.pathways.view")


class Head(msgspec.Struct, frozen=True):
    """Who and what a pathway is about, and where it stands. Field order is column order.

    ``sent_before``: for the police, when a notice was received whose sending nobody recorded; of the receipt too the
    day alone may be known, ``shared_on``.
    """

    pathway: UUID
    incident: UUID
    area: str
    force: str
    involvement: str
    reference: str
    district: str | None
    summary: str | None
    child: UUID
    family_name: str
    given_names: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    sex: str
    ethnicity: str | None
    disability: str | None
    local_reference: str | None
    school_status: str
    school_name: str | None
    confidential_address: bool
    safe_contact: str | None
    first_grade: str | None
    grade: str | None
    urgent: bool
    stage: str
    holder: str
    held_since: datetime | None
    waiting_since: datetime | None
    outcome: str | None
    decided_at: datetime | None
    withdrawn: bool
    next_due_at: datetime | None
    next_due_standard: str | None
    police_view: bool
    decided_on: date | None = None
    sent_before: datetime | None = None
    shared_on: date | None = None


class Who(msgspec.Struct, frozen=True):
    """Who recorded a milestone, why it corrects another, and who agreed to that."""

    id: UUID
    kind: str
    recorded_by: str
    reason: str | None
    authorised_by: str | None


class FlagRow(msgspec.Struct, frozen=True):
    """A flag with what its condition says now; without a condition it ended as corrected."""

    id: UUID
    rule: str
    subject: str
    episode: UUID
    true_from: datetime
    noticed_at: datetime
    holder: str
    true_until: datetime | None
    cause: str | None


class Other(msgspec.Struct, frozen=True):
    """Another incident of the child, or another child of the incident."""

    pathway: UUID
    same_child: bool
    reference: str
    family_name: str
    given_names: str
    date_of_birth: date | None
    grade: str | None
    stage: str
    aware_at: datetime | None
    waiting_since: datetime | None
    outcome: str | None


async def head(connection: Connection, pathway: UUID) -> Head | None:
    """The head of a pathway as the actor may see it; None when there is nothing to see."""
    for query in (queries.head_area, queries.head_police):
        row = await connection.fetchrow(query, pathway)
        if row is not None:
            return Head(*row)
    return None


async def police_clocks(connection: Connection, pathway: UUID) -> tuple[ClockRow, ...]:
    """The clocks that a liaison may see."""
    names = ClockRow.__struct_fields__
    rows = await connection.fetch(queries.police_clocks, pathway)
    return tuple(ClockRow(**dict(zip(names, row, strict=True))) for row in rows)


async def police_milestones(connection: Connection, pathway: UUID) -> tuple[Milestone, ...]:
    """The milestones that a liaison may see."""
    return tuple(
        Milestone(
            id=row[0],
            root=row[1],
            record=row[2],
            kind=row[3],
            at=row[4],
            on=row[5],
            precision=row[6],
            recorded_at=row[7],
            source=row[8],
            outcome=row[9],
            detail=row[10],
            supersedes=row[11],
            retracted=row[12],
        )
        for row in await connection.fetch(queries.police_milestones, pathway)
    )


async def who(connection: Connection, pathway: UUID, *, police: bool) -> dict[UUID, Who]:
    """Who recorded each milestone, by its id."""
    rows = await connection.fetch(queries.who_police if police else queries.who_area, pathway)
    return {row[0]: Who(*row) for row in rows}


async def flags(connection: Connection, pathway: UUID, *, police: bool) -> list[FlagRow]:
    """Flags of a pathway, newest first."""
    rows = await connection.fetch(queries.flags_police if police else queries.flags_area, pathway)
    return [FlagRow(*row) for row in rows]


async def others(connection: Connection, found: Head) -> list[Other]:
    """Other incidents of the child and its siblings in this one, newest first."""
    query = queries.others_police if found.police_view else queries.others_area
    rows = await connection.fetch(query, found.pathway, found.child, found.incident)
    return [Other(*row) for row in rows]


class Worker(msgspec.Struct, frozen=True):
    """A practitioner of an area, with their team."""

    id: UUID
    name: str
    team: str | None
    team_name: str | None


async def workers(connection: Connection, area: str) -> list[Worker]:
    """Practitioners of an area to whom a child may be allocated."""
    return [Worker(*row) for row in await connection.fetch(queries.workers, area)]
