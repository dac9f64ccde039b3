"""Reads and writes what a history file tells, thousands of rows at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.spine import Milestone
from service.database import Connection, Queries, Tx

queries: Final = Queries("service.exchange")
#: When a milestone was recorded is no column of the file.
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Known(msgspec.Struct):
    """A pathway on the books with the child's stored fields by name."""

    pathway: UUID
    incident: UUID
    area: str
    child: UUID
    fields: dict[str, Any]


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """One pathway of an export."""

    id: UUID
    reference: str
    area: str
    district: str | None
    holder: str
    stage: str
    child: Mapping[str, Any]


async def forces_of_areas(connection: Connection) -> dict[str, str]:
    """The force of each area; the first by its code where there are several."""
    return {row[0]: row[1] for row in await connection.fetch(queries.forces_of_areas)}


async def children_known(
    connection: Connection, said: Sequence[tuple[str, str | None, str, date | None]]
) -> list[UUID | None]:
    """For each (area, reference, normalised name, date of birth) the one child it names, in order."""
    columns = [list(column) for column in zip(*said, strict=True)]
    return [row[1] for row in await connection.fetch(queries.children_known, *columns)]


async def pathways_of_incidents(connection: Connection, incidents: Sequence[UUID]) -> list[Known]:
    """Pathways of incidents with what is stored of their children and the district."""
    return [
        Known(row["id"], row["incident"], row["area"], row["child"], dict(row))
        for row in await connection.fetch(queries.pathways_of_incidents, list(incidents))
    ]


async def children(connection: Connection, which: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """The stored fields of children."""
    return {row["id"]: dict(row) for row in await connection.fetch(queries.children, list(which))}


async def change_child(tx: Tx, child: UUID, fields: Mapping[str, Any], *, renamed: bool) -> None:
    """Write a child's fields as they are now; a name that goes is kept as one the child was known by."""
    if renamed:
        await tx.connection.execute(queries.keep_name, child, new_id(tx.now), tx.now)
    names = ("local_reference", "family_name", "given_names", "normal_name", "date_of_birth")
    more = ("expected_date_of_birth", "sex", "ethnicity", "disability")
    await tx.connection.execute(queries.change_child, child, *(fields[name] for name in (*names, *more)))


async def relink(connection: Connection, pathway: UUID, child: UUID) -> None:
    """This incident was that child's."""
    await connection.execute(queries.relink, pathway, child)


async def pathways_of_children(connection: Connection, which: Iterable[UUID]) -> list[UUID]:
    """Every pathway of these children, in id order."""
    return [row[0] for row in await connection.fetch(queries.pathways_of_children, list(which))]


async def proposed(connection: Connection, milestones: Iterable[UUID]) -> list[tuple[UUID, dict[str, Any]]]:
    """Corrections that were proposed for these milestones: (milestone, what it should say)."""
    return [(row[0], row[1]) for row in await connection.fetch(queries.proposed, list(milestones))]


async def set_districts(connection: Connection, districts: Mapping[UUID, str]) -> None:
    """The district that the sender gives for each pathway."""
    if districts:
        await connection.execute(queries.set_districts, list(districts), list(districts.values()))


async def drop_chunks(connection: Connection, identity: UUID) -> None:
    """Forget the text of a history file: everything it said stands on the books."""
    await connection.execute(queries.drop_chunks, identity)


async def export_pathways(
    connection: Connection, after: UUID, area: str | None, count: int, *, restricted: bool
) -> list[Exported]:
    """The next pathways in the order in which they came."""
    return [
        Exported(
            id=row["id"],
            reference=row["reference"],
            area=row["area"],
            district=row["district"],
            holder=row["holder"],
            stage=row["stage"],
            child=dict(row),
        )
        for row in await connection.fetch(queries.export_pathways, after, area, count, restricted)
    ]


async def export_milestones(
    connection: Connection, pathways: Sequence[UUID], kinds: Sequence[str]
) -> dict[UUID, list[Milestone]]:
    """The current milestones of pathways, of the kinds that the file has columns for."""
    found: dict[UUID, list[Milestone]] = {}
    for row in await connection.fetch(queries.export_milestones, list(pathways), list(kinds)):
        milestone = Milestone(
            id=row[1],
            root=row[1],
            record=row[1],
            kind=row[2],
            at=row[3],
            on=row[4],
            precision=row[5],
            recorded_at=_NEVER,
            outcome=row[6],
            detail=row[7],
            source=row[8],
        )
        found.setdefault(row[0], []).append(milestone)
    return found


class Conference(msgspec.Struct, frozen=True):
    """When the latest conference of a pathway was due, when that clock stopped, and why it is late, as agreed."""

    due_at: datetime
    end_of_day: bool
    stopped_at: datetime | None
    late_reason: str | None
    agreed_manager: str | None
    agreed_chair: str | None


async def export_conferences(connection: Connection, pathways: Sequence[UUID]) -> dict[UUID, Conference]:
    """The latest conference that counts for each pathway."""
    rows = await connection.fetch(queries.export_conferences, list(pathways))
    return {row[0]: Conference(*row[1:]) for row in rows}


async def export_waits(
    connection: Connection, pathways: Sequence[UUID]
) -> dict[UUID, list[tuple[datetime, datetime | None]]]:
    """The stretches of unassessed risk of pathways."""
    found: dict[UUID, list[tuple[datetime, datetime | None]]] = {}
    for row in await connection.fetch(queries.export_waits, list(pathways)):
        found.setdefault(row[0], []).append((row[1], row[2]))
    return found
