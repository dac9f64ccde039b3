"""What every change of a conference goes through: may the actor, does the version stand, what it tells the spine."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.vocabulary import Precision
from service.database import Tx
from service.enquiries import rules as enquiry_rules
from service.enquiries.conferences import rules, store
from service.enquiries.conferences.viewing import NOT_THERE, View, load
from service.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Refused
from service.pathways import service as pathways
from service.pathways.rules import Entry


async def writing(tx: Tx, conference: UUID, version: int) -> View:
    """A conference that is still ahead, locked at this version, for those who arrange it.

    Raises:
        Forbidden, NotFound, PreconditionFailed: as `locked`; or the actor arranges none in this area.
        Conflict: it was held or called off.
    """
    found = await locked(tx, conference, version)
    if not tx.actor.holds(*rules.ARRANGES, area=found.conference.area):
        raise Forbidden("The conference service, or a team manager, arranges and records conferences.")
    state = found.conference.state
    if state == "held":
        raise Conflict("This conference was held. If a time or outcome is wrong, correct the child's milestone.")
    if state == "cancelled":
        raise Conflict("This conference was called off. Ask for another one.")
    return found


async def locked(tx: Tx, conference: UUID, version: int) -> View:
    """A conference, locked, if it still is at this version.

    Raises:
        NotFound: there is none, or it is not the actor's to see.
        Forbidden: the actor does not see every child of it.
        PreconditionFailed: somebody changed it meanwhile; ``facts`` say who, and what from what to what.
    """
    await store.lock(tx.connection, conference)
    found = await load(tx, conference)
    row = found.conference
    async with tx.recording():
        everyone = len(await store.children(tx.connection, conference))
    if everyone != len(found.children):
        raise Forbidden("You do not see every child of this conference: somebody who does changes it.")
    if row.version != version:
        was = await store.revision(tx.connection, conference, version)
        raise PreconditionFailed(
            "Somebody changed this conference meanwhile.",
            version=row.version,
            changed=enquiry_rules.changed(was.body if was else {}, store.body_of(row)),
            by=row.changed_by,
            at=row.changed_at.isoformat(),
        )
    return found


async def saved(tx: Tx, row: store.Row, version: int) -> int:
    """Save the row over the version that was read; the new version."""
    version_now = await store.save(tx, row, version)
    if version_now is None:  # the row is locked at this version: it is no longer the actor's to see
        raise NotFound(NOT_THERE)
    return version_now


def ids(found: View) -> list[UUID]:
    """The pathways of its children."""
    return [child.about.pathway for child in found.children]


async def tell(
    tx: Tx,
    covered: list[UUID],
    kind: str,
    at: datetime | None,
    *,
    on: date | None = None,
    precision: Precision | None = None,
    outcome: str | None = None,
    detail: dict[str, Any],
    record: UUID | None = None,
) -> None:
    """One record for all the children it covers."""
    shared = record or new_id(tx.now)
    await through_the_door(
        tx,
        [
            Entry(
                pathway=pathway,
                kind=kind,
                at=at.replace(microsecond=0) if at else None,
                on=on,
                precision=enquiry_rules.precision_of(precision, on),
                outcome=outcome,
                detail=detail,
                record=shared,
            )
            for pathway in covered
        ],
    )


async def through_the_door(tx: Tx, entries: list[Entry]) -> None:
    """Record milestones; what is refused names the field of the form, not the entry."""
    try:
        await pathways.record(tx, entries)
    except Refused as refused:
        wrong = [msgspec.structs.replace(each, field=each.field.rpartition("].")[2]) for each in refused.wrong]
        raise Refused(list(dict.fromkeys(wrong))) from refused
