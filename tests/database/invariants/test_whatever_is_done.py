"""Whatever is done to pathways, in whatever order: what is stored is what follows, and nothing said is unsaid.

Invariants 2 (derived rows are a cache), 3 (flags stay), 5 (segments tile), 6 (one flag, one message) and 12 (ledger).
"""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from service.actor import SYSTEM
from service.flags.sweep import sweep
from service.pathways.rebuild import differing, rebuild
from tests.database.invariants.operations import Family
from tests.fixtures.world import START, World

LONDON = ZoneInfo("Europe/London")
_numbers = itertools.count(1)


async def fetch(world: World, query: str, *arguments: object) -> list[Any]:
    async with world.database.transaction(SYSTEM) as tx, tx.recording():
        return [tuple(row) for row in await tx.connection.fetch(query, *arguments)]


async def assert_nothing_differs(world: World, ids: list[UUID], log: list[str]) -> None:
    async with world.database.transaction(SYSTEM, readonly=True, snapshot=True) as tx:
        found = await differing(tx, ids)
    assert not found, f"after {log}: {found}"


async def assert_segments_tile(world: World, ids: list[UUID]) -> None:
    """No gap, no overlap, one open end, from when police knew."""
    rows = await fetch(
        world,
        "select pathway, since, until, lead(since) over (partition by pathway order by seq) from segment"
        " where pathway = any($1) order by pathway, seq",
        ids,
    )
    for pathway, since, until, following in rows:
        assert until == following, f"{pathway} has a gap or an overlap after {since}"
        assert until is None or until > since
    waits = await fetch(
        world,
        "select w.pathway, min(w.since), (select min(s.since) from segment as s where s.pathway = w.pathway)"
        " from wait as w where w.pathway = any($1) group by w.pathway",
        ids,
    )
    for pathway, since, tiled in waits:
        assert tiled is not None, f"{pathway} waits and nobody holds it"
        assert tiled <= since, f"{pathway} waits from {since} and is held from {tiled}"


async def assert_ledger_balances(world: World, ids: list[UUID], days: list[date]) -> None:
    """Opening + new + reopened - each exit on its own line = closing, every day, counted apart from each other."""
    waits = await fetch(world, "select pathway, seq, since, until, exit from wait where pathway = any($1)", ids)
    assert all((until is None) == (exit_ is None) for *_, until, exit_ in waits)

    def waiting(at: datetime) -> int:
        found = [pathway for pathway, _, since, until, _ in waits if since < at and (until is None or until >= at)]
        assert len(found) == len(set(found)), "a child waits twice at once"
        return len(found)

    for day in days:
        begin = datetime.combine(day, time(), LONDON)
        end = datetime.combine(day + timedelta(days=1), time(), LONDON)
        came = [seq for _, seq, since, _, _ in waits if begin <= since < end]
        first = min((seq for _, seq, *_ in waits), default=0)
        new = sum(seq == first for seq in came)
        went: dict[str, int] = {}
        for *_, until, exit_ in waits:
            if until is not None and begin <= until < end:
                went[exit_] = went.get(exit_, 0) + 1
        assert waiting(begin) + new + (len(came) - new) - sum(went.values()) == waiting(end), day


async def attempt(world: World, data: st.DataObject, steps: int) -> None:
    # Families follow one another in one database. Each begins at the same time of the same day, so that the same draws
    # always do the same things.
    world.timepiece.set(START)
    family = Family(world, data, next(_numbers), [])
    said: list[Any] = []
    for _ in range(data.draw(st.integers(3, steps), label="steps")):
        await family.step()
        ids = await family.ids()
        await assert_nothing_differs(world, ids, family.log)
        flags = await fetch(
            world, "select id, about, rule, subject, episode, true_from, noticed_at from flag order by id"
        )
        assert set(said) <= set(flags), f"a flag was changed by {family.log}"
        said = flags
    await sweep(world.database)
    ids = await family.ids()
    await assert_nothing_differs(world, ids, family.log)
    await assert_segments_tile(world, ids)
    today = world.timepiece.now().astimezone(LONDON).date()
    await assert_ledger_balances(world, ids, [today - timedelta(days=back) for back in range(45)])
    orphans = await fetch(
        world,
        "select f.rule, f.subject from flag as f where f.about = any($1) and not exists (select 1 from condition as c"
        " where (c.about, c.rule, c.subject, c.episode) = (f.about, f.rule, f.subject, f.episode))",
        ids,
    )
    assert orphans == [], f"flags without a condition that says how they ended, after {family.log}"
    late = await fetch(
        world,
        "select rule, subject, true_from from condition where about = any($1) and not flagged and true_from <= $2",
        ids,
        world.timepiece.now(),
    )
    assert late == [], f"true and not flagged, after {family.log}"


def explore(examples: int, steps: int) -> Any:
    """A test of that many families, each with up to so many steps."""

    async def whatever(ready: World, data: st.DataObject) -> None:
        await attempt(ready, data, steps)

    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )(given(data=st.data())(whatever))


test_whatever_is_done_what_is_stored_is_what_follows = explore(25, 12)
test_whatever_is_done_for_long_what_is_stored_is_what_follows = pytest.mark.soak(
    pytest.mark.timeout(900)(explore(150, 20))
)


async def test_the_whole_database_is_as_a_rebuild_would_make_it(ready: World) -> None:
    assert (await rebuild(ready.database, check=True)).differing == 0
