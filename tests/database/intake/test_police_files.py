"""The sample exports through the whole way in: every row accounted for, in the numbers counted by hand."""

import csv
import io
import unicodedata
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.actor import SYSTEM
from service.intake.files import service as files
from service.intake.files.service import Summary
from service.pathways.rebuild import rebuild
from tests.database.intake.nasty import COLUMNS
from tests.database.intake.oracle import Books
from tests.fixtures.databases import DatabaseUrls
from tests.fixtures.world import World
from tests.fixtures.world import world as make_world

DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
async def world(database_urls: DatabaseUrls) -> AsyncIterator[World]:
    async with make_world(database_urls, start=NOW) as made:
        async with made.database.transaction(SYSTEM) as tx:
            await tx.connection.execute(
                "insert into feed (name, profile, force, coverage) values ('gmp', 'gmp', 'gmp', 'all_notices')"
            )
        yield made


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 70_000):
        yield content[start : start + 70_000]


async def take(world: World, content: bytes, *, dry_run: bool = False) -> Summary:
    identity = await files.store_file(
        world.database, SYSTEM, pieces(content), feed="gmp", file_name="export.csv", dry_run=dry_run
    )
    return await files.run_import(world.database, identity)


async def test_the_sample_export_and_the_next_days(world: World) -> None:
    first = (DATA / "police_export.csv").read_bytes()
    expected = Summary(read=1962, accepted=1847, repeated=11, held=17, refused=87)
    assert await take(world, first, dry_run=True) == expected
    async with world.database.transaction(SYSTEM) as tx:
        assert await tx.connection.fetchval("select count(*) from pathway") == 0
    assert await take(world, first) == expected
    following = (DATA / "police_export_next_day.csv").read_bytes()
    assert await take(world, following) == Summary(read=1828, accepted=28, updated=16, repeated=1799, held=0, refused=1)
    assert await take(world, following) == Summary(read=1828, repeated=1827, refused=1)
    async with world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetchval("select count(*) from import_row")
        assert rows == 2 * 1962 + 2 * 1828
        off = await tx.connection.fetchval("select count(*) from condition where rule = 'not_on_the_books'")
        assert off > 0
    books = Books()
    for number, content in enumerate((first, following, following)):
        assert await entries(world, number) == [
            (told.outcome, told.updated) for told in (books.take(row, NOW, whole=whole) for row, whole in read(content))
        ]
    assert (await rebuild(world.database, check=True)).differing == 0


async def entries(world: World, number: int) -> list[tuple[str, bool]]:
    """What became of the rows of a file, in their order; ``number`` of the files that were not just tried."""
    async with world.database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch(
            "select r.outcome, r.updated from import_row as r where r.import = ("
            " select id from import where not dry_run order by stored_at, id offset $1 limit 1) order by r.number",
            number,
        )
    return [(row[0], row[1]) for row in rows]


def read(content: bytes) -> Iterator[tuple[dict[str, str], bool]]:
    """The rows of a sample as the oracle takes them, read with Python's own reader."""
    for cells in list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]:
        whole = len(cells) == len(COLUMNS) and not cells[0].startswith("Total")
        row = dict(zip(COLUMNS, [*cells, *[""] * len(COLUMNS)], strict=False))
        row["who"] = "/".join(filter(None, (plain(row["family"]), plain(row["given"]))))
        yield row, whole


def plain(name: str) -> str:
    """A name of the samples without what makes two spellings of it."""
    return "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if c.isalnum())
