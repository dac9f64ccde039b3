"""The board: what a member finds on it, in every form, and what they are not shown."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import World
from tests.http.conftest import NOON


@pytest.fixture(autouse=True)
async def books(world: World) -> None:
    """Half a year of incidents, later ones left longer by the police."""
    async with world.app.state.database.transaction(SYSTEM, now=NOON - timedelta(days=300)) as tx:
        await rulebook.ship(tx)
        if await tx.connection.fetchval("select count(*) from pathway"):
            return
    async with world.machine("gmp") as machine:
        for number in range(60):
            attended = NOON - timedelta(days=3 * number + 1)
            shared = attended + timedelta(hours=10 + (120 if number < 12 else 0))
            body: dict[str, Any] = {
                "reference": f"06DP/{number}/26",
                "force": "gmp",
                "area": "359" if number % 2 else "350",
                "grade": ("high", "medium", "standard")[number % 3],
                "police_attended": {"at": attended.isoformat()},
                "children": [
                    {"family_name": "Quillfeather", "given_names": f"C{n}", "date_of_birth": f"201{n}-05-{number % 28 + 1:02}"}
                    for n in range(2)
                ],
            }
            if shared < NOON:
                body["notice_shared"] = {"at": shared.isoformat()}
            answer = await machine.post("/api/v1/notices", json=body)
            assert answer.status_code == 201, answer.text


async def test_a_member_lands_on_it_and_reads_how_long_where_and_who(world: World) -> None:
    async with await world.signed_in("board_member", "359") as browser:
        assert (await browser.get("/")).headers["location"] == "/board"
        page = (await browser.get("/board")).text
    for said in ("Child-days at unassessed risk", "Where the time goes", "The ledger", "Residual", "Police"):
        assert said in page
    assert "Quillfeather" not in page
    assert "06DP" not in page
    assert "as known now" in page
