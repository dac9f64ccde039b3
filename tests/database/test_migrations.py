"""The runner that brings the schema up to date."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from service import migrations
from service.migrations import MigrationError, migrate, pending
from tests.fixtures.databases import ServiceUrls, renamed, run


@pytest.fixture
def empty_database(services: ServiceUrls, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without any schema, as the owner."""
    name = f"tracker_empty_{abs(hash(request.node.nodeid)):x}"
    address = renamed(services.owner_url, "postgres")

    async def execute(statement: str) -> None:
        connection = await asyncpg.connect(address)
        await connection.execute(statement)
        await connection.close()

    run(execute(f"create database {name}"))
    yield renamed(services.owner_url, name)
    run(execute(f"drop database {name} with (force)"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_create_a.sql").write_text("create table a (id integer primary key);\ninsert into a values (1);")
    (tmp_path / "0002_index_a.sql").write_text(
        "-- migrate: no-transaction\ncreate index concurrently if not exists a_id on a (id);\n"
        "create index concurrently if not exists a_id_down on a (id desc);\n"
    )
    (tmp_path / "0003_fill_a.sql").write_text("insert into a values (2);")
    return tmp_path


async def rows(url: str, query: str) -> list[int]:
    connection = await asyncpg.connect(url)
    try:
        return [row[0] for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def test_eight_processes_that_start_at_once_apply_each_file_once(empty_database: str, folder: Path) -> None:
    applied = await asyncio.gather(*(migrate(empty_database, folder=folder) for _ in range(8)))
    assert sorted(name for names in applied for name in names) == [path.name for path in sorted(folder.iterdir())]
    assert await rows(empty_database, "select id from a order by id") == [1, 2]


async def test_a_second_run_does_nothing(empty_database: str, folder: Path) -> None:
    await migrate(empty_database, folder=folder)
    assert await migrate(empty_database, folder=folder) == []
    assert await pending(empty_database, folder=folder) == []


async def test_a_file_edited_after_it_ran_is_refused(empty_database: str, folder: Path) -> None:
    await migrate(empty_database, folder=folder)
    (folder / "0001_create_a.sql").write_text("create table a (id bigint primary key);")
    with pytest.raises(MigrationError, match=r"0001_create_a\.sql was edited"):
        await migrate(empty_database, folder=folder)


async def test_a_failing_file_leaves_nothing_of_itself_and_keeps_what_ran_before(
    empty_database: str, folder: Path
) -> None:
    (folder / "0003_fill_a.sql").write_text("insert into a values (3);\nselect 1 / 0;")
    with pytest.raises(MigrationError, match=r"0003_fill_a\.sql: division by zero"):
        await migrate(empty_database, folder=folder)
    assert await rows(empty_database, "select id from a") == [1]
    assert await pending(empty_database, folder=folder) == ["0003_fill_a.sql"]


async def test_an_older_program_refuses_a_newer_database(empty_database: str, folder: Path) -> None:
    await migrate(empty_database, folder=folder)
    (folder / "0003_fill_a.sql").unlink()
    with pytest.raises(MigrationError, match=r"newer than this program: it has 0003_fill_a\.sql"):
        await migrate(empty_database, folder=folder)


async def test_a_gap_in_the_numbers_is_refused(empty_database: str, folder: Path) -> None:
    (folder / "0003_fill_a.sql").rename(folder / "0004_fill_a.sql")
    with pytest.raises(MigrationError, match="not 1, 2, 3"):
        await migrate(empty_database, folder=folder)


async def test_before_anything_ran_every_file_is_pending(empty_database: str, folder: Path) -> None:
    assert len(await pending(empty_database, folder=folder)) == 3


def test_the_migrations_of_the_project_are_numbered_without_gaps() -> None:
    assert migrations.read()
