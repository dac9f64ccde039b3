"""Every route, every role, own and other place: generated from the routes, so that a new one is in it by itself.

A route opens for exactly the roles and scopes that it declares. What a role may then see of a record in another area
or force is decided by row-level security: `probe` fills in identifiers that nobody can know, so that an opened route
answers "not found" or "refused", never with somebody's record and never with a failure of ours.
"""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from schema.vocabulary import ROLES
from service.access.permissions import Allow, Route, walk_routes
from service.app import create_app
from service.settings import Settings
from tests.fixtures.people import World

NOBODYS = UUID("01890000-0000-7000-8000-000000000000")
DENIED = {401, 403}
#: Streams that do not end by themselves.
ENDLESS = {"/live"}


def routes() -> list[Route]:
    """Every route of the application, found without starting it."""
    found = walk_routes(create_app(Settings(database_url="postgresql://nobody@127.0.0.1:1/none")))
    return [route for route in found if route.method != "HEAD" and route.path not in ENDLESS]


ROUTES = routes()
NAMES = [f"{route.method} {route.path}" for route in ROUTES]


def probe(route: Route) -> str:
    """The route's address with every parameter filled in with something that is nobody's."""
    return re.sub(r"\{[^}]+\}", str(NOBODYS), route.path)


async def asked(world: World, route: Route, role: str, place: str) -> int:
    async with await world.signed_in(role, place) as browser:
        if route.method == "GET":
            return (await browser.get(probe(route), accept="application/json")).status_code
        answer = await browser.json(route.method, probe(route), {}, accept="application/json")
        return answer.status_code


@pytest.mark.parametrize("route", ROUTES, ids=NAMES)
async def test_a_route_opens_for_exactly_the_roles_it_names(world: World, route: Route) -> None:
    for role in ROLES:
        for place in ("gmp", "merseyside") if role == "police_liaison" else ("359", "350"):
            status = await asked(world, route, role, place)
            opened = route.allow.everyone or route.allow.signed_in or role in route.allow.roles
            if opened:
                assert status not in {401, 500}, f"{role} of {place} got {status}"
                # A service may still say that this person may not do this to that record.
                assert status != 403 or "{" in route.path or route.method != "GET", f"{role} of {place} was refused"
            else:
                assert status == 403, f"{role} of {place} got {status}"


@pytest.mark.parametrize("route", [r for r in ROUTES if not r.allow.everyone], ids=str)
async def test_nobody_and_a_strange_token_are_refused(world: World, route: Route) -> None:
    async with world.nobody() as client:
        accept = {"accept": "application/json"}
        assert (await client.request(route.method, probe(route), headers=accept)).status_code == 401
        strange = {**accept, "authorization": "Bearer a-token-that-nobody-was-given"}
        assert (await client.request(route.method, probe(route), headers=strange)).status_code == 401


@pytest.mark.parametrize("route", [r for r in ROUTES if not r.allow.everyone], ids=str)
async def test_a_machines_token_is_good_for_its_scopes_only(world: World, route: Route) -> None:
    async with world.machine("gmp") as client:
        answer = await client.request(route.method, probe(route), headers={"accept": "application/json"})
    if "notices:write" in route.allow.scopes:
        assert answer.status_code not in {401, 500}
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method != "GET" and not r.allow.everyone], ids=str)
async def test_a_change_without_the_sessions_token_is_refused(world: World, route: Route) -> None:
    role = next(iter(route.allow.roles), "auditor")
    place = "gmp" if role == "police_liaison" else "359"
    async with await world.signed_in(role, place) as browser:
        answer = await browser.client.request(
            route.method, probe(route), json={}, headers={"accept": "application/json"}
        )
    assert answer.status_code == 403


def test_the_open_routes_are_few_and_known() -> None:
    assert {route.path for route in ROUTES if route.allow == Allow(everyone=True)} == {
        "/",
        "/api",
        "/api/openapi.json",
        "/brand.css",
        "/choose-password",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/sign-in",
        "/sign-in/code",
        "/static/{file_path}",
    }
