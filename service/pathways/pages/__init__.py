"""The pages of pathways."""

from typing import Any, Final

from service.pathways.links import pages as links
from service.pathways.pages import caseload, correcting, judging, pathway, record, search, waiting

handlers: Final[list[Any]] = [
    *waiting.handlers,
    *caseload.handlers,
    *pathway.handlers,
    *record.handlers,
    *correcting.handlers,
    *judging.handlers,
    *search.handlers,
    *links.handlers,
]
