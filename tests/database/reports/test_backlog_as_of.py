"""The backlog as it was known at an earlier instant, whatever was recorded since."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from service.actor import SYSTEM
from service.errors import Refused
from service.intake.decisions import service as decisions
from service.pathways import service as pathways
from service.pathways.rules import Entry
from service.pathways.service import Correction
from service.reports.backlog import export, knowing, service
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World

HOUR = timedelta(hours=1)


async def at(world: World, as_of: datetime | None = None, force: str = "gmp") -> service.Report:
    async with world.database.transaction(world[f"police_liaison.{force}"], readonly=True, snapshot=True) as tx:
        return await service.report(tx, [force], as_of=as_of)


async def worked(world: World) -> dict[str, UUID]:
    """Four children: one held, one shared, one declined, one regraded; each an hour after the other."""
    found = {}
    for number, name in enumerate(("held", "shared", "declined", "regraded")):
        found[name] = await put_child(world, attended=START - number * 20 * HOUR, reference=f"06DX/{number}/26")
    world.timepiece.advance(HOUR)
    async with world.database.transaction(world.liaison) as tx:
        await decisions.share(tx, [found["shared"]])
    world.timepiece.advance(HOUR)
    async with world.database.transaction(world.liaison) as tx:
        await decisions.decline(tx, found["declined"], "below_threshold", "Nobody at home", "PS 1")
    world.timepiece.advance(HOUR)
    async with world.database.transaction(world.liaison) as tx:
        entry = Entry(
            pathway=found["regraded"],
            kind="risk_regraded",
            at=tx.now,
            outcome="high",
            detail={"by": "triage", "rationale": "Threats"},
        )
        await pathways.record(tx, [entry])
    world.timepiece.advance(HOUR)
    return found


def counts(found: service.Report) -> tuple[int, int, int, int, int]:
    declined = sum(each.children for each in found.declined)
    return found.total, found.late, declined, sum(each.cleared for each in found.days), found.graded_higher_since


async def test_what_was_known_an_hour_ago_is_counted_as_it_was_told_then(world: World) -> None:
    told = {}
    found = await worked(world)
    for hours in (4, 3, 2, 1):
        told[hours] = await at(world, START + (4 - hours) * HOUR + timedelta(minutes=30))
    assert [told[hours].total for hours in (4, 3, 2, 1)] == [4, 3, 2, 2]
    assert [told[hours].graded_higher_since for hours in (4, 3, 2, 1)] == [0, 0, 0, 1]
    assert not any(each.lowered for each in told.values())
    live = await at(world)
    assert counts(await at(world, world.timepiece.now() - timedelta(seconds=2))) == counts(live)
    assert live.total == 2
    # What is corrected afterwards changes what is known now and nothing of what was told.
    async with world.database.transaction(SYSTEM) as tx:
        sent = await tx.connection.fetch(
            "select id from milestone where pathway = $1 and kind = any($2) order by kind desc",
            found["shared"],
            ["notice_shared", "notice_received"],
        )
    # What has arrived was sent; only when that did not happen either does the desk hold it again.
    for row, held in zip(sent, (2, 3), strict=True):
        world.timepiece.advance(HOUR)
        async with world.database.transaction(world.manager) as tx:
            await pathways.correct(tx, row["id"], Correction(retract=True, reason="Sent to nobody"))
        assert (await at(world)).total == held
    for hours, before in told.items():
        assert await at(world, before.as_of) == before, f"as told {hours} hours ago"


async def test_an_instant_before_anything_was_recorded_knows_nothing(world: World) -> None:
    await worked(world)
    assert (await at(world, START - HOUR)).total == 0
    assert (await at(world, START + HOUR / 2, "mers")).total == 0


async def test_rates_are_of_the_present_whichever_days_are_looked_back_on(world: World) -> None:
    for days in (2, 3, 30):
        await put_child(world, attended=START - days * 24 * HOUR, reference=f"06DX/{days}/26")
    today = START.date()
    async with world.database.transaction(world.liaison) as tx:
        now = await service.report(tx, ["gmp"])
        back = await service.report(
            tx, ["gmp"], first=today - timedelta(days=31), last=today - timedelta(days=29), by=today + timedelta(days=9)
        )
        page = await service.backlog(tx, over=service.period(tx.now, today - timedelta(days=31), back.last_day))
    assert now.rates is not None
    assert now.rates.arriving == 0.1
    assert (back.rates, page.passed.rates, back.sentences) == (now.rates, now.rates, now.sentences)
    assert [each.arrived for each in back.days] == [0, 1, 0]


async def test_an_instant_ahead_is_lowered_and_days_are_counted_from_what_is_certain(world: World) -> None:
    await put_child(world, attended=START - 50 * HOUR)
    ahead = await at(world, START + timedelta(days=90))
    assert ahead.lowered
    assert (ahead.as_of, ahead.last_day) == (START, START.date() - timedelta(days=1))
    assert ahead.rates == (await at(world)).rates


async def test_what_is_still_being_written_is_never_promised(world: World) -> None:
    await put_child(world, attended=START - HOUR)
    async with world.database.transaction(SYSTEM) as writing:
        began: datetime = await writing.connection.fetchval("select now()")
        async with world.database.transaction(world.liaison, now=began + 9 * HOUR) as tx:
            spoken = await knowing.instant(tx, began + HOUR)
            assert spoken is not None
            assert spoken.lowered
            assert began - timedelta(seconds=5) < spoken.at <= began
            early = await knowing.instant(tx, began - HOUR)
            assert early == knowing.AsOf(began - HOUR, False)


async def test_a_force_that_sends_only_what_was_shared_is_not_estimable(world: World) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into feed (name, profile, force, coverage) values ('mers', 'mersey_shared', 'mers', 'shared_only')"
        )
    theirs, ours = await at(world, force="mers"), await at(world)
    assert (theirs.not_estimable, ours.not_estimable) == (["mers"], [])
    assert "not estimable" in theirs.sentences[0]
    assert (theirs.rates, theirs.outlook, theirs.expected, theirs.ahead) == (None, None, [], [])
    assert ours.sentences == ["No incident with children is held, and none came or went in the last two weeks."]
    async with world.database.transaction(world["police_liaison.mers"]) as tx:
        found = await service.backlog(tx)
    assert found.sentences == theirs.sentences
    lines = export.csv(found.rows, {"mers": "Merseyside"}, world.timepiece.now(), found.shared_only).splitlines()
    assert lines[1:] == [",,,,,,,,,,,,Not estimable: the feed of Merseyside sends only what was shared"]


@pytest.mark.parametrize(("first", "last"), [(-3, 1), (0, -1), (-400, -1)])
def test_a_period_that_is_none_is_refused(first: int, last: int) -> None:
    today = START.date()
    with pytest.raises(Refused):
        service.period(START, today + timedelta(days=first), today + timedelta(days=last))


async def test_a_child_named_after_the_record_had_left_is_found_late_then_and_now(world: World) -> None:
    told: dict[str, Any] = {"attended": START - 5 * HOUR, "notice_submitted": START - 4 * HOUR}
    await put_child(world, **told)
    # A brother who is written down with the same notice a little later is not found late; a sister a day later is.
    world.timepiece.advance(HOUR / 2)
    await put_child(world, **told, given_names="Rhys")
    world.timepiece.advance(24 * HOUR)
    before = world.timepiece.now()
    world.timepiece.advance(HOUR)
    sister = await put_child(world, **told, given_names="Lowri")
    world.timepiece.advance(24 * HOUR)
    found = await at(world)
    assert (found.total, found.found_late.children, found.found_late.waiting) == (1, 1, 1)
    async with world.database.transaction(world.liaison) as tx:
        (row,) = (await service.backlog(tx)).rows
        assert row.incident.found_late == 1
        await decisions.share(tx, [sister])
    world.timepiece.advance(HOUR)
    after = await at(world)
    assert (after.found_late.children, after.found_late.waiting) == (1, 0)
    then = await at(world, world.timepiece.now() - HOUR / 2)
    assert (then.found_late.children, then.found_late.waiting) == (1, 0)
    assert (await at(world, before)).found_late.children == 0
