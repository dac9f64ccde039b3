"""One supervised child process: started so that it dies with us, watched until ready, stopped in bounded time."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from service.embedded.errors import ServiceUnavailable
from service.stopping import Stopped, asked_to_stop

LAUNCH = Path(__file__).with_name("launch.py")
START_SECONDS = 30.0
"""Longest wait for a server; crash recovery of a large folder is the slow case."""
POLL_SECONDS = 0.005
ASK_AGAIN_SECONDS = 0.2
STOP_SECONDS = 5.0
"""What a server that is not ready yet may take to stop by itself."""


def launched(folder: Path | None, command: Sequence[str], when_orphaned: signal.Signals) -> list[str]:
    """The command line that runs `command` under `launch.py`: not as root when it has a `folder` of its own.

    The kernel ties the orphan signal to the thread that starts the process: start servers from a thread that lives as
    long as they should.
    """
    head = [sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), str(int(when_orphaned)), str(folder or "")]
    return [*head, *command]


class Server:
    """A running server process with its log file."""

    def __init__(
        self,
        name: str,
        folder: Path,
        command: Sequence[str],
        when_orphaned: signal.Signals,
        *,
        never_root: bool = False,
    ) -> None:
        self.name = name
        self.when_orphaned = when_orphaned
        self.log = folder.with_suffix(".log")
        with self.log.open("wb") as log:
            # A session of its own: Ctrl-C in a terminal reaches us alone, and we stop things in order.
            self.process = subprocess.Popen(
                launched(folder if never_root else None, command, when_orphaned),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=folder,
            )

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Return once `ready` says so.

        Raises:
            ServiceUnavailable: the process ended first, or took too long.
            Stopped: a signal waits for us; the process is gone.
        """
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if asked_to_stop():
                self.stop(self.when_orphaned, STOP_SECONDS)
                raise Stopped
            if self.process.poll() is not None:
                raise ServiceUnavailable(f"{self.name} did not start: {last_line(self.log)}")
            if time.monotonic() > deadline:
                self.stop(signal.SIGKILL, 5.0)
                raise ServiceUnavailable(
                    f"{self.name} was not ready within {START_SECONDS:.0f} seconds, see {self.log}"
                )
            time.sleep(POLL_SECONDS)

    def ask_to_stop(self, how: signal.Signals) -> None:
        if self.process.poll() is None:
            self.process.send_signal(how)

    def stop(self, how: signal.Signals, seconds: float) -> None:
        """Ask to stop, wait, and kill what has not gone in time.

        Asked again and again: a program that is only just starting may not hear it the first time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.ask_to_stop(how)
            try:
                self.process.wait(ASK_AGAIN_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            return
        self.process.kill()
        self.process.wait()


def last_line(log: Path) -> str:
    """The most telling line of a server's log: its last error, else its last line."""
    try:
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    except OSError:
        return "it left no log"
    errors = [line for line in lines if "FATAL" in line or "rror" in line or "No space left" in line]
    return (errors or lines or ["it left no log"])[-1]


def free_port() -> int:
    """A TCP port of 127.0.0.1 that was free a moment ago; whoever binds it must be ready to try another."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
