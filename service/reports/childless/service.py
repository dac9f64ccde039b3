"""The police work list of incidents that name no child because nobody asked, or nobody wrote it down.

An incident leaves the list when a child of it is named, by whatever way the notice comes, or when a notice
says that there is none in the household.
"""

from datetime import timedelta
from typing import Final

import msgspec

from service.database import Tx
from service.reports.childless import store
from service.reports.childless.store import Since, Unasked

#: Days over which the list is set against all incidents: whole weeks.
DAYS: Final = 28
REASONS: Final = ("not_asked", "not_recorded")


class WorkList(msgspec.Struct, frozen=True, kw_only=True):
    """The work list in counts, what filters leave of it, and one page of that, the oldest first.

    ``recently`` are all incidents first recorded in the last ``days`` days: those of adults alone
    stand in it too, so that a share can be told.
    """

    not_asked: int
    not_recorded: int
    days: int
    recently: Since
    total: int
    rows: list[Unasked]


async def work_list(
    tx: Tx, *, reason: str | None = None, area: str | None = None, limit: int = 50, offset: int = 0
) -> WorkList:
    """The work list of the actor's forces; ``tx`` as a liaison."""
    forces = tx.actor.forces("police_liaison")
    not_asked, not_recorded = await store.open_count(tx.connection, forces)
    total, rows = await store.listed(tx.connection, forces, reason, area, limit, offset)
    return WorkList(
        not_asked=not_asked,
        not_recorded=not_recorded,
        days=DAYS,
        recently=await store.since(tx.connection, forces, tx.now - timedelta(days=DAYS)),
        total=total,
        rows=rows,
    )


async def waiting(tx: Tx) -> int:
    """How long the work list of the actor's forces is."""
    return sum(await store.open_count(tx.connection, tx.actor.forces("police_liaison")))
