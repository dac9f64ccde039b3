"""What an administrator reads and records: standards, calendars, people."""

import re
from datetime import timedelta

import pytest

from service.actor import SYSTEM
from service.pathways import rulebook
from tests.fixtures.people import Browser, World
from tests.http.conftest import NOON


@pytest.fixture(autouse=True)
async def standards(world: World) -> None:
    async with world.app.state.database.transaction(SYSTEM, now=NOON - timedelta(days=30)) as tx:
        await rulebook.ship(tx)


async def administrator(world: World) -> Browser:
    return await world.signed_in("administrator", "359")


async def test_standards_say_their_basis_and_that_nobody_here_has_confirmed_them(world: World) -> None:
    async with await administrator(world) as browser:
        shown = (await browser.get("/administration/standards")).text
    assert "Local standard not yet confirmed" in shown
    assert "high 4 hours, medium 24 hours, standard 72 hours" in shown
    assert "Confidence" in shown


async def test_a_new_version_for_one_area_is_recorded_and_confirmed(world: World) -> None:
    path = "/administration/standards/contact_decision"
    async with await administrator(world) as browser:
        fields = {"within": "4 working hours", "area": "359", "basis": "Board, 2 November 2026, item 4"}
        answer = await browser.form(path, **fields, confirmed="yes")
        assert answer.status_code == 303, re.findall(r'href="#[^"]*">([^<]*)', answer.text)
        listed = (await browser.get(answer.headers["location"])).text
        assert "The new version is recorded" in listed
        assert "4 working hours" in listed
        one = (await browser.get(path)).text
    assert "Board, 2 November 2026, item 4" in one
    assert "Confirmed locally" in one


async def test_what_cannot_be_used_is_refused_field_by_field_and_kept(world: World) -> None:
    async with await administrator(world) as browser:
        answer = await browser.form(
            "/administration/standards/contact_decision", within="soon", effective_from="3/11/2020 09:00"
        )
        assert answer.status_code == 422
        assert 'href="#basis"' in answer.text
        assert 'value="soon"' in answer.text
        word = await browser.form("/administration/standards/contact_decision", within="soon", basis="A word")
        assert 'href="#within"' in word.text
        past = await browser.form(
            "/administration/standards/contact_decision",
            within="1 working day",
            basis="A word",
            effective_from="3/11/2020 09:00",
        )
        assert 'href="#effective_from"' in past.text
        half = await browser.form("/administration/standards/police_share", within_high="2 hours", basis="A word")
        assert 'href="#within_medium"' in half.text
        assert (await browser.get("/administration/standards/no_such_one")).status_code == 404


async def test_a_limit_for_each_grade_from_a_day_to_come(world: World) -> None:
    async with await administrator(world) as browser:
        answer = await browser.form(
            "/administration/standards/police_share",
            within_high="2 hours",
            within_medium="12 hours",
            within_standard="48 hours",
            basis="Force order 12",
            effective_from="1/12/2026 00:00",
        )
        assert answer.status_code == 303, re.findall(r'href="#[^"]*">([^<]*)', answer.text)
        listed = (await browser.get("/administration/standards")).text
    assert "high 2 hours, medium 12 hours, standard 48 hours" in listed
    assert "Tue 1 Dec 00:00" in listed


async def test_a_bank_holiday_is_added_once(world: World) -> None:
    async with await administrator(world) as browser:
        assert "runs out" not in (await browser.get("/administration/calendars")).text
        answer = await browser.form("/administration/calendars", on="24/12/2026", name="A day for the coronation")
        assert answer.status_code == 303
        shown = (await browser.get(answer.headers["location"])).text
        assert "A day for the coronation" in shown
        again = await browser.form("/administration/calendars", on="24/12/2026", name="Again")
        assert again.status_code == 422
        assert 'href="#on"' in again.text


async def test_a_calendar_that_runs_out_raises_an_alarm(world: World) -> None:
    world.timepiece.set(NOON + timedelta(days=1500))
    async with await administrator(world) as browser:
        shown = (await browser.get("/administration")).text
    assert "known only until" in shown


async def test_an_area_without_anybody_qualified_is_named(world: World) -> None:
    async with world.app.state.database.transaction(SYSTEM) as tx:
        await tx.connection.execute(
            "insert into qualified_decider (area, person, since) values ('359', $1, $2) on conflict do nothing",
            world.partnership.people["mash_manager.359"],
            tx.now,
        )
    async with await administrator(world) as browser:
        deciders = (await browser.get("/administration/deciders")).text
        assert "Alex Mash Manager" in deciders
        assert "Nobody yet." in deciders
        overview = (await browser.get("/administration")).text
    assert "Bolton lists nobody" in overview
