"""The JSON API of strategy discussions and actions: everything that its parts offer."""

from importlib import import_module
from typing import Any, Final

from service.meetings.correcting import owner
from service.pathways.owning import OWNERS

#: Parts that have routes, in the order in which a discussion meets them.
PARTS: Final = ("requesting", "invitations", "holding", "acting")

handlers: list[Any] = [
    handler for part in PARTS for handler in import_module(f"service.meetings.{part}.routes").handlers
]

OWNERS.update(owner.KEPT)
