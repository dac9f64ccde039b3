"""The audit cannot be altered, and where somebody manages to, it shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest

from schema.ids import new_id
from service.access import audit
from service.actor import SYSTEM, Actor
from service.database import Database, connect
from service.timepiece import SetTimepiece
from tests.fixtures.databases import DatabaseUrls

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
SOMEBODY = Actor(kind="person", id=new_id(NOW), name="Alex")


@pytest.fixture
async def database(database_urls: DatabaseUrls) -> AsyncIterator[Database]:
    """The application's own connection."""
    opened = await connect(database_urls.app_url, SetTimepiece(NOW), size=3)
    yield opened
    await opened.close()


async def look(database: Database, times: int = 1) -> None:
    for _ in range(times):
        async with database.transaction(SOMEBODY) as tx:
            await audit.viewed(tx, "list_viewed", "decide who is next", [uuid4(), uuid4()], {"late": 2})


async def sealed(database: Database, left: int = 0) -> None:
    """Seal until no more than ``left`` rows are unsealed."""
    # The horizon passes a transaction only when it has ended, and any other one of the whole server, such as
    # another test's, may hold it back for a moment, so that a seal takes a part.
    for _ in range(1200):
        async with database.transaction(SYSTEM) as tx:
            await audit.seal(tx)
        if (await verdict(database)).unsealed <= left:
            return
        await asyncio.sleep(0.05)
    pytest.fail("not everything could be sealed")


async def verdict(database: Database, head: str | None = None) -> audit.Verdict:
    async with database.transaction(SYSTEM, readonly=True) as tx:
        return await audit.verify(tx.connection, head)


async def test_a_view_is_one_row_with_actor_purpose_and_each_pathway_once(database: Database) -> None:
    pathway = uuid4()
    async with database.transaction(SOMEBODY) as tx:
        await audit.viewed(tx, "pathway_viewed", "what has happened", [pathway, pathway])
    async with database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch("select actor, actor_name, action, purpose, pathways from audit")
    assert [tuple(row) for row in rows] == [(SOMEBODY.id, "Alex", "pathway_viewed", "what has happened", [pathway])]


async def test_nobody_can_leave_a_trace_in_somebody_elses_name(database: Database) -> None:
    other = Actor(kind="person", id=uuid4(), name="Sam")
    async with database.transaction(SOMEBODY) as tx:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await tx.connection.execute(
                "insert into audit (id, at, actor_kind, actor, actor_name, action, purpose)"
                " values ($1, $2, 'person', $3, 'Sam', 'x', 'x')",
                uuid4(),
                NOW,
                other.id,
            )


async def test_ordinary_people_cannot_read_the_audit(database: Database) -> None:
    await look(database)
    async with database.transaction(SOMEBODY) as tx:
        assert await tx.connection.fetchval("select count(*) from audit") == 0


@pytest.mark.parametrize(
    "statement",
    ["update audit set action = 'nothing'", "delete from audit", "truncate audit", "delete from audit_seal"],
)
async def test_neither_the_application_nor_the_owner_can_change_what_is_there(
    database: Database, database_urls: DatabaseUrls, statement: str
) -> None:
    await look(database)
    await sealed(database)
    async with database.transaction(SYSTEM) as tx:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await tx.connection.execute(statement)
    owner = await asyncpg.connect(database_urls.owner_url)
    try:
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await owner.execute(statement)
    finally:
        await owner.close()


async def test_the_chain_holds_over_many_seals(database: Database) -> None:
    for _ in range(3):
        await look(database, 4)
        await sealed(database)
    found = await verdict(database)
    assert found.intact
    assert (found.rows, found.unsealed) == (12, 0)
    assert found.seals >= 3
    assert (await verdict(database, found.head)).intact


async def test_a_transaction_that_is_still_open_is_left_for_a_later_seal(database: Database) -> None:
    async with database.transaction(SOMEBODY) as tx:
        await audit.viewed(tx, "slow_export", "pack")
        async with database.transaction(SOMEBODY) as second:
            await audit.viewed(second, "list_viewed", "x")
        async with database.transaction(SYSTEM) as sealing:
            assert await audit.seal(sealing) is None
    await sealed(database)
    found = await verdict(database)
    assert (found.rows, found.unsealed) == (2, 0)


@pytest.mark.parametrize(
    ("crime", "why"),
    [
        ("update audit set actor_name = 'Sam' where id = (select id from audit order by id limit 1)", "altered"),
        ("update audit set pathways = '{}' where id = (select id from audit order by id limit 1)", "altered"),
        ("delete from audit where id = (select id from audit order by id limit 1)", "rows"),
        ("delete from audit_seal where number = 1", "missing"),
        ("update audit_seal set rows = rows + 1 where number = 2", "rows"),
    ],
)
async def test_whoever_gets_round_the_triggers_is_found_out(
    database: Database, database_urls: DatabaseUrls, crime: str, why: str
) -> None:
    for _ in range(2):
        await look(database, 3)
        await sealed(database)
    owner = await asyncpg.connect(database_urls.owner_url)
    try:
        await owner.execute("alter table audit disable trigger audit_append_only")
        await owner.execute("alter table audit_seal disable trigger audit_seal_append_only")
        await owner.execute(crime)
    finally:
        await owner.close()
    found = await verdict(database)
    assert not found.intact
    assert why in found.why


async def test_a_chain_that_was_recomputed_does_not_hold_the_head_that_was_kept(
    database: Database, database_urls: DatabaseUrls
) -> None:
    await look(database, 3)
    await sealed(database)
    kept = (await verdict(database)).head
    owner = await asyncpg.connect(database_urls.owner_url)
    try:
        await owner.execute("alter table audit disable trigger audit_append_only")
        await owner.execute("alter table audit_seal disable trigger audit_seal_append_only")
        await owner.execute("delete from audit_seal")
        await owner.execute("update audit set actor_name = 'Sam'")
    finally:
        await owner.close()
    await sealed(database)
    assert (await verdict(database)).intact
    assert not (await verdict(database, kept)).intact


async def test_the_chain_holds_and_goes_on_after_a_restore_from_a_dump_into_another_server(
    database: Database, database_urls: DatabaseUrls
) -> None:
    await look(database, 3)
    await sealed(database)
    await look(database, 2)
    owner = await asyncpg.connect(database_urls.owner_url)
    try:
        # Another server: its transactions are other ones under the same numbers.
        await owner.execute(
            "create or replace function audit_epoch() returns bigint language sql stable return 42::bigint"
        )
    finally:
        await owner.close()
    await look(database, 4)
    assert (await verdict(database)).unsealed == 6
    await sealed(database, left=4)
    closed = await verdict(database)
    assert (closed.intact, closed.rows, closed.unsealed) == (True, 5, 4)
    await sealed(database)
    await look(database)
    found = await verdict(database)
    assert (found.intact, found.rows, found.unsealed) == (True, 9, 1)
    assert found.seals >= 3
