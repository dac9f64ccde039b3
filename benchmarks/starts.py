"""`make demo` to the first page, set-up done: a demonstration that is there, and one that is filled first."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from statistics import median

from benchmarks.harness import Bench, Result
from service.demo import prepared
from service.embedded.process import free_port

TIMES = 5
_SECONDS = 3.0


def run(bench: Bench) -> list[Result]:
    """One first start, then the median of several."""
    data = bench.folder / "demo"
    shutil.rmtree(data, ignore_errors=True)
    command = [sys.executable, "-m", "service", "demo", "--data", str(data), "--port", str(free_port())]
    prepared.make()
    first = _start(command)
    again = median(_start(command) for _ in range(TIMES))
    shutil.rmtree(data)
    return [
        Result("demonstration to its first page", f"{_SECONDS:.0f} s", f"{again:.1f} s", again <= _SECONDS),
        Result("the same, filled first", f"{_SECONDS:.0f} s", f"{first:.1f} s", first <= _SECONDS),
    ]


def _start(command: list[str]) -> float:
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            for line in running.stdout or ():
                if line.startswith("READY "):
                    with urllib.request.urlopen(f"{line.split()[1]}/sign-in") as page:
                        page.read()
                    return time.perf_counter() - began
        finally:
            running.send_signal(signal.SIGINT)
            running.wait()
    raise SystemExit("the demonstration did not start")
