"""Works out ahead what boards are about to read: in the night in which a week begins, and whatever is missing since.

Nothing tells it that something is missing: it looks. So whatever was lost with a worker that was killed, and whatever
is told otherwise since a threshold was changed, a report issued or the program replaced, the next look finds.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from service.actor import SYSTEM
from service.clocks.local_time import local_day
from service.database import Database
from service.reports.disclosure.periods import QUARTER, around, released_at, reported_at
from service.reports.measures import store as measures
from service.reports.measures.figures import Period
from service.reports.measures.gathering import MOST_PENDING
from service.reports.measures.releases import store
from service.reports.measures.releases.keeping import is_missing, latest, released
from service.unreachable import is_unreachable

_log: Final = logging.getLogger("tracker.measures")


async def work_ahead(database: Database, among: Sequence[tuple[str, ...]] | None = None) -> dict[str, Any]:
    """Work out the first report that is missing: it takes seconds of processor, and other work has its turn.

    What is read most comes first, of every area; or of those given alone.
    """
    failed = 0
    audiences = await _audiences(database) if among is None else among
    for state in _wanted(database.timepiece.now()):
        for areas in audiences:
            try:
                if await _is_missing(database, areas, *state) and await _work_out(database, areas, *state):
                    return {"released": areas, "failed": failed}
            except Exception as error:  # of one area: the boards of others still read soon
                if is_unreachable(error):
                    raise
                failed += 1
                _log.warning("%s was not released ahead: %s", ",".join(areas), type(error).__name__)
    return {"released": None, "failed": failed}


async def _audiences(database: Database) -> list[tuple[str, ...]]:
    """Each area with a board, then those of whoever sits on the boards of several. None while so much waits to be
    counted that a report could leave some of it out.
    """
    async with database.transaction(SYSTEM, readonly=True) as tx:
        if len(await measures.changes(tx.connection, MOST_PENDING + 1)) > MOST_PENDING:
            return []
        boards = await store.boards(tx.connection)
    singly = sorted({area for areas in boards for area in areas})
    return [*((area,) for area in singly), *(areas for areas in boards if len(areas) > 1)]


async def _is_missing(database: Database, areas: tuple[str, ...], period: Period, as_of: datetime | None) -> bool:
    """Whether it is not kept and can be: once all that had begun before the week is in.

    Asked in a transaction before the one that reads: what ended after that one began would be missed by it, and nobody
    would know.
    """
    async with database.transaction(SYSTEM, readonly=True) as tx:
        if not await is_missing(tx, areas, period, as_of):
            return False
        oldest = await measures.oldest_transaction(tx.connection)
        return oldest is None or oldest >= latest(period, tx.now)


def _wanted(now: datetime) -> Iterator[tuple[Period, datetime | None]]:
    """The quarter that runs and the one before it, as known when the week began; as reported, where they have ended."""
    running = around(local_day(released_at(now) - timedelta(seconds=1)), QUARTER)
    for period in (running, around(running.first - timedelta(days=1), QUARTER)):
        yield period, None
        if reported_at(period) <= now:
            yield period, reported_at(period)


async def _work_out(database: Database, areas: tuple[str, ...], period: Period, as_of: datetime | None) -> bool:
    """Work one out, unless another worker does."""
    async with database.transaction(SYSTEM, snapshot=True) as tx:
        if not await store.only_one(tx.connection):
            return False
        await released(tx, areas, period, as_of)
        return True
