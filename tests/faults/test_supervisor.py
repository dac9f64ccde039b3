"""Processes that should keep running are started again, and given up on when that does not help."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from service import supervisor as module
from service.console import Failure
from service.stopping import Stopped, asked_to_stop, stopping_on_signals, whole_step
from service.supervisor import RESTARTS, Supervisor


class Scripted(Supervisor):
    """Runs lines of Python in the place of our verbs."""

    def command(self, words: Sequence[str]) -> list[str]:
        return [sys.executable, "-c", *words]


def wait_for(child: module.Child) -> None:
    child.process.wait(60)


def test_a_child_that_ends_is_started_again_and_its_log_continued(tmp_path: Path) -> None:
    supervisor = Scripted(tmp_path, {})
    child = supervisor.start("short", ["print('words')"])
    wait_for(child)
    assert supervisor.check() == ["short"]
    wait_for(child)
    assert child.log.read_text() == "words\nwords\n"


def test_a_child_that_keeps_ending_brings_the_whole_down_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Scripted(tmp_path, {})
    child = supervisor.start("broken", ["raise SystemExit('no such table')"])
    for _ in range(RESTARTS):
        wait_for(child)
        assert supervisor.check() == ["broken"]
    wait_for(child)
    with pytest.raises(Failure, match="the broken process keeps ending: no such table"):
        supervisor.check()


def test_a_child_that_will_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.5)
    supervisor = Scripted(tmp_path, {})
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    child = supervisor.start("deaf", [script])
    while "deaf" not in child.log.read_text():
        time.sleep(0.02)
    supervisor.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_children_get_the_settings_they_are_given(tmp_path: Path) -> None:
    supervisor = Scripted(tmp_path, {"PHASE": "Demonstration"})
    child = supervisor.start("asking", ["import os; print(os.environ['PHASE'])"])
    wait_for(child)
    assert child.log.read_text() == "Demonstration\n"


def test_a_signal_ends_the_block_and_gives_the_handlers_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    reached = []
    with suppress(Stopped), stopping_on_signals():
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
        time.sleep(10)
        reached.append("the end")
    assert reached == []
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_that_arrives_in_a_callback_of_an_event_loop_ends_the_block_too() -> None:
    reached = []

    async def go_on() -> None:
        asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGTERM)
        await asyncio.sleep(1)
        reached.append("the end")

    with suppress(Stopped), stopping_on_signals():
        asyncio.run(go_on())
    assert reached == []


def test_a_signal_waits_for_the_end_of_a_step_that_must_be_whole() -> None:
    reached = []
    with suppress(Stopped), stopping_on_signals():
        with whole_step():
            os.kill(os.getpid(), signal.SIGTERM)
            reached.append(f"started and noted, asked to stop: {asked_to_stop()}")
        reached.append("the end")
    assert reached == ["started and noted, asked to stop: True"]
    assert not asked_to_stop()
