"""Facts that a record of its own tells too: a discussion's, an enquiry's, a conference's.

A correction of such a fact changes the milestone and that record in one transaction, or neither. The subjects that keep
the records say in `OWNERS` how theirs follow, and which corrections are made from the record alone.
"""

from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from service.database import Tx
from service.pathways import store
from service.pathways.service import Correction


class Fact(msgspec.Struct, frozen=True):
    """A milestone that is corrected. Field order is column order."""

    milestone: UUID
    pathway: UUID
    area: str
    kind: str
    record: UUID
    at: datetime | None
    on: date | None
    outcome: str | None
    detail: dict[str, Any]


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """The second person who agreed to a correction, and who had proposed it."""

    by: UUID | None
    proposed_by: UUID | None


class Owner(Protocol):
    """How the records of one subject follow corrections of the milestones that tell the same."""

    async def record_of(self, tx: Tx, fact: Fact) -> str | None:
        """The page of the record that tells this fact, as far as the actor sees it; None: no record does."""

    async def check(self, tx: Tx, fact: Fact, change: Correction) -> bool:
        """Whether two people must agree whatever it changes.

        Raises:
            Conflict: this correction is made from the record; the message says how.
            Refused: the record cannot say so; every wrong field is named.
        """

    async def follow(self, tx: Tx, fact: Fact, change: Correction, agreed: Agreed | None) -> None:
        """Let the record say what the milestone was just corrected to."""

    async def carry_out(self, tx: Tx, fact: Fact, change: Correction, agreed: Agreed) -> None:
        """Correct the record, and the milestone with it, as it was proposed from the record."""


#: Who keeps a record of which kind of milestone.
OWNERS: dict[str, Owner] = {}


class Owned(msgspec.Struct, frozen=True):
    """A fact with the owner of the record that tells it, and the page of that record."""

    fact: Fact
    owner: Owner
    page: str


async def owned(tx: Tx, milestone: UUID) -> Owned | None:
    """The record that tells a milestone too; None where nothing but the milestone does."""
    row = await store.fact(tx.connection, milestone)
    if row is None:
        return None
    fact = Fact(*row)
    owner = OWNERS.get(fact.kind)
    page = await owner.record_of(tx, fact) if owner else None
    return Owned(fact, owner, page) if owner and page else None
