"""What stands around every page: who is here, the menu, the inbox count and the watcher's health."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import Request

from schema.vocabulary import ROLES
from service.access.identity import Visitor
from service.database import Database
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


async def load(request: Request[Any, Any, Any]) -> Frame:
    """The frame with what changes: names of places, unread messages, signs of life."""
    frame = bare(request)
    if frame.visitor is None or frame.visitor.actor.id is None:
        return frame
    database: Database = request.app.state.database
    actor = frame.visitor.actor
    async with database.transaction(actor, readonly=True) as tx:
        unread = await store.inbox_unread(tx.connection, frame.visitor.actor.id) if frame.inbox else 0
        beats = await store.heartbeats(tx.connection, actor.areas(*ROLES), actor.forces(*ROLES))
        names = await store.place_names(tx.connection)
    request.app.state["place_names"] = names
    return msgspec.structs.replace(
        frame,
        place=navigation.scope_words(actor, names),
        unread=unread,
        places=names,
        health=health(
            beats,
            frame.now,
            timedelta(minutes=frame.settings.watcher_silent_minutes),
            caretaker=actor.holds("administrator", "mash_manager"),
        ),
    )
