"""What every answer of the application has in common."""

from __future__ import annotations

import logging

import httpx
import pytest
from litestar import get

from service.access import permissions
from service.app import create_app
from service.settings import Settings
from tests.fixtures.people import World


async def test_it_is_alive_and_ready_and_tells_its_figures(world: World) -> None:
    async with world.nobody() as client:
        assert (await client.get("/health/live")).json() == {"status": "alive"}
        ready = await client.get("/health/ready")
        assert ready.status_code == 200
        assert ready.json() == {"ready": True, "database": "ok", "migrations": "current", "redis": "not used"}
        before = await _asked_for_life(client)
        await client.get("/health/live")
        assert await _asked_for_life(client) == before + 1


async def _asked_for_life(client: httpx.AsyncClient) -> float:
    """How often the application says that it was asked whether it is alive."""
    counter = 'tracker_http_requests_total{method="GET",route="/health/live",status="200"} '
    lines = (await client.get("/metrics")).text.splitlines()
    return next(float(line.removeprefix(counter)) for line in lines if line.startswith(counter))


@pytest.mark.parametrize("path", ["/sign-in", "/api/nothing", "/nothing", "/health/live"])
async def test_every_answer_has_the_security_headers(world: World, path: str) -> None:
    async with world.nobody() as client:
        answer = await client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.headers["x-request-id"]) >= 8


async def test_pages_have_nothing_inline_that_the_policy_would_stop(world: World) -> None:
    async with world.nobody() as client:
        for path in ("/sign-in", "/api", "/nothing"):
            text = (await client.get(path)).text
            assert " style=" not in text
            assert "<style" not in text
            assert text.count("<script") == text.count("<script src=")
            assert "onclick" not in text


async def test_a_stream_for_nobody_is_refused_and_never_answered_with_a_page(world: World) -> None:
    async with world.nobody() as client:
        answer = await client.get("/live?names=inbox", headers={"accept": "text/event-stream"})
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_machines_get_problems_and_people_get_pages(world: World) -> None:
    async with world.nobody() as client:
        machine = await client.get("/api/v1/nothing")
        assert machine.status_code == 404
        assert machine.headers["content-type"] == "application/problem+json"
        assert machine.json()["request_id"] == machine.headers["x-request-id"]
        person = await client.get("/nothing")
        assert person.status_code == 404
        assert "Page not found" in person.text
        scripted = await client.get("/nothing", headers={"accept": "application/json"})
        assert scripted.headers["content-type"] == "application/problem+json"


async def test_nobody_is_told_to_sign_in(world: World) -> None:
    async with world.nobody() as client:
        assert (await client.get("/account")).headers["location"] == "/sign-in?next=/account"
        answer = await client.get("/account", headers={"accept": "application/json"})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_token_that_is_not_good_is_refused_even_where_nobody_is_needed(world: World) -> None:
    async with world.nobody() as client:
        for token in ("Bearer nonsense", "Basic abc", "Bearer", "Bearer \xe9"):
            answer = await client.get("/", headers=[(b"authorization", token.encode("latin-1"))])
            assert answer.status_code in {303, 401}
            assert answer.headers.get("location", "/sign-in?next=/") == "/sign-in?next=/"


async def test_assets_may_be_kept_for_ever(world: World) -> None:
    async with world.nobody() as client:
        page = (await client.get("/sign-in")).text
        address = page.split('rel="stylesheet" href="')[1].split('"')[0]
        answer = await client.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


async def test_the_log_has_no_address_query_or_identifier(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "tracker.access"):
        async with world.nobody("198.51.100.77") as client:
            await client.get("/sign-in?next=/secret&name=Kayleigh")
    lines = [record.getMessage() for record in caplog.records if record.name == "tracker.access"]
    assert len(lines) == 1
    assert lines[0].startswith("GET /sign-in 200 ")
    assert "Kayleigh" not in lines[0]
    assert "198.51" not in lines[0]


async def test_a_body_that_is_too_large_is_refused(world: World) -> None:
    async with world.nobody() as client:
        answer = await client.post("/sign-in", data={"name": "x" * (world.settings.body_limit + 1)})
    assert answer.status_code == 413


async def test_the_api_describes_itself_to_machines_and_people(world: World) -> None:
    async with world.nobody() as client:
        document = (await client.get("/api/openapi.json")).json()
        assert document["openapi"].startswith("3.1")
        assert document["components"]["schemas"]["Problem"]["properties"]["errors"]
        page = await client.get("/api")
        assert "Programming interface" in page.text


def test_an_application_with_a_route_that_says_nothing_about_access_does_not_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    @get("/forgotten", sync_to_thread=False)
    def forgotten() -> str:
        return ""

    monkeypatch.setattr("service.app.subject_handlers", lambda: [forgotten])
    with pytest.raises(permissions.Undeclared, match="/forgotten"):
        create_app(settings)
