"""Three workers, killed at random moments, while Redis is emptied and restarted and Postgres crashes."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import redis

from service.actor import SYSTEM
from service.embedded import postgres, valkey
from service.embedded.process import Server
from service.migrations import migrate
from service.outbox import service as outbox
from tests.fixtures.conditions import Given, give
from tests.fixtures.databases import DatabaseUrls, run
from tests.fixtures.world import World, world

WORKERS = 3
#: How long anything may take on a machine that does much else; on a quiet one all is there in a second or two.
PATIENCE_SECONDS = 90.0
#: Conditions given while workers die, so that the counts below mean something.
FEWEST = 100

pytestmark = pytest.mark.timeout(300)


class Stage:
    """Servers of our own that may be killed, and workers that are."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.cluster = postgres.start(folder / "postgres", durable=True)
        stack.callback(self._end, lambda: self.cluster.server.process, signal.SIGQUIT)
        self.redis = valkey.start(folder / "valkey", durable=False)
        stack.callback(self._end, lambda: self.redis.server.process, signal.SIGKILL)
        self.urls = DatabaseUrls(self.cluster.owner_url, self.cluster.app_url)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.killed = 0
        stack.callback(self._end_workers)

    def start_worker(self, *, with_redis: bool = True) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "DATABASE_URL": self.urls.app_url}
        environment.pop("REDIS_URL", None)
        if with_redis:
            environment["REDIS_URL"] = self.redis.url
        with (self.folder / "workers.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "service", "work"], env=environment, stdout=log, stderr=log
            )
        self.workers.append(worker)
        return worker

    def kill_a_worker(self, chance: random.Random) -> None:
        victim = chance.choice(self.workers)
        victim.kill()
        victim.wait()
        self.workers.remove(victim)
        self.killed += 1
        self.start_worker()

    def empty_redis(self) -> None:
        with redis.Redis.from_url(self.redis.url) as client:
            client.flushall()

    def restart_redis(self) -> None:
        self._again(self.redis.server, signal.SIGKILL)

    def crash_postgres(self) -> None:
        self._again(self.cluster.server, signal.SIGQUIT)

    def _again(self, server: Server, how: signal.Signals) -> None:
        """The same command on the same port and folder."""
        server.process.send_signal(how)
        server.process.wait(60)
        with server.log.open("ab") as log:
            server.process = subprocess.Popen(
                server.process.args,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=server.log.with_suffix(""),
            )

    def log(self) -> str:
        return (self.folder / "workers.log").read_text()

    @staticmethod
    def _end(process: Callable[[], subprocess.Popen[bytes]], how: signal.Signals) -> None:
        process().send_signal(how)
        process().wait(60)

    def _end_workers(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with ExitStack() as stack:
        made = Stage(tmp_path, stack)
        run(migrate(made.urls.owner_url))
        yield made


async def patiently(work: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """Try until the database is there again."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await work()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)


async def value(stage: Stage, query: str) -> Any:
    async def ask() -> Any:
        connection = await asyncpg.connect(stage.urls.owner_url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return await patiently(ask)


async def until(stage: Stage, query: str, wanted: object) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := await value(stage, query)) != wanted:
        assert time.monotonic() < deadline, f"{query}: {found}, not {wanted}\n{stage.log()[-3000:]}"
        await asyncio.sleep(0.2)


async def feed(made: World, chance: random.Random, stop: asyncio.Event, kept: list[UUID]) -> None:
    """Conditions that become true within the second, without pause, and a little work."""
    while not stop.is_set():
        now = datetime.now(UTC)
        given = [Given(true_from=now + timedelta(seconds=chance.random()), about=uuid4()) for _ in range(25)]

        async def write(given: list[Given] = given) -> None:
            await give(made.database, given)

        async def queue() -> None:
            async with made.database.transaction(SYSTEM) as tx:
                await outbox.queue(tx, "recompute_open", uuid4())

        try:
            await write()
            kept.extend(each.about for each in given if each.about)
            await queue()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pass  # it was not acknowledged; the table says whether it is there
        await asyncio.sleep(0.1)


async def havoc(stage: Stage, seconds: float, seed: int) -> None:
    chance = random.Random(seed)
    acts: list[Callable[[], None]] = [stage.empty_redis, stage.restart_redis, stage.crash_postgres]
    stop = asyncio.Event()
    kept: list[UUID] = []
    async with world(stage.urls) as made:
        for _ in range(WORKERS):
            stage.start_worker()
        await until(stage, "select count(*) from heartbeat where name = 'watcher'", 1)
        feeding = asyncio.create_task(feed(made, chance, stop, kept))
        began = time.monotonic()
        done = 0
        # A machine that does much else gets through less in the same seconds: everything happens all the same.
        while (passed := time.monotonic() - began) < seconds or done < len(acts) or len(kept) <= FEWEST:
            stage.kill_a_worker(chance)
            if done < len(acts) and passed >= seconds * (done + 0.5) / len(acts):
                await asyncio.to_thread(acts[done])
                done += 1
                if done == len(acts) and seconds > 60:
                    done, began, seconds = 0, time.monotonic(), seconds - passed
            await asyncio.sleep(chance.uniform(0.2, 1.5))
        stop.set()
        await feeding
    await until(stage, "select count(*) from condition where not flagged", 0)
    await until(stage, "select count(*) from outbox where done_at is null and dead_at is null", 0)
    survivors = [worker.pid for worker in stage.workers if worker.poll() is None]
    assert len(survivors) == WORKERS, stage.log()[-3000:]
    assert "Traceback" not in stage.log(), stage.log()
    assert stage.killed >= 3
    assert await value(stage, "select count(*) from condition") >= len(kept) > FEWEST
    assert await value(stage, "select count(*) = (select count(*) from condition) from flag")
    assert await value(stage, "select count(*) = count(distinct (about, rule, subject, episode)) from flag")
    # One coordinator is told of each, and nobody twice.
    assert await value(stage, "select count(*) = (select count(*) from flag) from message")
    assert await value(stage, "select count(*) = count(distinct (flag, person)) from message")
    assert await value(stage, "select bool_and(noticed_at >= true_from) from flag")
    assert await value(stage, "select count(*) from outbox where dead_at is not null") == 0


async def test_workers_killed_at_random_raise_each_flag_once_and_lose_nothing(stage: Stage) -> None:
    await havoc(stage, 8, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(2, 5))
async def test_workers_killed_for_minutes_raise_each_flag_once_and_lose_nothing(stage: Stage, seed: int) -> None:
    await havoc(stage, 80, seed=seed)


async def test_a_worker_without_redis_does_everything_and_drains_when_asked_to_stop(stage: Stage) -> None:
    async with world(stage.urls) as made:
        worker = stage.start_worker(with_redis=False)
        await until(stage, "select count(*) from heartbeat where name = 'watcher'", 1)
        await give(made.database, [Given(true_from=datetime.now(UTC)) for _ in range(50)])
        async with made.database.transaction(SYSTEM) as tx:
            await outbox.queue(tx, "recompute_open", uuid4())
        await until(stage, "select count(*) from flag", 50)
        await until(stage, "select count(*) from outbox where done_at is not null", 1)
    worker.terminate()
    assert worker.wait(PATIENCE_SECONDS) == 0
    assert "Traceback" not in stage.log()


async def test_after_an_outage_of_forty_one_hours_everything_is_found_with_the_time_it_became_true(
    stage: Stage,
) -> None:
    now = datetime.now(UTC)
    async with world(stage.urls) as made:
        missed = [Given(true_from=now - timedelta(hours=41) + timedelta(minutes=number)) for number in range(300)]
        await give(made.database, missed)
        stage.start_worker()
        await until(stage, "select count(*) from flag", 300)
    assert await value(stage, "select max(noticed_at - true_from) > interval '41 hours' from flag")
    assert await value(stage, "select min(true_from) from flag") == missed[0].true_from
    assert await value(stage, "select count(distinct noticed_at) from flag") == 1
