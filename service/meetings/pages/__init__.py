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
    requesting,
)

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
