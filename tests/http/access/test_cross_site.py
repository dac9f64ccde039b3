"""Forms from elsewhere are refused, whoever is signed in."""

from __future__ import annotations

import pytest

from tests.fixtures.people import PASSWORD, World


async def test_a_form_without_the_sessions_token_is_refused(world: World) -> None:
    async with await world.signed_in("auditor", "359") as mine, await world.signed_in("auditor", "350") as other:
        assert (await mine.client.post("/sign-out")).status_code == 403
        assert (await mine.client.post("/sign-out", data={"csrf_token": other.csrf})).status_code == 403
        assert (await mine.client.post("/sign-out", data={"csrf_token": "é"})).status_code == 403
        assert (await mine.get("/account")).status_code == 200


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}]
)
async def test_a_form_that_another_site_sends_is_refused(world: World, headers: dict[str, str]) -> None:
    async with await world.signed_in("auditor", "359") as mine:
        answer = await mine.client.post("/sign-out", data={"csrf_token": mine.csrf}, headers=headers)
        assert answer.status_code == 403
    async with world.nobody() as browser:
        data = {"name": "auditor.359", "password": PASSWORD}
        assert (await browser.post("/sign-in", data=data, headers=headers)).status_code == 403
