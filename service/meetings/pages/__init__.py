"""The pages of discussions and actions."""

from typing import Any, Final

handlers: Final[list[Any]] = []
