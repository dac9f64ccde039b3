"""What each kind of work is: one table, each handler imported when its first work comes.

A handler takes the database and the id of the row the work is about. It may be run again from its
start at any time, beside a copy of itself even, and must then do what is left and nothing twice.
"""

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Final, cast
from uuid import UUID

from service.database import Database

Handler = Callable[[Database, UUID], Awaitable[object]]

HANDLERS: Final = {
    "import": "service.intake.files.service:run_import",
    "import_history": "service.exchange.service:run_history",
    "recompute_open": "workers.handlers:recompute_open",
    "rebuild_pathways": "workers.handlers:rebuild_pathways",
}


def handler(kind: str) -> Handler:
    """The handler of a kind.

    Raises:
        KeyError: there is no such kind; `claim` asks for known kinds only.
    """
    module, _, name = HANDLERS[kind].partition(":")
    return cast(Handler, getattr(import_module(module), name))


async def recompute_open(database: Database, _calendar: UUID) -> None:
    """A new calendar moves every clock that runs."""
    rebuild = import_module("service.pathways.rebuild")
    await rebuild.recompute_open(database)


async def rebuild_pathways(database: Database, _cause: UUID) -> None:
    """Recompute everything, online, writing only what differs."""
    rebuild = import_module("service.pathways.rebuild")
    await rebuild.rebuild(database)
