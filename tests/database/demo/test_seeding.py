"""The synthetic partnership in a database: complete, computed as from milestones, and quiet."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from service.access import passwords
from service.actor import SYSTEM
from service.database import connect
from service.demo import seed
from service.demo.generator import generate, partnership, written_cases
from service.demo.story import SEED
from service.flags.sweep import sweep
from service.pathways.rebuild import Rebuilt, rebuild
from service.timepiece import SetTimepiece
from tests.database.demo.conftest import SCALE, UNTIL, Loaded
from tests.fixtures.databases import DatabaseUrls


async def ask(loaded: Loaded, query: str, *arguments: object) -> list[Any]:
    connection = await asyncpg.connect(loaded.urls.owner_url)
    try:
        return [tuple(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


async def test_every_child_told_of_is_there_once(loaded: Loaded) -> None:
    told = [*written_cases(UNTIL), *generate(SEED, UNTIL, SCALE)]
    of_children = [one for one in told if one.child is not None]
    counts = await ask(
        loaded,
        "select (select count(*) from pathway), (select count(*) from child), (select count(*) from milestone),"
        " (select count(*) from incident), (select count(*) from incident where no_child_reason is not null)",
    )
    assert counts == [
        (
            len(of_children),
            len({one.child.reference for one in of_children if one.child}),
            sum(len(one.milestones) for one in of_children),
            len({one.incident.reference for one in told}),
            len({one.incident.reference for one in told if one.child is None}),
        )
    ]


async def test_a_rebuild_finds_nothing_to_change(loaded: Loaded) -> None:
    database = await connect(loaded.urls.app_url, SetTimepiece(UNTIL))
    try:
        found = await rebuild(database, check=True)
        async with database.transaction(SYSTEM) as tx:
            everything = await tx.connection.fetchval("select count(*) from pathway")
    finally:
        await database.close()
    assert found == Rebuilt(pathways=everything)


async def test_nothing_is_left_for_the_first_sweep(loaded: Loaded) -> None:
    database = await connect(loaded.urls.app_url, SetTimepiece(UNTIL))
    try:
        swept = await sweep(database)
    finally:
        await database.close()
    assert (swept.raised, swept.escalated) == (0, 0)


async def test_flags_were_noticed_when_they_were_true_and_known(loaded: Loaded) -> None:
    (row,) = await ask(
        loaded,
        "select count(*), count(*) filter (where noticed_at < true_from or noticed_at > $1),"
        " count(*) filter (where noticed_at < written_at) from flag",
        UNTIL,
    )
    assert row[0] > 500
    assert row[1] == 0


async def test_a_correction_ended_flags_that_it_proved_wrong(loaded: Loaded) -> None:
    assert await ask(loaded, "select true from condition where flagged and cause = 'corrected' limit 1")


async def test_inboxes_are_not_flooded(loaded: Loaded) -> None:
    (row,) = await ask(
        loaded,
        "select max(n), count(*) filter (where waiting > 0) from (select person, count(*) as n,"
        " count(*) filter (where sent_at is null) as waiting from message group by person) as m",
    )
    assert 0 < row[0] < 60
    assert row[1] == 0


async def test_people_recorded_what_they_recorded(loaded: Loaded) -> None:
    kinds = dict(await ask(loaded, "select recorded_by_kind, count(*) from milestone group by 1"))
    assert kinds["person"] > 1_000
    assert kinds["system"] > 100
    assert await ask(loaded, "select true from flag_event where kind = 'answered' limit 1")
    assert await ask(loaded, "select true from flag_event where kind = 'escalated' limit 1")


async def test_a_social_worker_sees_the_children_allocated_to_them(loaded: Loaded) -> None:
    held = await ask(
        loaded,
        "select p.sign_in, r.team::text = s.allocated_team from pathway_state as s"
        " join person as p on p.id::text = s.allocated_to join person_role as r on r.person = p.id",
    )
    assert len({who for who, _ in held}) > 5
    assert all(own_team for _, own_team in held)


async def test_a_child_sent_to_another_area_moves_when_that_area_accepts(loaded: Loaded) -> None:
    rows = await ask(
        loaded,
        "select t.from_area, t.to_area, t.accepted_at is not null, p.area, s.area from transfer as t"
        " join pathway as p on p.id = t.pathway join pathway_state as s on s.pathway = p.id order by t.sent_at",
    )
    assert ("359", "350", True, "350", "350") in rows
    assert ("350", "359", False, "350", "350") in rows


async def test_everybody_signs_in_with_the_password_of_the_installation(loaded: Loaded) -> None:
    assert [one.username for one in loaded.sign_ins] == [person.key for person in partnership().people]
    (password,) = {one.password for one in loaded.sign_ins}
    (stored,) = {row[0] for row in await ask(loaded, "select password_hash from person")}
    assert await passwords.verified(stored, password)
    assert passwords.too_weak(password, "coordinator.wigan") is None


@pytest.mark.parametrize("table", ["incident", "child", "pathway", "milestone", "flag"])
async def test_an_empty_partnership_has_places_and_people_and_no_incident(
    database_urls: DatabaseUrls, table: str
) -> None:
    sign_ins = await seed(
        database_urls.owner_url, database_urls.app_url, empty=True, progress=lambda *_: None, now=UNTIL
    )
    empty = Loaded(database_urls, sign_ins)
    assert await ask(empty, f"select count(*) from {table}") == [(0,)]
    (counts,) = await ask(
        empty,
        "select (select count(*) from person), (select count(*) from area), (select count(*) from feed),"
        " (select count(*) from standard) > 20, (select count(*) from calendar)",
    )
    assert counts == (len(sign_ins), 3, 1, True, 1)
