"""What later subjects show on the page of a pathway: they register it when their pages are imported."""

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from service.database import Tx
from service.pathways.view.store import Head


class Line(msgspec.Struct, frozen=True):
    """One thing that has a page of its own, and where it stands."""

    href: str
    text: str
    stands: str


class Section(msgspec.Struct, frozen=True):
    """A heading with lines under it."""

    title: str
    lines: tuple[Line, ...]


#: Reads a section in the transaction of the page, which leaves the audit row; None where there is nothing to show.
Show = Callable[[Tx, Head], Awaitable[Section | None]]
_shown: Final[list[Show]] = []


def register(show: Show) -> None:
    """Show a section on every pathway's page."""
    _shown.append(show)


async def sections(tx: Tx, head: Head) -> list[Section]:
    """Every section that has something to say."""
    return [found for show in _shown if (found := await show(tx, head)) is not None]
