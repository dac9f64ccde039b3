"""Fresh counts without a reload: server-sent events whose numbers are read from rows.

A page says which counts it shows (``data-live="inbox"``); here is how each is read. A subject adds its
own with ``register`` when its pages are imported, or with ``register_group`` where one read gives several.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Final

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import ServerSentEvent, ServerSentEventMessage

from service.access.identity import Visitor, by_session
from service.access.permissions import signed_in
from service.database import Database, Tx
from service.settings import Settings
from service.web import store

#: Reads one count, as the actor of the transaction.
Count = Callable[[Tx], Awaitable[int | str]]
#: Reads several at once, by their full names (``waiting.late``); numbers as text where they have separators.
Group = Callable[[Tx], Awaitable[dict[str, str]]]
#: Reads a count, or words, about one thing, named after a colon (``meeting-versions:<id>``).
About = Callable[[Tx, str], Awaitable[int | str]]
SECONDS: Final = 5.0
#: A stream ends by itself and the browser opens it again, so that a role that was taken away ends it too.
ROUNDS: Final = 60
_counts: Final[dict[str, Count]] = {}
_groups: Final[dict[str, Group]] = {}
_abouts: Final[dict[str, About]] = {}


def register(name: str, count: Count) -> None:
    """Let pages show ``data-live="name"``; the count is read under the visitor's own row-level security."""
    _counts[name] = count


def register_group(name: str, group: Group) -> None:
    """Let pages show ``data-live="name.part"``; one read serves all the parts a page shows."""
    _groups[name] = group


def register_about(name: str, about: About) -> None:
    """Let pages show ``data-live="name:which"``; ``which`` comes from the page and is to be read with care."""
    _abouts[name] = about


async def _inbox(tx: Tx) -> int | str:
    return await store.inbox_unread(tx.connection, tx.actor.id) if tx.actor.id else 0


register("inbox", _inbox)


async def read(tx: Tx, names: list[str]) -> dict[str, int | str]:
    """What stands for these names, of those that exist."""
    found: dict[str, int | str] = {name: await _counts[name](tx) for name in names if name in _counts}
    for group in dict.fromkeys(name.partition(".")[0] for name in names if "." in name):
        if group in _groups:
            fresh = await _groups[group](tx)
            found |= {name: fresh[name] for name in names if name in fresh}
    for name in dict.fromkeys(names):
        kind, _, which = name.partition(":")
        if which and kind in _abouts:
            found[name] = await _abouts[kind](tx, which)
    return found


@get("/live", opt=signed_in(), include_in_schema=False)
async def live(
    visitor: NamedDependency[Visitor],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    names: FromQuery[str] = "",
) -> ServerSentEvent:
    """Counts, whenever one of them changes."""
    wanted = names[:500].split(",")[:20]

    async def events() -> AsyncGenerator[ServerSentEventMessage, None]:
        last: dict[str, int | str] | None = None
        for _ in range(ROUNDS):
            # A stream does not keep a session alive: only what a person does moves the idle limit.
            if visitor.session is None or await by_session(database, settings, visitor.session, touch=False) is None:
                return
            async with database.transaction(visitor.actor, readonly=True) as tx:
                fresh = await read(tx, wanted)
            if fresh != last:
                yield ServerSentEventMessage(event="counts", data=msgspec.json.encode(fresh).decode())
                last = fresh
            else:
                yield ServerSentEventMessage(comment="still here")
            await asyncio.sleep(SECONDS)

    return ServerSentEvent(events())


handlers: list[Any] = [live]
