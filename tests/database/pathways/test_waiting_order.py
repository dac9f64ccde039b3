"""Waiting now, worst first, with nobody forgotten on a later page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.pathways import service as pathways
from service.pathways.lists import service
from service.pathways.rules import Entry
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World

#: Who, the grade, and how many hours ago police attended; limits of sharing are 4, 24 and 72 hours.
CHILDREN = (
    ("Ada", "standard", 20.0),
    ("Bea", "high", 5.0),
    ("Cai", "medium", 60.0),
    ("Dee", "standard", 100.0),
    ("Eve", "high", 30.0),
    ("Flo", "medium", 30.0),
    ("Gil", "standard", 80.0),
    ("Hal", "high", 1.0),
    ("Ivo", "medium", 2.0),
)
#: High first; then late by the share of the limit that is used (not by hours); then whoever is due next.
WORST_FIRST = ["Eve", "Bea", "Hal", "Cai", "Dee", "Flo", "Gil", "Ivo", "Ada"]


async def listed(world: World, page: int = 1) -> list[str]:
    async with world.database.transaction(world.coordinator) as tx:
        found = await service.waiting(tx, page=page)
    return [row.given_names for row in found.rows]


async def test_urgent_or_high_comes_first_then_the_share_of_the_limit_then_what_is_due(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {}
    for number, (name, grade, hours) in enumerate(CHILDREN):
        attended = START - timedelta(hours=hours)
        reference = f"06DW/{number}/26"
        known[name] = await put_child(
            world,
            attended=attended,
            grade=grade,
            reference=reference,
            given_names=name,
            school_notified=attended + timedelta(minutes=30),
        )
    assert await listed(world) == WORST_FIRST
    with monkeypatch.context() as small:
        small.setattr(service, "PAGE", 4)
        pages = [await listed(world, page) for page in (1, 2, 3)]
    # The oldest of each grade is on the first page, however short it is, and on no other.
    assert {"Eve", "Cai", "Dee"} <= set(pages[0])
    assert sorted(name for page in pages for name in page) == sorted(WORST_FIRST)
    async with world.database.transaction(world.manager) as tx:
        detail = {"reason": "Hurt"}
        await pathways.record(tx, [Entry(pathway=known["Ivo"], kind="urgent_for_child", at=tx.now, detail=detail)])
    assert (await listed(world))[:4] == ["Eve", "Bea", "Hal", "Ivo"]
