"""Whole caseloads: entered or sent as a file by team managers, read by those who manage the area. Never guessed."""

from datetime import date, timedelta
from typing import Final

import msgspec

from service.access import audit
from service.clocks.local_time import local_day
from service.database import Tx
from service.errors import Forbidden, NotFound, Refused
from service.reports.plans.caseloads import rules, store
from service.reports.plans.caseloads.rules import Caseload, Counted

READERS: Final = ("team_manager", "senior_leader", "mash_manager")
#: A count that is older than this is no longer the present caseload.
STALE: Final = timedelta(days=62)


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file of caseloads: counts that are new, and those that had been entered before."""

    entered: int
    unchanged: int


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
    if wrong := rules.wrong_with(counted, local_day(tx.now)):
        raise Refused(wrong)
    if not await store.enter(tx, counted.area, counted.worker, counted.cases, counted.counted_on):
        raise NotFound("The area has no such worker.")


async def take(tx: Tx, data: bytes) -> Taken:
    """Enter every count of a file, or none of it. What stands already is not entered twice, so it may be sent daily.

    Args:
        tx: as a manager of teams; workers of their areas alone may stand in the file.
        data: CSV with the columns of `rules.COLUMNS`.

    Raises:
        Refused: the file cannot be read, or rows of it cannot be.
    """
    today = local_day(tx.now)
    areas = tx.actor.areas("team_manager")
    workers = await store.caseloads(tx.connection, areas, today)
    counts, wrong = rules.read(data, workers, today)
    if wrong:
        raise Refused(wrong)
    stand = await store.standing(tx.connection, areas, today - rules.OLDEST)
    entered = 0
    for each in dict.fromkeys(counts):
        if (each.area, each.worker, each.counted_on, each.cases) not in stand:
            await store.enter(tx, each.area, each.worker, each.cases, each.counted_on)
            entered += 1
    return Taken(entered=entered, unchanged=len(counts) - entered)
