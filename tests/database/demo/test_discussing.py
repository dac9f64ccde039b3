"""The discussions behind the synthetic past: of every state, and in accord with the milestones that were told."""

from __future__ import annotations

from typing import Any

from service.actor import SYSTEM
from service.database import connect
from service.demo import discussing
from service.timepiece import SetTimepiece
from tests.database.demo.conftest import UNTIL, Loaded
from tests.fixtures.databases import run


async def convened(loaded: Loaded) -> tuple[int, int, list[Any], list[Any], list[Any], list[Any]]:
    database = await connect(loaded.urls.app_url, SetTimepiece(UNTIL), size=2)
    try:
        made, again = await discussing.convene(database, UNTIL), await discussing.convene(database, UNTIL)
        async with database.transaction(SYSTEM) as tx:
            states = await tx.connection.fetch(
                "select cancelled_at is not null, held_from is not null, issued_at is not null from discussion"
            )
            apart = await tx.connection.fetch(
                "select d.id from discussion as d join discussion_fact as f on f.discussion = d.id"
                " join milestone_current as m on m.record = f.record and m.kind = 'strategy_held'"
                " where d.held_from is distinct from m.occurred_at or d.quorate <> (m.outcome = 'quorate')"
            )
            clocks = await tx.connection.fetch(
                "select d.quorate, d.issued_at, k.stopped_at from discussion as d"
                " join discussion_pathway as c on c.discussion = d.id"
                " join clock as k on k.pathway = c.pathway and k.standard = 'strategy_record'"
                " and k.started_at = d.held_from"
            )
            actions = await tx.connection.fetch(
                "select done_at is not null, accepted_at is not null, due_at < $1 from action", UNTIL
            )
    finally:
        await database.close()
    return made, again, states, apart, clocks, actions


def test_recent_discussions_have_their_invitations_records_and_actions(loaded: Loaded) -> None:
    made, again, states, apart, clocks, actions = run(convened(loaded))
    assert made > 3
    assert again == 0, "made once"
    assert {tuple(row) for row in states} >= {(False, False, False), (False, True, True)}
    assert apart == []
    assert {quorate for quorate, *_ in clocks} == {True, False}
    assert all(issued == stopped for _, issued, stopped in clocks), "the record of each stops its own clock"
    assert {True, False} == {row[0] for row in actions}
