"""The pages of intake: everything that its parts show."""

from importlib import import_module
from typing import Any, Final

#: Parts of intake that have pages, in the order in which a notice meets them.
PARTS: Final = ("files", "notices", "decisions")

handlers: list[Any] = [handler for part in PARTS for handler in import_module(f"service.intake.{part}.pages").handlers]
