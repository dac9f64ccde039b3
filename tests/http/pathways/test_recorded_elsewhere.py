"""What needs two people, a listed decider or a record of its own is recorded where that is asked for alone."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.pathways.rules import OUTCOMES, REASONED, RECORDED_BY, RECORDED_ELSEWHERE
from tests.fixtures.people import World
from tests.http.pathways.conftest import Log, kinds_of


async def test_nobody_types_such_a_milestone_by_the_general_route(world: World, log: Log) -> None:
    (pathway,) = await log("06RE/1/26", "Wren")
    before = await kinds_of(world, pathway)
    for kind, (_, route) in RECORDED_ELSEWHERE.items():
        async with await world.signed_in(RECORDED_BY[kind][0], "359") as somebody:
            answer = await somebody.json(
                "POST",
                f"/api/v1/pathways/{UUID(pathway)}/milestones",
                {
                    "kind": kind,
                    "at": "2026-11-03T10:00:00Z",
                    "outcome": OUTCOMES.get(kind, (None,))[0],
                    "detail": {key: "as told" for key, _ in REASONED.get(kind, ())},
                },
            )
            form = await somebody.form(f"/pathways/{pathway}/record/{kind}", when="today 1000")
        assert answer.status_code == 422, (kind, answer.text)
        (wrong,) = answer.json()["errors"]
        assert (wrong["field"], wrong["help"]) == ("kind", f"Use {route}.")
        assert form.status_code == 404, kind
    assert await kinds_of(world, pathway) == before


@pytest.mark.parametrize("route", sorted({route for _, route in RECORDED_ELSEWHERE.values()}))
async def test_the_route_that_is_named_is_there(world: World, route: str) -> None:
    async with world.nobody() as visitor:
        paths = (await visitor.get("/api/openapi.json")).json()["paths"]
    assert route in paths
