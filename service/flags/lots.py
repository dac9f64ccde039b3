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


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was told with others, and what its flag is; no rule where the person no longer sees it."""

    waiting: Waiting
    told: datetime
    rule: str | None = None
    subject: str | None = None
    true_from: datetime = _EARLIEST
    stands: bool = False
    high: bool = False

    @property
    def urgent(self) -> bool:
        """Whether it is still so and urgent for a child or of high risk."""
        return self.stands and self.high

    def before(self) -> tuple[bool, bool, bool, float]:
        """What puts it before others: still so, urgent, not only a warning, new."""
        return not self.stands, not self.high, self.rule in (None, "approaching"), -self.true_from.timestamp()


async def lots(
    connection: Connection, person: UUID, now: datetime, sides: Sequence[bool], *, everything: bool
) -> tuple[list[Lot], list[UUID]]:
    """A person's lots, the newest first, and the messages that are shown singly, the most urgent of each lot first."""
    found = await _told(connection, person, now, sides, SINGLY, None, everything=everything)
    together: dict[datetime, list[Told]] = {}
    for each in found:
        together.setdefault(each.told, []).append(each)
    singly = [
        each.waiting.id
        for told in together.values()
        for each in sorted((each for each in told if each.urgent), key=Told.before)[:SINGLY]
    ]
    return [_lot(told) for told in together.values()], singly


def _lot(told: Sequence[Told]) -> Lot:
    kinds: dict[tuple[str | None, str | None], list[Told]] = {}
    for each in told:
        kinds.setdefault((each.rule, each.subject), []).append(each)
    counted = [
        Kind(
            rule=rule,
            subject=subject,
            messages=len(some),
            standing=sum(each.stands for each in some),
            urgent=sum(each.urgent for each in some),
        )
        for (rule, subject), some in kinds.items()
    ]
    queued = [each.waiting.queued_at for each in told]
    counted.sort(key=lambda kind: (-kind.messages, kind.rule or "", kind.subject or ""))
    return Lot(since=min(queued), until=max(queued), kinds=tuple(counted))


async def _told(
    connection: Connection,
    person: UUID,
    now: datetime,
    sides: Sequence[bool],
    more_than: int,
    asked: Asked | None,
    *,
    everything: bool,
) -> list[Told]:
    since, until = (within(asked.since), within(asked.until)) if asked else (None, None)
    rows = await connection.fetch(queries.told, person, everything, SPAN, more_than, since, until)
    flags = [row[1] for row in rows]
    known: dict[UUID, Any] = {}
    for police in sides if flags else ():
        found = await connection.fetch(queries.police_urgency if police else queries.urgency, flags, now)
        high = set()
        if police:
            abouts = list({row["about"] for row in found})
            high = {row[0] for row in await connection.fetch(queries.police_high, abouts)}
        known |= {row["id"]: (*row[2:6], row["high"] or row["about"] in high) for row in found}
    return [
        Told(
            waiting=Waiting(*row[:4]),
            told=row[4],
            **dict(zip(("rule", "subject", "true_from", "stands", "high"), known.get(row[1], ()), strict=False)),
        )
        for row in rows
    ]


async def inbox(
    connection: Connection, person: UUID, limit: int, singly: Sequence[UUID], *, everything: bool
) -> list[Waiting]:
    """A person's messages, newest first, of lots only ``singly``; without ``everything`` those not opened yet."""
    rows = await connection.fetch(queries.inbox, person, everything, limit, SPAN, SINGLY, list(singly))
    return [Waiting(*row) for row in rows]


async def listed(
    connection: Connection, person: UUID, now: datetime, sides: Sequence[bool], asked: Asked, *, everything: bool
) -> tuple[list[Waiting], int]:
    """Messages of one lot, the most urgent first, and how many there are of that kind."""
    found = await _told(connection, person, now, sides, 0, asked, everything=everything)
    wanted = [each for each in found if asked.rule in (None, each.rule) and asked.subject in (None, each.subject)]
    wanted.sort(key=Told.before)
    return [each.waiting for each in wanted[asked.offset : asked.offset + asked.limit]], len(wanted)
