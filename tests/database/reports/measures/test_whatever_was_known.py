"""Whatever is recorded, corrected and taken back: a report as of an instant is the report that was made then."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from random import Random
from typing import cast

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.internal.conjecture.data import ConjectureData

from service.actor import SYSTEM
from service.reports.measures import folding, service
from service.reports.measures.figures import BoardFigures, Period, Scope
from tests.database.invariants.operations import Family
from tests.fixtures.world import World

_numbers = itertools.count(1)
PERIOD = Period(first=date(2026, 8, 1), last=date(2026, 11, 30))


async def figures(world: World, as_of: datetime | None = None) -> BoardFigures:
    async with world.database.transaction(SYSTEM, snapshot=True) as tx:
        return await service.board(tx, Scope(), PERIOD, as_of)


def said(found: BoardFigures) -> dict[str, object]:
    """What it says of children. Caseloads are of now, and what was not folded was no part of then. Nor is compared what
    depends on a child's own record: the audit dates its changes by the database's clock, which is not this world's.
    """
    told = msgspec.to_builtins(found)
    for name in ("known", "restated", "instant", "capacity"):
        told.pop(name)
    told["capacity"] = msgspec.to_builtins(found.capacity.unallocated)
    told["ledger"].pop("live")
    told.pop("fairness")
    for name in ("school_unknown", "not_recorded"):
        told["quality"].pop(name)
    told["quality"]["cannot_compute"].pop("school", None)
    for name in ("stages", "queues"):
        told[name] = [each for each in told[name] if each["stage"] != "school"]
    return dict(told)


async def explore(ready: World, examples: int) -> None:
    for number in range(examples):
        # No test of Hypothesis itself: that wants the same draws to do the same, and here days and identifiers go on.
        data = cast("st.DataObject", ConjectureData(random=Random(number)))
        family = Family(ready, data, next(_numbers), [])
        told: dict[datetime, dict[str, object]] = {}
        for _ in range(3):
            for _ in range(data.draw(st.integers(2, 5))):
                await family.step()
            ready.timepiece.advance(timedelta(seconds=1))
            now = ready.timepiece.now()
            told[now] = said(await figures(ready))
            ready.timepiece.advance(timedelta(seconds=1))
            await folding.fold(ready.database, batch=3)
        for instant, then in told.items():
            now_said = said(await figures(ready, instant))
            for name, value in then.items():
                assert now_said[name] == value, (number, name, instant, family.log)


async def test_a_report_as_of_an_instant_is_the_report_that_was_made_then(ready: World) -> None:
    await explore(ready, 3)


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_a_report_as_of_an_instant_is_the_report_that_was_made_then_for_long(ready: World) -> None:
    await explore(ready, 100)
