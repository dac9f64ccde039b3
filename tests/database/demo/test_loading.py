"""The first page does not wait for two years of the past: the rest follows, even when it is cut short."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from service.actor import SYSTEM
from service.database import Database, connect
from service.demo import loading, seeding
from service.demo.story import Story, tell
from service.flags.sweep import sweep
from service.pathways.rebuild import Rebuilt, rebuild
from service.timepiece import SetTimepiece
from service.web.health import health
from service.web.store import around
from tests.database.demo.conftest import SCALE, UNTIL, Loaded
from tests.fixtures.databases import DatabaseUrls

COUNTS = (
    "select (select count(*) from incident), (select count(*) from child), (select count(*) from pathway),"
    " (select count(*) from milestone), (select count(*) from clock), (select count(*) from condition),"
    " (select count(*) from flag), (select count(*) from flag_event where kind = 'answered'),"
    " (select count(*) from transfer)"
)


@pytest.fixture(scope="module")
def story() -> Story:
    return tell(UNTIL, SCALE)


async def begun(urls: DatabaseUrls, story: Story) -> Database:
    await seeding.begin(urls.app_url, UNTIL, story, wanted=story.wanted, progress=lambda *_: None)
    return await connect(urls.app_url, SetTimepiece(UNTIL))


async def counts(url: str) -> tuple[Any, ...]:
    connection = await asyncpg.connect(url)
    try:
        (row,) = await connection.fetch(COUNTS)
        return tuple(row)
    finally:
        await connection.close()


async def told(database: Database) -> tuple[str, ...]:
    async with database.transaction(SYSTEM, readonly=True) as tx:
        return health((await around(tx.connection, None)).beats, UNTIL, UNTIL - UNTIL).notes


class CutShort(Exception):
    """As if the process had been killed between two parts."""


def cut_after(parts: int) -> loading.Progress:
    seen = []

    def progress(done: int, _total: int | None, _what: str) -> None:
        seen.append(done)
        if len(seen) == parts:
            raise CutShort

    return progress


async def test_a_past_loaded_in_two_goes_and_cut_short_is_the_same_as_one_loaded_at_once(
    database_urls: DatabaseUrls, story: Story, loaded: Loaded
) -> None:
    database = await begun(database_urls, story)
    try:
        (first,) = await told(database)
        assert f"{story.wanted:,} of {len(story.rows):,} children in incidents" in first
        assert await rebuild(database, check=True) == Rebuilt(
            pathways=sum(one.child is not None for one in story.rows[: story.wanted])
        )
        with pytest.raises(CutShort):
            await loading.load_the_rest(database, cut_after(1))
        assert 0 < await loading.left(database) < len(story.rows) - story.wanted
        await loading.load_the_rest(database, lambda *_: None)
        assert await told(database) == ()
        assert await loading.load_the_rest(database, lambda *_: None) == 0
        assert await counts(database_urls.owner_url) == await counts(loaded.urls.owner_url)
        assert (await rebuild(database, check=True)).differing == 0
        swept = await sweep(database)
        assert (swept.raised, swept.escalated) == (0, 0)
    finally:
        await database.close()
