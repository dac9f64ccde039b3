"""The application over HTTP, in the test's own event loop, with people of every role to sign in as."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from litestar import Litestar

from service.app import create_app
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
    app = create_app(settings, timepiece=timepiece)
    async with running(app):
        yield World(app=app, settings=settings, timepiece=timepiece, partnership=partnership)


@asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[None]:
    """The application's lifespan in a task of its own: a fixture is set up and torn down in different ones."""
    started, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        try:
            async with app.lifespan():
                started.set()
                await stop.wait()
        finally:
            started.set()

    task = asyncio.create_task(live())
    await started.wait()
    if task.done():
        await task
    try:
        yield
    finally:
        stop.set()
        await task
