"""The demonstration: everything up with one command, everything down with it, however it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

GONE_SECONDS = 60.0


class Demo:
    """`tracker demo --empty` as a user starts it, with a temporary folder of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        command = [sys.executable, "-m", "service", "demo", "--empty", *words]
        environment = {**os.environ, "TMPDIR": str(folder)}
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.lines = [self.process.stdout.readline().rstrip("\n") for _ in range(4)]
        self.children = psutil.Process(self.process.pid).children(recursive=True)

    @property
    def address(self) -> str:
        return self.lines[0].removeprefix("READY ")

    def all_gone(self) -> bool:
        _, alive = psutil.wait_procs(self.children, timeout=GONE_SECONDS)
        return not alive

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self.all_gone()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    started = Demo(tmp_path)
    yield started
    started.end()


def test_it_says_where_everything_is_in_the_order_scripts_rely_on(demo: Demo) -> None:
    ready, database, redis, first_sign_in = demo.lines
    assert ready.startswith("READY http://127.0.0.1:")
    assert database.startswith("DATABASE_URL=postgresql://tracker_app:")
    assert redis.startswith("REDIS_URL=redis://")
    assert " / " in first_sign_in
    with urllib.request.urlopen(demo.address, timeout=60) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_process_within_20_seconds_and_leaves_no_folder(demo: Demo, how: signal.Signals) -> None:
    demo.process.send_signal(how)
    assert demo.process.wait(20) == 0
    assert demo.all_gone()
    assert list(demo.folder.iterdir()) == []


def test_when_it_is_killed_its_children_die_with_it(demo: Demo) -> None:
    assert len(demo.children) >= 4
    demo.process.kill()
    demo.process.wait()
    assert demo.all_gone()


def test_a_worker_and_an_api_that_die_are_started_again(demo: Demo) -> None:
    ours = [child for child in demo.children if words(child) & {"serve", "work"}]
    assert len(ours) == 2
    for child in ours:
        child.kill()
    deadline = time.monotonic() + GONE_SECONDS
    while not (answers(demo.address) and running(demo, besides=ours) == {"serve", "work"}):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def words(process: psutil.Process) -> set[str]:
    """Of its command; none where it has ended meanwhile, as one that serves a connection may."""
    try:
        return set(process.cmdline())
    except psutil.NoSuchProcess:
        return set()


def running(demo: Demo, besides: list[psutil.Process]) -> set[str]:
    """Which of api and worker run in other processes than some."""
    now = psutil.Process(demo.process.pid).children(recursive=True)
    return {"serve", "work"} & set().union(*(words(child) for child in now if child not in besides))


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_two_at_once_do_not_meet(demo: Demo, tmp_path: Path) -> None:
    other = Demo(tmp_path)
    try:
        assert {urlsplit(line.split("=", 1)[1]).port for line in other.lines[1:3]}.isdisjoint(
            urlsplit(line.split("=", 1)[1]).port for line in demo.lines[1:3]
        )
        assert answers(demo.address)
        assert answers(other.address)
    finally:
        other.end()


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "service", "demo", "--empty", "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == f"tracker: port {port} is taken; choose another with --port\n"
