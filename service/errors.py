"""What can go wrong in a use case, whoever asked: a page, the API, a worker, the command line.

TrackerError
├── Refused               the input is wrong; every wrong field is named
├── NotFound              no such thing, or not for this actor
├── Forbidden             the actor may see it but may not do this
├── Conflict              it cannot be done as things stand
│   └── Superseded        somebody corrected it first
├── PreconditionRequired  a version must be named for this change
├── PreconditionFailed    what is changed has changed meanwhile
├── NeedsSecondPerson     late would become in time: a second person must agree
└── Unavailable           something we depend on does not answer; try again
"""

from collections.abc import Sequence
from typing import Any

import msgspec


class Wrong(msgspec.Struct, frozen=True):
    """One field that is wrong: which, what was got, what is expected, how to put it right."""

    field: str
    got: str
    expected: str
    help: str


class TrackerError(Exception):
    """Something went wrong that a person can be told about."""

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class Refused(TrackerError):
    """The input is wrong; every wrong field is named."""

    def __init__(self, wrong: Sequence[Wrong], message: str = "Some of this is not right.") -> None:
        super().__init__(message)
        self.wrong = tuple(wrong)


class NotFound(TrackerError):
    """There is no such thing, or it is not for this actor to see."""


class Forbidden(TrackerError):
    """The actor may not do this."""


class Conflict(TrackerError):
    """It cannot be done as things stand."""


class Superseded(Conflict):
    """Somebody corrected this first; ``facts['by']`` is the correction that stands."""


class PreconditionRequired(TrackerError):
    """The version that the change is based on must be given."""


class PreconditionFailed(TrackerError):
    """What is to be changed has changed meanwhile; ``facts`` say what it is now."""


class NeedsSecondPerson(TrackerError):
    """The correction turns late into in time: it needs a source and a second person."""


class Unavailable(TrackerError):
    """Something the service depends on does not answer. ``facts['retry_after']`` in seconds."""
