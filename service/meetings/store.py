"""Reads discussions and keeps their versions. Takes a connection whose transaction runs as an actor."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.meetings import Record
from service.database import Connection, Queries, Tx
from service.meetings.structs import (
    Answered,
    Change,
    ClockOf,
    Copy,
    Covered,
    Delay,
    Discussion,
    Invitee,
    Kept,
    Required,
    Slot,
)

queries = Queries(__package__ or "service.meetings")


def _discussion(row: Any) -> Discussion:
    values = dict(row)
    values["areas"], values["forces"] = tuple(values["areas"]), tuple(values["forces"])
    return Discussion(**{name: values[name] for name in Discussion.__struct_fields__})


async def discussion(connection: Connection, identity: UUID) -> Discussion | None:
    """One discussion, if the actor sees it."""
    row = await connection.fetchrow(queries.discussion, identity)
    return _discussion(row) if row else None


async def lock(connection: Connection, identity: UUID) -> bool:
    """Lock a discussion until the transaction ends; False where the actor may not change it."""
    return await connection.fetchval(queries.lock, identity) is not None


async def save(connection: Connection, after: Discussion) -> int:
    """Write what may change of a discussion, as its next version."""
    version: int = await connection.fetchval(
        queries.save,
        after.id,
        after.sequence,
        after.form,
        after.place,
        after.chair,
        after.urgency,
        after.scheduled_slot,
        after.scheduled_from,
        after.scheduled_until,
        after.held_from,
        after.held_until,
        after.quorate,
        after.in_hours,
        after.initiates_enquiry,
        after.cancelled_at,
        after.issued_at,
        after.requested_at,
        after.threshold_at,
        after.reason,
        after.manager,
        after.manager_name,
    )
    return version


async def add_change(
    tx: Tx, identity: UUID, version: int, what: str, changes: dict[str, Any], reason: str | None = None
) -> None:
    """Remember what the change to ``version`` did."""
    await tx.connection.execute(
        queries.add_change, identity, version, what, changes, tx.now, tx.actor.id, tx.actor.name, reason
    )


async def changes(connection: Connection, identity: UUID, after: int = 0) -> list[Change]:
    """What changed after a version, in order; nothing for who may not change the discussion."""
    return [Change(**dict(row)) for row in await connection.fetch(queries.changes, identity, after)]


async def covered(connection: Connection, identity: UUID) -> list[Covered]:
    """The children and incidents that a discussion covers."""
    return [Covered(**dict(row)) for row in await connection.fetch(queries.covered, identity)]


async def clocks(connection: Connection, identity: UUID) -> list[ClockOf]:
    """The clocks of strategy discussions on its pathways."""
    return [ClockOf(**dict(row)) for row in await connection.fetch(queries.clocks, identity)]


async def not_covered(connection: Connection, identity: UUID) -> list[UUID]:
    """Open pathways of the same children that it does not cover, as far as the actor sees them."""
    return [row[0] for row in await connection.fetch(queries.not_covered, identity)]


async def invitees(connection: Connection, identity: UUID) -> list[Invitee]:
    """Who is asked to take part, the required ones first."""
    return [Invitee(**dict(row)) for row in await connection.fetch(queries.invitees, identity)]


async def slots(connection: Connection, identity: UUID) -> list[Slot]:
    """The times that are offered."""
    return [Slot(**dict(row)) for row in await connection.fetch(queries.slots, identity)]


async def answers(connection: Connection, identity: UUID) -> list[Answered]:
    """The newest answer of each invitee to each slot."""
    return [Answered(**dict(row)) for row in await connection.fetch(queries.answers, identity)]


async def delays(connection: Connection, identity: UUID) -> list[Delay]:
    """Postponements and cancellation, in order."""
    return [Delay(**dict(row)) for row in await connection.fetch(queries.delays, identity)]


async def required(connection: Connection) -> list[Required]:
    """Every entry of which agencies must take part."""
    return [Required(**dict(row)) for row in await connection.fetch(queries.required)]


async def add_required(tx: Tx, entry: Required) -> None:
    """Record from when on an agency must take part, or need not any more."""
    await tx.connection.execute(
        queries.add_required,
        new_id(tx.now),
        entry.area,
        entry.agency,
        entry.required,
        entry.effective_from,
        entry.basis,
        entry.recorded_at,
        tx.actor.id,
    )


async def records(connection: Connection, identity: UUID) -> list[Kept]:
    """Every number of the record, the one that stands last."""
    return [
        Kept(
            number=row["number"],
            record=msgspec.convert(row["body"], Record),
            recorded_at=row["recorded_at"],
            recorded_by_name=row["recorded_by_name"],
            reason=row["reason"],
        )
        for row in await connection.fetch(queries.records, identity)
    ]


async def copies(connection: Connection, identity: UUID) -> list[Copy]:
    """To whom the record was sent, in order of time."""
    return [Copy(**dict(row)) for row in await connection.fetch(queries.copies, identity)]


async def open_covering(connection: Connection, pathways: Sequence[UUID]) -> list[UUID]:
    """Discussions still to be held that cover any of these pathways."""
    return [row[0] for row in await connection.fetch(queries.open_covering, list(pathways))]


async def people_of(connection: Connection, area: str, roles: Sequence[str]) -> dict[UUID, str]:
    """Who holds one of these roles in an area: names by id."""
    return {row[0]: row[1] for row in await connection.fetch(queries.people_of, area, list(roles))}


async def area_exists(connection: Connection, code: str) -> bool:
    """Whether there is such an area."""
    return bool(await connection.fetchval(queries.area_exists, code))


async def convene(connection: Connection, identity: UUID | None) -> None:
    """Work on the pathways of a discussion that other areas put into it; None: no longer."""
    await connection.execute(queries.convene, str(identity or ""))


async def add_facts(connection: Connection, identity: UUID, facts: Sequence[tuple[UUID, str, str, datetime]]) -> None:
    """Remember which records of milestones tell of this discussion: (record, kind, area, when)."""
    await connection.execute(
        queries.add_facts,
        [fact[0] for fact in facts],
        identity,
        [fact[1] for fact in facts],
        [fact[2] for fact in facts],
        [fact[3] for fact in facts],
    )


async def fact_rows(connection: Connection, identity: UUID, kind: str) -> dict[str, UUID]:
    """One standing milestone of a fact in each area: the area and the milestone."""
    return {row[0]: row[1] for row in await connection.fetch(queries.fact_rows, identity, kind)}


async def recorded(connection: Connection, pathways: Sequence[UUID], kind: str) -> set[UUID]:
    """Of these pathways, those on which a kind stands and no discussion was held since."""
    return {row[0] for row in await connection.fetch(queries.recorded_kinds, list(pathways), kind)}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A discussion in a list; ``offered``: it has slots, which ``answered`` agencies have answered."""

    discussion: Discussion
    children: int
    due_at: datetime | None
    pathways: tuple[UUID, ...]
    offered: bool
    answered: tuple[str, ...]


async def listed(
    connection: Connection,
    which: str,
    person: UUID | None,
    keys: Sequence[str],
    standards: Sequence[str],
    *,
    limit: int,
    offset: int,
) -> list[Row]:
    """Discussions of the actor: those still to be held first, by time."""
    rows = await connection.fetch(queries.listed, which, person, list(keys), limit, offset, list(standards))
    return [
        Row(
            discussion=_discussion(row),
            children=row["children"],
            due_at=row["due_at"],
            pathways=tuple(row["pathways"]),
            offered=row["offered"],
            answered=tuple(row["answered"]),
        )
        for row in rows
    ]


async def of_pathways(connection: Connection, pathways: Sequence[UUID]) -> list[UUID]:
    """Discussions that cover any of these pathways, newest first."""
    return [row[0] for row in await connection.fetch(queries.of_pathways, list(pathways))]


async def held_before(connection: Connection, children: Sequence[UUID], apart_from: UUID) -> list[UUID]:
    """Discussions held for any of these children but this one, the last first."""
    return [row[0] for row in await connection.fetch(queries.held_before, list(children), apart_from)]
