"""Rebuild of every clock and segment, as `tracker rebuild` does it, with two processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import msgspec

from benchmarks.harness import Bench, Result, cpu

_SECONDS_AT_A_MILLION = 180
_MEGABYTES = 300


#: Runs a command and says what it and its children took: largest in kilobytes, seconds of processor.
_MEASURED = (
    "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]);"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
    "print(used.ru_maxrss, used.ru_utime + used.ru_stime, file=sys.stderr); sys.exit(done.returncode)"
)


def run(bench: Bench) -> list[Result]:
    """Compare all and write what differs; nothing does."""
    environment = {**os.environ, "DATABASE_URL": bench.services.app_url}
    command = [sys.executable, "-m", "service", "rebuild", "--processes", "2", "--json"]
    before, began = cpu(bench), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command], env=environment, capture_output=True, check=True, text=True
    )
    seconds = time.perf_counter() - began
    database = cpu(bench)["postgres"] - before["postgres"]
    found = msgspec.json.decode(done.stdout.splitlines()[-1])
    largest, python = (float(word) for word in done.stderr.split()[-2:])
    pathways, megabytes = found["pathways"], largest / 1024
    reach = pathways / 1_000_000 * _SECONDS_AT_A_MILLION
    return [
        Result(
            f"rebuild of {pathways:,} pathways, two processes ({found['differing']} differed)",
            f"{reach:.1f} s ({_SECONDS_AT_A_MILLION} s for 1,000,000)",
            f"{seconds:.1f} s, {pathways / seconds:,.0f}/s (processor ms each: rebuild"
            f" {python / pathways * 1000:.2f}, postgres {database / pathways * 1000:.2f})",
            seconds <= reach,
        ),
        Result("largest process of the rebuild", f"{_MEGABYTES} MB", f"{megabytes:.0f} MB", megabytes < _MEGABYTES),
    ]
