"""What the pages about one pathway share: its head, left in the audit trail, and who its siblings are."""

from uuid import UUID

import msgspec

from service.access import audit
from service.database import Tx
from service.errors import NotFound
from service.pathways.view import store
from service.pathways.view.store import Head, Other


class Subject(msgspec.Struct, frozen=True):
    """The child in hand, its siblings in the same incident, and its other incidents."""

    head: Head
    siblings: tuple[Other, ...]
    earlier: tuple[Other, ...]

    @property
    def family(self) -> dict[UUID, str]:
        """Names of this child and its siblings by pathway."""
        names = {self.head.pathway: f"{self.head.given_names} {self.head.family_name}".strip()}
        return names | {each.pathway: f"{each.given_names} {each.family_name}".strip() for each in self.siblings}


async def subject(tx: Tx, pathway: UUID, action: str, purpose: str) -> Subject:
    """Who a form is about; showing it is one row of the audit trail.

    Raises:
        NotFound: there is no such pathway, or not for this actor.
    """
    head = await store.head(tx.connection, pathway)
    if head is None:
        raise NotFound("There is no such pathway.")
    others = await store.others(tx.connection, head)
    await audit.viewed(tx, action, purpose, [pathway, *(each.pathway for each in others)])
    return Subject(
        head,
        tuple(each for each in others if not each.same_child),
        tuple(each for each in others if each.same_child),
    )
