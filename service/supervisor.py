"""Keep processes of ours running beside the embedded services, and bring everything down in bounded time.

Each child writes to a log file, dies when we die, and is started again when it ends unasked; one that keeps ending
brings the whole down, with its last words.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from service.console import Failure
from service.embedded.process import launched
from service.stopping import whole_step

STOP_SECONDS = 8.0
"""What children may take to drain before they are killed; the embedded services stop after them."""
RESTARTS = 5
"""Ends in a row, each within RESTART_SECONDS of its start, that are too many."""
RESTART_SECONDS = 10.0


class Child(msgspec.Struct):
    """One command that should run for as long as we do."""

    name: str
    words: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes]
    started: float
    module: str | None = None
    once: bool = False
    """It has an end: when it ends well, it is done."""
    quick_ends: int = 0


class Supervisor:
    """The children of one command."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment}
        self.children: list[Child] = []

    def start(self, name: str, words: Sequence[str], *, module: str | None = None, once: bool = False) -> Child:
        """Start `tracker WORDS...` (or another module of ours) as the child `name`, logging to `NAME.log`."""
        log = self.folder / f"{name}.log"
        with whole_step():
            process = self._spawn(self._line(words, module), log, "wb")
            child = Child(
                name=name, words=words, log=log, process=process, started=time.monotonic(), module=module, once=once
            )
            self.children.append(child)
        return child

    def command(self, words: Sequence[str]) -> list[str]:
        """The command line behind `tracker WORDS...`."""
        return [sys.executable, "-m", "service", *words]

    def _line(self, words: Sequence[str], module: str | None) -> list[str]:
        return [sys.executable, "-m", module, *words] if module else self.command(words)

    def _spawn(self, command: Sequence[str], log: Path, mode: str) -> subprocess.Popen[bytes]:
        with log.open(mode) as output:
            return subprocess.Popen(
                launched(None, command, signal.SIGKILL),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.environment,
                start_new_session=True,
            )

    def check(self) -> list[str]:
        """Start again what has ended and is not done; the names of it. Failure for a child that keeps ending."""
        again = []
        self.children = [child for child in self.children if not (child.once and child.process.poll() == 0)]
        for child in self.children:
            if child.process.poll() is None:
                continue
            now = time.monotonic()
            child.quick_ends = child.quick_ends + 1 if now - child.started < RESTART_SECONDS else 1
            if child.quick_ends > RESTARTS:
                raise Failure(f"the {child.name} process keeps ending: {self.last_words(child)}")
            with whole_step():
                child.process = self._spawn(self._line(child.words, child.module), child.log, "ab")
            child.started = now
            again.append(child.name)
        return again

    def last_words(self, child: Child) -> str:
        """The last line a child wrote, else its exit code."""
        lines = child.log.read_text(errors="replace").split("\n")
        written = [line.strip() for line in lines if line.strip()]
        return written[-1] if written else f"exit code {child.process.poll()}"

    def stop(self) -> None:
        """Ask all at once, wait for all together, kill the rest."""
        for child in self.children:
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
