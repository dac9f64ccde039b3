"""The databases that tests get."""

from __future__ import annotations

import asyncpg

from tests.fixtures.databases import DatabaseUrls


async def test_the_application_neither_owns_tables_nor_bypasses_row_level_security(database_urls: DatabaseUrls) -> None:
    connection = await asyncpg.connect(database_urls.app_url)
    try:
        role = await connection.fetchrow("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = user")
        assert role is not None
        assert tuple(role) == ("tracker_app", False, False)
        assert await connection.fetchval("select count(*) from pg_tables where tableowner = user") == 0
    finally:
        await connection.close()


async def test_a_fresh_database_has_the_whole_schema(database_urls: DatabaseUrls) -> None:
    connection = await asyncpg.connect(database_urls.owner_url)
    try:
        assert await connection.fetchval("select to_regclass('milestone') is not null")
    finally:
        await connection.close()
