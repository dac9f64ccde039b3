"""Possible matches for children as they are typed; looking is left in the audit trail."""

from collections.abc import Sequence
from typing import Final

from service.access import audit
from service.children import store
from service.children.likeness import Matches, Said, matches
from service.database import Tx

_FRONT_DOOR: Final = ("mash_coordinator", "mash_manager", "out_of_hours")
_NONE: Final = Matches(status="none")


async def possible_matches(tx: Tx, area: str, typed: Sequence[Said]) -> list[Matches]:
    """What is known of children like these, in their order.

    A front door's people search the area's children; a liaison searches the children of the
    force's own incidents there. Anybody else finds nothing.
    """
    found = [await _of_one(tx, area, said) if said.can_be_compared else _NONE for said in typed]
    seen = [pathway for each in found for one in each.candidates for pathway in one.known.pathways]
    if any(each.candidates for each in found):
        await audit.viewed(
            tx,
            "possible_matches_viewed",
            "find out whether a child is known",
            seen,
            {"area": area, "statuses": [each.status for each in found]},
        )
    return found


async def _of_one(tx: Tx, area: str, said: Said) -> Matches:
    if tx.actor.holds(*_FRONT_DOOR, area=area):
        return matches(said, await store.candidates(tx.connection, area, said))
    if forces := tx.actor.forces("police_liaison"):
        return matches(said, await store.candidates_police(tx.connection, forces, area, said))
    return _NONE
