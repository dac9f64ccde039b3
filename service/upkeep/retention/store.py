"""Reads what is due, and lets the database take names away."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from service.database import Connection, Queries, Tx

queries = Queries(__package__ or "service.upkeep.retention")


class Rule(msgspec.Struct, frozen=True):
    """How long one kind of record is kept. Field order is column order."""

    entity: str
    years: int
    age: int | None
    basis: str
    confirmed_locally: bool


class DueChild(msgspec.Struct, frozen=True):
    """A child whose names are to go: the year of birth, and when anything was last recorded. No name."""

    id: UUID
    area: str
    born: int | None
    last_step: datetime | None


class DueFile(msgspec.Struct, frozen=True):
    """A stored file whose text is to go."""

    id: UUID
    file_name: str
    stored_at: datetime


class Hold(msgspec.Struct, frozen=True):
    """A reason to keep a record whatever the rules say."""

    id: UUID
    child: UUID
    area: str
    reason: str
    placed_at: datetime
    placed_by: str


async def rules(connection: Connection) -> dict[str, Rule]:
    """The rules by what they are about."""
    return {row[0]: Rule(*row) for row in await connection.fetch(queries.rules)}


async def change_rule(connection: Connection, rule: Rule) -> None:
    """Write a rule as it is from now on."""
    await connection.execute(queries.change_rule, rule.entity, rule.years, rule.age, rule.basis, rule.confirmed_locally)


async def due_children(connection: Connection, recorded: datetime, born: date, count: int) -> list[DueChild]:
    """Children with nothing recorded since, born before."""
    return [DueChild(*row) for row in await connection.fetch(queries.due_children, recorded, born, count)]


async def due_files(connection: Connection, stored: datetime, count: int) -> list[DueFile]:
    """Files stored before, whose text is still there."""
    return [DueFile(*row) for row in await connection.fetch(queries.due_files, stored, count)]


async def pseudonymise(tx: Tx, children: Sequence[UUID]) -> int:
    """Take names away; how many records lost them."""
    done: int = await tx.connection.fetchval(queries.pseudonymise, list(children), tx.now)
    return done


async def pathways_of(connection: Connection, children: Sequence[UUID]) -> list[UUID]:
    """Every pathway of these records."""
    return [row[0] for row in await connection.fetch(queries.pathways_of, list(children))]


async def empty_file(connection: Connection, file: UUID) -> int:
    """Take a file's text away; entries of rows that lost theirs."""
    done: int = await connection.fetchval(queries.empty_file, file)
    return done


async def holds(connection: Connection, child: UUID | None = None) -> list[Hold]:
    """Holds that stand, of one child or of all that the actor may see."""
    return [Hold(*row) for row in await connection.fetch(queries.holds, child)]


async def place_hold(tx: Tx, identity: UUID, child: UUID, reason: str) -> None:
    """Keep a child's record until the hold is lifted."""
    await tx.connection.execute(queries.place_hold, identity, child, reason, tx.now, tx.actor.id)


async def hold(connection: Connection, identity: UUID) -> tuple[str, datetime | None] | None:
    """A hold's area, and when it was lifted."""
    row = await connection.fetchrow(queries.hold, identity)
    return (row[0], row[1]) if row else None


async def lift_hold(tx: Tx, identity: UUID, why: str) -> None:
    """Lift a hold."""
    await tx.connection.execute(queries.lift_hold, identity, tx.now, tx.actor.id, why)
