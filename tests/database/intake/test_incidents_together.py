"""Incidents found or made many at a time: as one by one, and only where the actor may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from schema.ids import new_id
from service.actor import SYSTEM, Actor
from service.database import Tx
from service.intake.books.rules import Arrival, ChildSaid
from service.intake.books.store import find_or_create_incidents
from tests.fixtures.databases import DatabaseUrls
from tests.fixtures.world import World
from tests.fixtures.world import world as make_world


@pytest.fixture
async def world(database_urls: DatabaseUrls) -> AsyncIterator[World]:
    async with make_world(database_urls) as made:
        yield made


def arrival(reference: str, summary: str = "Told first") -> Arrival:
    return Arrival(
        force="gmp",
        reference=reference,
        area="359",
        child=ChildSaid(family_name="Ash"),
        facts=(),
        source="police_file",
        summary=summary,
    )


async def stands(tx: Tx) -> list[Any]:
    rows = await tx.connection.fetch("select reference, summary, no_child_reason from incident order by reference")
    return [tuple(row) for row in rows]


async def test_what_stands_is_found_and_what_does_not_is_made(world: World) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        first = await find_or_create_incidents(tx.connection, [arrival("A"), arrival("B")], tx.now)
        again = await find_or_create_incidents(tx.connection, [arrival("C"), arrival("B", "Told later")], tx.now)
        assert [created for _, created in first.values()] == [True, True]
        assert again["gmp", "B"] == (first["gmp", "B"][0], False)
        assert again["gmp", "C"][1]
        assert await stands(tx) == [(name, "Told first", None) for name in "ABC"]


async def test_an_incident_without_a_child_has_one_once_a_child_is_named(world: World) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        await find_or_create_incidents(tx.connection, [arrival("A"), arrival("B")], tx.now, no_child="not_recorded")
        await find_or_create_incidents(tx.connection, [arrival("A")], tx.now)
        await find_or_create_incidents(tx.connection, [arrival("B")], tx.now, no_child="not_recorded")
        assert await stands(tx) == [("A", "Told first", None), ("B", "Told first", "not_recorded")]


async def test_nobody_makes_incidents_where_they_may_not(world: World) -> None:
    stranger = Actor(kind="person", id=new_id(world.database.timepiece.now()), name="Nobody here")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.database.transaction(stranger) as tx, tx.recording():
            await find_or_create_incidents(tx.connection, [arrival("A")], tx.now)
