"""The history of the children of a discussion, to be read beside its record: every incident, newest first."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from service.database import Tx
from service.meetings.pages import wording
from service.meetings.structs import Covered
from service.pathways.pages import telling
from service.pathways.pages.telling import Item
from service.pathways.view import service as views
from service.pathways.view import store
from service.pathways.view.store import Head

#: Incidents of one child that are told in full; older ones are named with a link.
_INCIDENTS = 12


class Incident(msgspec.Struct, frozen=True):
    """One incident of a child: where it stands, and what happened in it, newest first."""

    head: Head
    covered: bool
    items: tuple[Item, ...]


class Chronology(msgspec.Struct, frozen=True):
    """One child's incidents. ``elsewhere``: the child is another area's, whose records are not shown here."""

    child: UUID
    name: str
    incidents: tuple[Incident, ...]
    more: int
    elsewhere: bool


async def chronologies(
    tx: Tx, covered: Sequence[Covered], places: Mapping[str, str]
) -> tuple[list[Chronology], list[UUID]]:
    """The history of every child, and the pathways that were looked at, for the audit trail."""
    found, seen = [], []
    here = {each.pathway for each in covered}
    for one in wording.children(covered):
        heads = await _heads(tx, [each.pathway for each in covered if each.child == one.child])
        seen += [head.pathway for head in heads]
        incidents = [
            Incident(
                head,
                head.pathway in here,
                tuple(telling.item(view, places) for view in (await views.timeline(tx, head)).values()),
            )
            for head in heads[:_INCIDENTS]
        ]
        more = max(0, len(heads) - _INCIDENTS)
        found.append(Chronology(one.child, wording.child(one), tuple(incidents), more, not heads))
    return found, seen


async def _heads(tx: Tx, pathways: Sequence[UUID]) -> list[Head]:
    """The covered incidents of one child first, then the child's others, newest first."""
    heads = [head for each in pathways if (head := await store.head(tx.connection, each))]
    known = {head.pathway for head in heads}
    others = await store.others(tx.connection, heads[0]) if heads else []
    for other in others:
        if other.same_child and other.pathway not in known:
            head = await store.head(tx.connection, other.pathway)
            heads += [head] if head else []
    return heads
