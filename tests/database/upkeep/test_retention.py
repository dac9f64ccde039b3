"""Names go when their time is over and somebody says so; what happened stays, and so does what is on hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from schema.meetings import ActionSaid
from service.actor import SYSTEM
from service.enquiries import starting
from service.enquiries.rules import Starting
from service.errors import Conflict, Forbidden, NeedsSecondPerson, Refused
from service.meetings.holding import service as holding
from service.pathways import proposals
from service.pathways.rebuild import rebuild
from service.pathways.service import Correction
from service.upkeep.retention import service as retention
from tests.fixtures.arrivals import put_child
from tests.fixtures.meetings import child as met
from tests.fixtures.meetings import hold as held
from tests.fixtures.meetings import request
from tests.fixtures.world import START, World

LATER = timedelta(days=366 * 16)


async def ask(world: World, query: str, *arguments: object) -> list[tuple[Any, ...]]:
    async with world.database.transaction(SYSTEM) as tx:
        return [tuple(row) for row in await tx.connection.fetch(query, *arguments)]


async def decided(world: World) -> Any:
    """A child born in 2011 whose contact was decided; the child's id. Then sixteen years pass."""
    at = START - timedelta(hours=5)
    pathway = await put_child(world, attended=at, contact_decided=at + timedelta(hours=1))
    ((child,),) = await ask(world, "select child from pathway where id = $1", pathway)
    world.timepiece.advance(LATER)
    return child


async def test_nothing_is_due_before_its_time_or_while_somebody_waits(world: World) -> None:
    await put_child(world, attended=START - timedelta(hours=5))
    assert (await retention.preview(world.database)).count == 0
    world.timepiece.advance(LATER)
    # Nobody has decided: no age makes a waiting child disappear.
    assert (await retention.preview(world.database)).count == 0


async def test_names_go_when_told_exactly_how_many_and_what_happened_stays(world: World) -> None:
    child = await decided(world)
    before = await ask(world, "select id, kind, occurred_at, recorded_at from milestone order by id")
    with pytest.raises(Conflict, match="nothing was done"):
        await retention.apply(world.database, 2, "The records manager")
    with pytest.raises(Refused):
        await retention.apply(world.database, 1, " ")
    done = await retention.apply(world.database, 1, "The records manager, decision 12")
    assert (done.children, done.files) == (1, 0)
    (row,) = await ask(
        world, "select family_name, given_names, normal_name, date_of_birth::text from child where id = $1", child
    )
    assert row == ("", "", f"pseudonymised/{child}", "2011-02-01")
    assert await ask(world, "select id, kind, occurred_at, recorded_at from milestone order by id") == before
    assert (await rebuild(world.database, check=True)).differing == 0
    assert (await retention.preview(world.database)).count == 0
    ((trail,),) = await ask(world, "select string_agg(detail::text, ' ') from audit")
    assert "Pennington" not in trail
    assert "decision 12" in trail


async def test_a_record_on_hold_is_never_due_until_the_hold_is_lifted(world: World) -> None:
    child = await decided(world)
    with pytest.raises(Forbidden):
        async with world.database.transaction(world.coordinator) as tx:
            await retention.place_hold(tx, child, "Review")
    async with world.database.transaction(world.manager) as tx:
        hold = await retention.place_hold(tx, child, "Child safeguarding practice review 4/26.")
    assert (await retention.preview(world.database)).count == 0
    async with world.database.transaction(SYSTEM) as tx:
        assert await tx.connection.fetchval("select pseudonymise(array[$1::uuid], $2)", child, tx.now) == 0
    async with world.database.transaction(world.manager) as tx:
        await retention.lift_hold(tx, hold, "The review is published.")
    assert (await retention.preview(world.database)).count == 1


async def test_nobody_but_the_system_takes_names_away_and_notices_refuse_any_other_change(world: World) -> None:
    child = await decided(world)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with world.database.transaction(world.manager) as tx:
            await tx.connection.execute("select pseudonymise(array[$1::uuid], $2)", child, tx.now)
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        await owner.execute(
            "insert into notice (id, incident, force, areas, source, body, recorded_by_kind, recorded_at)"
            " select gen_random_uuid(), id, 'gmp', '{359}', 'typed',"
            ' \'{"grade": "high", "children": [{"family_name": "Pennington", "sex": "M"}]}\', \'system\', now()'
            " from incident"
        )
        for attack in (
            "update notice set body = '{}'", "update notice set source = 'pushed'", "delete from notice",
            "truncate notice",
        ):  # fmt: skip
            with pytest.raises(asyncpg.RestrictViolationError):
                await owner.execute(attack)
    finally:
        await owner.close()
    await retention.apply(world.database, 1, "The records manager")
    ((body,),) = await ask(world, "select body from notice")
    assert body == {"grade": "high", "children": [{"sex": "M"}]}


#: Tables with what was said and written about children at meetings and in enquiries.
WORDED = (
    "discussion", "discussion_record", "discussion_change", "action", "action_event", "enquiry", "enquiry_revision",
    "record_copy", "correction_proposal",
)  # fmt: skip
TALK = (
    "Struck when stepping in",
    "He shouts and I hide",
    "Ring the grandmother",
    "Ben's aunt told us",
    "In her own words",
)


async def written(world: World) -> str:
    rows = [await ask(world, f"select to_jsonb(t)::text from {table} as t") for table in WORDED]
    return " ".join(row[0] for found in rows for row in found)


async def test_words_of_a_meeting_go_with_the_last_child_they_are_about(world: World) -> None:
    ada, ben = [await met(world, name, contact_decided=START - timedelta(hours=2)) for name in ("Ada", "Ben")]
    discussion = await request(world, ada, ben)
    ring = ActionSaid(
        what="Ring the grandmother",
        outcome_sought="They can sleep there",
        owner_agency="health",
        due_at=START + timedelta(days=2),
    )
    done = await held(world, discussion, START + timedelta(hours=1), actions=[ring])
    async with world.database.transaction(world.manager) as tx:
        await holding.issue(tx, discussion, done.version)
        told = "select id, kind from milestone_current where pathway = $1 and kind like 'strategy_%'"
        ids = {row["kind"]: row["id"] for row in await tx.connection.fetch(told, ben)}
        bounced = Correction(reason="Ben's aunt told us", retract=True)
        await proposals.correct_or_propose(tx, ids["strategy_record_issued"], bounced)
        carried = Correction(reason="Log", source="Log", carries={"record": "In her own words"})
        await proposals.propose(tx, ids["strategy_held"], carried, NeedsSecondPerson("Late becomes in time."))
        begin = Starting(pathways=[ada], kind="joint", discussion=discussion, history="Four notices since spring")
        await starting.start(tx, begin)
        ((other,),) = await ask(world, "select child from pathway where id = $1", ben)
        hold = await retention.place_hold(tx, other, "A review.")
    world.timepiece.advance(LATER)
    await retention.apply(world.database, 1, "The records manager")
    text = await written(world)
    assert "Four notices since spring" not in text, "the enquiry is about Ada alone"
    assert all(each in text for each in TALK), "the discussion is about Ben too"
    async with world.database.transaction(world.manager) as tx:
        await retention.lift_hold(tx, hold, "The review is published.")
    await retention.apply(world.database, 1, "The records manager")
    text = await written(world)
    assert not [each for each in TALK if each in text]
    ((trail,),) = await ask(world, "select string_agg(detail::text, ' ') from audit")
    assert not [each for each in (*TALK, "Four notices") if each in trail]
    ((came, quorate),) = await ask(
        world, "select jsonb_array_length(r.body -> 'attendance'), d.quorate from discussion_record as r"
        " join discussion as d on d.id = r.discussion",
    )  # fmt: skip
    assert (came, quorate) == (3, True)
    assert (await rebuild(world.database, check=True)).differing == 0


async def test_what_was_written_at_meetings_is_changed_by_nobody_else(world: World) -> None:
    await held(world, await request(world, await met(world)), START + timedelta(hours=1))
    owner = await asyncpg.connect(world.urls.owner_url)
    try:
        await owner.execute("select set_config('app.retention', 'names', false)")
        for attack in (
            "update discussion_record set body = '{}'", "update discussion_record set number = 2",
            "update discussion_change set changes = '{}', what = 'nothing'", "delete from discussion_record",
            "truncate discussion_record",
        ):  # fmt: skip
            with pytest.raises(asyncpg.RestrictViolationError):
                await owner.execute(attack)
    finally:
        await owner.close()
