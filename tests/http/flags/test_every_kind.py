"""Every kind of flag, as whoever has to act on it meets it: what it rests on, why, who holds it, and where to go."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from service.actor import SYSTEM
from service.flags.sweep import sweep
from service.intake.books import service as books
from service.intake.books.rules import Arrival, ChildSaid, Fact
from service.pathways import rulebook
from tests.fixtures.people import World
from tests.http.conftest import NOON

#: What happened (UTC, before noon on Tuesday 3 November 2026), and the flags it leaves: what each says why.
LIVES: dict[str, tuple[tuple[str, ...], dict[tuple[str, str], str]]] = {
    "nothing was sent": (
        ("police_attended 2026-11-02T11:00",),
        {
            ("overdue", "police_share"): "Ungraded, so held to the strictest: due 4 hours after police attended",
            ("absent", "absent_notice"): "No notice submitted or shared yet: 1 hour late",
            ("ungraded", "risk_graded"): "the shortest time limits apply",
        },
    ),
    "sent and nobody received it": (
        ("police_attended 2026-11-03T02:00", "risk_graded=medium 2026-11-03T02:00", "notice_shared 2026-11-03T09:00"),
        {("in_transit", "in_transit"): "Not received yet: 1 hour late"},
    ),
    "received and not decided": (
        (
            "police_attended 2026-10-28T09:00",
            "risk_graded=standard 2026-10-28T09:00",
            "notice_shared 2026-10-28T10:00",
            "notice_received 2026-10-28T10:00",
        ),
        {
            ("overdue", "contact_decision"): "Not decided yet",
            ("absent", "absent_decision"): "Nothing decided yet",
            ("approaching", "unassessed"): "No decision yet: 21 hours left",
        },
    ),
    "decided for a discussion that nobody asked for": (
        (
            "police_attended 2026-10-29T09:00",
            "risk_graded=medium 2026-10-29T09:00",
            "notice_received 2026-10-29T10:00",
            "contact_decided=strategy_discussion 2026-10-30T10:00",
        ),
        {
            ("absent", "absent_strategy_request"): "No discussion requested, scheduled or held yet",
            ("unallocated", "allocation"): "Nobody allocated yet: 12 hours late",
        },
    ),
    "received before it was sent": (
        ("police_attended 2026-11-02T09:00", "notice_shared 2026-11-02T12:00", "notice_received 2026-11-02T10:00"),
        {("out_of_order", "notice_shared:notice_received"): "Correct the one that is wrong"},
    ),
    "only the day is known": (
        ("police_attended 2026-11-02",),
        {("cannot_compute", "police_attended"): "nobody can say when it is due"},
    ),
}


def fact(line: str) -> Fact:
    head, stamp = line.split()
    kind, _, outcome = head.partition("=")
    if len(stamp) == 10:
        return Fact(kind=kind, on=date.fromisoformat(stamp), precision="day")
    return Fact(kind=kind, at=datetime.fromisoformat(stamp).replace(tzinfo=UTC), outcome=outcome or None)


@pytest.fixture
async def put(world: World) -> dict[str, str]:
    """The children on the books, and the watcher has looked: pathways by what happened."""
    database = world.app.state.database
    async with database.transaction(SYSTEM, now=NOON - timedelta(days=30)) as tx:
        await rulebook.ship(tx)
    arrivals = [
        Arrival(
            force="gmp",
            reference=f"06DK/{number}/26",
            area="359",
            child=ChildSaid(family_name="Sutton", given_names=f"Ada {number}", date_of_birth=date(2014, 5, 1)),
            facts=tuple(fact(line) for line in lines),
            source="police_file",
        )
        for number, (lines, _) in enumerate(LIVES.values())
    ]
    async with database.transaction(SYSTEM) as tx:
        placed = await books.put(tx, arrivals)
    await sweep(database)
    return {name: str(each.pathway) for name, each in zip(LIVES, placed, strict=True)}


async def test_every_flag_says_why_what_it_rests_on_who_holds_it_and_leads_to_the_child(
    world: World, put: dict[str, str]
) -> None:
    async with world.app.state.database.transaction(SYSTEM) as tx, tx.recording():
        rows = await tx.connection.fetch("select id, about::text, rule, subject from flag")
    flags = {(row["about"], row["rule"], row["subject"]): str(row["id"]) for row in rows}
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        for name, (_, expected) in LIVES.items():
            for (rule, subject), why in expected.items():
                identity = flags.get((put[name], rule, subject))
                assert identity is not None, f"{name}: no flag {rule} {subject}"
                told = (await coordinator.get(f"/api/v1/flags/{identity}")).json()
                assert why in told["explanation"], f"{name}: {told['explanation']}"
                assert told["evidence"], f"{name}: {rule} rests on nothing"
                assert told["flag"]["holder"]
                page = (await coordinator.get(f"/flags/{identity}")).text
                assert why in page
                assert f'href="/pathways/{put[name]}"' in page


async def test_the_police_are_told_why_as_far_as_they_may_see(world: World, put: dict[str, str]) -> None:
    async with await world.signed_in("police_liaison", "gmp") as liaison:
        found = (await liaison.get("/api/v1/flags?rule=overdue&subject=police_share")).json()
        (flag,) = (each for each in found if each["about"] == put["nothing was sent"])
        told = (await liaison.get(f"/api/v1/flags/{flag['id']}")).json()
    assert "due 4 hours after police attended" in told["explanation"]
