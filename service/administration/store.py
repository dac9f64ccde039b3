"""Reads and writes configuration: people, what they hold, and who decides contacts."""

from datetime import datetime
from uuid import UUID

import msgspec

from service.administration.granting import NewRole
from service.database import Connection, Queries

queries = Queries(__package__ or "service.administration")


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A role that is held now, and where; ``place`` is the area's or force's name."""

    id: UUID
    role: str
    area: str | None = None
    force: str | None = None
    place: str | None = None
    agency: str | None = None
    team: str | None = None


class Person(msgspec.Struct, frozen=True):
    """Somebody who can sign in, or could. Field order is column order."""

    id: UUID
    name: str
    sign_in: str
    email: str | None
    disabled_at: datetime | None
    roles: list[Held]
    last_seen: datetime | None


class Decider(msgspec.Struct, frozen=True):
    """A qualified decider of an area; an area without any has a row without a person."""

    area: str
    area_name: str
    person: UUID | None
    name: str | None
    since: datetime | None


class Candidate(msgspec.Struct, frozen=True):
    """Somebody who holds a role in an area and could be listed there. Field order is column order."""

    area: str
    person: UUID
    name: str


class SmallNumbers(msgspec.Struct, frozen=True):
    """Up to which number the boards of an area are not shown counts. Field order is column order."""

    code: str
    name: str
    small_numbers: int


async def people(connection: Connection, person: UUID | None = None) -> list[Person]:
    """Everybody, those who may not sign in any more last; or one person alone."""
    rows = await connection.fetch(queries.people, person)
    return [
        Person(row[0], row[1], row[2], row[3], row[4], msgspec.convert(row[5], list[Held], strict=False), row[6])
        for row in rows
    ]


async def deciders(connection: Connection, now: datetime) -> list[Decider]:
    """Qualified deciders by area."""
    return [Decider(*row) for row in await connection.fetch(queries.deciders, now)]


async def candidates(connection: Connection, now: datetime) -> list[Candidate]:
    """Who holds a role in an area and is not listed there, by area."""
    return [Candidate(*row) for row in await connection.fetch(queries.candidates, now)]


async def areas(connection: Connection) -> dict[str, str]:
    """The areas' names by code."""
    return {row[0]: row[1] for row in await connection.fetch(queries.areas)}


async def small_numbers(connection: Connection) -> list[SmallNumbers]:
    """Every area with the number up to which its boards are not shown counts."""
    return [SmallNumbers(*row) for row in await connection.fetch(queries.small_numbers)]


async def forces(connection: Connection) -> dict[str, str]:
    """The police forces' names by code."""
    return {row[0]: row[1] for row in await connection.fetch(queries.forces)}


async def teams(connection: Connection) -> dict[UUID, tuple[str, str]]:
    """Teams by id: area and name."""
    return {row[0]: (row[1], row[2]) for row in await connection.fetch(queries.teams)}


async def hold_person(connection: Connection, person: UUID) -> bool:
    """Keep a person's roles and listings from changing until the transaction ends; False when there is none."""
    return await connection.fetchval(queries.hold_person, person) is not None


async def grant(connection: Connection, identity: UUID, person: UUID, new: NewRole, now: datetime) -> bool:
    """Give a role; False when the person holds it there already."""
    done: str = await connection.execute(
        queries.grant_role, identity, person, new.role, new.area, new.force, new.agency, new.team, now
    )
    return done.endswith(" 1")


async def end_role(connection: Connection, person: UUID, role: UUID, now: datetime) -> bool:
    """End a role; False when it is not held."""
    done: str = await connection.execute(queries.end_role, person, role, now)
    return done.endswith(" 1")


async def set_disabled(connection: Connection, person: UUID, disabled_at: datetime | None, now: datetime) -> None:
    """Let a person sign in or not; open sessions end when not."""
    await connection.execute(queries.set_disabled, person, disabled_at)
    if disabled_at is not None:
        await connection.execute(queries.end_sessions, person, now)


async def list_decider(connection: Connection, area: str, person: UUID, now: datetime) -> bool:
    """List somebody who holds a role in the area; False when listed already or without a role there."""
    done: str = await connection.execute(queries.list_decider, area, person, now)
    return done.endswith(" 1")


async def end_decider(connection: Connection, area: str, person: UUID, now: datetime) -> bool:
    """Take somebody off an area's list from now on; False when not on it."""
    done: str = await connection.execute(queries.end_decider, area, person, now)
    return not done.endswith(" 0")


async def end_deciders_without_role(connection: Connection, person: UUID, now: datetime) -> list[str]:
    """Take a person off the lists of areas in which no role is held any more; the areas."""
    return [row[0] for row in await connection.fetch(queries.end_deciders_without_role, person, now)]
