"""PostgreSQL and Valkey as child processes: they never outlive whoever started them."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import psutil
import pytest

from service import embedded
from service.demo.prepared import change_passwords
from service.embedded import ServiceUnavailable
from tests.fixtures.databases import run

GONE_SECONDS = 60.0


class Foreground:
    """`tracker services` as a user starts it."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, "-m", "service", "services", "--data", str(data)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        lines = [self.process.stdout.readline().strip() for _ in range(4)]
        self.process.stdout.close()
        assert lines[0].startswith("READY "), lines
        self.addresses = dict(line.split("=", 1) for line in lines[1:])
        self.servers = psutil.Process(self.process.pid).children(recursive=True)

    def ports(self) -> list[int]:
        return [port for url in self.addresses.values() if (port := urlsplit(url).port)]

    def all_gone(self) -> bool:
        _, alive = psutil.wait_procs(self.servers, timeout=GONE_SECONDS)
        return not alive and not any(listening(port) for port in self.ports())


def listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def foreground(tmp_path: Path) -> Iterator[Foreground]:
    started = Foreground(tmp_path / "data")
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_within_seconds(foreground: Foreground, how: signal.Signals) -> None:
    foreground.process.send_signal(how)
    assert foreground.process.wait(20) == 0
    assert foreground.all_gone()


def test_when_it_is_killed_its_servers_die_with_it(foreground: Foreground) -> None:
    assert len(foreground.servers) >= 2
    foreground.process.kill()
    foreground.process.wait()
    assert foreground.all_gone()


def test_what_was_committed_is_there_after_a_kill(foreground: Foreground, tmp_path: Path) -> None:
    async def do(url: str, statement: str) -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    run(do(foreground.addresses["OWNER_DATABASE_URL"], "create table kept (id integer)"))
    run(do(foreground.addresses["OWNER_DATABASE_URL"], "insert into kept values (7)"))
    foreground.process.kill()
    foreground.process.wait()
    assert foreground.all_gone()
    with embedded.start(tmp_path / "data", durable=True) as again:
        assert run(do(again.owner_url, "select id from kept")) == 7


def test_a_folder_in_use_is_refused_in_one_line(foreground: Foreground, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "service", "services", "--data", str(tmp_path / "data")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "in use by another running tracker" in done.stderr


def test_an_unfinished_cluster_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    with pytest.raises(ServiceUnavailable, match="never finished"), embedded.start(tmp_path, durable=False):
        pass


def test_the_servers_listen_on_this_machine_only_and_want_a_password(foreground: Foreground) -> None:
    url = urlsplit(foreground.addresses["DATABASE_URL"])
    stranger = f"postgresql://tracker_app:wrong@127.0.0.1:{url.port}/tracker"
    with pytest.raises(asyncpg.InvalidPasswordError):
        run(asyncpg.connect(stranger))
    for server in foreground.servers:
        if server.is_running():
            addresses = {link.laddr.ip for link in server.net_connections() if link.status == psutil.CONN_LISTEN}
            assert addresses <= {"127.0.0.1"}


def test_a_folder_that_cannot_be_made_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(ServiceUnavailable, match="cannot be used"), embedded.start(tmp_path / "data", durable=False):
        pass


def test_several_at_once_find_ports_of_their_own(tmp_path: Path) -> None:
    several = [Foreground(tmp_path / str(number)) for number in range(3)]
    try:
        ports = [port for each in several for port in each.ports()]
        assert len(set(ports)) == 2 * len(several)
    finally:
        for each in several:
            each.process.terminate()
        assert all(each.process.wait(60) == 0 for each in several)


def test_a_prepared_cluster_is_taken_once_and_gets_passwords_of_its_own(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with embedded.start(ready, durable=False):
        prepared_with = (ready / "credentials.json").read_bytes()
    prepared = embedded.Prepared(ready, change_passwords)
    with embedded.start(tmp_path / "taken", durable=False, prepared=prepared) as services:
        assert not ready.exists()
        assert (tmp_path / "taken" / "credentials.json").read_bytes() != prepared_with
        assert run(answers(services.app_url))
    with embedded.start(tmp_path / "own", durable=False, prepared=prepared) as services:
        assert run(answers(services.app_url))


async def answers(url: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        return bool(await connection.fetchval("select true"))
    finally:
        await connection.close()
