"""The pages of enquiries and conferences."""

from typing import Any, Final

handlers: Final[list[Any]] = []
