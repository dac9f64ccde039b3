"""Fills an empty, migrated database with the synthetic partnership, and with its two years unless told not to."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from service.access import passwords
from service.actor import SYSTEM
from service.database import Database, connect
from service.demo import loading, partnership, store
from service.demo.loading import AT_ONCE, Progress
from service.demo.partnership import SignIn
from service.demo.story import Story, tell
from service.pathways import rulebook
from service.timepiece import SystemTimepiece

#: Everybody took up their post well before the first incident.
POSTED: Final = timedelta(days=1_100)
_LONGEST_SECONDS: Final = 120.0


async def seed(
    owner_url: str, app_url: str, *, empty: bool, progress: Progress, scale: float = 1.0, now: datetime | None = None
) -> Sequence[SignIn]:
    """Fill a database that is migrated and has no configuration yet; who can sign in.

    Args:
        owner_url: as the owner, for the planner's statistics alone.
        app_url: as the application, which writes everything.
        empty: places, people and feeds, but no incidents.
        progress: told (done, total, what) as pathways are written.
        scale: 1.0 is about 3,000 incidents and 5,700 pathways.
        now: the instant at which the synthetic past ends.
    """
    until = (now or SystemTimepiece().now()).replace(microsecond=0)
    with loading.without_collection():
        story = None if empty else tell(until, scale)
        found = await begin(app_url, until, story, wanted=len(story.rows) if story else 0, progress=progress)
    if story is not None:
        await analyse(owner_url)
    return found


async def begin(
    app_url: str, until: datetime, story: Story | None, *, wanted: int, progress: Progress
) -> Sequence[SignIn]:
    """Write places, people and the first ``wanted`` rows of the story; who can sign in."""
    async with filling(app_url) as database:
        password = partnership.new_password()
        known = partnership.known(until)
        hashed = await passwords.hashed(password)
        async with database.transaction(SYSTEM, now=until) as tx:
            await rulebook.ship(tx)
            await partnership.write(tx.connection, known, hashed, until - POSTED)
        if story is not None:
            await loading.load_at_once(database, known, story, story.rows[:wanted], progress)
    return partnership.sign_ins(password)


@asynccontextmanager
async def filling(url: str) -> AsyncIterator[Database]:
    """The database for those who fill it."""
    database = await connect(url, SystemTimepiece(), size=AT_ONCE, command_timeout=_LONGEST_SECONDS)
    try:
        yield database
    finally:
        await database.close()


async def analyse(owner_url: str) -> None:
    """The planner's statistics, as the owner."""
    connection = await asyncpg.connect(owner_url)
    try:
        await store.analyse(connection)
    finally:
        await connection.close()
