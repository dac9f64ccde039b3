"""Rows of notices and of answers to keyed requests."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.notices import Notice
from service.database import Queries, Tx

#: Roles that type notices for an area; a liaison types the force's own.
TYPISTS: Final = ("mash_coordinator", "mash_manager", "out_of_hours")

queries = Queries(__package__ or "service.intake.notices")


class Places(msgspec.Struct, frozen=True):
    """Where an actor may log: names by code."""

    areas: dict[str, str]
    forces: dict[str, str]


class School(msgspec.Struct, frozen=True):
    """A school of an area. Field order is column order."""

    id: UUID
    area: str
    name: str


class Logged(msgspec.Struct, frozen=True):
    """A notice as it was logged, with the incident's pathways in its area that the actor may see."""

    notice: Notice
    recorded_at: datetime
    pathways: list[UUID]


async def places(tx: Tx, areas: list[str], forces: list[str]) -> Places:
    """The areas named, and those of the forces named, with the forces that police them."""
    rows = await tx.connection.fetch(queries.places, areas, forces)
    return Places({row["code"]: row["name"] for row in rows}, {row["force"]: row["force_name"] for row in rows})


async def schools(tx: Tx, areas: list[str]) -> list[School]:
    """The schools of areas, by name."""
    return [School(*row) for row in await tx.connection.fetch(queries.schools, areas)]


async def districts(tx: Tx, areas: list[str]) -> list[str]:
    """The names of police districts in areas."""
    return [row[0] for row in await tx.connection.fetch(queries.districts, areas)]


async def incident(tx: Tx, identity: UUID) -> tuple[str, str, str, str] | None:
    """Reference, force, area and district of an incident that the actor may see; None where there is none."""
    row = await tx.connection.fetchrow(queries.incident, identity)
    return None if row is None else (row[0], row[1], row[2], row[3])


async def logged(tx: Tx, identity: UUID) -> Logged | None:
    """A notice that the actor may see; None where there is none."""
    row = await tx.connection.fetchrow(queries.notice, identity)
    if row is None:
        return None
    notice = msgspec.convert(row["body"], Notice)
    query = queries.pathways_area if notice.area in tx.actor.areas(*TYPISTS) else queries.pathways_police
    rows = await tx.connection.fetch(query, row["incident"], notice.area)
    return Logged(notice, row["recorded_at"], [each[0] for each in rows])


async def known_children(tx: Tx, area: str, children: list[UUID]) -> set[UUID]:
    """Those of ``children`` who are of the area and whom the actor may see."""
    return {row[0] for row in await tx.connection.fetch(queries.known_children, children, area)}


async def insert_notice(tx: Tx, identity: UUID, incident: UUID, notice: Notice, source: str) -> None:
    """Keep a notice as it came."""
    await tx.connection.execute(
        queries.insert_notice,
        identity,
        incident,
        notice.force,
        [notice.area],
        source,
        msgspec.to_builtins(notice),
        tx.actor.kind,
        tx.actor.id,
        tx.now,
    )


async def incident_only(tx: Tx, notice: Notice, reference: str) -> UUID:
    """Keep an incident for which no child is named, with the reason."""
    row = await tx.connection.fetchrow(
        queries.incident_only,
        new_id(tx.now),
        notice.force,
        reference,
        notice.area,
        notice.district,
        notice.summary or None,
        notice.no_child_reason,
        tx.now,
    )
    if row is None:
        raise LookupError("find_or_create_incident always answers")
    incident: UUID = row["id"]
    return incident


async def claim_key(tx: Tx, route: str, key: str, request_hash: bytes) -> bool:
    """Take a key for this request; False when it was taken before.

    Another transaction that holds the same key is waited for.
    """
    taken = await tx.connection.fetchval(queries.claim_key, tx.actor.id, route, key, request_hash, tx.now)
    return taken is not None


async def stored_answer(tx: Tx, route: str, key: str) -> tuple[bytes, int, Any] | None:
    """(hash of the request, status, body) that a key was answered with."""
    row = await tx.connection.fetchrow(queries.stored_answer, tx.actor.id, route, key)
    return (row["request_hash"], row["status"], row["body"]) if row else None


async def store_answer(tx: Tx, route: str, key: str, status: int, body: Any) -> None:
    """Keep the answer, in the request's own transaction."""
    await tx.connection.execute(queries.store_answer, tx.actor.id, route, key, status, body)


async def forget_answers(tx: Tx, before: datetime) -> None:
    """Drop answers older than ``before``."""
    await tx.connection.execute(queries.forget_answers, before)
