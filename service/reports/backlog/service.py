"""The backlog as a liaison sees it, and what can be done from its rows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from schema.ids import new_id
from schema.vocabulary import GRADES
from service.access import audit
from service.database import Tx
from service.errors import Conflict, NotFound, Refused, Wrong
from service.intake.decisions import service as decisions
from service.pathways import service as pathways
from service.pathways.lists import store as lists
from service.pathways.rules import Entry
from service.reports.backlog import rules, store
from service.reports.backlog.rules import Figures, Horizons, OpenIncident, Rates
from service.reports.backlog.store import Child, OfIncident

_LONDON: Final = ZoneInfo("Europe/London")
_DAYS: Final = 28
_SORTS: Final = {
    "worst": rules.worst_first,
    "reference": lambda row: row.reference,
    "waited": lambda row: (row.known_at is None, row.known_at),
    "due": lambda row: (row.due_at is None, row.due_at),
}
SORTS: Final = tuple(_SORTS)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One incident of the list, with its children."""

    incident: OpenIncident
    children: list[Child]


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """The whole backlog in figures, what filters leave of it, and one page of that."""

    everything: Figures
    horizons: Horizons
    rates: Rates | None
    flow: list[tuple[date, int, int]]
    total: int
    rows: list[Listed]
    areas: list[str]
    districts: list[str]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The backlog in figures alone, as at one instant. Ages are in whole seconds."""

    as_of: datetime
    total: int
    by_grade: dict[str, int]
    ages: dict[str, dict[str, int]]
    age_unknown: int
    oldest_seconds: dict[str, int]
    late: int
    late_by_shift: int
    shift_ends: datetime
    late_by_monday: int
    monday: datetime
    rates: Rates | None
    sentences: list[str]


class Shared(msgspec.Struct, frozen=True):
    """How many incidents and children's notices were shared, and how many incidents had been before."""

    incidents: int
    children: int
    already: int


async def backlog(
    tx: Tx,
    *,
    filters: Mapping[str, str] | None = None,
    sort: str = "worst",
    descending: bool = False,
    limit: int | None = 50,
    offset: int = 0,
    action: str = "backlog_viewed",
) -> Backlog:
    """The backlog of the actor's forces. Leaves one row in the audit, of the children that are named.

    Args:
        tx: as a liaison.
        filters: ``grade``, ``area``, ``district``, ``due``.
        sort: one of ``SORTS``.
        descending: the other way round.
        limit: incidents of a page; None for all of them (an export).
        offset: incidents before this page.
        action: what the audit calls it.
    """
    forces = tx.actor.forces("police_liaison")
    ahead = rules.horizons(tx.now)
    everything = rules.incidents(await store.open_notices(tx.connection, forces))
    rows = sorted(rules.chosen(everything, filters or {}, ahead), key=_SORTS[sort], reverse=descending)
    page = rows[offset : None if limit is None else offset + limit]
    named = await store.children(tx.connection, [pathway for row in page for pathway in row.pathways])
    place = {pathway: number for number, pathway in enumerate(named)}
    flow = await _flow(tx, forces)
    await audit.viewed(
        tx,
        action,
        "decide what leaves the office today",
        named,
        {"filters": dict(filters or {}), "incidents": len(page)},
    )
    return Backlog(
        everything=rules.figures(everything, ahead),
        horizons=ahead,
        rates=rules.rates(flow),
        flow=flow,
        total=len(rows),
        rows=[Listed(incident=row, children=_children(row, named, place)) for row in page],
        areas=sorted({area for row in everything for area in row.areas}),
        districts=sorted({row.district for row in everything if row.district}),
    )


async def report(tx: Tx, forces: Sequence[str], area: str | None = None) -> Report:
    """The figures of the page for these forces; of one area alone without rates, which are the forces' own.

    Args:
        tx: as a liaison, or as the system.
        forces: codes.
        area: code of an area to count alone.
    """
    ahead = rules.horizons(tx.now)
    everything = rules.incidents(await store.open_notices(tx.connection, forces))
    rows = rules.chosen(everything, {"area": area} if area else {}, ahead)
    found = rules.figures(rows, ahead)
    rates = None if area else rules.rates(await _flow(tx, forces))
    return Report(
        as_of=tx.now,
        total=found.total,
        by_grade=found.by_grade,
        ages={
            grade: {name: count for (name, _), count in zip(rules.BANDS, numbers, strict=True)}
            for grade, numbers in found.bands.items()
        },
        age_unknown=found.age_unknown,
        oldest_seconds={grade: int(age.total_seconds()) for grade, age in found.oldest.items()},
        late=found.late,
        late_by_shift=found.late_by_shift,
        shift_ends=ahead.shift,
        late_by_monday=found.late_by_monday,
        monday=ahead.monday,
        rates=rates,
        sentences=rules.sentences(found, rates),
    )


async def _flow(tx: Tx, forces: Sequence[str]) -> list[tuple[date, int, int]]:
    """(day, arrived, cleared) of the days before today."""
    today = tx.now.astimezone(_LONDON).date()
    days = await lists.police_flow(tx.connection, forces, today - timedelta(days=_DAYS), today - timedelta(days=1))
    return [(each.day, each.arrived, each.cleared) for each in days]


def _children(row: OpenIncident, named: Mapping[UUID, Child], place: Mapping[UUID, int]) -> list[Child]:
    """The children of a row in the order in which they were read: the eldest first."""
    return [
        named[pathway] for pathway in sorted((each for each in row.pathways if each in named), key=place.__getitem__)
    ]


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
