"""How a transfer follows corrections of the milestones that tell it: that a child was sent to another area, and that it
was accepted there.
"""

from typing import Final

from service.database import Tx
from service.errors import Conflict
from service.intake.decisions import store
from service.pathways.owning import Agreed, Fact, Owner
from service.pathways.service import Correction

_SENT: Final = "sent_to_right_area"
_ACCEPTED: Final = "transfer_accepted"


class _OfTransfer:
    """A sending that is taken back ends with it: the other area then sees nothing of the child. Once it is accepted the
    record is with the other area, and is sent on but not undone.
    """

    async def record_of(self, tx: Tx, fact: Fact) -> str | None:
        return f"/pathways/{fact.pathway}" if await _transfer(tx, fact) else None

    async def check(self, tx: Tx, fact: Fact, change: Correction) -> bool:
        transfer = await _transfer(tx, fact)
        to_area = (change.detail or {}).get("to_area", fact.detail.get("to_area"))
        if fact.kind == _SENT and to_area != fact.detail.get("to_area"):
            raise Conflict("Say that this never happened, then send the child to the right area: that is a decision.")
        if change.retract and transfer is not None and transfer.accepted_at is not None:
            raise Conflict(
                "The record moved when it was accepted. Send the child to the right area: that is a decision."
            )
        return False

    async def follow(self, tx: Tx, fact: Fact, change: Correction, agreed: Agreed | None) -> None:
        del agreed
        transfer = await _transfer(tx, fact)
        if transfer is None:
            return
        if change.retract:
            await store.take_back(tx, transfer.id)
        elif change.at is not None:
            accepted = change.at if fact.kind == _ACCEPTED else transfer.accepted_at
            await store.redate(tx, transfer.id, change.at if fact.kind == _SENT else transfer.sent_at, accepted)

    async def carry_out(self, tx: Tx, fact: Fact, change: Correction, agreed: Agreed) -> None:
        del tx, fact, change, agreed
        raise Conflict("Nothing is proposed from a transfer.")


async def _transfer(tx: Tx, fact: Fact) -> store.Transfer | None:
    """The transfer that a milestone tells: of a sending the last to that area, of an acceptance the last accepted here.
    None of what is known from a file alone.
    """
    if fact.kind == _SENT:
        return await store.transfer_to(tx, fact.pathway, str(fact.detail.get("to_area", "")))
    return await store.transfer_accepted(tx, fact.pathway)


_TRANSFER: Final = _OfTransfer()
#: The milestones of which a transfer tells too.
KEPT: Final[dict[str, Owner]] = {_SENT: _TRANSFER, _ACCEPTED: _TRANSFER}
