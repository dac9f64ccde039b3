"""Sending a police file, following it and settling what was not taken, in a real browser."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from service.actor import SYSTEM
from service.database import connect
from service.intake.files import service as files
from service.timepiece import SystemTimepiece
from tests.browser import books
from tests.browser.conftest import Site, overflow, sign_in, violations
from tests.fixtures.databases import run

HEADING = (
    "Occurrence No,Incident Date,Incident Time,Date/Time Attended,DAB Submitted,Risk (Officer),District,LA,"
    "Child Surname,Child Forename(s),DOB,Sex,Child Seen,Referred to CSC,Summary"
)
_LIKE = "06DA/{kind}{{n}}/26,{day}/06/2026,09:46,01/06/2026 {attended},01/06/2026 13:29,{child},Female,Y,,Calm"
#: One to take, one out of order, one on a day that does not exist.
ROWS = (
    _LIKE.format(kind=5, day="01", attended="11:46", child="Medium,Leigh,Wigan,Sutton,Ada,03/02/2011"),
    _LIKE.format(kind=6, day="01", attended="08:46", child="High,Leigh,Wigan,Sutton,Bea,03/02/2012"),
    _LIKE.format(kind=7, day="31", attended="11:46", child="High,Leigh,Wigan,Sutton,Cai,03/02/2013"),
)


@pytest.fixture(scope="module", autouse=True)
def feed(site: Site) -> None:
    run(_feed(site))


async def _feed(site: Site) -> None:
    await books.ship(site)
    database = await connect(site.settings.database_url, SystemTimepiece(), size=1)
    try:
        async with database.transaction(SYSTEM) as tx:
            await tx.connection.execute(
                "insert into feed (name, profile, force, coverage) values ('gmp', 'gmp', 'gmp', 'all_notices')"
            )
    finally:
        await database.close()


async def _read(site: Site, identity: str) -> None:
    database = await connect(site.settings.database_url, SystemTimepiece(), size=1)
    try:
        await files.run_import(database, UUID(identity))
    finally:
        await database.close()


def checked(page: Page) -> None:
    assert violations(page) == [], page.url
    assert overflow(page) <= 0, page.url


@pytest.mark.parametrize("width", [1280, 320])
def test_a_file_is_sent_followed_and_what_was_held_is_settled(page: Page, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "police_liaison.gmp")
    page.goto("/imports")
    checked(page)
    content = "\r\n".join([HEADING, *ROWS]).format(n=width) + "\r\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "export.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name=re.compile("Send")).first.click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}"))
    identity = re.search(r"/imports/([0-9a-f-]{36})", page.url)
    assert identity is not None
    run(_read(site, identity[1]))
    page.reload()
    checked(page)
    expect(page.locator("main")).to_contain_text("3 rows read")
    page.goto(f"/imports/{identity[1]}?outcome=held")
    checked(page)
    page.locator("a[href^='/imports/rows/']").first.click()
    checked(page)
    page.goto("/imports/not-on-the-books")
    checked(page)
    expect(page.locator("main")).to_contain_text(f"06DA/7{width}/26")
