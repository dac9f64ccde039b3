"""Board reports: every measure of one area, as known now and as reported, with and without what is not folded yet; and
what a member of its board reads on a Monday, worked out by the first who comes or by a worker in the night."""

from __future__ import annotations

import asyncio
import statistics
import time
from datetime import datetime, timedelta

import msgspec

from benchmarks.harness import Bench, Result
from schema.ids import new_id
from service.actor import SYSTEM, Actor, Grant
from service.clocks.local_time import local_day
from service.collecting import collecting_seldom, making_what_stays
from service.database import Database, connect
from service.pathways import service as pathways
from service.pathways.rules import Entry
from service.program import digest
from service.reports.disclosure.periods import QUARTER, around, released_at, reported_at
from service.reports.measures import folding, service, store
from service.reports.measures.figures import BoardFigures, Period, Scope
from service.reports.measures.releases import store as releases
from service.reports.measures.releases.ahead import work_ahead
from service.timepiece import SetTimepiece, SystemTimepiece

REPEATS = 7
_NOW, _THEN, _CORRECTED = 0.250, 5.0, 1.0
_YEARS = 10


def run(bench: Bench) -> list[Result]:
    """Fold whatever is not folded, then read."""
    return asyncio.run(_run(bench))


async def _run(bench: Bench) -> list[Result]:
    with making_what_stays():
        # As a process that answers requests starts.
        database = await connect(bench.services.app_url, SystemTimepiece(), size=2, command_timeout=None)
    try:
        with collecting_seldom():
            results = await _fold(database)
        results += await _read(database)
        results.append(await _corrected(database))
        return [*results, *(await _released(bench, await _monday(database)))]
    finally:
        await database.close()


async def _fold(database: Database) -> list[Result]:
    await folding.look_for_other_rules(database)
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


async def _monday(database: Database) -> SetTimepiece:
    """Nine o'clock on a Monday of which the area has figures: of this week, or the next where it is not on the books
    that long.
    """
    area, *_ = await _largest(database)
    now = database.timepiece.now()
    async with database.transaction(SYSTEM, readonly=True) as tx:
        known = await store.known_by(tx.connection, [area], released_at(now))
    return SetTimepiece(released_at(now if known else now + timedelta(weeks=1)) + timedelta(hours=9))


async def _released(bench: Bench, monday: SetTimepiece) -> list[Result]:
    """What a member of a board reads: worked out by whoever comes first, and kept by a worker before anybody does. Each
    reading is that of a process that has read nothing yet.
    """
    running = around(local_day(monday.now() - timedelta(days=1)), QUARTER)
    ended = around(running.first - timedelta(days=1), QUARTER)
    asked = (
        ("the quarter that runs", running, None),
        ("the one before", ended, None),
        ("the one before as reported", ended, reported_at(ended)),
    )
    database = await connect(bench.services.app_url, monday, size=2, command_timeout=None)
    try:
        area, *_ = await _largest(database)
        await _forget(database)
        first = [await _told(bench, monday, area, period, as_of) for _, period, as_of in asked]
        await _forget(database)
        began, used, made = time.perf_counter(), time.process_time(), 0
        while (await work_ahead(database, [(area,)]))["released"] is not None:
            made += 1
        worker = f"{made} reports in {time.perf_counter() - began:.1f} s; processor {time.process_time() - used:.1f}"
        later = [await _told(bench, monday, area, period, as_of) for _, period, as_of in asked]
        await _forget(database)
    finally:
        await database.close()
    results = [Result("a worker's night before a Monday, one area's board", "", worker)]
    for (what, _, _), slow, fast in zip(asked, first, later, strict=True):
        said = f"{fast[0] * 1000:.0f} ms (processor {fast[1] * 1000:.0f}); without a worker the first reads it in"
        said += f" {slow[0]:.2f} s (processor {slow[1]:.2f})"
        results.append(
            Result(f"what a board reads on Monday, {what}", f"{_NOW * 1000:.0f} ms", said, fast[0] < _NOW and made == 3)
        )
    return results


async def _forget(database: Database) -> None:
    async with database.transaction(SYSTEM) as tx:
        await releases.forget(tx.connection)


async def _told(
    bench: Bench, monday: SetTimepiece, area: str, period: Period, as_of: datetime | None
) -> tuple[float, float]:
    """Seconds on the wall and of this process's processor, with a pool that has asked nothing yet and a program that
    has not looked yet which one it is.
    """
    digest.cache_clear()
    member = Actor(
        kind="person", id=new_id(monday.now()), name="Board", grants=(Grant(role="board_member", area=area),)
    )
    fresh = await connect(bench.services.app_url, monday, size=1, command_timeout=None)
    try:
        began, used = time.perf_counter(), time.process_time()
        async with fresh.transaction(member, snapshot=True) as tx:
            await service.board(tx, Scope(areas=(area,)), period, as_of, action=None)
        return time.perf_counter() - began, time.process_time() - used
    finally:
        await fresh.close()
