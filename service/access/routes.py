"""The JSON API of access: the audit trail."""

from typing import Any, Final

from service.access.trail import routes as trail

handlers: Final[list[Any]] = [*trail.handlers]
