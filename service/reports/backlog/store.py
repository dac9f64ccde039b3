"""Reads the backlog through the views that police may see."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from schema.spine import Milestone
from service.database import Connection, Queries
from service.reports.backlog.rules import Notice

queries = Queries(__package__ or "service.reports.backlog")


class Child(msgspec.Struct, frozen=True):
    """A child as the list shows it. Field order is column order."""

    pathway: UUID
    area: str
    family_name: str
    given_names: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    involvement: str


class OfIncident(msgspec.Struct, frozen=True):
    """A child of one incident. Field order is column order.

    ``sent_before``: when its notice was received, where nobody recorded the sending; of the receipt too the day alone
    may be known, ``shared_on``.
    """

    pathway: UUID
    reference: str
    first_grade: str | None
    grade: str | None
    status: str
    family_name: str
    given_names: str
    date_of_birth: date | None
    expected_date_of_birth: date | None
    involvement: str
    child: UUID
    urgent: bool
    area: str
    district: str | None
    sent_before: datetime | None
    shared_on: date | None


class Earlier(msgspec.Struct, frozen=True):
    """Another incident of a child. Field order is column order."""

    child: UUID
    pathway: UUID
    reference: str
    grade: str | None
    status: str
    aware_at: datetime | None
    aware_on: date | None
    outcome: str | None


class Candidate(msgspec.Struct, frozen=True):
    """A pathway whose notice may have been held at an earlier instant. Field order is column order."""

    pathway: UUID
    incident: UUID
    reference: str
    force: str
    area: str
    district: str | None
    seen_at: datetime
    incident_seen_at: datetime
    coverage: str


async def notices(connection: Connection, forces: Sequence[str], since: datetime) -> list[Notice]:
    """Every notice that these forces hold, or that left them since an instant, with all of the same incidents."""
    incidents = [row[0] for row in await connection.fetch(queries.touched, list(forces), since)]
    found = [Notice(*row) for row in await connection.fetch(queries.notices, incidents)]
    why = await _reasons(connection, [each.pathway for each in found if each.not_shared_at is not None])
    return [msgspec.structs.replace(each, reason=why[each.pathway]) if each.pathway in why else each for each in found]


async def _reasons(connection: Connection, pathways: Sequence[UUID]) -> dict[UUID, str]:
    """Why notices were not shared, as it stands: the first decision of each that was not taken back."""
    rows = await connection.fetch(queries.reasons, list(pathways)) if pathways else []
    superseded = {row["supersedes"] for row in rows}
    found: dict[UUID, str] = {}
    for row in rows:
        if row["id"] not in superseded and not row["retracted"] and row["outcome"]:
            found.setdefault(row["pathway"], row["outcome"])
    return found


async def candidates(
    connection: Connection, forces: Sequence[str], as_of: datetime, since: datetime
) -> list[Candidate]:
    """Pathways that may have been in ``notices`` at ``as_of``; what is known of them decides."""
    incidents = [row[0] for row in await connection.fetch(queries.touched_as_known, list(forces), as_of, since)]
    rows = await connection.fetch(queries.candidates, incidents)
    return [each for each in (Candidate(*row) for row in rows) if each.seen_at <= as_of]


async def milestones(connection: Connection, pathways: Sequence[UUID], as_of: datetime) -> dict[UUID, list[Milestone]]:
    """What had been recorded of pathways at an instant, as far as police may see it."""
    found: dict[UUID, list[Milestone]] = {}
    for row in await connection.fetch(queries.milestones, list(pathways), as_of):
        found.setdefault(row[0], []).append(
            Milestone(
                id=row[1],
                root=row[2],
                record=row[3],
                kind=row[4],
                at=row[5],
                on=row[6],
                precision=row[7],
                recorded_at=row[8],
                source=row[9],
                outcome=row[10],
                detail=row[11],
                supersedes=row[12],
                retracted=row[13],
            )
        )
    return found


async def shared_only(connection: Connection, forces: Sequence[str]) -> list[str]:
    """Those of these forces that send only what was shared."""
    return [row[0] for row in await connection.fetch(queries.shared_only, list(forces))]


async def children(connection: Connection, pathways: Sequence[UUID]) -> dict[UUID, Child]:
    """The children of pathways, by pathway, eldest first."""
    return {row[0]: Child(*row) for row in await connection.fetch(queries.children, list(pathways))}


async def open_of_incidents(connection: Connection, incidents: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """(pathway, incident) of what may still be shared of incidents."""
    return [(row[0], row[1]) for row in await connection.fetch(queries.open_of_incidents, list(incidents))]


async def left_beside(connection: Connection, pathway: UUID) -> int:
    """How many notices of the incident of a pathway may still be shared."""
    count: int = await connection.fetchval(queries.left_beside, pathway)
    return count


async def incident(connection: Connection, identity: UUID) -> list[OfIncident]:
    """The children of one incident of the actor's force."""
    return [OfIncident(*row) for row in await connection.fetch(queries.incident, identity)]


async def earlier(connection: Connection, children: Sequence[UUID], incident: UUID) -> list[Earlier]:
    """Other incidents of children, the latest first."""
    return [Earlier(*row) for row in await connection.fetch(queries.earlier, list(children), incident)]


async def account(connection: Connection, incident: UUID) -> str | None:
    """What the officer wrote of an incident of which nothing has been shared yet."""
    found: str | None = await connection.fetchval(queries.account, incident)
    return found
