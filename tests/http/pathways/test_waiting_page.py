"""Waiting now: which child next?"""

from __future__ import annotations

from uuid import UUID

from service.actor import Actor, Grant
from service.web import live
from tests.fixtures.people import World
from tests.http.pathways.conftest import Log, audited


async def test_siblings_stand_together_with_what_to_do_next(world: World, log: Log) -> None:
    await log("06DW/1/26", "Ewan", "Yusuf")
    async with await world.signed_in("mash_manager", "359") as manager:
        text = (await manager.get("/waiting")).text
    assert "children are waiting for a decision" in text
    assert "2 children of one incident" in text
    assert "Decide together" in text
    assert text.index("Ewan Pennington") < text.index("06DW/1/26")
    assert "<title>Waiting now" in text


async def test_a_grade_that_is_filtered_for_gives_its_own_count_and_stays_in_the_address(
    world: World, log: Log
) -> None:
    await log("06DW/2/26", "Ada", grade="high")
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        text = (await coordinator.get("/waiting?grade=high&which=us")).text
        assert "1 child graded high is waiting" in text
        assert "Ada Pennington" in text
        assert "Ewan Pennington" not in text
        assert "which=late&amp;grade=high" in text or "grade=high&amp;which=late" in text
        odd = await coordinator.get("/waiting?which=__proto__&grade=x&area=350&sort=drop&page=-1")
    assert odd.status_code == 200


async def test_the_file_has_the_same_rows_and_cannot_run_as_a_formula(world: World, log: Log) -> None:
    (pathway,) = await log("06DW/3/26", "=2+5")
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        answer = await coordinator.get("/waiting.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Name,Age,Police reference")
    assert any(line.startswith("'=2+5 Pennington") for line in lines)
    assert UUID(pathway) in (await audited(world, "waiting_list_exported"))[-1]


async def test_a_name_with_markup_in_it_is_shown_and_never_run(world: World, log: Log) -> None:
    await log("06DW/9/26", "<script>alert('x')</script>")
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        text = (await coordinator.get("/waiting?which=everything")).text
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; Pennington" in text
    assert "<script>alert" not in text


async def test_another_areas_children_are_not_on_my_list(world: World, log: Log) -> None:
    await log("06DW/4/26", "Nia")
    async with await world.signed_in("mash_coordinator", "350") as bolton:
        assert "Pennington" not in (await bolton.get("/waiting")).text


async def test_what_was_asked_and_not_answered_is_listed(world: World, log: Log) -> None:
    (pathway,) = await log("06DW/5/26", "Ike")
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        sent = await coordinator.form(
            f"/pathways/{pathway}/record/information_requested", when="now", outcome="health", question="Any injuries?"
        )
        assert sent.status_code == 303, sent.text
        text = (await coordinator.get("/waiting")).text
    asked = text[text.index('id="asked"') :]
    assert "Health" in asked
    assert f"/pathways/{pathway}/record/information_returned" in asked


async def test_fresh_words_come_from_rows_as_the_visitor_may_see_them(world: World, log: Log) -> None:
    await log("06DW/6/26", "Ola")

    def actor(area: str) -> Actor:
        return Actor(
            kind="person",
            id=world.partnership.people[f"mash_coordinator.{area}"],
            name="x",
            grants=(Grant(role="mash_coordinator", area=area),),
        )

    async with world.app.state.database.transaction(actor("359"), readonly=True) as tx:
        here = await live.read(tx, ["waiting.sentence", "waiting.us", "waiting.nothing"])
    async with world.app.state.database.transaction(actor("350"), readonly=True) as tx:
        there = await live.read(tx, ["waiting.us"])
    assert int(str(here["waiting.us"])) > 0
    assert "waiting for a decision" in str(here["waiting.sentence"])
    assert "waiting.nothing" not in here
    assert there == {"waiting.us": "0"}
