"""The liaison's home in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import books
from tests.browser.conftest import Site, overflow, sign_in, violations
from tests.fixtures.databases import run


@pytest.fixture(scope="module", autouse=True)
def backlog(site: Site) -> None:
    said = [{"reference": f"06DL/{n}/26", "names": ("Ada", "Bea")[: 1 + n % 2], "days": 0.1 + n} for n in range(12)]
    said[3]["grade"] = "high"
    said[4]["grade"] = "ungraded"
    run(books.put(site, *said))


@pytest.mark.parametrize("width", [1280, 320])
def test_the_list_and_its_questions_have_no_barrier_and_fit_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "police_liaison.gmp")
    expect(page.get_by_role("heading", name="Incidents not yet shared", level=1)).to_be_visible()
    assert violations(page) == []
    assert overflow(page) <= 0
    page.get_by_role("link", name="no child").click()
    expect(page.get_by_role("heading", name="Incidents that name no child")).to_be_visible()
    assert violations(page) == []
    assert overflow(page) <= 0
    for link in ("Do not share", "Regrade"):
        page.goto("/backlog")
        page.get_by_role("link", name=link).first.click()
        assert violations(page) == []
        assert overflow(page) <= 0
        page.locator("main form button").click()
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        assert violations(page) == []


def test_at_400_percent_the_first_row_can_be_shared(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 225})
    sign_in(page, "police_liaison.gmp")
    assert overflow(page) <= 0
    page.get_by_role("button", name="Share those ticked").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Share those ticked")).to_be_in_viewport()


def test_i_share_the_worst_by_keyboard_alone_and_tick_the_rest(page: Page) -> None:
    sign_in(page, "police_liaison.gmp")
    first = page.locator(".app-backlog__table tbody tr").first
    expect(first).to_contain_text("06DL/4/26")
    first.get_by_role("button", name="Share").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("1 incident shared")
    assert violations(page) == []
    expect(page.get_by_text("06DL/4/26")).to_have_count(0)
    page.get_by_label("Tick all on this page").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Share those ticked").press("Enter")
    expect(page.get_by_role("heading", name="Share 11 incidents now?")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Back to the list").press("Enter")
    expect(page.get_by_role("heading", name="Incidents not yet shared", level=1)).to_be_visible()
