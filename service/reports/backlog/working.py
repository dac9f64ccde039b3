"""One incident of the backlog, opened, read and worked: shared, regraded; and which comes before and after it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.spine import Milestone
from schema.vocabulary import GRADES
from service.access import audit
from service.database import Tx
from service.errors import Conflict, NotFound, Refused, Wrong
from service.intake.decisions import service as decisions
from service.pathways import service as pathways
from service.pathways.rules import Entry
from service.reports.backlog import service, store
from service.reports.backlog.rules import OpenIncident
from service.reports.backlog.store import Earlier, OfIncident


class Shared(msgspec.Struct, frozen=True):
    """How many incidents and children's notices were shared, and how many incidents had been before."""

    incidents: int
    children: int
    already: int


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where an incident stands in the list under some filters; ``number`` is None when it has left the list."""

    number: int | None
    total: int
    previous: UUID | None
    following: UUID | None


class ChildOf(msgspec.Struct, frozen=True, kw_only=True):
    """A child of the incident, what was recorded of it alone, and its other incidents, the latest first."""

    child: OfIncident
    recorded: list[Milestone]
    earlier: list[Earlier]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """One incident as the force may read it. ``standing`` is None when nothing of it is left to share.

    ``account``: what the officer wrote of it, until something of it is shared.
    """

    incident: UUID
    reference: str
    area: str
    district: str | None
    account: str | None
    standing: OpenIncident | None
    recorded: list[Milestone]
    children: list[ChildOf]
    place: Place


async def share(tx: Tx, incidents: Sequence[UUID]) -> Shared:
    """Share now what is still to be shared of incidents; sharing is sending.

    Raises:
        Conflict: nothing of them is left to share.
    """
    wanted = list(dict.fromkeys(incidents))
    found = await store.open_of_incidents(tx.connection, wanted)
    if not found:
        raise Conflict("These had been shared or decided on already. Nothing was recorded.")
    await decisions.share(tx, [pathway for pathway, _ in found])
    shared = {incident for _, incident in found}
    return Shared(len(shared), len(found), len(wanted) - len(shared))


async def to_share(tx: Tx, incidents: Sequence[UUID]) -> list[OpenIncident]:
    """Those of these incidents of which something is left to share, as they stand; one row in the audit."""
    held, _ = await service.listing(tx, {})
    found = [row for row in held if row.incident in set(incidents)]
    await audit.viewed(
        tx, "backlog_viewed", "decide whether to share", [each for row in found for each in row.pathways]
    )
    return found


async def left_beside(tx: Tx, pathway: UUID) -> int:
    """How many children's notices of this child's incident are still to be shared."""
    return await store.left_beside(tx.connection, pathway)


async def opened(
    tx: Tx, incident: UUID, *, filters: Mapping[str, str] | None = None, sort: str = "worst", descending: bool = False
) -> Opened:
    """One incident, to be read before it is shared or declined; one row in the audit.

    Raises:
        NotFound: there is none that this actor may see.
    """
    found = await store.incident(tx.connection, incident)
    if not found:
        raise NotFound("There is no such incident.")
    told = await store.milestones(tx.connection, [each.pathway for each in found], tx.now)
    current = {pathway: _current(rows) for pathway, rows in told.items()}
    shared = _of_all(list(current.values())) if len(found) > 1 else set()
    before = await store.earlier(tx.connection, [each.child for each in found], incident)
    held, listed = await service.listing(tx, filters or {}, sort, descending=descending)
    await audit.viewed(
        tx,
        "incident_viewed",
        "decide whether to share",
        [*(each.pathway for each in found), *(each.pathway for each in before)],
    )
    first = current.get(found[0].pathway, [])
    return Opened(
        incident=incident,
        reference=found[0].reference,
        area=found[0].area,
        district=found[0].district,
        account=await store.account(tx.connection, incident),
        standing=next((row for row in held if row.incident == incident), None),
        recorded=[row for row in first if not shared or _key(row) in shared],
        children=[
            ChildOf(
                child=each,
                recorded=[row for row in current.get(each.pathway, []) if shared and _key(row) not in shared],
                earlier=[other for other in before if other.child == each.child],
            )
            for each in found
        ],
        place=_place([row.incident for row in listed], incident),
    )


def _current(rows: Sequence[Milestone]) -> list[Milestone]:
    superseded = {row.supersedes for row in rows}
    kept = [row for row in rows if row.id not in superseded and not row.retracted]
    return sorted(kept, key=_when)


def _when(row: Milestone) -> datetime:
    return row.at or row.recorded_at


def _key(row: Milestone) -> tuple[object, ...]:
    return (row.kind, row.at, row.on, row.outcome)


def _of_all(rows: Sequence[Sequence[Milestone]]) -> set[tuple[object, ...]]:
    """What was recorded alike of every child: facts of the incident."""
    sets = [{_key(row) for row in each} for each in rows]
    return set.intersection(*sets) if sets else set()


def _place(ids: Sequence[UUID], incident: UUID) -> Place:
    if incident not in ids:
        return Place(number=None, total=len(ids), previous=None, following=ids[0] if ids else None)
    number = ids.index(incident)
    return Place(
        number=number + 1,
        total=len(ids),
        previous=ids[number - 1] if number else None,
        following=ids[number + 1] if number + 1 < len(ids) else None,
    )


async def of_incident(tx: Tx, incident: UUID) -> list[OfIncident]:
    """The children of one incident, for a regrade.

    Raises:
        NotFound: there is none that this actor may see.
    """
    found = await store.incident(tx.connection, incident)
    if not found:
        raise NotFound("There is no such incident.")
    await audit.viewed(tx, "incident_viewed", "regrade an incident", [each.pathway for each in found])
    return found


async def regrade(tx: Tx, incident: UUID, grade: str, rationale: str) -> int:
    """Give an incident another grade, for all of its children at once; how many.

    Raises:
        Refused: no grade, the grade it has, or no rationale.
        NotFound: there is no such incident for this actor.
    """
    found = await of_incident(tx, incident)
    wrong = []
    if grade not in GRADES:
        wrong.append(Wrong("grade", grade or "nothing", " or ".join(GRADES), "Choose the new grade."))
    elif all(each.grade == grade for each in found):
        wrong.append(Wrong("grade", grade, "another grade", "This is the grade it has already."))
    if not rationale.strip():
        wrong.append(Wrong("rationale", "nothing", "why the grade changed", "Enter why the grade changed."))
    if wrong:
        raise Refused(wrong)
    record, at = new_id(tx.now), tx.now.replace(microsecond=0)
    detail = {"by": "triage", "rationale": rationale.strip()}
    entries = [
        Entry(pathway=each.pathway, kind="risk_regraded", at=at, outcome=grade, detail=detail, record=record)
        for each in found
    ]
    await pathways.record(tx, entries)
    return len(found)
