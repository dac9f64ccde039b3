"""Signing in, staying in and getting out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.access import sessions
from tests.fixtures.people import PASSWORD, World

NAME = "mash_coordinator.359"


async def test_i_sign_in_and_come_to_my_first_page(world: World) -> None:
    async with world.nobody() as browser:
        answer = await browser.post("/sign-in", data={"name": f" {NAME.upper()} ", "password": PASSWORD})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/"
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        account = await browser.get("/account")
        assert account.status_code == 200
        assert "Alex Mash Coordinator" in account.text
        assert "MASH coordinator, Wigan" in account.text


@pytest.mark.parametrize(("name", "password"), [(NAME, "wrong"), ("nobody.at.all", PASSWORD), ("", ""), ("a\x00", "b")])
async def test_a_wrong_name_or_password_says_so_without_saying_which(world: World, name: str, password: str) -> None:
    async with world.nobody("192.0.2.7") as browser:
        answer = await browser.post("/sign-in", data={"name": name, "password": password})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "set-cookie" not in answer.headers


async def test_too_many_attempts_on_one_name_are_stopped_for_a_while_and_others_are_not(world: World) -> None:
    name = "auditor.359"
    for number in range(world.settings.attempts_per_name):
        async with world.nobody(f"192.0.2.{number + 10}") as browser:
            await browser.post("/sign-in", data={"name": name, "password": "wrong"})
    async with world.nobody("192.0.2.99") as browser:
        stopped = await browser.post("/sign-in", data={"name": name, "password": PASSWORD})
        assert stopped.status_code == 429
        assert "Try again in 15 minutes" in stopped.text
        other = await browser.post("/sign-in", data={"name": "auditor.350", "password": PASSWORD})
        assert other.status_code == 303
    world.timepiece.advance(world.settings.attempt_window + timedelta(seconds=1))
    async with world.nobody("192.0.2.99") as browser:
        assert (await browser.post("/sign-in", data={"name": name, "password": PASSWORD})).status_code == 303


async def test_a_session_that_somebody_planted_is_never_taken_over(world: World) -> None:
    async with world.nobody() as browser:
        browser.cookies.set(world.settings.cookie_name, "attackerchosen")
        answer = await browser.post("/sign-in", data={"name": NAME, "password": PASSWORD})
        assert "attackerchosen" not in answer.headers["set-cookie"]
    async with world.nobody() as attacker:
        attacker.cookies.set(world.settings.cookie_name, "attackerchosen")
        assert (await attacker.get("/account")).status_code == 303


async def test_signing_in_again_ends_the_session_the_browser_came_with(world: World) -> None:
    async with world.nobody() as browser:
        first = await browser.post("/sign-in", data={"name": NAME, "password": PASSWORD})
        old = first.cookies[world.settings.cookie_name]
        second = await browser.post("/sign-in", data={"name": NAME, "password": PASSWORD})
        assert second.cookies[world.settings.cookie_name] != old
    async with world.nobody() as other:
        other.cookies.set(world.settings.cookie_name, old)
        assert (await other.get("/account")).status_code == 303


async def test_a_session_ends_after_half_an_hour_without_use_and_after_twelve_hours_at_the_latest(world: World) -> None:
    async with await world.signed_in("mash_manager", "359") as browser:
        for _ in range(4):
            world.timepiece.advance(timedelta(minutes=29))
            assert (await browser.get("/account")).status_code == 200
        world.timepiece.advance(timedelta(minutes=31))
        assert (await browser.get("/account")).headers["location"] == "/sign-in?next=/account"
    async with await world.signed_in("mash_manager", "359") as browser:
        for _ in range(24):
            world.timepiece.advance(timedelta(minutes=29))
            assert (await browser.get("/account")).status_code == 200
        world.timepiece.advance(timedelta(minutes=29))
        assert (await browser.get("/account")).status_code == 303


async def test_signing_out_ends_the_session_in_the_database_too(world: World) -> None:
    async with await world.signed_in("mash_manager", "359") as browser:
        answer = await browser.form("/sign-out")
        assert answer.status_code == 303
        assert (await browser.get("/account")).status_code == 303


async def test_i_see_my_other_sessions_and_end_them(world: World) -> None:
    role = "senior_leader"
    async with await world.signed_in(role, "359") as one, await world.signed_in(role, "359") as two:
        assert "End all others" in (await one.get("/account")).text
        await one.form("/account/sessions")
        assert (await two.get("/account")).status_code == 303
        assert "End all others" not in (await one.get("/account")).text


async def test_i_cannot_end_somebody_elses_session(world: World) -> None:
    async with await world.signed_in("auditor", "359") as mine, await world.signed_in("auditor", "350") as theirs:
        token = theirs.client.cookies[world.settings.cookie_name]
        await mine.form("/account/sessions", session=sessions.token_hash(token).hex())
        assert (await theirs.get("/account")).status_code == 200


async def test_a_role_taken_away_or_a_person_disabled_counts_from_the_next_request(world: World) -> None:
    person = world.partnership.people["board_member.350"]
    async with await world.signed_in("board_member", "350") as browser:
        assert (await browser.get("/account")).status_code == 200
        async with world.app.state.database.pool.acquire() as connection:
            await connection.execute("update person set disabled_at = $2 where id = $1", person, world.timepiece.now())
        assert (await browser.get("/account")).status_code == 303


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example", "/\\evil.example", "/sign-out", "/a\nb"])
async def test_after_signing_in_i_never_land_elsewhere(world: World, next_: str) -> None:
    async with world.nobody() as browser:
        answer = await browser.post("/sign-in", data={"name": NAME, "password": PASSWORD, "next": next_})
    assert answer.headers["location"] == "/"
