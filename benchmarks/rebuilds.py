"""Rebuild of every clock and segment, as `tracker rebuild` does it, with two processes."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time

import msgspec

from benchmarks.harness import Bench, Result

_SECONDS_AT_A_MILLION = 180
_MEGABYTES = 300


def run(bench: Bench) -> list[Result]:
    """Compare all and write what differs; nothing does."""
    environment = {**os.environ, "DATABASE_URL": bench.services.app_url}
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "service", "rebuild", "--processes", "2", "--json"],
        env=environment,
        capture_output=True,
        check=True,
    )
    seconds = time.perf_counter() - began
    found = msgspec.json.decode(done.stdout.splitlines()[-1])
    pathways = found["pathways"]
    # In kilobytes; the largest of all children so far, so an upper bound for the two of this run.
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    reach = pathways / 1_000_000 * _SECONDS_AT_A_MILLION
    return [
        Result(
            f"rebuild of {pathways:,} pathways, two processes ({found['differing']} differed)",
            f"{reach:.1f} s ({_SECONDS_AT_A_MILLION} s for 1,000,000)",
            f"{seconds:.1f} s, {pathways / seconds:,.0f}/s",
            seconds <= reach,
        ),
        Result("largest process of the rebuild", f"{_MEGABYTES} MB", f"{megabytes:.0f} MB", megabytes < _MEGABYTES),
    ]
