"""Notices of which the receipt alone is known, or the day alone: the desk counts them as clocks and boards do."""

from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from service.actor import SYSTEM
from service.errors import Conflict
from service.pathways import service as pathways
from service.pathways.lists import service as lists
from service.pathways.pages import wording
from service.pathways.rules import Entry
from service.pathways.view import service as views
from service.reports.backlog import knowing, service, working
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ATTENDED = START - 3 * DAY
ARRIVED = START - 2 * DAY
#: An instant, another day alone, and nothing: of sending, receipt and refusal each.
WHEN: tuple[dict[str, Any] | None, ...] = (
    {"at": ARRIVED},
    {"on": ARRIVED.date()},
    {"on": (ARRIVED - DAY).date()},
    None,
)


async def incident_of(world: World, pathway: UUID) -> UUID:
    async with world.database.transaction(SYSTEM) as tx:
        found: UUID = await tx.connection.fetchval("select incident from pathway where id = $1", pathway)
        return found


async def record(world: World, *entries: Entry) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        await pathways.record(tx, list(entries))


def cleared(found: service.Report) -> dict[date, int]:
    return {each.day: each.cleared for each in found.days if each.cleared}


async def test_what_arrived_at_the_front_door_is_not_still_to_be_shared_though_nobody_wrote_down_the_sending(
    world: World,
) -> None:
    pathway = await put_child(world, attended=ATTENDED)
    world.timepiece.advance(HOUR)
    before = world.timepiece.now()
    world.timepiece.advance(HOUR)
    await record(world, Entry(pathway=pathway, kind="notice_received", at=ARRIVED, outcome="front_door"))
    world.timepiece.advance(HOUR)
    incident = await incident_of(world, pathway)
    async with world.database.transaction(world.liaison, readonly=True, snapshot=True) as tx:
        now, known = await service.report(tx, ["gmp"]), await service.report(tx, ["gmp"], as_of=tx.now)
        then = await service.report(tx, ["gmp"], as_of=before)
    async with world.database.transaction(world.liaison) as tx:
        page, listed = await service.backlog(tx), await lists.unshared(tx)
        opened, head = await working.opened(tx, incident), (await views.view(tx, pathway)).head
        with pytest.raises(Conflict):
            await working.share(tx, [incident])
    assert (now.total, known.total, then.total, page.total, listed.rows) == (0, 0, 1, 0, [])
    for days in (cleared(now), cleared(known), {each.day: each.cleared for each in listed.flow if each.cleared}):
        assert days == {ARRIVED.date(): 1}
    # Whoever reads it is told what is not known.
    assert opened.standing is None
    assert opened.children[0].child.sent_before == ARRIVED
    assert wording.head_sentence(head, START, "").endswith("Sent before Sun 1 Nov 09:00; when is not recorded.")


async def test_the_desk_reads_the_present_as_it_is_told_from_what_was_recorded(world: World) -> None:
    """The stored view against each notice told again from its milestones."""
    kinds: tuple[tuple[str, dict[str, Any]], ...] = (
        ("notice_shared", {}),
        ("notice_received", {"outcome": "front_door"}),
        ("notice_not_shared", {"outcome": "other", "detail": {"text": "Nobody at home", "decided_by": "PS 1"}}),
    )
    made, entries = {}, []
    for number, times in enumerate(product(WHEN, repeat=len(kinds))):
        made[number] = await put_child(world, attended=ATTENDED, reference=f"06DX/{number}/26")
        entries += [
            Entry(pathway=made[number], kind=kind, precision="minute" if "at" in when else "day", **when, **more)
            for (kind, more), when in zip(kinds, times, strict=True)
            if when is not None
        ]
    await record(world, *entries)
    world.timepiece.advance(HOUR)
    since = (START - 28 * DAY).date()
    async with world.database.transaction(world.liaison, readonly=True, snapshot=True) as tx:
        now, told = [await knowing.notices(tx, ["gmp"], since, at) for at in (None, tx.now)]
    assert {each.pathway: each for each in now} == {each.pathway: each for each in told}
    assert len(now) == len(made)
    assert [each.pathway for each in now if each.left_at is None] == [made[len(made) - 1]]
