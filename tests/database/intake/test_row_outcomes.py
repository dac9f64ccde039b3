"""What becomes of every row of nasty files, against an oracle that shares no code with the application."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from service.actor import SYSTEM
from service.intake.files import running, service, settling
from service.intake.files.settling import Settlement
from tests.database.intake.nasty import Made, Nasty, workbook
from tests.database.intake.oracle import Books
from tests.fixtures.databases import DatabaseUrls
from tests.fixtures.world import World
from tests.fixtures.world import world as make_world
from tests.unit.intake.files.police_files import cells, csv_file

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
#: Fields as reasons name them and as the oracle does.
FIELDS = {
    "incident_date": "incident",
    "incident_time": "incident",
    "family_name": "family",
    "given_names": "given",
    "date_of_birth": "born",
    "seen_at_scene": "seen",
    None: "row",
}
Judged = tuple[str, bool, frozenset[str]]


@pytest.fixture
async def world(database_urls: DatabaseUrls) -> AsyncIterator[World]:
    async with make_world(database_urls, start=NOW) as made:
        async with made.database.transaction(SYSTEM) as tx:
            await tx.connection.execute(
                "insert into feed (name, profile, force, coverage) values ('gmp', 'gmp', 'gmp', 'all_notices')"
            )
        yield made


async def imported(world: World, content: bytes, *, dry_run: bool = False) -> list[Any]:
    """The entries of a file's rows, in its order."""

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    identity = await service.store_file(
        world.database, SYSTEM, pieces(), feed="gmp", file_name="export.csv", dry_run=dry_run
    )
    found = await service.run_import(world.database, identity)
    assert await service.failure(world.database, identity) is None
    async with world.database.transaction(SYSTEM, readonly=True) as tx:
        rows = await tx.connection.fetch("select * from import_row where import = $1 order by number", identity)
    assert found.read == len(rows) == found.accepted + found.repeated + found.held + found.refused
    assert found.updated == sum(row["updated"] for row in rows)
    return list(rows)


def judged(row: Any) -> Judged:
    why = row["reasons"] if row["outcome"] == "refused" else ()
    return row["outcome"], row["updated"], frozenset(FIELDS.get(each["field"], each["field"]) for each in why)


def foretold(books: Books, rows: list[Made]) -> list[Judged]:
    told = [books.take(row.cells, NOW, whole=not row.total and row.right_width) for row in rows]
    return [(each.outcome, each.updated, frozenset(FIELDS.get(field, field) for field in each.why)) for each in told]


async def compared(world: World, seed: int, files: int, rows: int) -> None:
    nasty, books = Nasty(seed), Books()
    for number in range(files):
        made = nasty.rows(rows)
        content = nasty.csv_file(made)
        if number == 1:
            # The last one as a workbook: Office refuses control characters, and has no wrong number of cells.
            made = [row for row in made if row.right_width and "".join(row.cells.values()).isprintable()]
            content = workbook(made)
        tried = [judged(row) for row in await imported(world, content, dry_run=True)] if number else None
        found = [judged(row) for row in await imported(world, content)]
        expected = foretold(books, made)
        assert len(found) == len(expected)
        for place, (ours, theirs) in enumerate(zip(found, expected, strict=True)):
            assert ours == theirs, (seed, number, place, made[place].cells)
        assert tried is None or tried == found


async def test_every_row_comes_out_as_the_contract_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 9)
    await compared(world, seed=1, files=2, rows=80)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(2, 42))
async def test_every_row_comes_out_as_the_contract_says_for_long(
    world: World, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(running, "BATCH", (2_000, 7, 1, 40)[seed % 4])
    await compared(world, seed=seed, files=4, rows=150)


async def outcomes(world: World, *rows: list[str]) -> list[str]:
    return [row["outcome"] for row in await imported(world, csv_file(rows))]


async def settled(world: World, row: Any, **decision: Any) -> UUID | None:
    async with world.database.transaction(SYSTEM) as tx:
        return (await settling.settle(tx, row["id"], Settlement(**decision))).pathway


async def open_rows(world: World) -> int:
    async with world.database.transaction(SYSTEM, readonly=True) as tx:
        found: int = await tx.connection.fetchval(
            "select count(*) from import_row where outcome in ('held', 'refused') and settled_at is null"
        )
        return found


async def test_what_a_person_decided_about_a_row_is_not_asked_again_every_night(world: World) -> None:
    out_of_order = cells(Occurrence_No="06DA/1/26", **{"Incident Time": "12:00"})
    contradicts = cells(Occurrence_No="06DA/2/26", **{"Referred to CSC": "24/06/2026 15:00"})
    training = cells(Occurrence_No="06DA/3/26", LA="Atlantis")
    mended = cells(Occurrence_No="06DA/4/26", LA="Wigam")
    tonight = csv_file([out_of_order, cells(Occurrence_No="06DA/2/26"), contradicts, training, mended])
    first = await imported(world, tonight)
    assert [row["outcome"] for row in first] == ["held", "accepted", "held", "refused", "refused"]
    await settled(world, first[0], action="take", out_of_order=True)
    await settled(world, first[2], action="take", contradictions="keep")
    await settled(world, first[3], action="discard", reason="A training record")
    await settled(world, first[4], action="mend", cells={"LA": "Wigan"})
    world.timepiece.advance(timedelta(hours=24))
    again = await imported(world, tonight)
    assert [row["outcome"] for row in again] == ["repeated", "repeated", "repeated", "refused", "refused"]
    assert again[4]["settled_as"] == "on_the_books"
    assert (again[3]["settled_as"], again[3]["settled_note"]) == ("discarded", "A training record")
    assert await open_rows(world) == 0
    async with world.database.transaction(SYSTEM, readonly=True) as tx:
        assert not await tx.connection.fetchval(
            "select count(*) from condition where rule = 'not_on_the_books' and true_until is null"
        )
    # Another wrong area is another row: nobody has decided about that.
    other = await imported(world, csv_file([cells(Occurrence_No="06DA/3/26", LA="Gotham")]))
    assert (other[0]["outcome"], other[0]["settled_at"]) == ("refused", None)


async def test_a_contradiction_waits_for_a_person_whatever_else_the_file_says(world: World) -> None:
    ordinary, other = cells(), cells(**{"Risk (Officer)": "High"})
    assert await outcomes(world, ordinary, other, ordinary) == ["accepted", "held", "repeated"]
    assert await open_rows(world) == 1


@pytest.mark.parametrize("batch", [1, 2, 2_000])
async def test_an_incident_named_first_without_and_then_with_a_child(
    world: World, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(running, "BATCH", batch)
    nobody = cells(**{"Child Surname": "", "Child Forename(s)": "", "DOB": ""})
    assert await outcomes(world, nobody, cells(), nobody) == ["accepted", "accepted", "repeated"]


async def test_line_breaks_in_a_column_that_nobody_reads_refuse_nothing(world: World) -> None:
    notes = csv_file([]).decode().rstrip("\r\n") + ",Officer's notes\r\n"
    row = csv_file([cells()]).decode().splitlines()[1]
    (entry,) = await imported(world, f'{notes}{row},"two\nlines\tand a tab"\r\n'.encode())
    assert entry["outcome"] == "accepted"


async def test_endless_text_keeps_no_other_row_from_being_read(world: World) -> None:
    chance = random.Random(4)
    endless = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=30_000))
    found = await outcomes(
        world,
        cells(Occurrence_No=endless),
        cells(Occurrence_No="06DA/5/26", Child_Surname=endless),
        cells(Occurrence_No="06DA/6/26", Summary=endless),
        cells(Occurrence_No=endless, LA="Atlantis"),
        cells(Occurrence_No="06DA/7/26"),
    )
    assert found == ["refused", "refused", "accepted", "refused", "accepted"]


@pytest.mark.parametrize("batch", [1, 2_000])
async def test_what_is_learnt_of_a_child_in_another_incident_is_known_in_the_first(
    world: World, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(running, "BATCH", batch)
    first, second = cells(Occurrence_No="06DA/1/26", Sex=""), cells(Occurrence_No="06DA/2/26")
    told = cells(Occurrence_No="06DA/1/26")
    assert await outcomes(world, first, second, second, told) == ["accepted", "accepted", "repeated", "repeated"]
    async with world.database.transaction(SYSTEM) as tx, tx.recording():
        assert [row["sex"] for row in await tx.connection.fetch("select sex from child")] == ["M"]


@pytest.mark.parametrize("batch", [1, 2_000])
async def test_who_differs_from_the_child_of_another_incident_has_a_record_of_their_own(
    world: World, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(running, "BATCH", batch)
    one, other = cells(Occurrence_No="06DA/1/26"), cells(Occurrence_No="06DA/2/26", Sex="Female")
    assert await outcomes(world, one, other, one, other) == ["accepted", "accepted", "repeated", "repeated"]
    async with world.database.transaction(SYSTEM) as tx, tx.recording():
        assert await tx.connection.fetchval("select count(*) from child") == 2
