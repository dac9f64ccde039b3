"""The application over HTTP, in the test's own event loop, with people of every role to sign in as."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import cache

import msgspec
import pytest
from litestar import Litestar

from service.app import create_app
from service.database import connect
from service.settings import Settings
from service.timepiece import SetTimepiece
from tests.fixtures.databases import DatabaseUrls
from tests.fixtures.people import Partnership, World

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def timepiece() -> SetTimepiece:
    """Tuesday 3 November 2026, noon, until a test moves it."""
    return SetTimepiece(NOON)


@pytest.fixture
def settings(module_database_urls: DatabaseUrls) -> Settings:
    """An installation as the demonstration runs it."""
    return Settings(database_url=module_database_urls.app_url, pool_size=4)


@pytest.fixture
async def world(
    settings: Settings, timepiece: SetTimepiece, module_database_urls: DatabaseUrls
) -> AsyncIterator[World]:
    """The running application, and a partnership of two areas and two forces."""
    partnership = await Partnership.of(module_database_urls.owner_url)
    app, turning = application(msgspec.structs.replace(settings, database_url=""))
    turning.present = timepiece
    database = await connect(settings.database_url, turning, size=settings.pool_size)
    app.state.update({"settings": settings, "database": database})
    try:
        yield World(app=app, settings=settings, timepiece=timepiece, partnership=partnership)
    finally:
        await database.close()


class Turning:
    """The one clock of an application that serves test after test: it shows what the present test sets."""

    def __init__(self) -> None:
        self.present = SetTimepiece(NOON)

    def now(self) -> datetime:
        """The instant of the present test."""
        return self.present.now()


@cache
def application(settings: Settings) -> tuple[Litestar, Turning]:
    """An application for every test with these settings: building it takes longer than most tests do.

    Its database comes and goes with each test, so its own lifespan, which opens one, is left to the tests of the
    command line and the browser.
    """
    turning = Turning()
    return create_app(settings, timepiece=turning), turning
