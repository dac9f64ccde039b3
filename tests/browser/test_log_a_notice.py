"""Logging a notice in a real browser: by keyboard alone, quickly, for everybody, at every width."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import books
from tests.browser.conftest import Site, overflow, sign_in, violations
from tests.fixtures.databases import run

#: A person who types 40 words a minute presses about 3 keys a second; half of the 90 seconds is for thinking.
KEY_SECONDS = 0.3
LIMIT_SECONDS = 45


@pytest.fixture(scope="module", autouse=True)
def standards(site: Site) -> None:
    run(books.ship(site))


class Keyboard:
    """A person at a keyboard: what is pressed is counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def tab_to(self, selector: str, most: int = 30) -> None:
        """Press Tab until the field has the focus."""
        for _ in range(most):
            if self.page.evaluate("name => document.activeElement.matches(name)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} was not reached by {most} tabs")


def test_two_children_are_logged_by_keyboard_alone_well_within_90_seconds(page: Page) -> None:
    sign_in(page, "mash_coordinator.359")
    page.goto("/notices/new")
    expect(page.locator("#reference")).to_be_focused()
    hands = Keyboard(page)
    hands.type("06DK/1/26")
    hands.tab_to("#police_attended")
    hands.type("yesterday 2310")
    hands.tab_to("input[name=grade]")
    hands.type("m")
    hands.tab_to("#children_0_given_names")
    hands.type("Ewan")
    hands.press("Tab")
    hands.type("Pennington")
    hands.press("Tab")
    hands.type("3/2/2011")
    hands.tab_to("[data-add-row]")
    hands.press("Enter")
    expect(page.locator("#children_1_given_names")).to_be_focused()
    hands.type("Yusuf")
    hands.tab_to("#children_1_born")
    hands.type("10/12/2016")
    hands.press("Enter")
    expect(page.get_by_role("heading", name="Logged")).to_be_visible()
    took = hands.keys * KEY_SECONDS
    assert took < LIMIT_SECONDS, f"{hands.keys} keys, about {took:.0f} seconds"
    expect(page.locator(".govuk-panel__body")).to_have_text(re.compile(r"Due by \w{3} \d"))
    expect(page.get_by_text("2 children")).to_be_visible()
    assert "Pennington" not in page.title() + page.url
    hands.press("Enter")
    expect(page.locator("#reference")).to_have_value("06DK/1/26")
    expect(page.locator("#children_0_family_name")).to_have_value("Pennington")


def test_a_child_who_may_be_known_is_shown_while_i_type_and_settled(page: Page, site: Site) -> None:
    run(books.put(site, {"reference": "06DK/20/26", "names": ("Tomasz",), "days": 30, "notice_shared": None}))
    sign_in(page, "mash_coordinator.359")
    page.goto("/notices/new")
    page.get_by_label("Given names").fill("Tomas")
    page.get_by_label("Family name").fill("Sutton")
    page.locator("#children_0_born").fill("5/1/2014")
    page.locator("#children_0_born").press("Tab")
    expect(page.get_by_text("Day and month the other way round")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Yes: Tomasz Sutton").check()
    page.locator("#reference").fill("06DK/21/26")
    page.locator("#police_attended").fill("yesterday")
    page.get_by_label("High", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Logged")).to_be_visible()


def test_what_is_wrong_takes_me_to_the_box_and_nothing_typed_is_lost(page: Page) -> None:
    sign_in(page, "mash_coordinator.359")
    page.goto("/notices/new")
    page.get_by_label("What happened").fill("Shouting heard by neighbours")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert violations(page) == []
    page.get_by_role("link", name="Enter when police attended").click()
    expect(page.locator("#police_attended")).to_be_focused()
    expect(page.get_by_label("What happened")).to_have_value("Shouting heard by neighbours")


@pytest.mark.parametrize("width", [1280, 320])
def test_the_form_has_no_barrier_and_fits_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "mash_coordinator.359")
    page.goto("/notices/new")
    page.get_by_role("button", name="Add another child").click()
    page.locator("summary").first.click()
    assert violations(page) == []
    assert overflow(page) <= 0


def test_at_400_percent_everything_is_there(page: Page) -> None:
    # 1280 pixels at 400% are 320 wide and a quarter as high.
    page.set_viewport_size({"width": 320, "height": 225})
    sign_in(page, "police_liaison.gmp")
    page.goto("/notices/new")
    assert overflow(page) <= 0
    page.get_by_role("button", name="Save").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Save")).to_be_in_viewport()
