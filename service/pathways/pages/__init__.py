"""The pages of pathways."""

from typing import Any, Final

from service.pathways.pages import pathway, waiting

handlers: Final[list[Any]] = [*waiting.handlers, *pathway.handlers]
