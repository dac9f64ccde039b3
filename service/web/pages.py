"""Pages that belong to no subject."""

from typing import Any

from service.web import home

handlers: list[Any] = [home.start, home.brand]
