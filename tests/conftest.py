"""Fixtures for every test: one set of services per run, shared by all workers; a fresh database per test or module.

The process that controls a parallel run starts the services and hands their addresses to its workers; a run without
workers starts them when the first test asks. They end with the run, also when it is killed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from xdist.workermanage import WorkerController

from service import embedded
from tests.fixtures.databases import DatabaseUrls, ServiceUrls, forget, fresh_database, outside, run
from tests.fixtures.memory import temporary_files
from tests.fixtures.world import FILLED, World
from tests.fixtures.world import world as make_world

# Same examples every time, on every machine: what fails here fails there. `make soak` explores further.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=100, database=None)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

RUNNING = pytest.StashKey[ServiceUrls]()
CLEANUP = pytest.StashKey[ExitStack]()


def running_services(config: pytest.Config) -> ServiceUrls:
    """The services of this run, started on first call; stopped by `pytest_unconfigure`."""
    if RUNNING not in config.stash:
        cleanup = config.stash[CLEANUP]
        known = outside()
        if known is not None:
            cleanup.callback(lambda services: run(forget(services)), known)
        else:
            folder = Path(tempfile.mkdtemp(prefix="tracker-tests-"))
            cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
            started = cleanup.enter_context(embedded.start(folder, durable=False))
            known = ServiceUrls(started.owner_url, started.app_url, started.redis_url, uuid4().hex[:12])
        config.stash[RUNNING] = known
    return config.stash[RUNNING]


def pytest_configure(config: pytest.Config) -> None:
    """Before anything asks where temporary files go; workers are told by their environment."""
    if not hasattr(config, "workerinput"):
        config.stash.setdefault(CLEANUP, ExitStack()).enter_context(temporary_files())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    """A parallel run is about to start a worker: tell it where the services are."""
    node.workerinput["services"] = tuple(running_services(node.config))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything below tests/browser needs a Chromium, without saying so in every file."""
    for item in items:
        if "browser" in item.path.relative_to(Path(__file__).parent).parts[:-1]:
            item.add_marker("browser")


def pytest_unconfigure(config: pytest.Config) -> None:
    if CLEANUP in config.stash:
        config.stash[CLEANUP].close()


@pytest.fixture(scope="session")
def services(request: pytest.FixtureRequest) -> ServiceUrls:
    """Addresses of the servers; the database they name is empty and shared, so ask for `database_urls` instead."""
    told: dict[str, tuple[str, str, str, str]] | None = getattr(request.config, "workerinput", None)
    return running_services(request.config) if told is None else ServiceUrls(*told["services"])


@pytest.fixture
def database_urls(services: ServiceUrls) -> Iterator[DatabaseUrls]:
    """A fresh migrated database for one test, with nothing in it."""
    with fresh_database(services) as urls:
        yield urls


@pytest.fixture(scope="module")
def module_database_urls(services: ServiceUrls) -> Iterator[DatabaseUrls]:
    """A fresh migrated database for the tests of one file, which share what they write."""
    with fresh_database(services) as urls:
        yield urls


@pytest.fixture(scope="session")
def redis_url(services: ServiceUrls, worker_id: str) -> str:
    """A numbered Redis database that no other worker of the run uses; not emptied between tests."""
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0
    return services.redis_url.rsplit("/", 1)[0] + f"/{number}"


@pytest.fixture
async def world(services: ServiceUrls) -> AsyncIterator[World]:
    """A small partnership in a fresh database, acting as the application's role."""
    with fresh_database(services, FILLED) as urls:
        async with make_world(urls, filled=True) as made:
            yield made
