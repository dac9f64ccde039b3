"""Whom the actor is allocated, or the actor's teams are: each view leaves its row in the audit trail."""

from typing import Final

import msgspec

from service.access import audit
from service.database import Tx
from service.pathways.caseload import store
from service.pathways.caseload.store import CaseCounts, CaseRow

PAGE: Final = 50


class Caseload(msgspec.Struct, frozen=True, kw_only=True):
    """One page of open pathways with the numbers above it. ``team`` says that a whole team is shown."""

    counts: CaseCounts
    rows: list[CaseRow]
    team: bool


async def caseload(tx: Tx, *, page: int = 1) -> Caseload:
    """Open pathways allocated to the actor, and those of every team the actor manages, 50 to a page.

    These are children of police domestic-abuse notices alone, not a worker's whole caseload.
    """
    teams = [str(grant.team) for grant in tx.actor.grants if grant.role == "team_manager" and grant.team]
    if tx.actor.id is None:
        return Caseload(counts=CaseCounts(0, 0, 0), rows=[], team=False)
    rows = await store.listed(tx.connection, tx.actor.id, teams, PAGE, PAGE * (page - 1))
    counts = await store.counted(tx.connection, tx.actor.id, teams, tx.now)
    await audit.viewed(
        tx, "caseload_viewed", "work with the children allocated here", [row.pathway for row in rows], {"page": page}
    )
    return Caseload(counts=counts, rows=rows, team=bool(teams))
