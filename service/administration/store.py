"""Reads configuration: people and what they hold."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from service.database import Connection, Queries

queries = Queries(__package__ or "service.administration")


class Person(msgspec.Struct, frozen=True):
    """Somebody who can sign in. ``roles``: role, place, agency, team. Field order is column order."""

    id: UUID
    name: str
    sign_in: str
    email: str | None
    disabled_at: datetime | None
    roles: list[dict[str, Any]]
    last_seen: datetime | None


class Decider(msgspec.Struct, frozen=True):
    """A qualified decider of an area; an area without any has a row without a name."""

    area: str
    area_name: str
    name: str | None
    since: datetime | None


async def people(connection: Connection) -> list[Person]:
    """Everybody, those who may not sign in any more last."""
    return [Person(*row) for row in await connection.fetch(queries.people)]


async def deciders(connection: Connection, now: datetime) -> list[Decider]:
    """Qualified deciders by area."""
    return [Decider(*row) for row in await connection.fetch(queries.deciders, now)]


async def areas(connection: Connection) -> dict[str, str]:
    """The areas' names by code."""
    return {row[0]: row[1] for row in await connection.fetch(queries.areas)}
