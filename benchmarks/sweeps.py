"""A sweep that raises 5,000 flags: what is held besides must not matter."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from statistics import median

import asyncpg

from benchmarks import places
from benchmarks.deadlines import give
from benchmarks.harness import Bench, Result
from service.database import connect
from service.flags.sweep import sweep
from service.timepiece import SystemTimepiece

FLAGS = 5_000
TIMES = 5
SMALL = 10_000
_RATIO = 1.3


def run(bench: Bench) -> list[Result]:
    """The median of five; against the small database where this one is larger and that one is built."""
    here = asyncio.run(_median(bench))
    what = f"sweep that raises {FLAGS:,} flags, {bench.size:,} pathways held"
    if bench.size <= SMALL or not places.built(SMALL):
        return [Result(what, "the baseline", f"{here:.2f} s")]
    folder = places.folder(SMALL)
    with places.running(folder) as services:
        small = asyncio.run(_median(Bench(SMALL, services, folder)))
    again = asyncio.run(_median(bench))
    ratio = min(here, again) / small
    return [
        Result(
            what,
            f"{_RATIO} times that of {SMALL:,}",
            f"{here:.2f} s and {again:.2f} s; {SMALL:,} pathways {small:.2f} s: {ratio:.2f} times",
            ratio <= _RATIO,
        )
    ]


async def _median(bench: Bench) -> float:
    owner = await asyncpg.connect(bench.services.owner_url)
    database = await connect(bench.services.app_url, SystemTimepiece(), command_timeout=None)
    try:
        await sweep(database)  # what became true since the database was built
        taken = []
        for _ in range(TIMES):
            abouts = await give(owner, [datetime.now(UTC) - timedelta(seconds=1)] * FLAGS)
            began = time.perf_counter()
            swept = await sweep(database)
            taken.append(time.perf_counter() - began)
            if swept.raised < FLAGS:
                raise SystemExit(f"only {swept.raised} flags were raised")
            await owner.execute("delete from condition where about = any($1::uuid[])", abouts)
    finally:
        await database.close()
        await owner.close()
    return median(taken)
