"""Where people can go: only pages that exist and that their role opens."""

from collections.abc import Mapping
from typing import Final

import msgspec
from litestar import Litestar

from service.access.permissions import Allow, walk_routes
from service.actor import Actor
from service.web.words import listed, role

#: In the order of the menu. A page that is not there yet, or not for this role, is left out.
MENU: Final = (
    ("/waiting", "Waiting now"),
    ("/caseload", "My children"),
    ("/enquiries", "Enquiries"),
    ("/conferences", "Conferences"),
    ("/backlog", "Not yet shared"),
    ("/notices/new", "Log a notice"),
    ("/imports", "Police files"),
    ("/corrections", "Corrections"),
    ("/possible-matches", "Same child?"),
    ("/meetings", "Meetings"),
    ("/actions", "Actions"),
    ("/board", "Board"),
    ("/plans", "Promises"),
    ("/administration", "Administration"),
    ("/audit", "Audit"),
)
#: The first of these that a person may open is their home.
HOMES: Final = (
    "/waiting",
    "/backlog",
    "/caseload",
    "/conferences",
    "/board",
    "/meetings",
    "/administration",
    "/audit",
    "/account",
)
SEARCH: Final = "/search"
INBOX: Final = "/inbox"


class Item(msgspec.Struct, frozen=True):
    """One entry of the menu."""

    href: str
    text: str
    current: bool


def pages(app: Litestar) -> dict[str, Allow]:
    """Every address that can be opened, and for whom; found once for each application."""
    known: dict[str, Allow] | None = app.state.get("pages")
    if known is None:
        known = {route.path: route.allow for route in walk_routes(app) if route.method == "GET"}
        app.state.pages = known
    return known


def opens(app: Litestar, path: str, actor: Actor) -> bool:
    """Whether the page exists and the actor may open it."""
    allowed = pages(app).get(path)
    return allowed is not None and allowed.admits(actor)


def menu(app: Litestar, actor: Actor, here: str) -> list[Item]:
    """The menu of this person."""
    return [
        Item(path, text, here == path or here.startswith(f"{path}/")) for path, text in MENU if opens(app, path, actor)
    ]


def home(app: Litestar, actor: Actor) -> str:
    """Where this person's work begins."""
    return next((path for path in HOMES if opens(app, path, actor)), "/account")


def scope_words(actor: Actor, names: Mapping[str, str]) -> str:
    """For which areas and forces somebody is here: ``MASH coordinator, Wigan``; no code where no name is known."""
    roles = list(dict.fromkeys(role(grant.role) for grant in actor.grants))
    places = [grant.area or grant.force or "" for grant in actor.grants]
    shown = list(dict.fromkeys(names[place] for place in places if place in names))
    return ", ".join(part for part in (listed(roles), listed(shown)) if part)
