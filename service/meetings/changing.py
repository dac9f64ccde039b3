"""Every change of a discussion is based on a version: who changed it first wins, the other is told what changed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.database import Tx
from service.errors import Forbidden, NotFound, PreconditionFailed
from service.meetings import rules, store
from service.meetings.invitations import service as invitations
from service.meetings.structs import Discussion


async def locked(tx: Tx, identity: UUID, expected: int | None) -> Discussion:
    """The discussion, locked for a change that is based on version ``expected`` (None: on what stands now).

    Raises:
        NotFound: the actor does not see it.
        Forbidden: the actor sees it and may not change it.
        PreconditionFailed: it has changed meanwhile; ``facts`` hold the version that stands, and of every change
            since which fields it touched, who made it and when.
    """
    may = await store.lock(tx.connection, identity)
    row = await store.discussion(tx.connection, identity)
    if row is None:
        raise NotFound("There is no such discussion.")
    if not may:
        raise Forbidden("Only those who convene this discussion change it.")
    if expected is not None and row.version != expected:
        raise await outdated(tx, row, expected)
    return row


async def outdated(tx: Tx, row: Discussion, expected: int) -> PreconditionFailed:
    """What is answered to somebody whose version is not the one that stands."""
    made = await store.changes(tx.connection, row.id, expected)
    names = list(dict.fromkeys(change.by_name for change in made))
    return PreconditionFailed(
        f"This discussion has changed since you looked at it{': ' + ', '.join(names) if names else ''}.",
        version=row.version,
        changes=[
            {
                "version": change.version,
                "what": change.what,
                "fields": sorted(change.changes),
                "by": change.by_name,
                "at": change.at,
            }
            for change in made
        ],
        fields=rules.since(change.changes for change in made),
    )


async def saved(
    tx: Tx,
    before: Discussion,
    after: Discussion,
    what: str,
    more: Mapping[str, Any] | None = None,
    *,
    reason: str | None = None,
) -> int:
    """Write a change and remember it; the version that stands now.

    Args:
        tx: the transaction in which `locked` gave ``before``.
        before: the discussion as it was.
        after: as it is to be.
        what: what was done, in snake case.
        more: further changes by name, each with its value before and after.
        reason: why, of a correction.
    """
    version = await store.save(tx.connection, after)
    changes = rules.changed(before, after) | dict(more or {})
    await store.add_change(tx, before.id, version, what, changes, reason)
    if after.sequence != before.sequence:
        await invitations.tell(tx, before.id)
    return version
