"""Histories over HTTP: a council's machine sends its own area's, a manager takes it away."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from schema.ids import new_id
from service.access import sessions
from service.actor import SYSTEM
from service.exchange.history import COLUMNS
from service.exchange.service import run_history
from service.pathways import rulebook
from service.timepiece import SetTimepiece
from tests.fixtures.databases import DatabaseUrls
from tests.fixtures.people import World

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
TOKEN = "token-of-wigan-council-long-enough"


@pytest.fixture
def timepiece() -> SetTimepiece:
    return SetTimepiece(NOW)


@pytest.fixture(autouse=True)
async def council(world: World, module_database_urls: DatabaseUrls) -> None:
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)
    connection = await asyncpg.connect(module_database_urls.owner_url)
    await connection.execute(
        "insert into client (id, name, token_hash, scopes, area, created_at)"
        " values ($1, 'Wigan Council', $2, '{history:write,extracts:read}', '359', $3) on conflict do nothing",
        new_id(NOW),
        sessions.token_hash(TOKEN),
        NOW,
    )
    await connection.close()


def file(*rows: dict[str, str]) -> bytes:
    lines = [",".join(COLUMNS), *(",".join(row.get(column, "") for column in COLUMNS) for row in rows)]
    return "\r\n".join(lines).encode()


def child(reference: str, area: str) -> dict[str, str]:
    return {
        "police_reference": reference,
        "area_code": area,
        "child_reference": f"{area}-{reference}",
        "family_name": "Pennington",
        "police_attended_at": "2026-06-23T10:46:00Z",
    }


async def test_a_council_sends_and_takes_away_its_own_area(world: World) -> None:
    async with world.nobody() as machine:
        machine.headers["authorization"] = f"Bearer {TOKEN}"
        content = file(child("1", "359"), child("2", "350"))
        sent = await machine.post("/api/v1/history", files={"file": ("nightly.csv", content, "text/csv")})
        assert sent.status_code == 202, sent.text
        await run_history(world.app.state.database, UUID(sent.json()["id"]))
        seen = (await machine.get(sent.headers["location"])).json()
        assert seen["counts"] == {"read": 2, "created": 1, "unchanged": 0, "updated": 0, "refused": 1}
        back = await machine.get("/api/v1/history.csv")
        assert [line.split(",")[3] for line in back.text.splitlines()] == ["child_reference", "359-1"]
        nothing = await machine.post("/api/v1/history", data={"file": "no file"})
        assert nothing.status_code == 422
    async with world.app.state.database.transaction(SYSTEM) as tx:
        traces = await tx.connection.fetch("select actor_kind, pathways from audit where action = 'history_exported'")
    assert [(row[0], len(row[1])) for row in traces] == [("client", 1)]


async def test_a_manager_takes_away_the_own_area_and_a_force_nothing(world: World) -> None:
    async with await world.signed_in("mash_manager", "350") as manager:
        got = await manager.get("/api/v1/history.csv")
        assert (got.status_code, got.text.count("\n")) == (200, 1)
    async with world.machine("gmp") as feed:
        assert (await feed.get("/api/v1/history.csv")).status_code == 403
        sent = await feed.post("/api/v1/history", files={"file": ("nightly.csv", b"x", "text/csv")})
        assert sent.status_code == 403
