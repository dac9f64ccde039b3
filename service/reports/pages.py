"""The pages of reports: everything that its parts show."""

from importlib import import_module
from typing import Any, Final

#: Parts of reports that have pages.
PARTS: Final = ("backlog", "childless", "board", "plans")

handlers: list[Any] = [handler for part in PARTS for handler in import_module(f"service.reports.{part}.pages").handlers]
