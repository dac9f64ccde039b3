"""A pathway: what has happened, what has not, whose turn is it; and the forms that say what happened."""

from __future__ import annotations

from uuid import UUID

import pytest

from schema.vocabulary import MILESTONES
from service.pathways.pages.kinds import GROUPS, OUTCOME, fields
from service.pathways.rules import OUTCOMES, REASONED
from tests.fixtures.people import World
from tests.http.pathways.conftest import Log, audited, kinds_of


async def test_the_page_says_who_waits_for_whom_and_no_name_is_in_the_title(world: World, log: Log) -> None:
    ewan, yusuf = await log("06DP/1/26", "Ewan", "Yusuf")
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        text = (await coordinator.get(f"/pathways/{ewan}")).text
    assert "for children&#39;s social care to decide" in text
    assert "Draft decision" in text
    assert "Yusuf Pennington" in text
    assert "Notice received" in text
    assert "recorded" in text
    title = text[text.index("<title>") : text.index("</title>")]
    assert "Pennington" not in title
    assert {UUID(ewan), UUID(yusuf)} <= set((await audited(world, "pathway_viewed"))[-1])


async def test_a_liaison_sees_only_the_status_after_sharing(world: World, log: Log) -> None:
    (pathway,) = await log("06DP/2/26", "Ewan", pushed=True)
    async with await world.signed_in("police_liaison", "gmp") as liaison:
        before = (await liaison.get(f"/pathways/{pathway}")).text
        assert f"/pathways/{pathway}/share" in before
        assert "for police to share the notice" in before
        shared = await liaison.form(f"/pathways/{pathway}/share")
        assert shared.headers["location"] == f"/pathways/{pathway}?done=shared"
    assert {"notice_shared", "notice_received"} <= set(await kinds_of(world, pathway))
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        await coordinator.form(
            f"/pathways/{pathway}/record/information_requested", when="now", outcome="health", question="Bruises?"
        )
    async with await world.signed_in("police_liaison", "gmp") as liaison:
        after = (await liaison.get(f"/pathways/{pathway}")).text
    assert "Shared, waiting for a decision" in after
    assert "Bruises" not in after
    assert "Information requested" not in after


async def test_a_form_that_is_refused_keeps_what_was_typed_and_lists_every_error(world: World, log: Log) -> None:
    (pathway,) = await log("06DP/3/26", "Ewan")
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        answer = await coordinator.form(
            f"/pathways/{pathway}/record/information_requested", when="tomorrow 2310", question="What is known?"
        )
    assert answer.status_code == 422
    assert "has not happened yet" in answer.text
    assert 'href="#outcome"' in answer.text
    assert "What is known?" in answer.text
    assert "<title>Error: " in answer.text


async def test_siblings_that_are_ticked_get_the_same_and_a_meeting_is_one_record(world: World, log: Log) -> None:
    ewan, yusuf, third = await log("06DP/4/26", "Ewan", "Yusuf", "Ada")
    async with await world.signed_in("team_manager", "359") as manager:
        opened = await manager.get(f"/pathways/{ewan}/record/strategy_requested")
        assert opened.status_code in {200, 404}
    async with await world.signed_in("mash_manager", "359") as manager:
        await manager.form(f"/pathways/{ewan}/record/strategy_requested", when="now", immediate="no", children=yusuf)
    assert "strategy_requested" in await kinds_of(world, yusuf)
    assert "strategy_requested" not in await kinds_of(world, third)


async def test_a_role_records_only_what_is_its_own(world: World, log: Log) -> None:
    (pathway,) = await log("06DP/5/26", "Ewan")
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        choose = (await coordinator.get(f"/pathways/{pathway}/record")).text
        assert "Referrer told" in choose
        assert "Closed" not in choose
        assert (await coordinator.get(f"/pathways/{pathway}/record/closed")).status_code == 403
        refused = await coordinator.form(f"/pathways/{pathway}/record/closed", when="now", reason="x")
        assert refused.status_code == 403
        assert (await coordinator.get(f"/pathways/{pathway}/record/nonsense")).status_code == 404
    async with await world.signed_in("mash_coordinator", "350") as stranger:
        assert (await stranger.get(f"/pathways/{pathway}")).status_code == 404


async def test_allocating_names_a_practitioner_of_the_area_who_then_sees_the_child(world: World, log: Log) -> None:
    (pathway,) = await log("06DP/6/26", "Ewan")
    worker = str(world.partnership.people["social_worker.359"])
    async with await world.signed_in("mash_manager", "359") as manager:
        form = (await manager.get(f"/pathways/{pathway}/record/allocated")).text
        assert worker in form
        strange = await manager.form(f"/pathways/{pathway}/record/allocated", when="now", worker="somebody")
        assert strange.status_code == 422
        done = await manager.form(f"/pathways/{pathway}/record/allocated", when="now", worker=worker)
        assert done.status_code == 303
    async with await world.signed_in("social_worker", "359") as social_worker:
        assert (await social_worker.get(f"/pathways/{pathway}")).status_code == 200


def test_every_milestone_is_on_the_list_once_and_its_form_asks_for_every_reason() -> None:
    listed = [kind for _, kinds in GROUPS for kind in kinds]
    assert sorted(listed) == sorted(MILESTONES)
    for kind in MILESTONES:
        asked = {field.key: field for field in fields(kind)}
        for key, _ in REASONED.get(kind, ()):
            assert kind in {"contact_decided", "sent_to_right_area"} or asked[key].required, (kind, key)
        if kind in OUTCOMES:
            assert set(asked[OUTCOME].options) == set(OUTCOMES[kind])


@pytest.mark.parametrize("kind", ["contact_decided", "sent_to_right_area", "transfer_accepted"])
async def test_what_does_more_than_one_milestone_has_its_own_page(world: World, log: Log, kind: str) -> None:
    (pathway,) = await log(f"06DP/{len(kind)}9/26", "Ewan")
    async with await world.signed_in("mash_manager", "359") as manager:
        assert (await manager.get(f"/pathways/{pathway}/record/{kind}")).status_code == 303
        assert (await manager.form(f"/pathways/{pathway}/record/{kind}", when="now")).status_code == 404
