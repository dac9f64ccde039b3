"""Tells the milestones of a discussion through the one door.

One fact is one record in each area, shared by all the pathways that the discussion covers there: correcting it corrects
all of them, and each area corrects its own. The convenor of a discussion tells the pathways that another area put into
it as well; the database lends those pathways, and no others, for as long as this lasts.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.database import Tx
from service.meetings import store
from service.meetings.rules import CONVENERS
from service.meetings.structs import Covered, Discussion
from service.pathways import service as pathways
from service.pathways.owning import Agreed
from service.pathways.rules import Entry
from service.pathways.service import Correction, Recorded


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a discussion.

    ``each`` holds what differs from pathway to pathway; ``only`` names the pathways it is about, None: all.
    """

    kind: str
    at: datetime
    outcome: str | None = None
    detail: dict[str, Any] = {}
    each: Mapping[UUID, dict[str, Any]] = {}
    only: frozenset[UUID] | None = None


@asynccontextmanager
async def lent(tx: Tx, discussion: Discussion, areas: Sequence[str]) -> AsyncIterator[None]:
    """Work on the pathways that other areas put into the discussion."""
    if set(areas) <= set(tx.actor.areas(*CONVENERS)) or tx.actor.kind == "system":
        yield
        return
    await store.convene(tx.connection, discussion.id)
    yield
    # When something is raised the transaction ends, and the setting with it.
    await store.convene(tx.connection, None)


async def tell(tx: Tx, discussion: Discussion, covered: Sequence[Covered], facts: Sequence[Fact]) -> Recorded:
    """Record facts on every pathway that is covered.

    Raises:
        Refused, NotFound, Forbidden: as `pathways.service.record`.
    """
    areas = sorted({each.area for each in covered})
    told: list[tuple[UUID, str, str, datetime]] = []
    entries: list[Entry] = []
    for fact in facts:
        at = fact.at.replace(microsecond=0)
        about = [each for each in covered if fact.only is None or each.pathway in fact.only]
        of_area = {area: new_id(tx.now) for area in sorted({each.area for each in about})}
        told += [(record, fact.kind, area, at) for area, record in of_area.items()]
        entries += [
            Entry(
                pathway=each.pathway,
                kind=fact.kind,
                at=at,
                outcome=fact.outcome,
                detail={"discussion": str(discussion.id), **fact.detail, **fact.each.get(each.pathway, {})},
                record=of_area[each.area],
                origin=discussion.id,
            )
            for each in about
        ]
    async with lent(tx, discussion, areas):
        recorded = await pathways.record(tx, entries, lent=_lent_to(tx, discussion, covered))
    await store.add_facts(tx.connection, discussion.id, told)
    return recorded


async def correct(
    tx: Tx,
    discussion: Discussion,
    covered: Sequence[Covered],
    milestones: Sequence[UUID],
    correction: Correction,
    agreed: Agreed | None = None,
) -> list[Recorded]:
    """Correct a fact by the milestones that tell it, one of each area.

    Raises:
        NeedsSecondPerson, Refused, Superseded, NotFound, Forbidden: as `pathways.service.correct`.
    """
    by, proposed_by = (agreed.by, agreed.proposed_by) if agreed else (None, None)
    async with lent(tx, discussion, sorted({each.area for each in covered})):
        return [
            await pathways.correct(
                tx,
                milestone,
                correction,
                authorised_by=by,
                proposed_by=proposed_by,
                lent=_lent_to(tx, discussion, covered),
            )
            for milestone in milestones
        ]


def _lent_to(tx: Tx, discussion: Discussion, covered: Sequence[Covered]) -> dict[UUID, str]:
    """Pathways of areas in which the actor does not convene, each with the area whose roles count for them."""
    mine = tx.actor.areas(*CONVENERS)
    return {each.pathway: discussion.area for each in covered if each.area not in mine}
