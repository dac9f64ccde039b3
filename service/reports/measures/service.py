"""The delay measures as boards, pages, the API and the command line ask for them: the one way in.

Who works with all the children of what is asked for reads what was measured; a board reads what was released to it.
"""

from datetime import datetime

from service.access import audit
from service.actor import Actor
from service.database import Tx
from service.pathways.rulebook import current
from service.reports.measures import store
from service.reports.measures.figures import BoardFigures, Period, Scope
from service.reports.measures.gathering import AREA_ROLES, FORCE_ROLES, audience, current_bins, when
from service.reports.measures.ledgers import Ledger
from service.reports.measures.measuring import measured
from service.reports.measures.releases.service import for_board, of_its_board
from service.reports.measures.releases.states import told_when_issued
from service.reports.measures.rules.frame import Frame
from service.reports.measures.rules.rest import ledger as ledger_of

__all__ = ["board", "ledger", "measured", "of_its_board", "shows_small_numbers", "told_when_issued"]


async def board(
    tx: Tx,
    scope: Scope,
    period: Period | None = None,
    as_of: datetime | None = None,
    *,
    action: str | None = "measures_viewed",
) -> BoardFigures:
    """Every figure of an audience as the actor may see it: small numbers are hidden from members of a board.

    Args, Raises: as `measured`. A board asks for calendar quarters, as known now or as reported when they had
    ended, of its whole area: see `disclosure.periods`.
    """
    if shows_small_numbers(tx.actor, scope):
        return await measured(tx, scope, period, as_of, action=action)
    return await for_board(tx, scope, period, as_of, action)


def shows_small_numbers(actor: Actor, scope: Scope | None = None) -> bool:
    """Whether the actor works with all children of a scope, or of all scopes, so that no number need be hidden."""
    if actor.kind == "system":
        return True
    areas, forces = actor.areas(*AREA_ROLES), actor.forces(*FORCE_ROLES)
    if not areas or (scope is not None and scope.force in forces):
        return bool(forces)
    working = actor.areas(*(role for role in AREA_ROLES if role != "board_member"))
    return all(area in working for area in (areas if scope is None or not scope.areas else scope.areas))


async def ledger(tx: Tx, scope: Scope, period: Period | None = None) -> Ledger:
    """The ledger alone, as known now; as `board`."""
    if not shows_small_numbers(tx.actor, scope):
        return (await for_board(tx, scope, period, None, "ledger_viewed")).ledger
    asked = await audience(tx, scope)
    known, span = await when(tx, period, None)
    rulebook = await current(tx)
    async with store.as_system(tx) as reader:
        bins, uncounted = await current_bins(reader.connection, asked, rulebook)
        live = None
        if not uncounted:
            live = await store.live(reader.connection, asked.areas, asked.force, scope.grade, asked.district)
    detail = {"areas": list(scope.areas), "force": scope.force}
    await audit.viewed(tx, "ledger_viewed", "read the ledger", detail=detail)
    return ledger_of(Frame(bins, known.instant, scope.grade), span, live)
