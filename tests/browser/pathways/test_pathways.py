"""Waiting now, a pathway and its forms in a real browser: for everybody, at every width, by keyboard alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from service.actor import SYSTEM
from service.database import connect
from service.timepiece import SystemTimepiece
from tests.browser import books
from tests.browser.conftest import Site, overflow, sign_in, violations
from tests.fixtures.databases import run

_FORMS = ("decide", "record", "record/information_requested", "record/strategy_held", "record/allocated")


@pytest.fixture(scope="module", autouse=True)
def children(site: Site) -> None:
    """Families received, one shared late, one still with the police; a decider for Wigan."""

    async def fill() -> None:
        database = await connect(site.settings.database_url, SystemTimepiece(), size=1)
        now = database.timepiece.now()
        try:
            async with database.transaction(SYSTEM) as tx:
                await tx.connection.execute(
                    "insert into qualified_decider (area, person, since) values ('359', $1, $2) on conflict do nothing",
                    site.partnership.people["mash_manager.359"],
                    now,
                )
        finally:
            await database.close()
        received = [
            {"reference": f"06PW/{n}/26", "names": ("Ada", "Bea", "Cai")[: 1 + n % 3], "days": 1.1 + n, "grade": grade}
            for n, grade in enumerate(("high", "medium", "standard", "ungraded"))
        ]
        for each in received:
            at = {"at": (now.replace(microsecond=0)).isoformat()}
            each |= {"notice_shared": at, "notice_received": at}
        await books.put(site, *received, {"reference": "06PW/9/26", "names": ("Eve",), "days": 5.0})

    run(fill())


def open_first(page: Page, name: str = "Ada Sutton") -> str:
    """Open the first child of that name from the list; the address of the pathway."""
    page.goto("/waiting?which=everything")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_url(re.compile("/pathways/"))
    return page.url


def test_pages_have_no_barrier_and_fit_every_window(page: Page) -> None:
    sign_in(page, "mash_manager.359")
    address = open_first(page)
    milestone = page.get_by_role("link", name=re.compile("^Correct ")).first.get_attribute("href")
    lists = ("/waiting", "/waiting?which=late&sort=due", "/corrections", "/search", "/inbox")
    for path in (*lists, address, *(f"{address}/{form}" for form in _FORMS), str(milestone)):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        assert violations(page) == [], path
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) <= 0, (path, width)


def test_narrow_lists_become_cards_without_a_barrier(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    sign_in(page, "mash_manager.359")
    assert violations(page) == []
    open_first(page, "Eve Sutton")
    assert violations(page) == []


def test_at_400_percent_the_next_step_of_the_first_child_can_be_reached(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 225})
    sign_in(page, "mash_manager.359")
    assert overflow(page) <= 0
    step = page.locator(".app-step").first
    step.scroll_into_view_if_needed()
    expect(step).to_be_in_viewport()


def test_a_coordinator_drafts_and_a_manager_decides_a_family_by_keyboard_alone(page: Page) -> None:
    sign_in(page, "mash_manager.359")
    page.goto("/waiting")
    page.get_by_role("link", name="Decide together").first.press("Enter")
    expect(page.get_by_role("heading", name="What happens now?")).to_be_visible()
    boxes = page.locator("input[name=children]")
    expect(boxes.first).to_be_checked()
    page.get_by_role("button", name="Record the decision").press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Early help", exact=True).press("Space")
    page.get_by_label("Rationale").press_sequentially("Third in a month")
    page.get_by_label("History considered").press_sequentially("Two earlier notices")
    page.get_by_label("Who decided").select_option(label="Alex Mash Manager")
    page.get_by_role("button", name="Record the decision").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The decision is recorded")
    expect(page.get_by_text("early help to answer").first).to_be_visible()
    assert violations(page) == []


def test_a_correction_is_seen_before_it_is_recorded(page: Page) -> None:
    sign_in(page, "mash_coordinator.359")
    open_first(page, "Eve Sutton")
    page.get_by_role("link", name="Correct Police attended").press("Enter")
    earlier = SystemTimepiece().now() - timedelta(days=6)
    page.get_by_label("What was wrong, and how you know").fill("Read off the log")
    page.get_by_label("When it really happened").fill(f"{earlier:%d/%m/%Y} 09:00")
    page.get_by_role("button", name="See what this changes").press("Enter")
    expect(page.get_by_role("heading", name="What this changes")).to_be_visible()
    assert violations(page) == []
    expect(page.locator(".app-changes")).to_contain_text("Notice shared by the police")
    page.get_by_role("button", name="Record the correction").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Corrected")
    expect(page.get_by_text("what stood before").first).to_be_visible()


def test_the_sentence_and_the_tiles_are_fresh_without_a_reload(page: Page, site: Site) -> None:
    sign_in(page, "mash_coordinator.359")
    page.goto("/waiting")
    before = page.locator(".app-lead").inner_text()
    run(books.put(site, {"reference": "06PW/20/26", "names": ("Flo",), "days": 0.1}))
    expect(page.locator(".app-lead")).not_to_have_text(before, timeout=60_000)


def test_the_whole_job_works_without_javascript(page: Page, site: Site, chromium: Browser) -> None:
    sign_in(page, "mash_coordinator.359")
    context = chromium.new_context(
        base_url=site.address, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    try:
        plain = context.new_page()
        plain.goto("/waiting")
        plain.get_by_role("link", name=re.compile("^Eve Sutton")).first.click()
        plain.get_by_text("More", exact=True).click()
        plain.get_by_role("link", name="Ask an agency").first.click()
        plain.get_by_label("Which agency").select_option(label="Health")
        plain.get_by_label("What we ask").fill("Any injuries?")
        plain.get_by_role("button", name="Record").click()
        expect(plain.get_by_role("alert")).to_contain_text("Recorded")
        plain.goto("/waiting")
        expect(plain.get_by_role("link", name=re.compile("Record the answer")).first).to_be_visible()
    finally:
        context.close()
