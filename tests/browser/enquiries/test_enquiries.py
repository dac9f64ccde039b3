"""Enquiries and conferences in a real browser: by keyboard, without barriers, at every width."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from playwright.sync_api import Page, expect

from schema.ids import new_id
from service.actor import SYSTEM
from service.database import connect
from service.pathways import service as pathways
from service.pathways.rules import Entry
from service.timepiece import SystemTimepiece
from tests.browser import books
from tests.browser.conftest import Site, overflow, sign_in, violations
from tests.fixtures.databases import DatabaseUrls, run

TEAM = UUID("018f0000-0000-7000-8000-000000000002")
#: Long enough ago for a conference to be late, whatever bank holidays lie between.
DAYS_AGO = 40


@pytest.fixture(scope="module", autouse=True)
def family(site: Site, module_database_urls: DatabaseUrls) -> None:
    run(books.put(site, {"reference": "06DK/1/26", "names": ("Ada", "Bea"), "days": DAYS_AGO + 1}))
    run(books.put(site, {"reference": "06DK/2/26", "names": ("Cyd", "Dee"), "days": DAYS_AGO + 1}))
    run(_discussed(site, module_database_urls.owner_url))


async def _discussed(site: Site, owner_url: str) -> None:
    """Allocate every child to the team of Wigan, and hold a discussion about each family."""
    owner = await asyncpg.connect(owner_url)
    await owner.execute("insert into team (id, area, name) values ($1, '359', 'Leigh')", TEAM)
    await owner.execute("update person_role set team = $1 where area = '359' and role = 'team_manager'", TEAM)
    found = await owner.fetch(
        "select p.id, i.reference from pathway p join incident i on i.id = p.incident order by p.id"
    )
    await owner.close()
    database = await connect(site.settings.database_url, SystemTimepiece(), size=1)
    worker = str(site.partnership.people["social_worker.359"])
    try:
        async with database.transaction(SYSTEM) as tx:
            now, records = tx.now.replace(microsecond=0), {row[1]: new_id(tx.now) for row in found}
            entries = []
            for pathway, reference in found:
                held = now - timedelta(days=DAYS_AGO)
                detail = {"initiates_enquiry": True}
                allocated = {"worker": worker, "team": str(TEAM)}
                entries += [
                    Entry(pathway=pathway, kind="allocated", at=held, detail=allocated),
                    Entry(
                        pathway=pathway,
                        kind="strategy_held",
                        at=held,
                        outcome="quorate",
                        detail=detail,
                        record=records[reference],
                    ),
                ]
            await pathways.record(tx, entries)
    finally:
        await database.close()


def looked_at(page: Page, name: str) -> None:
    """No barrier, and nothing wider than the window at a desk and on a telephone."""
    assert violations(page) == [], name
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, f"{name} at {width}"
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_manager_starts_enquiries_for_siblings_and_writes_one_by_keyboard(page: Page, site: Site) -> None:
    sign_in(page, "team_manager.359")
    page.goto("/caseload")
    page.get_by_role("link", name="Ada Sutton").first.click()
    page.get_by_role("button", name="Start enquiry").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Start section 47 enquiries")).to_be_visible()
    expect(page.get_by_label("Ada Sutton")).to_be_checked()
    expect(page.get_by_label("Bea Sutton")).to_be_checked()
    page.get_by_role("button", name="Start").press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    looked_at(page, "start")
    page.get_by_label("Joint").press("Space")
    page.get_by_role("button", name="Start").press("Enter")
    expect(page.get_by_role("heading", name="Enquiries", level=1)).to_be_visible()
    expect(page.get_by_text("2 children have not been seen yet")).to_be_visible()
    looked_at(page, "enquiries")

    page.get_by_role("link", name="See the child for Ada Sutton").press("Enter")
    expect(page.get_by_text("This enquiry began without the child's history.")).to_be_visible()
    looked_at(page, "enquiry")
    page.get_by_role("button", name="Save and send to a manager").press("Enter")
    expect(page.get_by_role("link", name="Enter the lead social worker.")).to_be_visible()
    looked_at(page, "enquiry-missing")
    page.get_by_label("Analysis of the child's history").fill("Three notices in six months.")
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.get_by_text("Saved. It stops no clock.")).to_be_visible()
    expect(page.get_by_label("Analysis of the child's history")).to_have_value("Three notices in six months.")
    expect(page.get_by_text("This enquiry began without the child's history.")).to_have_count(0)


def test_a_late_conference_is_asked_for_and_explained_and_both_sides_agree(page: Page, site: Site) -> None:
    sign_in(page, "team_manager.359")
    page.goto("/conferences")
    page.get_by_role("link", name="Ask for it for Cyd Sutton").press("Enter")
    page.get_by_label("Initial child protection conference").press("Space")
    page.get_by_label("Dee Sutton").press("Space")
    looked_at(page, "ask")
    page.get_by_role("button", name="Ask for it").press("Enter")
    expect(page.get_by_role("heading", name="Why it is late")).to_be_visible()
    page.get_by_label("Reason", exact=True).select_option("agency_not_available")
    page.get_by_label("Agency that it waited on").select_option("health")
    page.get_by_label("In words").fill("The school nurse was on leave.")
    page.get_by_label("Interim plan").fill("Daily visits.")
    page.get_by_role("button", name="Agree to this reason").press("Enter")
    expect(page.get_by_text("has not agreed")).to_have_count(1)
    address = page.url.partition("?")[0]
    page.get_by_role("button", name="Sign out").press("Enter")

    sign_in(page, "conference_service.359")
    expect(page.get_by_role("heading", name="Conferences", level=1)).to_be_visible()
    looked_at(page, "conferences")
    page.goto(address)
    looked_at(page, "conference")
    page.get_by_role("button", name="Agree for the chair's side").press("Enter")
    expect(page.get_by_text("Both have agreed.")).to_be_visible()
    page.get_by_role("button", name="Record the conference").press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    looked_at(page, "conference-refused")
