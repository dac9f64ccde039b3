"""Search over a whole partnership: each kind of text finds its own, in the areas of whoever asks and nowhere else."""

from __future__ import annotations

from typing import Any

import asyncpg

from service.actor import Actor, Grant
from service.children.rules import normalise_name
from service.database import connect
from service.pathways.lists import service as lists
from service.timepiece import SetTimepiece
from tests.database.demo.conftest import UNTIL, Loaded


async def search(loaded: Loaded, area: str, text: str) -> set[str]:
    """The local references of the children that a coordinator of the area finds."""
    owner = await asyncpg.connect(loaded.urls.owner_url)
    database = await connect(loaded.urls.app_url, SetTimepiece(UNTIL))
    try:
        person = await owner.fetchval(
            "select person from person_role where role = 'mash_coordinator' and area = $1", area
        )
        actor = Actor(kind="person", id=person, name="Somebody", grants=(Grant(role="mash_coordinator", area=area),))
        async with database.transaction(actor) as tx:
            found = await lists.search(tx, text)
        rows = await owner.fetch(
            "select local_reference from child where id = any($1::uuid[])", [each.child for each in found]
        )
        return {row[0] for row in rows}
    finally:
        await database.close()
        await owner.close()


async def one(loaded: Loaded, query: str, *arguments: object) -> Any:
    connection = await asyncpg.connect(loaded.urls.owner_url)
    try:
        return await connection.fetchrow(query, *arguments)
    finally:
        await connection.close()


async def test_the_beginning_of_a_family_name_finds_its_children_and_no_others(loaded: Loaded) -> None:
    child = await one(loaded, "select family_name, local_reference from child where area = '350' order by id limit 1")
    beginning = child["family_name"][:4]
    found = await search(loaded, "350", beginning)
    assert child["local_reference"] in found
    names = await one(
        loaded, "select array_agg(family_name) as all from child where local_reference = any($1::text[])", sorted(found)
    )
    assert all(normalise_name(name).startswith(normalise_name(beginning)) for name in names["all"])


async def test_a_date_of_birth_finds_the_child(loaded: Loaded) -> None:
    child = await one(
        loaded,
        "select date_of_birth, local_reference from child where area = '354' and date_of_birth is not null limit 1",
    )
    assert child["local_reference"] in await search(loaded, "354", f"{child['date_of_birth']:%d/%m/%Y}")


async def test_a_reference_finds_every_child_of_the_incident_in_the_area(loaded: Loaded) -> None:
    incident = await one(
        loaded,
        "select i.reference, array_agg(c.local_reference) as children from incident as i"
        " join pathway as p on p.incident = i.id join child as c on c.id = p.child where p.area = '359'"
        " group by i.reference having count(*) > 1 limit 1",
    )
    assert await search(loaded, "359", incident["reference"]) == set(incident["children"])
    assert await search(loaded, "350", incident["reference"]) == set()


async def test_a_child_who_moved_is_found_where_it_is_now(loaded: Loaded) -> None:
    child = await one(
        loaded,
        "select c.family_name, c.local_reference from transfer as t join pathway as p on p.id = t.pathway"
        " join child as c on c.id = p.child where t.to_area = '350' and t.accepted_at is not null",
    )
    assert child["local_reference"] in await search(loaded, "350", child["family_name"])
