"""Messages of which so many came at once that they are shown as one lot: counted by kind, the urgent ones singly.

Every flag is told to each person once, by a message of its own. A lot is only how they are shown, so its counts
are those of the messages, and nothing is kept that could be lost or differ.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from service.database import Connection
from service.flags.reading import Waiting
from service.flags.store import queries

#: What is queued within the same span of the clock is one telling: a sweep catches up in many transactions.
SPAN: Final = timedelta(minutes=5)
#: Messages of one telling that a person gets singly; of more, only this many that are urgent or of high risk.
SINGLY: Final = 20
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_KINDS: Final = f"{queries.told}\n{queries.told_kinds}"
_LIST: Final = f"{queries.told}\n{queries.told_list}"
_COUNT: Final = f"{queries.told}\n{queries.told_count}"


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of a lot about flags of one rule and subject; both None for what the person no longer sees.

    ``standing``: still so; ``urgent``: of those, urgent for a child or of high risk.
    """

    rule: str | None
    subject: str | None
    messages: int
    standing: int
    urgent: int


class Lot(msgspec.Struct, frozen=True, kw_only=True):
    """More messages than can be read one by one, queued from ``since`` to ``until``; the most frequent kind first."""

    since: datetime
    until: datetime
    kinds: tuple[Kind, ...]

    @property
    def messages(self) -> int:
        """How many there are, those that are shown singly among them."""
        return sum(kind.messages for kind in self.kinds)

    @property
    def urgent(self) -> int:
        """How many are about what is still so and urgent for a child or of high risk."""
        return sum(kind.urgent for kind in self.kinds)

    @property
    def singly(self) -> int:
        """How many of them are shown singly as well."""
        return min(self.urgent, SINGLY)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which messages of a lot to list: those queued from ``since`` to ``until``, of one kind or of all."""

    since: datetime
    until: datetime
    rule: str | None = None
    subject: str | None = None
    limit: int = 50
    offset: int = 0


def within(instant: datetime) -> datetime:
    """An instant that somebody sent, no further away than the database can tell time."""
    return min(max(instant, _EARLIEST), _LATEST)


async def lots(
    connection: Connection, person: UUID, now: datetime, *, everything: bool
) -> tuple[list[Lot], list[UUID]]:
    """A person's lots, the newest first, and the messages that are shown singly, the most urgent of each lot first."""
    rows = await connection.fetch(_KINDS, person, everything, now, SPAN, SINGLY, None, None)
    told: dict[datetime, list[Any]] = {}
    for row in rows:
        told.setdefault(row[0], []).append(row)
    found: list[Lot] = []
    singly: list[UUID] = []
    for together in told.values():
        kinds = tuple(
            Kind(rule=row[1], subject=row[2], messages=row[5], standing=row[6], urgent=row[7]) for row in together
        )
        found.append(Lot(since=min(row[3] for row in together), until=max(row[4] for row in together), kinds=kinds))
        placed = sorted(pair for row in together for pair in zip(row[9], row[8], strict=True))
        singly += [message for _, message in placed]
    return found, singly


async def inbox(
    connection: Connection, person: UUID, limit: int, singly: Sequence[UUID], *, everything: bool
) -> list[Waiting]:
    """A person's messages, newest first, of lots only ``singly``; without ``everything`` those not opened yet."""
    rows = await connection.fetch(queries.inbox, person, everything, limit, SPAN, SINGLY, list(singly))
    return [Waiting(*row) for row in rows]


async def listed(
    connection: Connection, person: UUID, now: datetime, asked: Asked, *, everything: bool
) -> tuple[list[Waiting], int]:
    """Messages of one lot, the most urgent first, and how many there are of that kind."""
    which = (person, everything, now, SPAN, 0, within(asked.since), within(asked.until), asked.rule, asked.subject)
    rows = await connection.fetch(_LIST, *which, asked.limit, asked.offset)
    return [Waiting(*row) for row in rows], await connection.fetchval(_COUNT, *which)
