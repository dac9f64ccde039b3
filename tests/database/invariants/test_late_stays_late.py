"""A delay is a breach from the instant it became true, whoever was asleep; nothing resets a clock (invariants 3, 4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from service.actor import SYSTEM
from service.clocks import as_known_at, evaluate
from service.flags.sweep import sweep
from service.intake.decisions import service as decisions
from service.intake.decisions.service import Decision
from service.pathways import service as pathways
from service.pathways import store
from service.pathways.rulebook import current
from service.pathways.rules import Entry
from service.pathways.service import Correction
from tests.fixtures.arrivals import put_child
from tests.fixtures.world import START, World

HOUR = timedelta(hours=1)


async def rows(world: World, query: str, *arguments: object) -> list[tuple[Any, ...]]:
    async with world.database.transaction(SYSTEM) as tx, tx.recording():
        return [tuple(row) for row in await tx.connection.fetch(query, *arguments)]


async def overdue(world: World, pathway: UUID, subject: str = "unassessed") -> list[tuple[Any, ...]]:
    return await rows(
        world,
        "select true_from, true_until, cause from condition where about = $1 and rule = 'overdue' and subject = $2",
        pathway,
        subject,
    )


async def flags(world: World, pathway: UUID) -> list[tuple[Any, ...]]:
    return await rows(
        world,
        "select id, rule, subject, episode, true_from, noticed_at, written_at from flag where about = $1 order by id",
        pathway,
    )


async def decide(world: World, pathway: UUID, outcome: str = "advice", to_area: str | None = None) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into qualified_decider (area, person, since) values ('359', $1, $2) on conflict do nothing",
            world.manager.id,
            START - timedelta(days=100),
        )
    decision = Decision(
        pathways=[pathway],
        outcome=outcome,
        rationale="As told",
        history_considered="None",
        decided_by=world.manager.id,
        to_area=to_area,
    )
    async with world.database.transaction(world.manager) as tx:
        await decisions.decide(tx, decision)


async def test_a_decision_made_late_while_every_worker_slept_is_flagged_when_they_wake(world: World) -> None:
    pathway = await put_child(world, attended=START - HOUR, notice_shared=START, notice_received=START)
    world.timepiece.advance(timedelta(hours=80))  # no worker sweeps
    await decide(world, pathway)
    decided = world.timepiece.now()
    world.timepiece.advance(timedelta(hours=41))
    assert await flags(world, pathway) == []
    await sweep(world.database)
    due = START - HOUR + timedelta(hours=72)
    assert await overdue(world, pathway) == [(due, decided, "met:contact_decided")]
    (flag,) = [each for each in await flags(world, pathway) if each[1:3] == ("overdue", "unassessed")]
    assert flag[4:6] == (due, world.timepiece.now())
    assert world.timepiece.now() - due == timedelta(hours=80 + 41 - 71), "found late by"


async def test_a_breach_that_was_never_one_ends_as_corrected_and_its_flag_stays_as_it_was(world: World) -> None:
    pathway = await put_child(world, attended=START - HOUR, notice_shared=START, notice_received=START)
    world.timepiece.advance(timedelta(hours=80))
    await decide(world, pathway)
    await sweep(world.database)
    before = await flags(world, pathway)
    messages = await rows(world, "select id, flag, person, queued_at from message order by id")
    ((milestone,),) = await rows(
        world, "select id from milestone_current where pathway = $1 and kind = 'contact_decided'", pathway
    )
    change = Correction(reason="Keyed the wrong day", source="Minutes", at=START + timedelta(hours=5))
    async with world.database.transaction(world.manager) as tx:
        await pathways.correct(tx, milestone, change, authorised_by=world.coordinator.id)
    ((_, until, cause),) = await overdue(world, pathway)
    assert (until, cause) == (world.timepiece.now(), "corrected")
    assert await flags(world, pathway) == before
    world.timepiece.advance(HOUR)
    await sweep(world.database)
    assert await flags(world, pathway) == before
    assert await rows(world, "select id, flag, person, queued_at from message order by id") == messages


async def test_what_was_known_then_is_reproduced_after_corrections_of_every_kind(world: World) -> None:
    """Invariant 11: the derived rows of an earlier moment come out again, to the row."""
    pathway = await put_child(world, attended=START - 30 * HOUR, notice_shared=START - 2 * HOUR)
    kept = []

    async def keep() -> None:
        async with world.database.transaction(SYSTEM) as tx, tx.recording():
            history = (await store.histories(tx.connection, [pathway]))[pathway][1]
            kept.append((tx.now, evaluate(history, await current(tx))))
        world.timepiece.advance(HOUR)

    async def correct(kind: str, change: Correction) -> None:
        ((milestone,),) = await rows(
            world, "select id from milestone_current where pathway = $1 and kind = $2", pathway, kind
        )
        async with world.database.transaction(world.coordinator) as tx:
            await pathways.correct(tx, milestone, change, authorised_by=world.manager.id)
        await keep()

    await keep()
    await correct("notice_shared", Correction(reason="Sent earlier", source="Mail log", at=START - 10 * HOUR))
    await correct("police_attended", Correction(reason="Attended later", source="Log", at=START - 20 * HOUR))
    await correct("notice_shared", Correction(reason="Never sent", source="Mail log", retract=True))
    async with world.database.transaction(SYSTEM) as tx, tx.recording():
        history = (await store.histories(tx.connection, [pathway]))[pathway][1]
        rulebook = await current(tx)
    for then, was in kept:
        assert evaluate(as_known_at(history, then), rulebook) == was
    assert len({str(was) for _, was in kept}) == len(kept), "each correction changed something"


async def started(world: World, pathway: UUID) -> dict[tuple[str, UUID], tuple[Any, ...]]:
    found = await rows(
        world, "select standard, episode, started_at, due_at, version from clock where pathway = $1", pathway
    )
    return {(standard, episode): tuple(rest) for standard, episode, *rest in found}


async def test_no_clock_is_reset_by_reassignment_transfer_age_or_waiting_on_a_partner(world: World) -> None:
    pathway = await put_child(world, attended=START - HOUR, notice_shared=START, notice_received=START)
    waits = await rows(world, "select since from wait where pathway = $1", pathway)
    seen = await started(world, pathway)

    async def record(kind: str, actor: str = "mash_manager.359", **more: Any) -> None:
        nonlocal seen
        world.timepiece.advance(2 * HOUR)
        at = world.timepiece.now()
        async with world.database.transaction(world[actor]) as tx:
            await pathways.record_one(tx, Entry(pathway=pathway, kind=kind, at=at, **more))
        after = await started(world, pathway)
        for key, was in seen.items():
            assert after[key] == was, f"{key[0]} was moved by {kind}"
        seen = after

    await record("information_requested", outcome="health")
    await record("information_returned", outcome="health")
    await record("referral_accepted")
    for worker in ("Sam Lee", "Jo Hart"):
        await record("allocated", detail={"worker": worker})
        await record("allocation_ended")
    await record("strategy_requested")
    await record("strategy_postponed")
    await decide(world, pathway, "sent_to_right_area", "350")
    world.timepiece.advance(5 * HOUR)
    async with world.database.transaction(world["mash_manager.350"]) as tx:
        await decisions.accept_transfer(tx, pathway, "Jo")
    after = await started(world, pathway)
    assert {key: after[key] for key in seen} == seen
    assert await rows(world, "select since from wait where pathway = $1", pathway) == waits
    assert await rows(world, "select area from pathway where id = $1", pathway) == [("350",)]


@pytest.mark.parametrize("born", ["2008-11-04", "2008-11-03"])
async def test_turning_eighteen_closes_nothing(world: World, born: str) -> None:
    pathway = await put_child(world, attended=START - HOUR)
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute("update child set date_of_birth = $1::text::date", born)
    world.timepiece.advance(timedelta(days=30))
    async with world.database.transaction(world.liaison) as tx:
        await pathways.record_one(tx, Entry(pathway=pathway, kind="notice_shared", at=world.timepiece.now()))
    await sweep(world.database)
    assert await rows(world, "select until, exit from wait where pathway = $1", pathway) == [(None, None)]
    assert await rows(world, "select closed_at, withdrawn from pathway_state where pathway = $1", pathway) == [
        (None, False)
    ]
    assert await rows(world, "select until is null from segment where pathway = $1 order by seq desc limit 1", pathway)
    (condition,) = await overdue(world, pathway)
    assert condition[1:] == (None, None)
