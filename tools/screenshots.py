"""Take the README's pictures from a running demonstration: `python -m tools.screenshots ADDRESS PASSWORD`.

Names and numbers on them are the synthetic partnership's; use one that nobody has worked in. Needs Chromium, as the
browser tests do.
"""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import FloatRect, Page, ViewportSize, sync_playwright

IMAGES: Final = Path(__file__).resolve().parent.parent / "docs" / "images"
SAMPLE: Final = IMAGES.parent.parent / "tests" / "data" / "police_export.csv"
READING_SECONDS: Final = 60
WIDE: Final = ViewportSize(width=1280, height=900)
NARROW: Final = ViewportSize(width=375, height=812)


def main(arguments: Sequence[str]) -> int:
    """Take all pictures; the exit code says whether there were an address and a password."""
    if len(arguments) != 2:
        print("usage: python -m tools.screenshots ADDRESS PASSWORD", file=sys.stderr)
        return 2
    address, password = arguments
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])

        def signed_in(name: str) -> Page:
            page = browser.new_context(base_url=address, locale="en-GB", viewport=WIDE).new_page()
            page.goto("/sign-in")
            page.get_by_label("Sign-in name").fill(name)
            page.get_by_label("Password", exact=True).fill(password)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "sign-in" not in url)
            return page

        _coordinator(signed_in("coordinator.wigan"))
        _liaison(signed_in("liaison.gmp"))
        _board(signed_in("leader.wigan"))
        _discussion(signed_in("manager.wigan"), signed_in("health.wigan"))
        _take(signed_in("administrator"), "/administration/standards", "standards", 1000)
        _police_file(signed_in("liaison.gmp"))
        browser.close()
    return 0


def _coordinator(page: Page) -> None:
    _take(page, "/waiting", "waiting", 1150)
    pathway = page.locator("a[href^='/pathways/']").first.get_attribute("href")
    if pathway:
        _take(page, pathway.partition("#")[0].partition("?")[0], "pathway", 1500)
    _take(page, "/notices/new", "log-a-notice", 1150)
    page.set_viewport_size(NARROW)
    _take(page, "/waiting", "waiting-narrow", 1100)


def _liaison(page: Page) -> None:
    _take(page, "/backlog", "not-yet-shared", 1035)
    page.set_viewport_size(NARROW)
    _take(page, "/backlog", "not-yet-shared-narrow", 1100)


def _board(page: Page) -> None:
    _take(page, "/board", "board", 1290)
    page.set_viewport_size(NARROW)
    _take(page, "/board", "board-narrow", 1300)


def _discussion(manager: Page, nurse: Page) -> None:
    """Ask for a discussion about the first family that waits, let health answer, and open its record."""
    manager.goto("/waiting")
    family = manager.locator("tbody.app-family--several a[href^='/pathways/']").first.get_attribute("href")
    manager.goto(f"{(family or '').partition('?')[0]}/discussion")
    for sibling in manager.locator("input[name=pathways]").all():
        sibling.check()
    manager.fill("[name=reason]", "Both saw their mother being hit; the third call-out in a month.")
    manager.fill("[name=slots_0_starts_at]", "tomorrow 1000")
    manager.fill("[name=slots_1_starts_at]", "tomorrow 1430")
    manager.get_by_role("button", name="Ask for the discussion").click()
    manager.wait_for_url("**/meetings/*-*")
    address = manager.url.partition("?")[0]
    nurse.goto(address)
    for slot in nurse.locator(".app-mine select").all():
        slot.select_option("accept")
    nurse.locator(".app-mine textarea").fill("Seen in accident and emergency in May.")
    nurse.locator(".app-mine button").click()
    manager.goto(address)
    for slot in manager.locator(".app-mine select").all():
        slot.select_option("accept")
    manager.locator(".app-mine button").click()
    _take(manager, address, "discussion", 1650)
    manager.goto(f"{address}/record")
    manager.fill("[name=chair]", "Cheryl Ashworth")
    manager.fill("[name=history_considered]", "Earlier notices point to control, not to single quarrels.")
    manager.get_by_role("button", name="Save draft").last.click()
    # The bar that saves stays at the foot of the window.
    manager.set_viewport_size(ViewportSize(width=WIDE["width"], height=1100))
    _take(manager, f"{address}/record", "discussion-record", 1100)


def _police_file(page: Page) -> None:
    """Last, because it fills the demonstration with the sample's children."""
    page.goto("/imports")
    page.locator("input[type=file]").set_input_files(SAMPLE)
    page.get_by_role("button", name="Send the file").click()
    page.wait_for_url("**/imports/*-*")
    for _ in range(READING_SECONDS):
        if "Being read" not in page.locator("main").inner_text() and "Waits" not in page.locator("main").inner_text():
            break
        page.wait_for_timeout(1000)
        page.reload()
    _take(page, page.url, "police-file", 1000)


def _take(page: Page, path: str, name: str, height: int) -> None:
    """One picture, from the top of the page down to ``height`` pixels."""
    page.goto(path)
    page.wait_for_load_state("load")
    width = page.viewport_size["width"] if page.viewport_size else WIDE["width"]
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    clip = FloatRect(x=0, y=0, width=width, height=min(height, whole))
    page.screenshot(path=IMAGES / f"{name}.png", full_page=True, clip=clip)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
