"""The JSON API of intake: everything that its parts offer."""

from importlib import import_module
from typing import Any, Final

#: Parts of intake that have routes, in the order in which a notice meets them.
PARTS: Final = ("files", "notices", "decisions")

handlers: list[Any] = [handler for part in PARTS for handler in import_module(f"service.intake.{part}.routes").handlers]
