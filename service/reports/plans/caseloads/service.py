"""Whole caseloads: entered by team managers, read by those who manage the area. Never guessed."""

from datetime import date, timedelta
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from service.access import audit
from service.clocks.local_time import local_day
from service.database import Tx
from service.errors import Forbidden, NotFound, Refused, Wrong
from service.reports.plans.caseloads import store
from service.reports.plans.caseloads.store import Caseload

READERS: Final = ("team_manager", "senior_leader", "mash_manager")
#: A count that is older is history.
_OLDEST: Final = timedelta(days=366)
#: A count that is older than this is no longer the present caseload.
STALE: Final = timedelta(days=62)


class Counted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A worker's whole caseload on a day: all cases, not only those in here."""

    area: Annotated[str, Meta(max_length=12)]
    worker: UUID
    cases: int
    counted_on: date


async def caseloads(tx: Tx, area: str | None = None) -> list[Caseload]:
    """Every worker of the actor's areas with the present count; not known where none was entered within two months."""
    areas = [each for each in tx.actor.areas(*READERS) if area in (None, each)]
    today = local_day(tx.now)
    found = await store.caseloads(tx.connection, areas, today)
    await audit.viewed(tx, "caseloads_viewed", "see what workers carry", detail={"workers": len(found)})
    return [present(each, today) for each in found]


def present(found: Caseload, today: date) -> Caseload:
    """The count if it still says something of today; else not known."""
    if found.counted_on is not None and today - found.counted_on > STALE:
        return msgspec.structs.replace(found, cases=None)
    return found


async def enter(tx: Tx, counted: Counted) -> None:
    """Enter a count. An earlier one of the same day stays and no longer holds.

    Raises:
        Forbidden: the actor manages no team of the area.
        NotFound: the area has no such worker.
        Refused: a number or a day that cannot be.
    """
    if not tx.actor.holds("team_manager", area=counted.area):
        raise Forbidden("Managers of a team enter its caseloads.")
    today = local_day(tx.now)
    wrong = []
    if not 0 <= counted.cases <= 300:
        wrong.append(Wrong("cases", str(counted.cases), "0 to 300", "Enter the number of all cases."))
    if not today - _OLDEST <= counted.counted_on <= today:
        expected = "a day of the last year"
        wrong.append(Wrong("counted_on", counted.counted_on.isoformat(), expected, "Enter the day it was counted."))
    if wrong:
        raise Refused(wrong)
    if not await store.enter(tx, counted.area, counted.worker, counted.cases, counted.counted_on):
        raise NotFound("The area has no such worker.")
