"""What was released is worked out once and kept until the next week begins, for every process and every restart.

The key is everything on which it depends what is told, so that nothing is ever answered from before: a changed
threshold, another rule or another program is another key, under which nothing is kept yet.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final

import msgspec

from service.database import Tx
from service.pathways.rulebook import current
from service.program import digest
from service.reports.disclosure.periods import released_at, reported_at
from service.reports.measures import store as measures
from service.reports.measures.figures import BoardFigures, Period
from service.reports.measures.releases import store
from service.reports.measures.releases.rules import pack, unpack
from service.reports.measures.releases.states import release_of, states, told

#: Nothing is kept before all that was being written when the week began has been: longer than any transaction of ours.
_SETTLED: Final = timedelta(minutes=2)
_log: Final = logging.getLogger("tracker.measures")


async def released(tx: Tx, areas: tuple[str, ...], period: Period, as_of: datetime | None = None) -> BoardFigures:
    """What the board of an area, or who sits on those of several, is told of a quarter: as kept, else worked out."""
    key = await _key(tx, areas, period, as_of)
    found = await _kept(tx, key) or await _worked_out(tx, key, areas, period, as_of)
    if as_of is not None:
        return found
    return msgspec.structs.replace(found, known=msgspec.structs.replace(found.known, asked=tx.now.astimezone(UTC)))


def latest(period: Period, now: datetime) -> datetime:
    """The last instant of which anything is told beside a quarter: as the week began, or when it had ended since."""
    week, ended = released_at(now), reported_at(period)
    return max(week, ended) if ended <= now else week


async def is_missing(tx: Tx, areas: tuple[str, ...], period: Period, as_of: datetime | None) -> bool:
    """Whether this could be kept and is not."""
    key = await _key(tx, areas, period, as_of)
    if key is None:
        return False
    async with measures.as_system(tx) as reader:
        return not await store.is_kept(reader.connection, key)


async def _key(tx: Tx, areas: tuple[str, ...], period: Period, as_of: datetime | None) -> bytes | None:
    """Everything on which it depends what a release tells; None where there was none yet, or a moment ago."""
    if tx.now - latest(period, tx.now) < _SETTLED:
        return None
    audiences = _told_before(areas)
    releases = [await release_of(tx, each) for each in audiences]
    if tx.now in releases:
        return None
    rulebook = await current(tx)
    async with measures.as_system(tx) as reader:
        connection = reader.connection
        issued = [await measures.issued(connection, each, period.first, period.last) for each in audiences]
        threshold = await measures.small_numbers(connection, areas)
        profiles = await measures.profiles(connection)
        counted_by = await store.counted_by(connection)
    on = (
        digest("schema", "service"),
        counted_by,
        audiences,
        period,
        as_of,
        releases,
        reported_at(period) <= tx.now,
        issued,
        threshold,
        [tuple(each) for each in profiles],
        (len(rulebook.standards), len(rulebook.calendars)),
    )
    return blake2b(msgspec.json.encode(on)).digest()


def _told_before(areas: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The audiences whose reports stand beside that of some areas, and theirs last.

    The areas by themselves come first, so that each area's page is the same whoever reads it; all of them together say
    the less. What is asked for is told beside all that comes before it.
    """
    return [*((each,) for each in areas), areas] if len(areas) > 1 else [areas]


async def _kept(tx: Tx, key: bytes | None) -> BoardFigures | None:
    if key is None:
        return None
    async with measures.as_system(tx) as reader:
        packed = await store.kept(reader.connection, key)
    try:
        return await asyncio.to_thread(unpack, packed) if packed is not None else None
    except ValueError:
        _log.warning("What was kept of a release cannot be read, and is worked out again.")
        return None


async def _worked_out(
    tx: Tx, key: bytes | None, areas: tuple[str, ...], period: Period, as_of: datetime | None
) -> BoardFigures:
    """Work it out, and keep it unless something was still being written or counted."""
    *before, _ = _told_before(areas)
    beside = [state for each in before for state in await states(tx, each, period, None)]
    beside += await states(tx, areas, period, as_of)
    found = await told(tx, beside)
    if key is None or any(each.figures.known.lowered or each.figures.known.uncounted for each in beside):
        return found
    packed = await asyncio.to_thread(pack, found)
    async with measures.as_system(tx) as reader:
        await store.keep(
            reader.connection, key, packed,
            areas=areas, period=period, as_of=as_of, released_at=released_at(tx.now), now=tx.now,
        )  # fmt: skip
    # Whoever reads first reads the very same as everybody after.
    return unpack(packed)
