"""The database itself keeps people apart: attacks on row-level security as the application's own role."""

from datetime import date, timedelta
from uuid import UUID

import asyncpg
import pytest

from schema.ids import new_id
from service.actor import SYSTEM, Actor
from service.intake.books import service as books
from service.intake.books.rules import Arrival, ChildSaid, Fact
from tests.fixtures.world import START, World

#: Tables of records, with how many rows one child of the test has in each (at least).
RECORDS = (
    "pathway",
    "milestone",
    "pathway_state",
    "segment",
    "clock",
    "wait",
    "child",
    "incident",
    "flag",
    "condition",
    "milestone_current",
)
#: Tables without row-level security, and why that is right.
OPEN = {
    "force": "configuration",
    "area": "configuration",
    "force_area": "configuration",
    "district": "configuration",
    "team": "configuration",
    "school": "configuration",
    "feed": "configuration",
    "standard": "configuration",
    "calendar": "configuration",
    "person": "staff, no children",
    "person_role": "staff, no children",
    "qualified_decider": "staff, no children",
    "client": "machines, no children",
    "session": "hashes only",
    "sign_in_attempt": "staff, no children",
    "outbox": "ids only",
    "heartbeat": "figures only",
    "schema_migration": "file names",
    "period_result": "figures of periodic jobs",
    "retention_rule": "configuration",
}


async def one_child(world: World, *, area: str = "359", restricted: bool = False, reference: str = "06DA/1/26") -> UUID:
    arrival = Arrival(
        force="gmp",
        reference=reference,
        area=area,
        child=ChildSaid(
            family_name="Seddon", given_names=f"Siân {reference}", date_of_birth=date(2018, 5, 1), restricted=restricted
        ),
        facts=(
            Fact(kind="police_attended", at=START - timedelta(hours=30)),
            Fact(kind="risk_graded", at=START - timedelta(hours=30), outcome="high"),
        ),
        source="typed",
    )
    async with world.database.transaction(SYSTEM) as tx:
        (placed,) = await books.put(tx, [arrival])
        await tx.connection.execute(
            "insert into flag (id, about, about_kind, area, force, rule, subject, episode, true_from, noticed_at,"
            " holder, evidence)"
            " values ($1, $2, 'pathway', $3, 'gmp', 'overdue', 'police_share', $1, $4, $4, 'police', '{}')",
            new_id(tx.now),
            placed.pathway,
            area,
            tx.now,
        )
    assert placed.pathway is not None
    return placed.pathway


async def counts(world: World, actor: Actor) -> dict[str, int]:
    async with world.database.transaction(actor) as tx:
        return {table: await tx.connection.fetchval(f"select count(*) from {table}") for table in RECORDS}


async def test_every_table_has_row_level_security_or_a_reason(world: World) -> None:
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        without = {
            row[0]
            for row in await owner.fetch(
                "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
                " and not relrowsecurity"
            )
        }
    finally:
        await owner.close()
    assert without <= set(OPEN), f"no row-level security and no reason: {without - set(OPEN)}"


async def test_the_application_neither_owns_nor_bypasses(world: World) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        row = await tx.connection.fetchrow(
            "select rolsuper or rolbypassrls or rolcreaterole as mighty,"
            " (select count(*) from pg_class c"
            "   where c.relowner = r.oid and relnamespace = 'public'::regnamespace) as owns"
            " from pg_roles r where rolname = current_user"
        )
    assert row is not None
    assert (row["mighty"], row["owns"]) == (False, 0)


async def test_without_an_actor_there_is_nothing(world: World) -> None:
    await one_child(world)
    async with world.database.pool.acquire() as connection:
        for table in RECORDS:
            assert await connection.fetchval(f"select count(*) from {table}") == 0, table


@pytest.mark.parametrize(
    ("sign_in", "sees"),
    [
        ("mash_coordinator.359", True),
        ("mash_manager.359", True),
        ("out_of_hours.359", True),
        ("mash_coordinator.350", False),
        ("mash_manager.350", False),
        ("social_worker.359", False),
        ("team_manager.359", False),
        ("conference_service.359", False),
        ("senior_leader.359", False),
        ("board_member.359", False),
        ("partner.359", False),
        ("administrator", False),
        ("auditor", False),
        ("police_liaison.gmp", False),
        ("police_liaison.mers", False),
    ],
)
async def test_who_sees_a_whole_record(world: World, sign_in: str, sees: bool) -> None:
    await one_child(world)
    found = await counts(world, world[sign_in])
    own_force = sign_in == "police_liaison.gmp"
    for table, count in found.items():
        if table == "incident" and own_force:
            assert count == 1
        else:
            assert (count > 0) is sees, f"{sign_in} and {table}: {count}"


async def test_a_restricted_record_is_for_the_manager_alone(world: World) -> None:
    await one_child(world, restricted=True)
    hidden = await counts(world, world.coordinator)
    assert {table: n for table, n in hidden.items() if n} == {}
    assert (await counts(world, world.manager))["pathway"] == 1
    async with world.database.transaction(world.liaison) as tx:
        assert await tx.connection.fetchval("select count(*) from police_pathway") == 0


async def test_a_worker_sees_the_child_allocated_to_them_and_no_other(world: World) -> None:
    mine, _other = await one_child(world), await one_child(world, reference="06DA/2/26")
    worker = world["social_worker.359"]
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "update pathway_state set allocated_to = $2 where pathway = $1", mine, str(worker.id)
        )
    async with world.database.transaction(worker) as tx:
        assert [row[0] for row in await tx.connection.fetch("select id from pathway")] == [mine]
        assert await tx.connection.fetchval("select count(*) from child") == 1


@pytest.mark.parametrize(
    "table", ["milestone", "flag", "flag_event", "audit", "audit_seal", "standard", "calendar", "notice"]
)
@pytest.mark.parametrize("verb", ["update", "delete", "truncate"])
async def test_append_only_is_refused_to_the_owner_too(world: World, table: str, verb: str) -> None:
    statement = {
        "update": f"update {table} set written_at = now()" if table != "audit_seal" else f"update {table} set rows = 0",
        "delete": f"delete from {table}",
        "truncate": f"truncate {table} cascade",
    }[verb]
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(statement)
    finally:
        await owner.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.database.transaction(SYSTEM) as tx:
            await tx.connection.execute(statement)


async def test_writing_into_another_area_is_refused(world: World) -> None:
    pathway = await one_child(world)
    stranger = world["mash_coordinator.350"]
    async with world.database.transaction(stranger) as tx:
        assert await tx.connection.execute("update pathway set area = '350' where id = $1", pathway) == "UPDATE 0"
        assert await tx.connection.execute("delete from clock") == "DELETE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.database.transaction(stranger) as tx:
            await tx.connection.execute(
                "insert into condition (about, about_kind, area, force, rule, subject, episode, true_from, holder,"
                " evidence) values ($1, 'pathway', '359', 'gmp', 'overdue', 'x', $1, now(), 'police', '{}')",
                pathway,
            )


async def test_a_pathway_cannot_be_pushed_into_a_strangers_area(world: World) -> None:
    pathway = await one_child(world)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.database.transaction(world.coordinator) as tx:
            await tx.connection.execute("update pathway set area = '350' where id = $1", pathway)


async def test_a_changed_record_leaves_its_trace(world: World) -> None:
    await one_child(world)
    async with world.database.transaction(world.coordinator) as tx:
        await tx.connection.execute("update child set safe_contact = 'Text only, after 3pm'")
    async with world.database.transaction(world["auditor"]) as tx:
        row = await tx.connection.fetchrow("select actor, action, detail from audit where action = 'child_changed'")
    assert row is not None
    assert row["actor"] == world.coordinator.id
    assert row["detail"]["changed"]["safe_contact"] == [None, "Text only, after 3pm"]
    async with world.database.transaction(world.coordinator) as tx:
        assert await tx.connection.fetchval("select count(*) from audit") == 0


async def test_the_liaison_sees_only_the_outcome_after_sharing(world: World) -> None:
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        columns = {
            row[0]
            for row in await owner.fetch(
                "select column_name from information_schema.columns where table_name = 'police_pathway'"
            )
        }
    finally:
        await owner.close()
    withheld = {"ethnicity", "disability", "safe_contact", "local_reference", "nhs_number", "holder", "allocated_to"}
    assert not columns & withheld
    assert "outcome" not in columns
    assert {"status", "decided_on", "outcome_category"} <= columns


async def test_a_stored_answer_is_for_whoever_was_answered_alone(world: World) -> None:
    async with world.database.transaction(world.coordinator) as tx:
        await tx.connection.execute(
            "insert into idempotency (actor, route, key, request_hash, status, body, created_at)"
            " values ($1, '/api/v1/notices', 'k', '', 201, '{}', $2)",
            world.coordinator.id,
            tx.now,
        )
    for colleague in (world.manager, world["mash_coordinator.350"], world.liaison):
        async with world.database.transaction(colleague) as tx:
            assert await tx.connection.fetchval("select count(*) from idempotency") == 0
            assert await tx.connection.execute("update idempotency set body = '{}'") == "UPDATE 0"
            assert await tx.connection.execute("delete from idempotency") == "DELETE 0"
    async with world.database.transaction(world.coordinator) as tx:
        assert await tx.connection.fetchval("select count(*) from idempotency") == 1
