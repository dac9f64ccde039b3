"""Reads and writes places."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from service.administration.places.rules import NewPlace, Renamed
from service.database import Connection, Queries

queries = Queries(__package__ or "service.administration.places")


class Area(msgspec.Struct, frozen=True):
    """An area and the forces that send to it. Field order is column order."""

    code: str
    name: str
    partnership: str
    forces: list[str]


class Force(msgspec.Struct, frozen=True):
    """A police force."""

    code: str
    name: str


class District(msgspec.Struct, frozen=True):
    """A district of a force in an area."""

    force: str
    area: str
    name: str


class Named(msgspec.Struct, frozen=True):
    """A team or a school."""

    id: UUID
    area: str
    name: str


class Feed(msgspec.Struct, frozen=True):
    """A feed, and after how many hours without a file it is called silent."""

    name: str
    profile: str
    force: str
    coverage: str
    silent_after_hours: int


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is configured about places."""

    areas: list[Area]
    forces: list[Force]
    districts: list[District]
    teams: list[Named]
    schools: list[Named]
    feeds: list[Feed]


async def places(connection: Connection) -> Places:
    """Everything that is configured."""
    return Places(
        areas=[Area(*row) for row in await connection.fetch(queries.areas)],
        forces=[Force(*row) for row in await connection.fetch(queries.forces)],
        districts=[District(*row) for row in await connection.fetch(queries.districts)],
        teams=[Named(*row) for row in await connection.fetch(queries.teams)],
        schools=[Named(*row) for row in await connection.fetch(queries.schools)],
        feeds=[Feed(*row) for row in await connection.fetch(queries.feeds)],
    )


async def add(connection: Connection, identity: UUID, new: NewPlace) -> bool:
    """Write a place; False when it is there already."""
    rows: dict[str, tuple[str, Sequence[object]]] = {
        "force": (queries.add_force, (new.code, new.name)),
        "area": (queries.add_area, (new.code, new.name, new.partnership)),
        "district": (queries.add_district, (new.force, new.area, new.name)),
        "team": (queries.add_team, (identity, new.area, new.name)),
        "school": (queries.add_school, (identity, new.area, new.name)),
        "feed": (queries.add_feed, (new.name, new.profile, new.force, new.coverage, new.silent_after_hours)),
    }
    query, values = rows[new.kind]
    done: str = await connection.execute(query, *values)
    if new.kind == "area" and done.endswith(" 1"):
        for force in new.forces:
            await connection.execute(queries.add_force_area, force, new.code)
    return done.endswith(" 1")


async def send_to(connection: Connection, force: str, area: str) -> None:
    """A force sends to an area from now on."""
    await connection.execute(queries.add_force_area, force, area)


async def rename(connection: Connection, kind: Renamed, key: str | UUID, name: str) -> bool:
    """Give a place another name; False when there is none, or another has that name."""
    query = {
        "area": queries.rename_area,
        "force": queries.rename_force,
        "team": queries.rename_team,
        "school": queries.rename_school,
    }[kind]
    done: str = await connection.execute(query, key, name)
    return done.endswith(" 1")
