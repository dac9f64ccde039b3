"""Every page that a role can reach by following links from its home: no barrier, and it fits at 400% zoom.

Pages that differ only in whose record they show count as one. Links are followed and no form is sent: nothing changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser import books
from tests.browser.conftest import Site, overflow, sign_in, violations
from tests.fixtures.databases import run

#: What a page of 1280 by 900 pixels leaves of itself at 400% zoom (WCAG 2.2, 1.4.10).
ZOOMED = ViewportSize(width=320, height=225)
USUAL = ViewportSize(width=1280, height=900)
#: Every role beside the coordinator's and the liaison's finds a page or two of its own.
HOMES = (
    "mash_manager.359",
    "police_liaison.gmp",
    "team_manager.359",
    "conference_service.359",
    "senior_leader.359",
    "board_member.359",
    "partner.359",
    "administrator.359",
    "auditor.359",
)
#: Should links be lost, so would be the sense of this.
FEWEST = 25
_IDENTITY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
_ONE_OF_MANY = re.compile(r"(/administration/standards/|/record/)\w+")
_FILES = (".csv", ".xlsx", ".ods", ".pdf", ".ics", ".json")


@pytest.fixture(scope="module", autouse=True)
def children(site: Site) -> None:
    shared = {"at": (datetime.now(UTC) - timedelta(hours=20)).isoformat()}
    run(
        books.put(
            site,
            {"reference": "06EP/1/26", "names": ("Ada", "Bea"), "days": 3},
            {"reference": "06EP/2/26", "names": ("Cai",), "days": 1, "notice_shared": shared},
        )
    )


def _kind(address: str) -> str:
    """What a page is, whoever's record or whichever standard it shows, and however a list is sorted."""
    return _ONE_OF_MANY.sub(r"\1*", _IDENTITY.sub("*", urlsplit(address).path))


def _links(page: Page, site: Site) -> Iterator[str]:
    # Links in pictures are links too; there `href` is no text.
    script = "all => all.map(each => new URL(each.getAttribute('href'), location.href).href)"
    for href in page.eval_on_selector_all("a[href]", script):
        path = urlsplit(href).path
        if href.startswith(site.address) and not path.endswith(_FILES) and not path.startswith("/api"):
            yield href.partition("#")[0].removeprefix(site.address)


@pytest.mark.timeout(600)
def test_every_page_is_for_everybody_and_fits_at_400_percent(page: Page, site: Site) -> None:
    seen: set[str] = set()
    wrong: list[str] = []
    for home in HOMES:
        page.context.clear_cookies()
        sign_in(page, home)
        waiting = [urlsplit(page.url).path, *_links(page, site)]
        while waiting:
            address = waiting.pop(0)
            if _kind(address) in seen:
                continue
            seen.add(_kind(address))
            answer = page.goto(address)
            assert answer is not None
            if answer.status >= 400:
                wrong.append(f"{home} {address}: {answer.status}")
                continue
            page.set_viewport_size(ZOOMED)
            if overflow(page) > 0:
                wrong.append(f"{home} {address}: {overflow(page)} pixels too wide at 400%")
            page.set_viewport_size(USUAL)
            wrong += [f"{home} {address}: {each}" for each in violations(page)]
            waiting += _links(page, site)
    assert wrong == []
    assert len(seen) > FEWEST
