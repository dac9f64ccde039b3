"""Pages that belong to no subject."""

from typing import Any

from service.web import home, live

handlers: list[Any] = [home.start, home.brand, *live.handlers]
