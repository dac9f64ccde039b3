"""Promises in a real browser: made by keyboard, read by the board, at the widths that people use."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import books
from tests.browser.conftest import Site, overflow, sign_in, violations
from tests.fixtures.databases import run


@pytest.fixture(scope="module", autouse=True)
def backlog(site: Site) -> None:
    run(books.put(site, *[{"reference": f"06DP/{n}/26", "names": ("Ada",), "days": 0.5 + n} for n in range(8)]))


def test_a_promise_is_made_read_and_answered_at_every_width(page: Page) -> None:
    sign_in(page, "senior_leader.359")
    page.goto("/plans")
    page.get_by_role("button", name="Make a promise").press("Enter")
    page.get_by_role("button", name="Make the promise").press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("What will be done").fill(
        "Two officers triage on Saturdays and Sundays until the backlog is gone"
    )
    page.get_by_label("Which figure it should move").select_option("police_share.open")
    page.get_by_label("Who will do it").select_option(label="Alex Police Liaison (Police liaison officer)")
    page.get_by_label("For which agency").select_option("police")
    page.get_by_label("By when").fill("1/12/2099")
    page.get_by_role("button", name="Make the promise").press("Enter")
    expect(page.locator("#due_on-error")).to_be_visible()
    page.get_by_label("By when").fill("tomorrow")
    page.get_by_role("button", name="Make the promise").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The promise is made")
    page.get_by_label("Your comment").fill("Why only at weekends?")
    page.get_by_role("button", name="Add the comment").press("Enter")
    expect(page.get_by_text("Why only at weekends?")).to_be_visible()
    fits(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="Two officers triage").click()
    page.get_by_label("Under way").check()
    page.get_by_label("In your own words").fill("The first of them has begun.")
    page.get_by_role("button", name="Keep it").press("Enter")
    expect(page.get_by_text("The first of them has begun.")).to_be_visible()
    page.get_by_text("Another day, person or agency").click()
    fits(page)


def test_the_reports_link_and_caseloads_have_no_barrier(page: Page) -> None:
    sign_in(page, "mash_manager.359")
    page.goto("/packs")
    page.get_by_label("Each month, on its first morning").check()
    page.get_by_role("button", name="Keep this").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("You will be sent a link")
    page.get_by_label("Its name").fill("Board, this month")
    page.get_by_role("button", name="Issue it").press("Enter")
    expect(page.get_by_role("link", name="Board, this month")).to_be_visible()
    fits(page)
    page.context.clear_cookies()
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, "team_manager.359")
    page.goto("/whole-caseloads")
    page.get_by_label("Worker", exact=True).select_option(label="Alex Social Worker")
    page.get_by_label("All cases").fill("31")
    page.get_by_role("button", name="Enter it").press("Enter")
    expect(page.get_by_role("cell", name="31")).to_be_visible()
    fits(page)


def fits(page: Page) -> None:
    """Nothing stands in anybody's way, and nothing is cut off."""
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], width
        assert overflow(page) <= 0, width
