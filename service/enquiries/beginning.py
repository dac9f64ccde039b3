"""A discussion that decides on section 47 begins the enquiries, in the transaction in which it is held."""

from typing import Final
from uuid import UUID

from service.database import Tx
from service.enquiries import starting as starts
from service.enquiries import store
from service.enquiries.rules import Starting
from service.meetings.holding.service import Held
from service.pathways.rules import may_record

_BEGINS: Final = "yes"


async def begin(tx: Tx, held: Held) -> None:
    """Start one enquiry for each child whom the discussion decided so for.

    Children of another area, and those whom whoever convened it does not see, are left to their own managers: their
    enquiries stand in the list as decided and not started.
    """
    own = [
        each
        for each in held.covered
        if each.pathway in held.begun and may_record(tx.actor, "enquiry_started", each.area, each.force)
    ]
    seen = {each.pathway for each in await store.about(tx.connection, [each.pathway for each in own])}
    children: dict[UUID, list[UUID]] = {}
    for each in own:
        if each.pathway in seen:
            children.setdefault(each.child, []).append(each.pathway)
    for decided in held.record.children:
        pathways = children.get(decided.child)
        if pathways and decided.section_47 == _BEGINS:
            starting = Starting(
                pathways=pathways,
                kind="joint" if decided.enquiry == "joint" else "single_agency",
                lead_social_worker=decided.lead.strip()[:200],
                discussion=held.discussion.id,
                at=held.discussion.held_from,
            )
            await starts.start(tx, starting)
