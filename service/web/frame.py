"""What stands around every page: who is here, the menu, the inbox count and the watcher's health."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Request

from schema.vocabulary import ROLES
from service.access.identity import Visitor
from service.database import Database, Tx
from service.settings import Settings
from service.web import navigation, store
from service.web.health import Health, health


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """Given to every template as ``frame``."""

    settings: Settings
    now: datetime
    here: str
    visitor: Visitor | None = None
    place: str = ""
    menu: tuple[navigation.Item, ...] = ()
    home: str = "/"
    search: str | None = None
    inbox: str | None = None
    unread: int | str = 0
    places: dict[str, str] = {}
    """Names of areas and forces by code."""
    health: Health | None = None


def bare(request: Request[Any, Any, Any]) -> Frame:
    """A frame without a look into the database: for errors, and for nobody. Places have the names last read."""
    app, state = request.app, request.app.state
    visitor: Visitor | None = request.scope["state"].get("visitor")
    here = request.scope["path"]
    database: Database = state.database
    frame = Frame(settings=state.settings, now=database.timepiece.now(), here=here)
    if visitor is None or visitor.session is None:
        return frame
    actor = visitor.actor
    return msgspec.structs.replace(
        frame,
        visitor=visitor,
        place=navigation.scope_words(actor, state.get("place_names", {})),
        menu=tuple(navigation.menu(app, actor, here)),
        home=navigation.home(app, actor),
        search=navigation.SEARCH if navigation.opens(app, navigation.SEARCH, actor) else None,
        inbox=navigation.INBOX if navigation.opens(app, navigation.INBOX, actor) else None,
    )


async def load(request: Request[Any, Any, Any], tx: Tx | None = None) -> Frame:
    """The frame with what changes: names of places, unread messages, signs of life.

    Args:
        request: who asks, and where they are.
        tx: a transaction of theirs that is open already; otherwise one is opened.
    """
    frame = bare(request)
    if frame.visitor is None or frame.visitor.actor.id is None:
        return frame
    actor = frame.visitor.actor
    if tx is not None:
        found = await _around(tx, frame)
    else:
        database: Database = request.app.state.database
        async with database.transaction(actor, readonly=True) as own:
            found = await _around(own, frame)
    request.app.state["place_names"] = found.places
    return msgspec.structs.replace(
        frame,
        place=navigation.scope_words(actor, found.places),
        unread=found.unread,
        places=found.places,
        health=health(
            found.beats,
            frame.now,
            timedelta(minutes=frame.settings.watcher_silent_minutes),
            caretaker=actor.holds("administrator", "mash_manager"),
        ),
    )


async def _around(tx: Tx, frame: Frame) -> store.Around:
    reader = tx.actor.id if frame.inbox else None
    return await store.around(tx.connection, reader, tx.actor.areas(*ROLES), tx.actor.forces(*ROLES))
