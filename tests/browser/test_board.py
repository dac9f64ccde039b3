"""The board, one of its stages and an incident of the backlog in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import books
from tests.browser.conftest import Site, overflow, sign_in, violations
from tests.fixtures.databases import run


@pytest.fixture(scope="module", autouse=True)
def half_a_year(site: Site) -> None:
    said = [
        {
            "reference": f"06DM/{n}/26",
            "names": ("Ada", "Bea"),
            "days": 5.0 * n + 0.2,
            "grade": ("high", "medium")[n % 2],
        }
        for n in range(30)
    ]
    run(books.put(site, *said))


def test_the_board_has_no_barrier_and_is_read_at_400_percent(page: Page) -> None:
    sign_in(page, "board_member.359")
    for path in ("/board", "/board/stages/police_share", "/board/what-if"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        # What is folded away is read too.
        page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true; })")
        assert violations(page) == []
        page.set_viewport_size({"width": 320, "height": 225})
        assert overflow(page) <= 0
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/board")
    page.get_by_role("link", name="Contact decision").first.click()
    expect(page.get_by_role("heading", name="Contact decision", level=1)).to_be_visible()


def test_an_incident_is_opened_read_and_left_for_the_next_by_keyboard(page: Page) -> None:
    sign_in(page, "police_liaison.gmp")
    page.get_by_role("link", name="06DM/").first.press("Enter")
    expect(page.get_by_text("1 of 30")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Share all 2 children now").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("1 incident shared, 2 children")
    expect(page.get_by_text("1 of 29")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 225})
    assert overflow(page) <= 0
