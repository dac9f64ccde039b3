"""One's own password and second factor, and links by which an administrator lets somebody choose anew."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import msgspec
import pyotp
import pytest
import segno

from service.access import second
from tests.fixtures.people import PASSWORD, World

NEW = "heron-lantern-orchard"


async def sign_in(world: World, name: str, password: str, browser: httpx.AsyncClient) -> httpx.Response:
    return await browser.post("/sign-in", data={"name": name, "password": password})


async def own_csrf(browser: httpx.AsyncClient, path: str) -> dict[str, str]:
    found = re.search(r'name="csrf_token" value="([^"]+)"', (await browser.get(path)).text)
    assert found
    return {"csrf_token": found[1]}


async def link_for(world: World, name: str) -> str:
    """A link that the administrator made for somebody, as a path."""
    person = world.partnership.people[name]
    async with await world.signed_in("administrator", "359") as admin:
        answer = await admin.json("POST", f"/api/v1/people/{person}/reset-password", {})
    assert answer.status_code == 200, answer.text
    assert answer.json()["mailed"] is False
    return str(answer.json()["address"]).removeprefix(world.settings.origin)


def code(key: str, world: World, steps: int = 0) -> str:
    codes = pyotp.TOTP(key)
    return codes.generate_otp(codes.timecode(world.timepiece.now()) + steps)


async def set_up(world: World, browser: httpx.AsyncClient) -> str:
    """Set up a second factor on one's account page; its key."""
    page = await browser.get("/account/second-factor")
    found = re.search(r"secret=([A-Z2-7]+)", page.text)
    assert found
    assert 'aria-label="QR code of the key below"' in page.text
    csrf = await own_csrf(browser, "/account/second-factor")
    wrong = await browser.post("/account/second-factor", data={**csrf, "change": "confirm", "code": "000000"})
    assert wrong.status_code == 422
    done = await browser.post(
        "/account/second-factor", data={**csrf, "change": "confirm", "code": code(found[1], world)}
    )
    assert done.status_code == 303
    return found[1]


async def test_i_change_my_own_password_and_the_old_one_opens_nothing(world: World) -> None:
    name = "team_manager.359"
    async with world.nobody() as browser:
        await sign_in(world, name, PASSWORD, browser)
        csrf = await own_csrf(browser, "/account/password")
        for boxes, said in (
            ({"current": "wrong", "new": NEW, "again": NEW}, "not your present password"),
            ({"current": PASSWORD, "new": NEW, "again": "other"}, "the same password twice"),
            ({"current": PASSWORD, "new": "short", "again": "short"}, "12 characters or more"),
            ({"current": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "another than the present"),
        ):
            refused = await browser.post("/account/password", data={**csrf, **boxes})
            assert refused.status_code == 422
            assert said in refused.text
        done = await browser.post("/account/password", data={**csrf, "current": PASSWORD, "new": NEW, "again": NEW})
        assert done.status_code == 303
        assert "changed" in (await browser.get(done.headers["location"])).text
    async with world.nobody() as browser:
        assert (await sign_in(world, name, PASSWORD, browser)).status_code == 422
        assert (await sign_in(world, name, NEW, browser)).status_code == 303


async def test_i_sign_out_everywhere(world: World) -> None:
    async with world.nobody() as here, world.nobody() as there:
        for browser in (here, there):
            await sign_in(world, "board_member.359", PASSWORD, browser)
        done = await here.post("/account/sign-out-everywhere", data=await own_csrf(here, "/account"))
        assert done.status_code == 303
        for browser in (here, there):
            assert (await browser.get("/account")).status_code in {303, 401}


async def test_a_link_of_the_administrator_chooses_a_password_once_and_ends_every_session(world: World) -> None:
    name = "partner.359"
    async with world.nobody() as old:
        await sign_in(world, name, PASSWORD, old)
        first, path = await link_for(world, name), await link_for(world, name)
        assert (await old.get(first)).status_code == 404
        shown = await old.get(path)
        assert name in shown.text
        token = path.partition("=")[2]
        weak = await old.post("/choose-password", data={"token": token, "new": "short", "again": "short"})
        assert weak.status_code == 422
        chosen = await old.post("/choose-password", data={"token": token, "new": NEW, "again": NEW})
        assert chosen.status_code == 303
        again = await old.post("/choose-password", data={"token": token, "new": PASSWORD, "again": PASSWORD})
        assert "not good any more" in again.text
        assert (await old.get("/account")).status_code in {303, 401}
        assert (await sign_in(world, name, NEW, old)).status_code == 303


async def test_a_link_is_good_for_a_day(world: World) -> None:
    path = await link_for(world, "conference_service.359")
    world.timepiece.advance(timedelta(hours=24, seconds=1))
    async with world.nobody() as browser:
        assert (await browser.get(path)).status_code == 404


async def test_with_a_second_factor_the_password_alone_shows_nothing_and_a_code_counts_once(world: World) -> None:
    name = "senior_leader.359"
    async with world.nobody() as browser:
        await sign_in(world, name, PASSWORD, browser)
        key = await set_up(world, browser)
    world.timepiece.advance(timedelta(minutes=2))
    async with world.nobody() as browser:
        asked = await sign_in(world, name, PASSWORD, browser)
        assert asked.headers["location"] == "/sign-in/code"
        assert (await browser.get("/account")).status_code in {303, 401}
        assert "Your code" in (await browser.get("/sign-in/code")).text
        assert (await browser.post("/sign-in/code", data={"code": "12 34"})).status_code == 422
        used = code(key, world)
        assert (await browser.post("/sign-in/code", data={"code": used})).status_code == 303
        assert (await browser.get("/account")).status_code == 200
    async with world.nobody() as thief:
        await sign_in(world, name, PASSWORD, thief)
        assert (await thief.post("/sign-in/code", data={"code": used})).status_code == 422
        assert (await thief.post("/sign-in/code", data={"code": code(key, world, 1)})).status_code == 303


async def test_guessing_codes_is_stopped_like_guessing_passwords(world: World) -> None:
    name = "out_of_hours.359"
    async with world.nobody() as browser:
        await sign_in(world, name, PASSWORD, browser)
        await set_up(world, browser)
        await sign_in(world, name, PASSWORD, browser)
        answers = [
            (await browser.post("/sign-in/code", data={"code": f"{n:06}"})).status_code
            for n in range(world.settings.attempts_per_name + 1)
        ]
    assert answers[-1] == 429


async def test_an_administrator_removes_a_lost_second_factor(world: World) -> None:
    name = "social_worker.359"
    person = world.partnership.people[name]
    async with world.nobody() as browser:
        await sign_in(world, name, PASSWORD, browser)
        await set_up(world, browser)
        async with await world.signed_in("administrator", "359") as admin:
            page = await admin.get(f"/administration/people/{person}")
            assert "Remove the second factor" in page.text
            done = await admin.form(f"/administration/people/{person}", signing_in="second")
            assert done.status_code == 303
        assert (await browser.get("/account")).status_code in {303, 401}
        assert (await sign_in(world, name, PASSWORD, browser)).headers["location"] == "/"


async def test_a_role_that_needs_one_sets_it_up_before_anything_is_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = msgspec.structs.replace(world.settings, second_factor_roles="auditor")
    monkeypatch.setattr(world.app.state, "settings", needed)
    async with world.nobody() as browser:
        asked = await sign_in(world, "auditor.350", PASSWORD, browser)
        assert asked.headers["location"] == "/sign-in/code"
        page = await browser.get("/sign-in/code")
        found = re.search(r"secret=([A-Z2-7]+)", page.text)
        assert found
        done = await browser.post("/sign-in/code", data={"code": code(found[1], world)})
        assert done.status_code == 303
        assert "Your role needs it" in (await browser.get("/account/second-factor")).text


def test_the_picture_holds_the_address_in_dark_squares_with_a_quiet_margin() -> None:
    picture = second.picture(second.address("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "coordinator.wigan", "Tracker"))
    address = "otpauth://totp/Tracker:coordinator.wigan?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567&issuer=Tracker"
    code = segno.make_qr(address, error="m")
    assert picture.side == len(code.matrix) + 8
    squares = {(int(x) - 4, int(y) - 4) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", picture.path)}
    assert squares == {(x, y) for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark}


def test_a_code_of_the_half_minute_before_and_after_counts_once(world: World) -> None:
    key, now = second.new_key(), world.timepiece.now()
    codes = pyotp.TOTP(key)
    step = codes.timecode(now)
    assert [second.step_of(key, codes.generate_otp(step + n), now, None) for n in (-2, -1, 0, 1, 2)] == [
        None, step - 1, step, step + 1, None,
    ]  # fmt: skip
    assert second.step_of(key, codes.generate_otp(step), now, step) is None
    assert second.step_of(key, "１２３４５６", now, None) is None
