"""A report worked out from the bins, exactly: figures leave here, nothing else.

Whoever reads has no right on the rows behind the figures: they are added up as the system, for the areas and the force
that the actor's own grants name.
"""

import asyncio
from datetime import UTC, datetime

import msgspec

from service.access import audit
from service.clocks.local_time import local_day
from service.database import Tx
from service.pathways.rulebook import current
from service.reports.measures import store
from service.reports.measures.figures import BoardFigures, Period, Scope, Worker
from service.reports.measures.gathering import audience, bins_at, caseloads, complete_from, current_bins, when
from service.reports.measures.ledgers import Restated
from service.reports.measures.rules import board as rules
from service.reports.measures.rules.frame import Frame


async def measured(
    tx: Tx,
    scope: Scope,
    period: Period | None = None,
    as_of: datetime | None = None,
    *,
    action: str | None = "measures_viewed",
    released: bool = False,
    until: datetime | None = None,
    behind: bool = False,
) -> BoardFigures:
    """Every figure of an audience with nothing hidden: for whoever works with these children, and for commentary that
    is hidden afterwards. Leaves one row in the audit.

    Args:
        tx: a transaction in which every statement sees the same rows (``snapshot=True``).
        scope: areas and force must be the actor's own; empty means all of them.
        period: local days; the last thirteen weeks where it is not given.
        as_of: as had been reported at this instant; as known now where it is not given.
        action: what the audit calls it; None where the caller leaves the row.
        released: ``as_of`` is when boards' figures were brought up to date: what is known now, to whom it is told.
        until: what was reported is compared with what had been recorded by then; by now where it is not given.
        behind: with who stands behind every number, which whoever tells it to a board has to know.

    Raises:
        Forbidden: an area or force that is not the actor's.
        Refused: a period or an instant that cannot be.
    """
    asked = await audience(tx, scope)
    known, span = await when(tx, period, as_of)
    if released:
        known = msgspec.structs.replace(known, basis="known_now", asked=tx.now.astimezone(UTC))
    rulebook = await current(tx)
    ready = rulebook.calendar(None)
    async with store.as_system(tx) as reader:
        connection = reader.connection
        bins, uncounted = await current_bins(connection, asked, rulebook)
        known = msgspec.structs.replace(known, uncounted=uncounted)
        complete = await complete_from(connection)
        live: int | None = None
        given = await store.given(
            connection, asked.areas, asked.force, asked.district, scope.grade,
            since=datetime.fromtimestamp(span.since, UTC), instant=known.instant,
        )  # fmt: skip
        workers: list[Worker] = []
        teams: list[Worker] = []
        restated: Restated | None = None
        if as_of is None:
            if not uncounted:
                live = await store.live(connection, asked.areas, asked.force, scope.grade, asked.district)
            workers, teams = await caseloads(connection, asked, local_day(tx.now))
        else:
            by = None if released else until or tx.now
            then = await bins_at(connection, asked, rulebook, known.instant, bins, until=by, grade=scope.grade)
            if not released:
                restated = rules.restated(
                    rules.headline(Frame(then.reported, known.instant, scope.grade, complete), span),
                    rules.headline(Frame(then.known_now, known.instant, scope.grade, complete), span),
                    then.recorded,
                )
            bins = then.reported
    if action is not None:
        first, last = span.first, span.last
        await viewed(tx, action, scope, Period(first=first, last=last), None if as_of is None else known.instant)
    # Tenths of a second of processor: in a thread, so that others are answered meanwhile.
    return await asyncio.to_thread(
        rules.board,
        Frame(bins, known.instant, scope.grade, complete),
        scope,
        span,
        ready,
        known,
        period=period,
        live=live,
        workers=workers,
        teams=teams,
        given=given,
        restated=restated,
        behind=behind,
    )


async def viewed(tx: Tx, action: str, scope: Scope, period: Period, as_of: datetime | None) -> None:
    """Leave the row in the audit that says which figures were read."""
    await audit.viewed(
        tx,
        action,
        "read the delay measures",
        detail={
            "areas": list(scope.areas), "force": scope.force, "district": scope.district, "grade": scope.grade,
            "first": period.first.isoformat(), "last": period.last.isoformat(),
            "as_of": None if as_of is None else as_of.isoformat(),
        },
    )  # fmt: skip
