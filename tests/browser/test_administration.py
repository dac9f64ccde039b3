"""Administration in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import books
from tests.browser.conftest import Site, overflow, sign_in, violations
from tests.fixtures.databases import run

PATHS = (
    "", "/standards", "/standards/contact_decision", "/people", "/people/new", "/deciders", "/calendars",
    "/discussions", "/boards",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def standards(site: Site) -> None:
    run(books.ship(site))


@pytest.mark.parametrize("width", [1280, 320])
def test_no_page_has_a_barrier_and_all_fit_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "administrator.359")
    for path in PATHS:
        page.goto(f"/administration{path}")
        assert violations(page) == [], path
        assert overflow(page) <= 0, path
    page.goto("/administration/people")
    page.get_by_role("link", name="Alex Mash Manager").first.click()
    assert violations(page) == []
    assert overflow(page) <= 0


def test_a_version_that_cannot_be_used_takes_me_to_the_box(page: Page) -> None:
    sign_in(page, "administrator.359")
    page.goto("/administration/standards/contact_decision")
    page.get_by_role("button", name="Record this version").press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert violations(page) == []
