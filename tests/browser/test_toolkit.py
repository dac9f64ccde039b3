"""What every page is made of, in a real browser: for everybody, at every width, by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Site, overflow, sign_in, violations
from tests.fixtures.people import PASSWORD

#: What fits the narrowest window is tried at that of a telephone too (`overflow`).
WIDTHS = (1280, 320)


#: The programming interface is one long page: looked at where it is narrowest.
OPEN = [*((path, width) for path in ("/sign-in", "/gallery", "/nothing") for width in WIDTHS), ("/api", 320)]


@pytest.mark.parametrize(("path", "width"), OPEN)
def test_open_pages_have_no_barrier_and_fit_the_window(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path)
    assert violations(page) == []
    assert overflow(page) <= 0


@pytest.mark.parametrize("width", WIDTHS)
def test_my_account_has_no_barrier_and_fits_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "mash_coordinator.359")
    page.goto("/account")
    assert violations(page) == []
    assert overflow(page) <= 0


def test_a_barrier_is_found_where_there_is_one(page: Page) -> None:
    page.goto("/sign-in")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input name=unlabelled>')")
    assert any(each.startswith('label: <input name="unlabelled">') for each in violations(page))


def test_i_sign_in_and_out_by_keyboard_alone(page: Page) -> None:
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("mash_coordinator.359")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Alex Mash Coordinator").first).to_be_visible()
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_wrong_password_moves_to_the_summary_and_keeps_the_name(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Sign-in name").fill("mash_coordinator.359")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("One of them is not right")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.get_by_label("Sign-in name")).to_have_value("mash_coordinator.359")
    assert page.title().startswith("Error: ")
    assert violations(page) == []


def test_the_grade_is_chosen_by_its_letter(page: Page) -> None:
    page.goto("/gallery")
    page.get_by_label("High", exact=True).focus()
    page.keyboard.press("m")
    expect(page.get_by_label("Medium", exact=True)).to_be_checked()
    page.keyboard.press("s")
    expect(page.get_by_label("Standard", exact=True)).to_be_checked()


def test_a_child_is_added_without_a_reload(page: Page) -> None:
    page.goto("/gallery")
    page.get_by_role("button", name="Add another child").click()
    expect(page.get_by_label("Child 2, name")).to_be_focused()
    page.get_by_role("button", name="Add another child").click()
    expect(page.locator("#children_2_name")).to_be_focused()


def test_a_count_refreshes_by_itself(page: Page, site: Site) -> None:
    sign_in(page, "mash_coordinator.359")
    page.goto("/account")
    fresh = page.evaluate(
        """() => new Promise(done => { const source = new EventSource("/live?names=gallery,inbox");
        source.addEventListener("counts", event => { source.close(); done(event.data); }); })"""
    )
    assert fresh == '{"gallery":7,"inbox":0}'


def test_counts_that_stand_still_say_so(page: Page) -> None:
    sign_in(page, "mash_coordinator.359")

    def signed_out(route: Route) -> None:
        page.context.clear_cookies()
        route.continue_()

    page.route("**/live*", signed_out)
    page.goto("/account")
    expect(page.get_by_role("alert")).to_contain_text("Counts on this page stopped refreshing at")
    page.get_by_role("link", name="Load the page again").click()
    expect(page).to_have_url(re.compile("/sign-in"))
