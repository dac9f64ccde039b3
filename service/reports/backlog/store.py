"""Reads the backlog through the views that police may see."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from service.database import Connection, Queries
from service.reports.backlog.rules import OpenNotice

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
    """A child of one incident, for its regrade. Field order is column order."""

    pathway: UUID
    reference: str
    first_grade: str | None
    grade: str | None
    status: str
    family_name: str
    given_names: str


async def open_notices(connection: Connection, forces: Sequence[str]) -> list[OpenNotice]:
    """Every notice that has not left these forces."""
    return [OpenNotice(*row) for row in await connection.fetch(queries.open_notices, list(forces))]


async def children(connection: Connection, pathways: Sequence[UUID]) -> dict[UUID, Child]:
    """The children of pathways, by pathway, eldest first."""
    return {row[0]: Child(*row) for row in await connection.fetch(queries.children, list(pathways))}


async def open_of_incidents(connection: Connection, incidents: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """(pathway, incident) of what may still be shared of incidents."""
    return [(row[0], row[1]) for row in await connection.fetch(queries.open_of_incidents, list(incidents))]


async def incident(connection: Connection, identity: UUID) -> list[OfIncident]:
    """The children of one incident of the actor's force."""
    return [OfIncident(*row) for row in await connection.fetch(queries.incident, identity)]
