"""Board reports: every measure of one area, as known now and as reported, with and without what is not folded yet."""

from __future__ import annotations

import asyncio
import statistics
import time
from datetime import datetime, timedelta

import msgspec

from benchmarks.harness import Bench, Result
from service.actor import SYSTEM
from service.collecting import collect_seldom
from service.database import Database, connect
from service.pathways import service as pathways
from service.pathways.rules import Entry
from service.reports.measures import folding, service, store
from service.reports.measures.figures import BoardFigures, Period, Scope
from service.timepiece import SystemTimepiece

REPEATS = 7
_NOW, _THEN, _CORRECTED = 0.250, 5.0, 1.0
_YEARS = 10


def run(bench: Bench) -> list[Result]:
    """Fold whatever is not folded, then read."""
    return asyncio.run(_run(bench))


async def _run(bench: Bench) -> list[Result]:
    database = await connect(bench.services.app_url, SystemTimepiece(), size=2, command_timeout=None)
    try:
        results = [*(await _fold(database)), *(await _read(database))]
        results.append(await _corrected(database))
        return results
    finally:
        await database.close()


async def _fold(database: Database) -> list[Result]:
    collect_seldom()
    await folding.look_for_missing(database)
    began, used, done = time.perf_counter(), time.process_time(), 0
    while folded := await folding.fold(database, batch=2_000):
        done += folded
        if done % 20_000 < 2_000:
            print(f"{time.perf_counter() - began:7.1f} s  {done:,} changes folded", flush=True)
    if not done:
        return []
    seconds, spent = time.perf_counter() - began, time.process_time() - used
    return [
        Result(
            "fold of changes, one process",
            "keeps up with the police file",
            f"{done:,} in {seconds:,.0f} s, {done / seconds:,.0f}/s; {spent / done * 1000:.2f} ms of processor each",
        )
    ]


async def _largest(database: Database) -> tuple[str, int, int, int]:
    """The area with most pathways: its code, pathways, bins, and their bytes."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        ((area, number),) = await tx.connection.fetch(
            "select area, count(*) from pathway group by area order by 2 desc, 1 limit 1"
        )
        ((bins, size),) = await tx.connection.fetch(
            "select count(*), sum(length(records)) from measure_bin where area = $1", area
        )
    return area, number, bins, size


async def _timed(
    database: Database, scope: Scope, period: Period | None, as_of: datetime | None = None, times: int = REPEATS
) -> tuple[float, float, float, BoardFigures]:
    """Seconds on the wall at the median, at the least, and of this process's processor, of reports read after a first
    one; and one of the reports."""
    taken, used = [], []
    found: BoardFigures | None = None
    for _ in range(times + 1):
        began, spent = time.perf_counter(), time.process_time()
        async with database.transaction(SYSTEM, snapshot=True) as tx:
            found = await service.board(tx, scope, period, as_of)
        taken.append(time.perf_counter() - began)
        used.append(time.process_time() - spent)
    assert found is not None
    return statistics.median(taken[1:]), min(taken[1:]), statistics.median(used[1:]), found


async def _read(database: Database) -> list[Result]:
    area, number, bins, size = await _largest(database)
    scope, today = Scope(areas=(area,)), database.timepiece.now().date()
    years = Period(first=today - timedelta(days=round(365.25 * _YEARS)), last=today)
    what = f"of an area of {number:,} pathways ({bins:,} rows, {size / 1e6:.1f} MB)"
    results = []
    for name, period in (("the last 13 weeks", None), ("ten years", years)):
        middle, least, used, found = await _timed(database, scope, period)
        size_of = len(msgspec.json.encode(found)) / 1000
        said = f"{middle * 1000:.0f} ms (least {least * 1000:.0f}; processor {used * 1000:.0f}; {size_of:,.0f} kB)"
        reach = f"{_NOW * 1000:.0f} ms"
        results.append(Result(f"every measure {what}, {name}: median", reach, said, middle < _NOW))
    for days in (30, 365):
        as_of = database.timepiece.now() - timedelta(days=days)
        middle, least, used, found = await _timed(database, scope, None, as_of, times=2)
        moved = 0 if found.restated is None else found.restated.pathways
        results.append(
            Result(
                f"the same as reported {days} days ago",
                f"{_THEN:.0f} s",
                f"{middle:.2f} s (least {least:.2f}; processor {used:.2f}; {moved:,} pathways corrected or late since)",
                middle < _THEN,
            )
        )
    return results


async def _corrected(database: Database) -> Result:
    """From a milestone that ends a wait to a report that shows it, nothing folded in between."""
    area, *_ = await _largest(database)
    async with database.transaction(SYSTEM, snapshot=True) as tx:
        before = await service.board(tx, Scope(areas=(area,)))
        pathway = await tx.connection.fetchval(
            "select pathway from pathway_state where area = $1 and waiting_since is not null order by 1 limit 1", area
        )
    began = time.perf_counter()
    async with database.transaction(SYSTEM) as tx:
        seen = Entry(pathway=pathway, kind="child_seen", at=tx.now.replace(microsecond=0), source="system")
        await pathways.record_one(tx, seen)
        pending = await store.count_changes(tx.connection, [area], None)
    async with database.transaction(SYSTEM, snapshot=True) as tx:
        after = await service.board(tx, Scope(areas=(area,)))
    seconds = time.perf_counter() - began
    shown = before.ledger.closing - after.ledger.closing == 1 and after.ledger.residual == 0 and pending > 0
    return Result(
        "from recording to a report that shows it, not folded",
        f"{_CORRECTED:.0f} s",
        f"{seconds * 1000:.0f} ms{'' if shown else ', but it does not show'}",
        shown and seconds < _CORRECTED,
    )
