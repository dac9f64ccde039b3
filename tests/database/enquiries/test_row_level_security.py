"""What people could read or change of enquiries and conferences, had they the database itself in their hands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from schema.ids import new_id
from service.actor import SYSTEM
from service.enquiries.conferences import asking
from service.enquiries.conferences.rules import Asking
from tests.database.enquiries.conftest import Put, discussed, started
from tests.fixtures.world import World

TABLES = (
    "enquiry",
    "enquiry_pathway",
    "enquiry_revision",
    "conference",
    "conference_child",
    "conference_revision",
)
SEES = ("mash_coordinator.359", "mash_manager.359", "out_of_hours.359", "team_manager.359", "social_worker.359")
SEES_NOTHING = (
    "mash_manager.350",
    "team_manager.350",
    "social_worker.350",
    "conference_service.350",
    "senior_leader.359",
    "board_member.359",
    "police_liaison.gmp",
    "partner.359",
    "administrator",
    "auditor",
)


async def counted(world: World, who: str) -> dict[str, int]:
    async with world.database.transaction(world[who]) as tx:
        return {table: await tx.connection.fetchval(f"select count(*) from {table}") for table in TABLES}


async def attempted(world: World, who: str, statement: str, *arguments: Any) -> str:
    """Why it was refused; empty where it was not, with nothing kept."""
    try:
        async with world.database.transaction(world[who]) as tx:
            status = await tx.connection.execute(statement, *arguments)
            raise _Done(str(status))
    except asyncpg.PostgresError as error:
        return type(error).__name__
    except _Done as done:
        return "" if not str(done).endswith(" 0") else "nothing"


class _Done(Exception):
    """It went through; rolled back all the same."""


async def test_who_sees_which_rows_and_what_nobody_can_change(world: World, put: Put) -> None:
    ours, sibling, theirs = await put(given="Ewan"), await put(given="Yusuf"), await put("06DE/9/26", area="350")
    await discussed(world, ours, sibling, theirs)
    enquiry, _ = await started(world, ours, sibling)
    async with world.database.transaction(world["team_manager.359"]) as tx:
        conference = await asking.ask(tx, Asking(pathways=[ours, sibling]))
    whole = {
        "enquiry": 2,
        "enquiry_pathway": 2,
        "enquiry_revision": 2,
        "conference": 1,
        "conference_child": 2,
        "conference_revision": 1,
    }
    for who in (*SEES, "conference_service.359"):
        assert await counted(world, who) == whole, who
    for who in SEES_NOTHING:
        assert await counted(world, who) == dict.fromkeys(TABLES, 0), who

    await _joining_is_refused(world, enquiry, conference, theirs)
    await _changing_is_refused(world, enquiry, conference)
    await _history_is_append_only(world)
    await _restricted_records_are_hidden(world, ours)


async def _joining_is_refused(world: World, enquiry: UUID, conference: UUID, theirs: UUID) -> None:
    """Nobody sees an enquiry by joining a child of theirs to it, whatever area they claim."""
    for who in ("mash_manager.350", "social_worker.350"):
        for area in ("350", "359"):
            joined = "insert into {} values ($1, $2, $3, 'gmp')"
            for statement, target in (
                (joined.format("enquiry_pathway (enquiry, pathway, area, force)"), enquiry),
                (joined.format("conference_child (conference, pathway, area, force)"), conference),
            ):
                found = await attempted(world, who, statement, target, theirs, area)
                assert found == "InsufficientPrivilegeError", f"{who} joined by {area}"
    opened = (
        "insert into enquiry (id, child, area, state, started_record, body, opened_by, opened_at, changed_at)"
        " select $1, p.child, $2, 'open', $1, '{}', $3, $4, $4 from pathway p where p.id = $5"
    )
    own, other = world["mash_manager.350"].id, world["mash_manager.359"].id
    now = world.timepiece.now()
    for area, by in (("359", own), ("350", other)):
        found = await attempted(world, "mash_manager.350", opened, new_id(now), area, by, now, theirs)
        assert found == "InsufficientPrivilegeError"


async def _changing_is_refused(world: World, enquiry: UUID, conference: UUID) -> None:
    for who in ("mash_manager.350", "police_liaison.gmp", "board_member.359", "administrator"):
        assert await attempted(world, who, "update enquiry set version = 9 where id = $1", enquiry) == "nothing"
        assert await attempted(world, who, "update conference set chair = 'Me' where id = $1", conference) == "nothing"
    for statement in (
        "update enquiry set child = gen_random_uuid()",
        "update enquiry set area = '350'",
        "update conference set area = '350'",
        "update conference_child set pathway = gen_random_uuid()",
        "delete from enquiry",
        "delete from conference_child",
        "delete from enquiry_revision",
        "update conference_revision set version = 7",
    ):
        assert await attempted(world, "mash_manager.359", statement) == "InsufficientPrivilegeError", statement


async def _history_is_append_only(world: World) -> None:
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        for table in ("enquiry_revision", "conference_revision"):
            for statement in (f"update {table} set version = 7", f"delete from {table}", f"truncate {table} cascade"):
                with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
                    await owner.execute(statement)
        changed = await owner.fetchval("select count(*) from audit where action like 'enquiry_changed%'")
        await owner.execute("update enquiry set returned = 'x'")
        assert await owner.fetchval("select count(*) from audit where action like 'enquiry_changed%'") > changed
    finally:
        await owner.close()


async def _restricted_records_are_hidden(world: World, ours: UUID) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update pathway set restricted = true where id = $1", ours)
    for who in ("mash_coordinator.359", "team_manager.359", "conference_service.359"):
        assert (await counted(world, who))["enquiry"] == 1, who
        assert (await counted(world, who))["conference_child"] == 1, who
    assert (await counted(world, "mash_manager.359"))["enquiry"] == 2
