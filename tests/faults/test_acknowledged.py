"""What was acknowledged to a client is in Postgres, whatever is killed the moment after (invariant 7)."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from service.actor import SYSTEM
from service.database import Database, connect
from service.embedded import postgres, valkey
from service.embedded.process import Server
from service.migrations import migrate
from service.pathways.rebuild import rebuild
from service.timepiece import SystemTimepiece
from tests.fixtures.databases import DatabaseUrls, run
from tests.fixtures.people import Partnership
from tests.fixtures.world import world


class Installation:
    """Servers and an api process of our own, all of which may be killed."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.cluster = postgres.start(folder / "postgres", durable=True)
        stack.callback(lambda: self._end(self.cluster.server.process, signal.SIGQUIT))
        self.redis = valkey.start(folder / "valkey", durable=False)
        stack.callback(lambda: self._end(self.redis.server.process, signal.SIGKILL))
        self.urls = DatabaseUrls(self.cluster.owner_url, self.cluster.app_url)
        run(migrate(self.urls.owner_url))
        run(self._filled())
        self.token = run(Partnership.of(self.urls.owner_url)).clients["gmp"]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.api = self.start_api()
        stack.callback(lambda: self._end(self.api, signal.SIGKILL))

    async def _filled(self) -> None:
        async with world(self.urls):
            pass

    @staticmethod
    def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
        process.send_signal(how)
        process.wait(60)

    def start_api(self) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "DATABASE_URL": self.urls.app_url, "REDIS_URL": self.redis.url}
        environment["ORIGIN"] = f"http://127.0.0.1:{self.port}"
        deadline = time.monotonic() + 60
        api = self._served(environment)
        while True:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/health/ready", timeout=2).status_code == 200:
                    return api
            except httpx.TransportError:
                pass
            if api.poll() == 3:  # the database is not there yet: whoever supervises the process starts it again
                api = self._served(environment)
            assert api.poll() is None, (self.folder / "api.log").read_text()
            assert time.monotonic() < deadline, (self.folder / "api.log").read_text()
            time.sleep(0.1)

    def _served(self, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / "api.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "service", "serve", "--port", str(self.port)],
                env=environment,
                stdout=log,
                stderr=log,
            )

    def push(self, key: str) -> httpx.Response | None:
        """Push a notice under a key; None when no answer came."""
        body: dict[str, Any] = {
            "reference": f"06DA/{key}/26",
            "force": "gmp",
            "area": "359",
            "grade": "high",
            "police_attended": {"at": "2026-01-03T09:12:00Z"},
            "children": [{"family_name": "Pennington", "given_names": f"Ewan {key}", "date_of_birth": "2014-02-03"}],
        }
        headers = {"authorization": f"Bearer {self.token}", "idempotency-key": key}
        try:
            return httpx.post(f"http://127.0.0.1:{self.port}/api/v1/notices", json=body, headers=headers, timeout=20)
        except httpx.TransportError:
            return None

    def kill_api(self) -> None:
        self._end(self.api, signal.SIGKILL)
        self.api = self.start_api()

    def crash_postgres(self) -> None:
        self._again(self.cluster.server, signal.SIGQUIT)

    def lose_redis(self) -> None:
        # It may have been started again only just now.
        patient = Retry(ConstantBackoff(0.1), 100, supported_errors=(OSError,))
        with redis.Redis.from_url(self.redis.url, retry=patient) as client:
            client.flushall()
        self._again(self.redis.server, signal.SIGKILL)

    def _again(self, server: Server, how: signal.Signals) -> None:
        self._end(server.process, how)
        with server.log.open("ab") as log:
            server.process = subprocess.Popen(
                server.process.args,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=server.log.with_suffix(""),
            )


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with ExitStack() as stack:
        yield Installation(tmp_path, stack)


async def stored(installation: Installation) -> dict[str, int]:
    """How often each reference is there, and that what is derived is what follows."""
    async with world_again(installation) as database:
        async with database.transaction(SYSTEM) as tx:
            rows = await tx.connection.fetch(
                "select i.reference, count(*) from pathway as p join incident as i on i.id = p.incident group by 1"
            )
            twice = await tx.connection.fetchval(
                "select count(*) from (select 1 from notice group by body->>'reference' having count(*) > 1) as n"
            )
        assert twice == 0, "a notice was recorded twice"
        assert (await rebuild(database, check=True)).differing == 0
    return {row[0]: row[1] for row in rows}


@asynccontextmanager
async def world_again(installation: Installation) -> AsyncIterator[Database]:
    """The database, as the application's role."""
    database = await connect(installation.urls.app_url, SystemTimepiece(), size=2)
    try:
        yield database
    finally:
        await database.close()


def havoc(installation: Installation, rounds: int, seed: int) -> None:
    """Push, and kill something right after the answer; then send everything again, as a careful client does."""
    print(f"seed {seed}")
    chance = random.Random(seed)
    acts = [installation.kill_api, installation.crash_postgres, installation.lose_redis]
    answered: dict[str, str] = {}
    for number in range(rounds):
        key = f"{seed}-{number}"
        answer = installation.push(key)
        if number < len(acts):
            acts[number]()
        elif chance.random() < 0.5:
            chance.choice(acts)()
        if answer is not None and answer.status_code == 201:
            answered[key] = answer.text
        else:
            assert answer is None or answer.status_code == 503, answer.text
    assert len(answered) >= 1
    time.sleep(1)
    deadline = time.monotonic() + 60
    for number in range(rounds):
        key = f"{seed}-{number}"
        while (answer := installation.push(key)) is None or answer.status_code == 503:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert answer.status_code == 201, answer.text
        assert answer.text == answered.get(key, answer.text), "another answer than the first"
    found = run(stored(installation))
    assert found == {f"06DA/{seed}-{number}/26": 1 for number in range(rounds)}


def test_a_notice_that_was_answered_is_there_after_the_api_postgres_or_redis_died(installation: Installation) -> None:
    havoc(installation, 4, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [2, 3])
def test_notices_that_were_answered_are_there_whatever_died(installation: Installation, seed: int) -> None:
    havoc(installation, 25, seed)
