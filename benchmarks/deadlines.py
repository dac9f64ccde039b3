"""From the instant a deadline passes to the flag that everybody can see, with a worker running."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.harness import Bench, Result, percentile, process
from schema.ids import new_id

ONE_BY_ONE = 400
SPREAD_SECONDS = 20.0
AT_ONCE = 5_000
LOOK_SECONDS = 0.01
_GIVE_UP_SECONDS = 60.0


def run(bench: Bench) -> list[Result]:
    """Many deadlines one after the other, then thousands at the same instant."""
    with process(bench, "work", "work"):
        return asyncio.run(_measure(bench))


async def _measure(bench: Bench) -> list[Result]:
    connection = await asyncpg.connect(bench.services.owner_url)
    try:
        await _idle(connection)
        soon = datetime.now(UTC) + timedelta(seconds=2)
        spread = await _seen(
            connection, [soon + timedelta(seconds=SPREAD_SECONDS * n / ONE_BY_ONE) for n in range(ONE_BY_ONE)]
        )
        late = percentile(spread, 0.99)
        together = await _seen(connection, [datetime.now(UTC) + timedelta(seconds=5)] * AT_ONCE)
    finally:
        await connection.close()
    return [
        Result(
            f"deadline to visible flag, {bench.size:,} pathways held: 99th percentile",
            "1 s",
            f"{late:.2f} s (median {percentile(spread, 0.5):.2f} s)",
            late < 1,
        ),
        Result(
            f"{AT_ONCE:,} deadlines at one instant: all visible",
            "within 5 s",
            f"{max(together):.2f} s",
            max(together) < 5,
        ),
    ]


async def _idle(connection: asyncpg.Connection[Any]) -> None:
    """Wait until what became true since the database was built has been flagged."""
    deadline = time.monotonic() + 10 * _GIVE_UP_SECONDS
    while await connection.fetchval("select exists (select 1 from condition where not flagged and true_from <= now())"):
        if time.monotonic() > deadline:
            raise SystemExit("the worker does not come to an end with what is due")
        await asyncio.sleep(0.5)


async def give(connection: asyncpg.Connection[Any], instants: list[datetime]) -> list[UUID]:
    """Conditions about subjects of their own that become true at these instants, in the areas by turns."""
    abouts = [new_id(instant) for instant in instants]
    await connection.execute(
        "insert into condition (about, about_kind, area, force, rule, subject, episode, true_from, holder, evidence)"
        " select t.about, 'pathway', a.area, a.force, 'overdue', 'contact_decision', t.about, t.true_from,"
        " 'childrens_social_care', array[t.about]"
        " from unnest($1::uuid[], $2::timestamptz[]) with ordinality as t (about, true_from, n)"
        " join (select f.area, f.force, row_number() over (order by f.area) as m, count(*) over () as areas"
        " from force_area as f) as a on a.m = 1 + t.n % a.areas",
        abouts,
        instants,
    )
    return abouts


async def _seen(connection: asyncpg.Connection[Any], instants: list[datetime]) -> list[float]:
    """How long after its instant each flag was to be seen, in seconds."""
    abouts = await give(connection, instants)
    due = dict(zip(abouts, instants, strict=True))
    waiting = set(abouts)
    latencies: list[float] = []
    deadline = max(instants) + timedelta(seconds=_GIVE_UP_SECONDS)
    while waiting:
        rows = await connection.fetch("select about from flag where about = any($1::uuid[])", list(waiting))
        now = datetime.now(UTC)
        if now > deadline:
            raise SystemExit(f"{len(waiting)} deadlines were never flagged")
        for row in rows:
            waiting.discard(row[0])
            latencies.append((now - due[row[0]]).total_seconds())
        await asyncio.sleep(LOOK_SECONDS)
    await connection.execute("delete from condition where about = any($1::uuid[])", abouts)
    return latencies
