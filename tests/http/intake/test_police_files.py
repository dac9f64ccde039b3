"""Police files over HTTP: sent, followed, settled row by row; nobody sees another area's children."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from service.actor import SYSTEM
from service.intake.files.service import run_import
from service.pathways import rulebook
from service.timepiece import SetTimepiece
from tests.fixtures.people import Browser, World
from tests.unit.intake.files.police_files import cells, csv_file

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.fixture
def timepiece() -> SetTimepiece:
    return SetTimepiece(NOW)


@pytest.fixture(autouse=True)
async def feed(world: World) -> None:
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)
        await tx.connection.execute(
            "insert into feed (name, profile, force, coverage) values ('gmp', 'gmp', 'gmp', 'all_notices')"
            " on conflict do nothing"
        )


async def send(browser: Browser, content: bytes, **fields: str) -> httpx.Response:
    return await browser.client.post(
        "/api/v1/imports",
        files={"file": ("export.csv", content, "text/csv")},
        data={"feed": "gmp", **fields},
        headers={"x-csrf-token": browser.csrf, "accept": "application/json"},
    )


async def taken(world: World, browser: Browser, rows: list[list[str]]) -> str:
    """Send a file and let it be read, as a worker would; its id."""
    answer = await send(browser, csv_file(rows))
    assert answer.status_code == 202, answer.text
    identity: str = answer.json()["id"]
    assert answer.headers["location"] == f"/api/v1/imports/{identity}"
    await run_import(world.app.state.database, UUID(identity))
    return identity


async def got(browser: Browser, path: str) -> Any:
    answer = await browser.get(path, accept="application/json")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def open_row(browser: Browser, identity: str, outcome: str = "held") -> Any:
    (row,) = (await got(browser, f"/api/v1/imports/{identity}/rows?outcome={outcome}"))["rows"]
    return row


async def settle(browser: Browser, row: Any, **body: Any) -> httpx.Response:
    path = f"/api/v1/imports/rows/{row['id']}/settle"
    return await browser.json("POST", path, body, accept="application/json")


async def test_a_file_is_acknowledged_when_it_is_stored_and_then_followed(world: World) -> None:
    async with await world.signed_in("police_liaison", "gmp") as liaison:
        answer = await send(liaison, csv_file([cells(Occurrence_No="06DA/1/26"), cells(LA="Atlantis")]))
        identity = answer.json()["id"]
        before = await got(liaison, f"/api/v1/imports/{identity}")
        assert (before["state"], before["read"], before["file_name"]) == ("waiting", 0, "export.csv")
        await run_import(world.app.state.database, UUID(identity))
        after = await got(liaison, f"/api/v1/imports/{identity}")
        assert (after["state"], after["read"], after["accepted"], after["refused"]) == ("done", 2, 1, 1)
        assert identity in {each["id"] for each in (await got(liaison, "/api/v1/imports"))["imports"]}
        returned = await liaison.get(f"/api/v1/imports/{identity}/returned.csv")
        assert returned.text.splitlines()[1].endswith('Expected: Bolton, Rochdale, Wigan."')
        missing = await got(liaison, "/api/v1/imports/not-on-the-books")
        assert "06DA/100001/26" in {row["reference"] for row in missing["rows"]}


@pytest.mark.parametrize(
    ("role", "place", "status"),
    [
        ("police_liaison", "gmp", 202),
        ("mash_coordinator", "359", 202),
        ("police_liaison", "merseyside", 403),
        ("social_worker", "359", 403),
    ],
)
async def test_only_the_force_and_its_areas_send_its_files(world: World, role: str, place: str, status: int) -> None:
    async with await world.signed_in(role, place) as browser:
        assert (await send(browser, csv_file([cells()]))).status_code == status


async def test_what_is_wrong_with_a_form_is_told_field_by_field(world: World) -> None:
    async with await world.signed_in("police_liaison", "gmp") as liaison:
        empty = await liaison.json("POST", "/api/v1/imports", {}, accept="application/json")
        assert empty.status_code == 422
        assert {wrong["field"] for wrong in empty.json()["errors"]} == {"file", "feed"}
        other = await send(liaison, csv_file([cells()]), feed="nobody", dry_run="perhaps")
        assert {wrong["field"] for wrong in other.json()["errors"]} == {"dry_run"}
        nothing = await send(liaison, b"")
        assert nothing.status_code == 422


async def test_areas_see_their_own_rows_and_nobody_elses(world: World) -> None:
    bolton, wigan = cells(Occurrence_No="06DA/7/26", LA="Bolton", Sex="X"), cells(Occurrence_No="06DA/8/26")
    late = {"Incident Time": "12:00"}
    async with await world.signed_in("police_liaison", "gmp") as liaison:
        identity = await taken(world, liaison, [bolton, wigan, cells(Occurrence_No="06DA/9/26", LA="Bolton", **late)])
        held = await open_row(liaison, identity)
    async with await world.signed_in("mash_coordinator", "359") as other:
        seen = await got(other, f"/api/v1/imports/{identity}/rows")
        assert [row["reference"] for row in seen["rows"]] == ["06DA/8/26"]
        assert (await settle(other, held, action="take", out_of_order=True)).status_code == 404
        returned = await other.get(f"/api/v1/imports/{identity}/returned.csv")
        assert returned.text.count("\n") == 1
    async with await world.signed_in("police_liaison", "merseyside") as stranger:
        for path in ("", "/rows", "/returned.csv"):
            answer = await stranger.get(f"/api/v1/imports/{identity}{path}", accept="application/json")
            assert answer.status_code == 404, path


async def counted(world: World, role: str, place: str, table: str) -> int:
    """How many rows of a table the database itself shows to a person."""
    database = world.app.state.database
    async with database.pool.acquire() as connection, connection.transaction():
        person = world.partnership.people[f"{role}.{place}"]
        await connection.execute(
            "select set_config('app.actor_kind', 'person', true), set_config('app.actor_id', $1, true)", str(person)
        )
        found: int = await connection.fetchval(f"select count(*) from {table}")
        return found


async def test_the_database_itself_keeps_whole_files_from_areas(world: World) -> None:
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        await taken(world, coordinator, [cells(Occurrence_No="06DA/20/26", LA="Bolton")])
    assert await counted(world, "mash_coordinator", "359", "import_chunk") == 0
    assert await counted(world, "mash_manager", "350", "import_chunk") == 0
    assert await counted(world, "police_liaison", "gmp", "import_chunk") > 0
    for table in ("import", "import_chunk", "import_row"):
        assert await counted(world, "police_liaison", "merseyside", table) == 0
        assert await counted(world, "administrator", "359", table) == 0
    person = world.partnership.people["mash_coordinator.359"]
    forged = (
        "insert into import_row (id, import, number, outcome, cells) select gen_random_uuid(), id, 99, 'accepted', ''"
        " from import limit 1",
        "update import set state = 'done'",
        "update import_row set outcome = 'accepted'",
        "delete from import_row",
        "insert into import_chunk (import, seq, bytes) select id, 99, '' from import limit 1",
    )
    for statement in forged:
        async with world.app.state.database.pool.acquire() as connection:
            transaction = connection.transaction()
            await transaction.start()
            await connection.execute(
                "select set_config('app.actor_kind', 'person', true), set_config('app.actor_id', $1, true)", str(person)
            )
            try:
                done = await connection.execute(statement)
                assert done == "UPDATE 0", statement
            except asyncpg.InsufficientPrivilegeError:
                pass
            finally:
                await transaction.rollback()


async def test_an_hour_that_happened_twice_is_decided_by_a_person(world: World) -> None:
    twice = {"Incident Date": "25/10/2026", "Incident Time": "01:30", "Date/Time Attended": "", "DAB Submitted": ""}
    row = cells(Occurrence_No="06DA/30/26", **twice, **{"Referred to CSC": "25/10/2026 13:46"})
    async with await world.signed_in("police_liaison", "gmp") as liaison:
        held = await open_row(liaison, await taken(world, liaison, [row]))
        asked = await settle(liaison, held, action="take")
        assert (asked.status_code, asked.json()["errors"][0]["field"]) == (422, "reading")
        done = await settle(liaison, held, action="take", reading="second")
        assert (done.status_code, done.json()["settled_as"]) == (200, "accepted")
        assert (await settle(liaison, held, action="take", reading="first")).status_code == 409
        async with world.app.state.database.transaction(SYSTEM) as tx:
            at = await tx.connection.fetchval(
                "select occurred_at from milestone where pathway = $1 and kind = 'incident_occurred'",
                UUID(done.json()["pathway"]),
            )
        assert at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


async def test_times_out_of_order_are_taken_when_a_person_says_so(world: World) -> None:
    row = cells(Occurrence_No="06DA/40/26", **{"Incident Time": "12:46"})
    async with await world.signed_in("mash_coordinator", "359") as coordinator:
        held = await open_row(coordinator, await taken(world, coordinator, [row]))
        assert (await settle(coordinator, held, action="take")).status_code == 422
        done = await settle(coordinator, held, action="take", out_of_order=True)
        assert done.status_code == 200, done.text
    async with world.app.state.database.transaction(SYSTEM) as tx:
        rules = await tx.connection.fetch(
            "select rule from condition where about = $1 or true_until is null", UUID(done.json()["pathway"])
        )
    assert "out_of_order" in {each[0] for each in rules}


async def test_a_contradiction_is_accepted_or_kept(world: World) -> None:
    reference = "06DA/50/26"
    async with await world.signed_in("mash_manager", "359") as manager:
        await taken(world, manager, [cells(Occurrence_No=reference, Sex="")])
        later = {"Referred to CSC": "24/06/2026 13:50", "District": "Atherton"}
        held = await open_row(manager, await taken(world, manager, [cells(Occurrence_No=reference, **later)]))
        asked = await settle(manager, held, action="take")
        assert asked.status_code == 409
        done = await settle(manager, held, action="take", contradictions="accept")
        assert done.json()["settled_as"] == "corrected", done.text
        again = await taken(world, manager, [cells(Occurrence_No=reference, **later)])
        assert (await got(manager, f"/api/v1/imports/{again}"))["repeated"] == 1
        other = cells(Occurrence_No=reference, **{**later, "Risk (Officer)": "High"})
        held = await open_row(manager, await taken(world, manager, [other]))
        kept = await settle(manager, held, action="take", contradictions="keep")
        assert kept.json()["settled_as"] == "kept", kept.text


async def test_late_into_in_time_waits_for_a_second_person(world: World) -> None:
    reference = "06DA/60/26"
    async with await world.signed_in("mash_manager", "359") as manager:
        await taken(world, manager, [cells(Occurrence_No=reference)])
        early = {"Referred to CSC": "23/06/2026 14:00"}
        held = await open_row(manager, await taken(world, manager, [cells(Occurrence_No=reference, **early)]))
        done = await settle(manager, held, action="take", contradictions="accept")
        assert done.json()["settled_as"] == "proposed", done.text
        assert len(done.json()["proposals"]) == 1


async def test_a_refused_row_is_mended_or_discarded_with_a_reason(world: World) -> None:
    async with await world.signed_in("police_liaison", "gmp") as liaison:
        rows = [cells(Occurrence_No="06DA/70/26", LA="Atlantis"), cells(Occurrence_No="06DA/71/26", LA="Atlantis")]
        identity = await taken(world, liaison, rows)
        first, second = (await got(liaison, f"/api/v1/imports/{identity}/rows?outcome=refused"))["rows"]
        still = await settle(liaison, first, action="mend", cells={"LA": "Gotham"})
        assert (still.status_code, still.json()["errors"][0]["field"]) == (422, "cells.LA")
        done = await settle(liaison, first, action="mend", cells={"LA": "Wigan"})
        assert done.json()["settled_as"] == "accepted", done.text
        assert (await settle(liaison, second, action="discard")).status_code == 422
        assert (await settle(liaison, second, action="discard", reason="A training record")).status_code == 200
        missing = await got(liaison, "/api/v1/imports/not-on-the-books")
        assert not {"06DA/70/26", "06DA/71/26"} & {row["reference"] for row in missing["rows"]}


async def page(browser: Browser, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_the_pages_do_the_same_work(world: World) -> None:
    twice = {"Incident Date": "25/10/2026", "Incident Time": "01:30", "Date/Time Attended": "", "DAB Submitted": ""}
    row = cells(Occurrence_No="06DA/80/26", **twice, **{"Referred to CSC": "25/10/2026 13:46"})
    rows = csv_file([row, cells(Occurrence_No="06DA/81/26", LA="Atlantis")])
    async with await world.signed_in("police_liaison", "gmp") as liaison:
        assert "Send a file" in await page(liaison, "/imports")
        sent = await liaison.client.post(
            "/imports",
            files={"file": ("<b>.csv", rows, "text/csv")},
            data={"feed": "gmp", "csrf_token": liaison.csrf},
        )
        assert sent.status_code == 303, sent.text
        address = sent.headers["location"]
        assert "Being read" in await page(liaison, address)
        await run_import(world.app.state.database, UUID(address.rpartition("/")[2]))
        told = await page(liaison, address)
        assert "2 rows for somebody to look at" in told
        assert "&lt;b&gt;.csv" in told
        identity = address.rpartition("/")[2]
        for outcome in ("held", "refused"):
            each = await open_row(liaison, identity, outcome)
            await _settle_on_the_page(liaison, f"/imports/rows/{each['id']}", each["outcome"])
        assert "Nothing is left to do" in await page(liaison, address)
        await page(liaison, "/imports/not-on-the-books")


async def _settle_on_the_page(liaison: Browser, path: str, outcome: str) -> None:
    text = await page(liaison, path)
    if outcome == "held":
        assert "25/10/2026 00:30 UTC" in text
        assert "25/10/2026 01:30 UTC" in text
        again = await liaison.form(path, action="take")
        assert again.status_code == 422
        done = await liaison.form(path, action="take", reading="first")
    else:
        again = await liaison.form(path, action="mend", cell_7="Gotham")
        assert "Gotham is not an area" in again.text
        assert 'value="Gotham"' in again.text
        done = await liaison.form(path, action="mend", cell_7="Wigan")
    assert done.status_code == 303, done.text


async def test_a_form_without_a_file_is_shown_again(world: World) -> None:
    async with await world.signed_in("police_liaison", "gmp") as liaison:
        answer = await liaison.form("/imports", feed="gmp")
        assert answer.status_code == 422
        assert "Choose a file that holds something" in answer.text
