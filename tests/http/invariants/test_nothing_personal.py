"""Names stand on pages and in answers, and nowhere else: not in logs, addresses, titles or the queue (invariant 9)."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from service import logs
from service.pathways.lists import service as lists
from tests.fixtures.people import World
from tests.http.access.test_access_matrix import ROUTES
from tests.http.invariants.conftest import GIVEN, NAMES, SURNAME, Family, notice
from tests.http.invariants.test_every_view_leaves_a_trace import VIEWS, filled

_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
#: Lines of the test's own client, not of the service.
_CLIENT = re.compile(r" (httpx|httpcore|asyncio)[. ]")
_ADDRESS = re.compile(r'(?:href|action|src|hx-[a-z]+)="([^"]*)"')


def personal(text: str) -> list[str]:
    """The names that stand in a text."""
    return [name for name in NAMES if name.lower() in text.lower()]


async def test_titles_and_addresses_of_pages_name_nobody(world: World, family: Family) -> None:
    shown = 0
    for route in VIEWS:
        if route.path.startswith("/api/"):
            continue
        for role in route.allow.roles:
            async with await world.signed_in(role, "gmp" if role == "police_liaison" else "359") as browser:
                for address in filled(route, family):
                    answer = await browser.get(address)
                    shown += SURNAME in answer.text
                    for part in (*_TITLE.findall(answer.text), *_ADDRESS.findall(answer.text)):
                        assert personal(part) == [], f"{route.path} says {part!r}"
                    for header, value in answer.headers.items():
                        assert personal(value) == [], f"{route.path} sends {header}: {value}"
    assert shown >= 3, "the pages show the child, or this test tests nothing"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What every process writes while it runs, and more than it writes: also what is for finding faults."""
    written = io.StringIO()
    handler, root = logs.handler(written), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


async def test_logs_name_nobody_even_when_something_breaks(
    world: World, family: Family, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: Any, **__: Any) -> None:
        try:
            raise ValueError(f"no such name: {GIVEN}")
        except ValueError as error:
            raise RuntimeError(f"could not read {SURNAME}") from error

    async with await world.signed_in("mash_coordinator", "359") as browser:
        for route in ROUTES:
            if route.method == "GET" and "mash_coordinator" in route.allow.roles:
                for address in filled(route, family):
                    await browser.get(f"{address}?text={SURNAME}&next={SURNAME}")
        await browser.json("POST", "/api/v1/search", {"text": SURNAME})
        await browser.json("POST", "/api/v1/notices", notice("06DA/802/26", force=SURNAME))
        await browser.json("POST", f"/api/v1/{SURNAME}", {"text": SURNAME})
        monkeypatch.setattr(lists, "search", breaks)
        assert (await browser.json("POST", "/api/v1/search", {"text": SURNAME})).status_code == 500
    async with world.machine("gmp") as machine:
        await machine.post("/api/v1/notices", json=notice("06DA/803/26"), headers={"idempotency-key": SURNAME})
    lines = [line for line in log.getvalue().splitlines() if not _CLIENT.search(line)]
    assert any(" failed" in line for line in lines)
    assert "builtins.RuntimeError" in lines
    for line in lines:
        assert personal(line) == [], line
        assert "tracker.access" not in line or family.received not in line


async def test_an_answer_that_failed_names_nobody(
    world: World, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError(f"could not read {SURNAME}")

    monkeypatch.setattr(lists, "waiting", breaks)
    async with await world.signed_in("mash_coordinator", "359") as browser:
        for path in ("/waiting", "/api/v1/waiting"):
            answer = await browser.get(path)
            assert answer.status_code == 500
            assert personal(answer.text) == []
            assert answer.headers["x-request-id"] in answer.text


async def test_the_queue_carries_identifiers_alone(world: World, family: Family) -> None:
    async with world.app.state.database.pool.acquire() as connection:
        columns = await connection.fetch(
            "select column_name, data_type from information_schema.columns where table_name = 'outbox'"
        )
    free = {row["column_name"] for row in columns if row["data_type"] in ("text", "jsonb", "json")}
    assert free == {"kind", "last_error"}
