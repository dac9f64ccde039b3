"""What every change of an enquiry goes through: may the actor, does the version stand, and what it tells the spine."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.vocabulary import Precision
from service.database import Tx
from service.enquiries import rules, store
from service.enquiries.store import Row
from service.enquiries.viewing import NOT_THERE, View, load
from service.errors import Forbidden, NotFound, PreconditionFailed, Refused
from service.pathways import service as pathways
from service.pathways.rules import Entry


async def writing(tx: Tx, enquiry: UUID, version: int, *, by: tuple[str, ...] = rules.WRITES) -> View:
    """An enquiry that the actor may change, locked, if it still is at this version."""
    await store.lock(tx.connection, enquiry)
    found = await load(tx, enquiry)
    if not tx.actor.holds(*by, area=found.child.area):
        raise Forbidden("Your role does not do this in an enquiry of this area.")
    if found.version != version:
        await _raise_changed(tx, found, version)
    return found


async def _raise_changed(tx: Tx, found: View, version: int) -> None:
    row = found.enquiry
    was = await store.revision(tx.connection, row.id, version)
    before: dict[str, Any] = {"state": was.state, **was.body} if was else {}
    raise PreconditionFailed(
        "Somebody changed this enquiry meanwhile.",
        version=row.version,
        changed=rules.changed(before, {"state": row.state, **row.body}),
        by=row.changed_by,
        at=row.changed_at.isoformat(),
    )


async def saved(
    tx: Tx, found: View, row: Row, version: int, *, completed: bool = False, authorised: bool = False
) -> int:
    """Save the row over the version that was read; the new version."""
    version_now = await store.save(tx, row, version, completed=completed, authorised=authorised)
    if version_now is None:  # the row is locked at this version: it is no longer the actor's to see
        raise NotFound(NOT_THERE)
    return version_now


async def tell(
    tx: Tx,
    found: View,
    kind: str,
    at: datetime | None,
    *,
    on: date | None = None,
    precision: Precision = "minute",
    outcome: str | None = None,
    detail: dict[str, Any],
    record: UUID | None = None,
) -> None:
    """One fact about the child, for every pathway that the enquiry covers."""
    shared = record or new_id(tx.now)
    entries = [
        Entry(
            pathway=each.pathway,
            kind=kind,
            at=at.replace(microsecond=0) if at else None,
            on=on,
            precision=precision,
            outcome=outcome,
            detail=detail,
            record=shared,
        )
        for each in found.covers
    ]
    try:
        await pathways.record(tx, entries)
    except Refused as refused:
        raise Refused(
            [msgspec.structs.replace(wrong, field=wrong.field.rpartition("].")[2]) for wrong in refused.wrong]
        ) from refused
