"""Finds and makes the incidents and children that arrivals speak of, many at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Connection, Queries
from service.intake.books.rules import Arrival, ChildSaid

queries = Queries(__package__ or "service.intake.books")

IncidentKey = tuple[str, str]


class Standing(msgspec.Struct):
    """A pathway on the books with the child's stored fields by name."""

    pathway: UUID
    incident: UUID
    area: str
    child: UUID
    fields: dict[str, Any]


async def find_or_create_incidents(
    connection: Connection, arrivals: Sequence[Arrival], now: datetime, *, no_child: str | None = None
) -> dict[IncidentKey, tuple[UUID, bool]]:
    """The incident of each (force, reference), made where there was none: (id, created).

    ``no_child`` says why the arrivals name none; the incident is kept all the same.
    """
    first: dict[IncidentKey, Arrival] = {}
    for arrival in arrivals:
        first.setdefault((arrival.force, arrival.reference), arrival)
    # In one order everywhere, so that two imports never wait for each other in a circle.
    ordered = sorted(first.items())
    rows = await connection.fetch(
        queries.find_or_create_incidents,
        [new_id(now) for _ in ordered],
        [key[0] for key, _ in ordered],
        [key[1] for key, _ in ordered],
        [arrival.area for _, arrival in ordered],
        [arrival.district for _, arrival in ordered],
        [arrival.summary for _, arrival in ordered],
        [no_child] * len(ordered),
        [arrival.coverage for _, arrival in ordered],
        now,
    )
    return {key: (row[1], row[2]) for (key, _), row in zip(ordered, rows, strict=True)}


async def lock_incidents(connection: Connection, incidents: Sequence[UUID]) -> None:
    """Wait for others who add to these incidents; what they brought is seen after this."""
    await connection.execute(queries.lock_incidents, list(incidents))


async def pathways_of_incidents(connection: Connection, incidents: Sequence[UUID]) -> list[Standing]:
    """Pathways of incidents with what is stored of their children."""
    return [
        Standing(row["id"], row["incident"], row["area"], row["child"], dict(row))
        for row in await connection.fetch(queries.pathways_of_incidents, list(incidents))
    ]


async def children_of_incidents(connection: Connection, incidents: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """(incident, record) of every child of incidents, also of pathways that the actor may not see."""
    return {(row[0], row[1]) for row in await connection.fetch(queries.children_of_incidents, list(incidents))}


async def tell_pathways(connection: Connection, told: Mapping[UUID, Mapping[str, str | None]]) -> None:
    """Keep what was said of each child's part in the incident."""
    if told:
        await connection.execute(
            queries.tell_pathways,
            list(told),
            [said["district"] for said in told.values()],
            [said["summary"] for said in told.values()],
        )


async def pathways_of_children(connection: Connection, children: Sequence[UUID]) -> list[UUID]:
    """Every pathway of these children, in id order."""
    return [row[0] for row in await connection.fetch(queries.pathways_of_children, list(children))]


async def matching_children(connection: Connection, arrivals: Sequence[Arrival]) -> list[UUID | None]:
    """For each arrival the one child that it names exactly, if there is just one.

    A local reference names a child by itself. Without it an exact match needs a date of birth.
    """
    by_reference: Mapping[tuple[str, str], UUID] = {}
    referenced = [a for a in arrivals if a.child.local_reference]
    if referenced:
        rows = await connection.fetch(
            queries.children_by_reference,
            [a.area for a in referenced],
            [a.child.local_reference for a in referenced],
        )
        by_reference = {(row[0], row[1]): row[2] for row in rows}
    rows = await connection.fetch(
        queries.exact_children,
        [a.area for a in arrivals],
        [a.child.normal_name for a in arrivals],
        [a.child.date_of_birth for a in arrivals],
    )
    exact = {row[0] - 1: row[1] for row in rows if row[2] == 1}
    return [
        arrival.known_child
        or by_reference.get((arrival.area, arrival.child.local_reference or ""))
        or (exact.get(number) if arrival.child.local_reference is None else None)
        for number, arrival in enumerate(arrivals)
    ]


async def fields_of_children(connection: Connection, children: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """What is stored of children, by record and field."""
    rows = await connection.fetch(queries.fields_of_children, list(children))
    return {row["id"]: dict(row) for row in rows}


async def insert_children(
    connection: Connection, children: Sequence[tuple[UUID, str, ChildSaid]], now: datetime
) -> None:
    """Make children: (id, area, what was said of them)."""
    rows = [
        (
            identity,
            area,
            said.local_reference,
            said.family_name,
            said.given_names,
            said.normal_name,
            said.date_of_birth,
            said.expected_date_of_birth,
            said.sex or "U",
            said.ethnicity,
            said.disability,
            said.school,
            said.school_status or "unknown",
            said.confidential_address,
            said.safe_contact,
            said.restricted,
        )
        for identity, area, said in children
    ]
    await connection.execute(queries.insert_children, *(list(column) for column in zip(*rows, strict=True)), now)


async def fill_children(connection: Connection, fills: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Fill fields of children that were empty; nothing that stands is overwritten."""
    names = (
        "date_of_birth",
        "expected_date_of_birth",
        "sex",
        "ethnicity",
        "disability",
        "local_reference",
        "school",
        "school_status",
        "safe_contact",
    )
    ordered = sorted(fills.items())
    await connection.execute(
        queries.fill_children,
        [child for child, _ in ordered],
        *([values.get(name) for _, values in ordered] for name in names),
    )
