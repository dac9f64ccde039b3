"""The pages of discussions and actions."""

from typing import Any, Final

from service.meetings.pages import (
    actions,
    convening,
    delaying,
    discussion,
    history,
    holding,
    issuing,
    lists,
    naming,
    requesting,
    staying_open,
)
from service.web import kept

staying_open.register()
kept.register(r"/meetings/[^/]+/record", naming.of_record)
kept.register(r"/meetings/new", naming.of_request)
kept.register(r"/(meetings|actions)/[^/]+(/answer)?", naming.of_other)
handlers: Final[list[Any]] = [
    *lists.handlers,
    *requesting.handlers,
    *discussion.handlers,
    *convening.handlers,
    *delaying.handlers,
    *holding.handlers,
    *issuing.handlers,
    *history.handlers,
    *actions.handlers,
]
