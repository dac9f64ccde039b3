"""Whoever is shown a child leaves exactly one row, written before the answer leaves (invariant 9).

Generated from the routes: a page or list that is added tomorrow is in it by itself.
"""

from __future__ import annotations

import re
from typing import Any, cast
from uuid import UUID

import asyncpg
import httpx
import pytest

from service.access import sessions
from service.access.permissions import Route
from tests.fixtures.people import World
from tests.http.access.test_access_matrix import ROUTES
from tests.http.invariants.conftest import SURNAME, Family

VIEWS = [
    route
    for route in ROUTES
    if route.method == "GET" and not route.allow.everyone and not route.path.startswith("/static")
]
#: Lists that are asked for by a body: names do not belong in addresses.
ASKED: dict[str, Any] = {
    "/api/v1/search": {"text": SURNAME},
    "/api/v1/children/matches": {
        "area": "359",
        "children": [{"family_name": SURNAME, "given_names": "Zebedee", "date_of_birth": "2014-02-03"}],
    },
}


class Seen:
    """An answer, and the audit as another connection sees it at the moment the answer begins to leave."""

    def __init__(self, owner_url: str) -> None:
        self.owner_url = owner_url
        self.rows: list[asyncpg.Record] = []

    async def look(self) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.owner_url)
        try:
            return await connection.fetch(
                "select id, actor, purpose, pathways from audit where action not like '%signed%' order by at, id"
            )
        finally:
            await connection.close()

    async def ask(self, world: World, who: str, method: str, path: str, body: Any = None) -> tuple[httpx.Response, Any]:
        """The answer, and the rows that were committed before its first byte."""
        before = {row["id"] for row in await self.look()}
        app = cast(Any, world.app)

        async def watched(scope: Any, receive: Any, send: Any) -> None:
            async def sent(message: Any) -> None:
                if message["type"] == "http.response.start":
                    self.rows = await self.look()
                await send(message)

            await app(scope, receive, sent)

        role, _, place = who.partition(".")
        async with await world.signed_in(role, place) as browser:
            cookies = dict(browser.client.cookies)
            token = cookies[world.settings.cookie_name]
            transport = httpx.ASGITransport(app=watched)
            async with httpx.AsyncClient(
                transport=transport, base_url=world.settings.origin, cookies=cookies
            ) as client:
                headers = {"x-csrf-token": sessions.csrf_token(token)}
                answer = await client.request(method, path, json=body, headers=headers)
        return answer, [row for row in self.rows if row["id"] not in before]


def filled(route: Route, family: Family) -> list[str]:
    """The route's address, once for each of the children where it is about one."""

    def of(pathway: str) -> str:
        ids = family.ids | {"pathway": pathway}
        return re.sub(r"\{([a-z_]+)[^}]*\}", lambda part: ids.get(part[1], pathway), route.path)

    return list(dict.fromkeys(of(pathway) for pathway in (family.received, family.unshared)))


@pytest.mark.parametrize("route", VIEWS, ids=[route.path for route in VIEWS])
async def test_a_view_of_children_is_one_row_before_the_answer(
    world: World, family: Family, settings: Any, module_database_urls: Any, route: Route
) -> None:
    seen = Seen(module_database_urls.owner_url)
    for role in route.allow.roles:
        who = f"{role}.{'gmp' if role == 'police_liaison' else '359'}"
        for address in filled(route, family):
            answer, rows = await seen.ask(world, who, "GET", address)
            assert answer.status_code < 500
            if SURNAME not in answer.text:
                assert len(rows) <= 1, f"{who} at {route.path} left {len(rows)} rows"
                continue
            assert len(rows) == 1, f"{who} was shown a child at {route.path} and left {len(rows)} rows"
            assert rows[0]["actor"] == world.partnership.people[who]
            assert rows[0]["purpose"].strip()
            known = {UUID(family.received), UUID(family.unshared)}
            pathways = set(rows[0]["pathways"])
            assert pathways & known, f"{route.path} does not say which child was shown to {who}"
            assert len(rows[0]["pathways"]) == len(pathways)
            if "{pathway" in route.path:
                shown = {each for each in known if str(each) in address}
                assert shown <= pathways


@pytest.mark.parametrize("path", ASKED)
async def test_a_search_that_finds_children_is_one_row_too(
    world: World, family: Family, module_database_urls: Any, path: str
) -> None:
    seen = Seen(module_database_urls.owner_url)
    for who in ("mash_coordinator.359", "police_liaison.gmp"):
        answer, rows = await seen.ask(world, who, "POST", path, ASKED[path])
        assert answer.status_code == 200
        if SURNAME in answer.text:
            assert len(rows) == 1, f"{who} was shown a child by {path} and left {len(rows)} rows"
