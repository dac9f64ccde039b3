"""Discussions in a real browser: asked for and held by keyboard, by three people, and two of them in one record."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import books
from tests.browser.conftest import Site, overflow, sign_in, violations
from tests.fixtures.databases import run


@pytest.fixture(scope="module", autouse=True)
def families(site: Site) -> None:
    names = {"06SB/1/26": ("Ada", "Ben"), "06SB/2/26": ("Cyd",)}
    run(books.put(site, *({"reference": each, "names": who, "days": 1} for each, who in names.items())))


def looked_at(page: Page, name: str) -> None:
    """No barrier, and nothing wider than the window, at a desk and on a telephone."""
    assert violations(page) == [], name
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, f"{name} at {width}"
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def ask_for(page: Page, child: str) -> str:
    """From the list of who waits to a discussion that is asked for; its address."""
    page.goto("/waiting?which=everything")
    page.get_by_role("link", name=child, exact=True).first.click()
    page.goto(f"{page.url.partition('?')[0]}/discussion")
    page.get_by_label("Why the threshold is thought reached").fill("Hit in front of both children")
    page.get_by_label("Time 1").fill("tomorrow 1000")
    # By keyboard: Enter in a box presses the form's button.
    page.get_by_label("Time 2").fill("tomorrow 1400")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/meetings/[0-9a-f-]{36}"))
    return page.url.partition("?")[0]


@pytest.fixture
def others(chromium: Browser, site: Site) -> object:
    """Further browsers, each with a person of their own."""
    opened: list[BrowserContext] = []

    def browser_of(name: str) -> Page:
        context = chromium.new_context(base_url=site.address, viewport={"width": 1280, "height": 900}, locale="en-GB")
        opened.append(context)
        page = context.new_page()
        sign_in(page, name)
        return page

    yield browser_of
    for context in opened:
        context.close()


def test_a_discussion_from_request_to_action_without_barriers(page: Page, others: object) -> None:
    assert callable(others)
    sign_in(page, "mash_manager.359")
    page.goto("/waiting?which=everything")
    page.get_by_role("link", name="Ada Sutton", exact=True).first.click()
    page.goto(f"{page.url.partition('?')[0]}/discussion")
    looked_at(page, "request")
    address = ask_for(page, "Ada Sutton")
    expect(page.get_by_role("alert")).to_contain_text("everybody required is invited")

    nurse = others("partner.359")
    assert nurse.url.endswith("/meetings")
    looked_at(nurse, "mine")
    nurse.goto(address)
    mine = nurse.locator(".app-mine")
    for choice in mine.get_by_role("combobox").all():
        choice.select_option("accept")
    mine.get_by_label(re.compile("Information for the discussion")).fill("Seen twice in May")
    looked_at(nurse, "invited")
    mine.get_by_role("button", name="Answer").press("Enter")
    expect(nurse.get_by_role("alert")).to_contain_text("The answer is recorded")
    # The manager's page, open since it was asked for, says by itself who is waited for still.
    waits = page.locator("[data-live^='meeting-waits']")
    expect(waits).to_have_text("Waiting for an answer from children's social care and police.", timeout=60_000)
    expect(page.get_by_text("Since you opened this page: 2 answers.")).to_be_visible()

    page.goto("/meetings")
    looked_at(page, "meetings")
    page.goto(address)
    looked_at(page, "before")
    page.get_by_role("button", name="Hold it: open the record").click()
    looked_at(page, "record")
    # 400%: 1280 pixels zoomed four times are 320, and a sticky bar must not cover a small window.
    page.set_viewport_size({"width": 320, "height": 256})
    assert overflow(page) <= 0
    page.get_by_label("Chair", exact=True).focus()
    expect(page.get_by_label("Chair", exact=True)).to_be_in_viewport()
    assert page.locator(".app-save").evaluate("bar => getComputedStyle(bar).position") == "static"
    page.set_viewport_size({"width": 1280, "height": 900})
    _fill_in(page)
    page.get_by_role("button", name="Record as held").press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("Say by when it is to be done")
    page.get_by_role("link", name="Say by when it is to be done").click()
    expect(page.get_by_label("By when")).to_be_focused()
    looked_at(page, "record-refused")
    page.keyboard.type("tomorrow 1700")
    page.get_by_role("button", name="Record as held").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The record is kept")
    looked_at(page, "after")
    page.get_by_role("link", name="Who changed what", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Recorded as held")).to_be_visible()
    looked_at(page, "history")
    page.goto(f"{address}/print")
    looked_at(page, "printed")

    nurse.goto("/actions")
    looked_at(nurse, "actions")
    nurse.get_by_role("link", name="See both children alone").click()
    nurse.get_by_role("button", name="Accept it").press("Enter")
    expect(nurse.get_by_role("alert")).to_contain_text("You have accepted it")
    looked_at(nurse, "action")


def _fill_in(page: Page) -> None:
    page.get_by_label("Began").fill("now")
    page.get_by_label("Ended").fill("now")
    page.get_by_label("Chair", exact=True).fill("Cheryl Chair")
    for number in range(3):
        page.locator(f"[name=attendance_{number}_presence]").select_option("present")
        page.locator(f"[name=attendance_{number}_name]").fill(f"Person {number}")
    page.get_by_label("Manager who decides").first.check()
    page.get_by_label("What was considered").fill("Two earlier notices")
    page.get_by_label("The chair confirms").check()
    page.locator("[name=children_0_said]").fill("I was scared")
    page.locator("[name=children_0_section_47]").select_option("yes")
    page.locator("[name=children_0_enquiry]").select_option("joint")
    for name, text in (("lead", "Sam"), ("rationale", "Third time"), ("decided_by", "Mo")):
        page.locator(f"[name=children_0_{name}]").fill(text)
    page.get_by_label("What is to be done").fill("See both children alone")
    page.get_by_label("What is to be different").fill("Their own account")
    page.locator("[name=actions_0_owner_agency]").select_option("health")


def test_two_people_write_one_record_and_both_are_kept(page: Page, others: object) -> None:
    assert callable(others)
    sign_in(page, "mash_manager.359")
    address = ask_for(page, "Cyd Sutton")
    second = others("mash_coordinator.359")
    for each in (page, second):
        each.goto(f"{address}/record")
    page.get_by_label("What was considered").fill("Read by the manager")
    page.get_by_label("Chair", exact=True).fill("Mo")
    # Nobody presses a button: once typing rests the draft is kept, and what was typed since can be saved after it.
    expect(page.locator("[data-draft-said]")).to_have_text(re.compile(r"Draft saved at \d\d:\d\d"), timeout=60_000)
    expect(page.locator("[data-live^='meeting-versions']")).to_contain_text("Nobody else")
    page.get_by_label("What of it was missing").fill("GP notes")
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.get_by_role("alert")).to_contain_text("The draft is saved")
    # The other browser says so without a reload, as far as scripts run.
    expect(second.locator("[data-live^='meeting-versions']")).to_contain_text("Somebody else", timeout=60_000)
    second.get_by_label("Chair", exact=True).fill("Nia")
    second.get_by_label("What is to be done").first.fill("Ring the school")
    second.get_by_role("button", name="Save draft").last.click()
    said = second.get_by_role("alert")
    expect(said).to_contain_text("Alex Mash Manager saved while you were writing")
    expect(said).to_contain_text("Chair: Mo")
    expect(second.get_by_label("What was considered")).to_have_value("Read by the manager")
    expect(second.get_by_label("Chair", exact=True)).to_have_value("Nia")
    expect(second.get_by_label("What of it was missing")).to_have_value("GP notes")
    assert violations(second) == []
    second.get_by_role("button", name="Save draft").last.click()
    page.goto(f"{address}/record")
    expect(page.get_by_label("What is to be done").first).to_have_value("Ring the school")
    expect(page.get_by_label("What was considered")).to_have_value("Read by the manager")
    expect(page.get_by_label("Chair", exact=True)).to_have_value("Nia")
