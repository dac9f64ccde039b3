"""Files of anything: every row is accounted for, and what could not be taken is not on the books (invariant 10)."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from service.actor import SYSTEM
from service.intake.files import service as files
from service.pathways.rebuild import rebuild
from tests.fixtures.world import World

DATA = Path(__file__).parents[2] / "data"
LINES = (DATA / "police_export.csv").read_bytes().decode("utf-8-sig").splitlines()[:400]
VALUES = (
    "",
    " ",
    "25/10/2026 01:30",
    "29/03/2026 01:30",
    "31/12/2026 23:59",
    "01/01/0001 00:00",
    "99/99/9999",
    "23/06/2026",
    "high",
    "nonsense",
    "=1+1",
    "\x00",
    "\x07",
    "é" * 500,
    'a"b',
    "Total",
    "Wigan",
    "Pennington",
    "06DA/100001/26",
)


async def ready(world: World) -> None:
    async with world.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into feed (name, profile, force, coverage) values ('gmp', 'gmp', 'gmp', 'all_notices')"
            " on conflict do nothing"
        )


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


def spoiled(seed: int, rows: int, wrong: int) -> bytes:
    """Some rows of the sample with cells changed, rows cut, doubled or stretched."""
    chance = Random(seed)
    heading, *body = csv.reader(LINES)
    chosen = [list(row) for row in chance.sample(body, rows)]
    for _ in range(wrong):
        row = chance.choice(chosen)
        match chance.randrange(8):
            case 0:
                row.append("too much")
            case 1 if row:
                row.pop()
            case 2:
                chosen.append(list(row))
            case _ if row:
                row[chance.randrange(len(row))] = chance.choice(VALUES)
            case _:
                pass
    written = io.StringIO()
    csv.writer(written).writerows([heading, *chosen])
    return written.getvalue().encode()


async def attempt(world: World, seed: int, rows: int, wrong: int) -> None:
    await ready(world)
    content = spoiled(seed, rows, wrong)
    identity = await files.store_file(world.database, SYSTEM, pieces(content), feed="gmp", file_name="x.csv")
    summary = await files.run_import(world.database, identity)
    assert summary.read == summary.accepted + summary.repeated + summary.held + summary.refused
    sent = [row for row in csv.reader(io.StringIO(content.decode(), newline="")) if row][1:]
    async with world.database.transaction(SYSTEM) as tx, tx.recording():
        entries = await tx.connection.fetch("select * from import_row where import = $1 order by number", identity)
        off = {row[0] for row in await tx.connection.fetch("select about from condition where true_until is null")}
    assert summary.read == len(entries) == len(sent)
    assert len({entry["number"] for entry in entries}) == len(entries)
    for entry in entries:
        if entry["outcome"] in ("held", "refused"):
            assert entry["reasons"], f"row {entry['number']} does not say why it is {entry['outcome']}"
    stands = await on_the_books(world)
    for entry in entries:
        if entry["outcome"] == "refused" and entry["reference"] and entry["reference"] not in stands:
            assert entry["subject_key"] in off, f"row {entry['number']} is nowhere"


async def on_the_books(world: World) -> set[str]:
    async with world.database.transaction(SYSTEM) as tx, tx.recording():
        return {row[0] for row in await tx.connection.fetch("select reference from incident")}


def explore(examples: int) -> Any:
    async def whatever(world: World, seed: int, rows: int, wrong: int) -> None:
        await attempt(world, seed, rows, wrong)

    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )(given(seed=st.integers(0, 2**32), rows=st.integers(1, 40), wrong=st.integers(0, 40))(whatever))


test_every_row_of_any_file_is_accounted_for = explore(20)
test_every_row_of_any_file_is_accounted_for_for_long = pytest.mark.soak(pytest.mark.timeout(600)(explore(150)))


async def test_the_same_file_again_changes_nothing_and_the_rebuild_agrees(world: World) -> None:
    await ready(world)
    content = spoiled(7, 40, 30)
    said = []
    for _ in range(2):
        identity = await files.store_file(world.database, SYSTEM, pieces(content), feed="gmp", file_name="x.csv")
        said.append(await files.run_import(world.database, identity))
    first, second = said
    assert (second.accepted, second.held, second.updated) == (0, 0, 0)
    assert second.refused == first.refused
    assert (await rebuild(world.database, check=True)).differing == 0
