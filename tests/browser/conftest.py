"""A real Chromium against the real application on a port of its own.

`site` runs the application; `look(path)` opens a page at a width; `violations(page)` are axe's findings.
Set BROWSER=none to leave these tests out; CHROMIUM names the program where it is not /usr/bin/chromium.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from service import app as application
from service.embedded.process import free_port
from service.settings import Settings
from tests.browser.gallery import install
from tests.fixtures.databases import DatabaseUrls, run
from tests.fixtures.people import PASSWORD, Partnership

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WANTED = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
#: What passed, and where each element stands, takes most of the time and is thrown away: only what is wrong comes back.
FIND = """async options => (await axe.run(document, options)).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`))"""
START_SECONDS = 60
#: A machine that does much else is slow, not wrong; a page that is right answers at once.
TIMEOUT_MILLISECONDS = 60_000
TELEPHONE = 375
expect.set_options(timeout=TIMEOUT_MILLISECONDS)


def program() -> str | None:
    """The Chromium to use, if there is one."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything here is a browser test; BROWSER=none leaves them out, and no Chromium stops the run."""
    here = Path(__file__).resolve().parent
    ours = [item for item in items if here in item.path.parents]
    if not ours:
        return
    if os.environ.get("BROWSER") == "none":
        items[:] = [item for item in items if item not in ours]
        config.hook.pytest_deselected(items=ours)
        return
    if program() is None:
        pytest.exit("no Chromium: apt-get install chromium, or BROWSER=none to leave the browser tests out", 2)
    for item in ours:
        item.add_marker(pytest.mark.browser)


class Site(msgspec.Struct, frozen=True):
    """The running application."""

    address: str
    settings: Settings
    partnership: Partnership


@pytest.fixture(scope="module")
def site(module_database_urls: DatabaseUrls) -> Iterator[Site]:
    """The application on a free port of this machine, with a partnership of two areas and two forces."""
    partnership = run(Partnership.of(module_database_urls.owner_url))
    port = free_port()
    settings = Settings(
        database_url=module_database_urls.app_url, origin=f"http://127.0.0.1:{port}", pool_size=4, phase="Demonstration"
    )
    before = application.subject_handlers
    application.subject_handlers = lambda: [*before(), *install()]
    try:
        app = application.create_app(settings)
    finally:
        application.subject_handlers = before
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started
    yield Site(settings.origin, settings, partnership)
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for each file: while it is open its event loop runs, and no other test could run one of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """A fresh tab, 1280 wide, not signed in. What the console says against a page fails the test."""
    context = chromium.new_context(base_url=site.address, viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(TIMEOUT_MILLISECONDS)
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: said.append(str(error)))
    yield tab
    context.close()
    # A refused form is told by its status, which the console repeats.
    assert [each for each in said if "the server responded with a status of 4" not in each] == []


def sign_in(page: Page, name: str) -> None:
    """Sign in by the page, as a person does."""
    page.goto("/sign-in")
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in")


def violations(page: Page) -> list[str]:
    """What axe finds wrong: rule and place, one line each."""
    # Evaluated, not loaded: the page's own policy stays as it is.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(FIND, {"runOnly": WANTED, "resultTypes": ["violations"], "selectors": False})
    return found


def overflow(page: Page) -> int:
    """Pixels that the page is wider than the window; than a telephone's too, where the window is narrower still."""
    script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    wider: int = page.evaluate(script)
    size = page.viewport_size
    if size is not None and size["width"] < TELEPHONE:
        page.set_viewport_size({"width": TELEPHONE, "height": size["height"]})
        wider = max(wider, page.evaluate(script))
        page.set_viewport_size(size)
    return wider
