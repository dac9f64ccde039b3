"""The running application in a thread of its own, with records to hit, for tests that are not coroutines."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import httpx
import msgspec

from service.access.permissions import Allow, Route, walk_routes
from service.actor import SYSTEM
from service.app import create_app
from service.pathways import rulebook
from service.settings import Settings
from service.timepiece import SetTimepiece
from tests.fixtures.databases import DatabaseUrls
from tests.fixtures.people import Partnership, World

T = TypeVar("T")
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
NOBODYS = UUID("01890000-0000-7000-8000-000000000000")
#: Streams that do not end by themselves.
ENDLESS = {"/live"}
MACHINE = "machine"


class Target(msgspec.Struct):
    """The application, its routes, and ids of its records by the name of the parameter that leads to them."""

    world: World
    routes: list[Route]
    ids: dict[str, list[str]]
    loop: asyncio.AbstractEventLoop
    open: dict[str, tuple[httpx.AsyncClient, str]]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Finish a coroutine in the application's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def ask(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        """One request as somebody who is signed in (``mash_manager.359``), a machine, or nobody (empty)."""
        return self.run(self._ask(who, method, path, more))

    async def _ask(self, who: str, method: str, path: str, more: dict[str, Any]) -> httpx.Response:
        headers: dict[str, Any] = more.pop("headers", {})
        form: dict[str, Any] | None = more.pop("form", None)
        client, csrf = await self._client(who, ends=path.startswith(("/sign-", "/account")))
        if form is not None:
            more["data"] = {"csrf_token": csrf, **form}
        sent = {"x-csrf-token": csrf, **headers} if csrf else headers
        return await client.request(method, path, headers=sent, **more)

    async def _client(self, who: str, *, ends: bool) -> tuple[httpx.AsyncClient, str]:
        """Somebody's client and the token of their forms; a session that the request may end is not used again."""
        if ends or not who:
            self.open.pop(who, None)
        if who not in self.open:
            role, _, place = who.partition(".")
            if place:
                browser = await self.world.signed_in(role, place)
                self.open[who] = browser.client, browser.csrf
            else:
                self.open[who] = self.world.machine("gmp") if who else self.world.nobody(), ""
        found = self.open[who]
        if ends:
            del self.open[who]
        return found

    def actors(self, allow: Allow) -> list[str]:
        """One of every kind that a route opens for."""
        if allow.everyone:
            return [""]
        roles = allow.roles or ("mash_coordinator", "auditor")
        found = [f"{role}.{'gmp' if role == 'police_liaison' else '359'}" for role in roles]
        return found + ([MACHINE] if "notices:write" in allow.scopes else [])

    def route(self, method: str, path: str) -> Route:
        """A route by its method and template."""
        return next(route for route in self.routes if (route.method, route.path) == (method, path))


@contextmanager
def running(urls: DatabaseUrls) -> Iterator[Target]:
    """The application over a database, in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        stop = asyncio.Event()
        started: Future[Target] = Future()
        living = asyncio.run_coroutine_threadsafe(_live(urls, loop, started, stop), loop)
        try:
            yield started.result(60)
        finally:
            loop.call_soon_threadsafe(stop.set)
            living.result(60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


async def _live(
    urls: DatabaseUrls, loop: asyncio.AbstractEventLoop, started: Future[Target], stop: asyncio.Event
) -> None:
    try:
        async with _application(urls) as world:
            routes = [r for r in walk_routes(world.app) if r.method != "HEAD" and r.path not in ENDLESS]
            started.set_result(Target(world, routes, await _records(world), loop, {}))
            await stop.wait()
    except BaseException as error:
        if started.done():
            raise
        started.set_exception(error)


@asynccontextmanager
async def _application(urls: DatabaseUrls) -> AsyncIterator[World]:
    settings = Settings(database_url=urls.app_url, pool_size=4, attempts_per_address=10_000)
    timepiece = SetTimepiece(NOON)
    app = create_app(settings, timepiece=timepiece)
    async with app.lifespan():
        partnership = await Partnership.of(urls.owner_url)
        yield World(app=app, settings=settings, timepiece=timepiece, partnership=partnership)


def notice(number: int, children: int = 2) -> dict[str, Any]:
    """A notice that is taken."""
    return {
        "reference": f"06DA/{number}/26",
        "force": "gmp",
        "area": "359",
        "grade": ("high", "medium", "standard")[number % 3],
        "police_attended": {"at": "2026-11-03T09:12:00Z"},
        "children": [
            {"family_name": "Pennington", "given_names": f"Ewan {number} {child}", "date_of_birth": "2014-02-03"}
            for child in range(children)
        ],
    }


async def _records(world: World) -> dict[str, list[str]]:
    database = world.app.state.database
    async with database.transaction(SYSTEM) as tx:
        await rulebook.ship(tx)
        for person in ("mash_manager.359", "mash_manager.350"):
            await tx.connection.execute(
                "insert into qualified_decider (area, person, since) values ($1, $2, $3)",
                person.rpartition(".")[2],
                world.partnership.people[person],
                tx.now,
            )
    async with world.machine("gmp") as machine:
        answers = [(await machine.post("/api/v1/notices", json=notice(number))).json() for number in range(4)]
    async with await world.signed_in("mash_coordinator", "359") as browser:
        answers.append((await browser.json("POST", "/api/v1/notices", notice(4))).json())
    async with database.transaction(SYSTEM) as tx:
        rows = await tx.connection.fetch("select id from milestone order by id")
        children = await tx.connection.fetch("select id from child order by id")
    pathways = [each["pathway"] for answer in answers for each in answer["pathways"]]
    enquiries, conferences = await _under_way(world, pathways[:3])
    return {
        "pathway": pathways,
        "milestone": [str(row[0]) for row in rows],
        "child": [str(row[0]) for row in children],
        "incident": [answer["incident"] for answer in answers],
        "notice": [answer["notice"] for answer in answers],
        "enquiry": enquiries,
        "conference": conferences,
        "decided_by": [str(world.partnership.people["mash_manager.359"])],
    }


async def _under_way(world: World, pathways: list[str]) -> tuple[list[str], list[str]]:
    """Enquiries and conferences about these children."""
    async with await world.signed_in("mash_manager", "359") as manager:
        begun = {"pathways": pathways, "kind": "joint", "at": "2026-11-03T10:00:00Z"}
        enquiries = (await manager.json("POST", "/api/v1/enquiries", begun)).json()
        conferences = [
            (await manager.json("POST", "/api/v1/conferences", {"pathways": [pathway]})).json()["conference"]
            for pathway in pathways
        ]
    return [each["enquiry"] for each in enquiries], conferences
