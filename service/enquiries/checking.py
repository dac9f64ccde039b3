"""Checks with agencies that an enquiry writes down are milestones too: whom it waits for, and since when.

A check to the day is told to the day. Social care's own checks are asked of nobody else and are told to nobody.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.clocks.local_time import local_day
from service.database import Tx
from service.enquiries import store
from service.enquiries.rules import Body, Check
from service.enquiries.store import About, Held
from service.errors import Conflict
from service.pathways import service as pathways
from service.pathways.owning import Agreed, Fact
from service.pathways.rules import Entry
from service.pathways.service import Correction

#: The day of a check, and the milestone that tells it.
_TOLD: Final = {"asked_on": "information_requested", "answered_on": "information_returned"}
KINDS: Final = tuple(_TOLD.values())
_OURS: Final = "childrens_social_care"
_CHANGED: Final = "Changed in the enquiry"


def numbered(tx: Tx, body: Body) -> Body:
    """The body with an id for every check, so that a check stays the same one whatever is changed about it."""
    known: set[str] = set()
    checks = []
    for check in body.checks:
        identity = check.id if check.id and check.id not in known else str(new_id(tx.now))
        known.add(identity)
        checks.append(check if identity == check.id else msgspec.structs.replace(check, id=identity))
    return msgspec.structs.replace(body, checks=tuple(checks))


async def tell(tx: Tx, enquiry: UUID, covers: Sequence[About], checks: Sequence[Check]) -> None:
    """Record, correct or take back what the checks of an enquiry say, on every pathway that it covers.

    Raises:
        Refused, Forbidden: as `pathways.service.record`.
    """
    held = await store.held(tx.connection, [each.pathway for each in covers], KINDS)
    stand = {(each.kind, each.detail["check"]): each for each in held if each.detail.get("enquiry") == str(enquiry)}
    entries = []
    for check in checks:
        for field, kind in _TOLD.items():
            day = getattr(check, field) if check.agency != _OURS else None
            told = stand.pop((kind, check.id), None)
            if told is None and day is not None:
                entries += _entries(tx, enquiry, covers, check, kind, day)
            elif told is not None and (day, check.agency) != (_day(told), told.outcome):
                await pathways.correct(tx, told.id, _correction(day, check.agency))
    for gone in stand.values():
        await pathways.correct(tx, gone.id, Correction(reason=_CHANGED, retract=True))
    if entries:
        await pathways.record(tx, entries)


def _entries(tx: Tx, enquiry: UUID, covers: Sequence[About], check: Check, kind: str, day: date) -> list[Entry]:
    record = new_id(tx.now)
    detail: dict[str, Any] = {"enquiry": str(enquiry), "check": check.id}
    return [
        Entry(
            pathway=each.pathway, kind=kind, on=day, precision="day", outcome=check.agency, detail=detail, record=record
        )
        for each in covers
    ]


def _correction(day: date | None, agency: str) -> Correction:
    if day is None:
        return Correction(reason=_CHANGED, retract=True)
    return Correction(reason=_CHANGED, on=day, precision="day", outcome=agency)


def _day(told: Held) -> date | None:
    return told.on or (local_day(told.at) if told.at else None)


class OfCheck:
    """What is corrected of a check on a child's pathway is corrected in the enquiry that wrote it down."""

    async def record_of(self, tx: Tx, fact: Fact) -> str | None:
        """The page of the enquiry."""
        found = await self._enquiry(tx, fact)
        return f"/enquiries/{found}" if found else None

    async def check(self, tx: Tx, fact: Fact, change: Correction) -> bool:
        """Any correction may be made; one person suffices."""
        del tx, fact, change
        return False

    async def follow(self, tx: Tx, fact: Fact, change: Correction, agreed: Agreed | None) -> None:
        """Write the day and the agency into the check."""
        del agreed
        enquiry = await self._enquiry(tx, fact)
        row = None
        if enquiry is not None:
            await store.lock(tx.connection, enquiry)
            row = await store.get(tx.connection, enquiry)
        if row is None:
            raise Conflict("The enquiry that tells this is not yours to see.")
        body = msgspec.convert(row.body, Body)
        field = next(name for name, kind in _TOLD.items() if kind == fact.kind)
        day = None if change.retract else change.on or (local_day(change.at) if change.at else None) or "same"
        checks = tuple(
            _changed(each, field, day, change) if each.id == fact.detail.get("check") else each for each in body.checks
        )
        body = msgspec.structs.replace(body, checks=checks)
        await store.save(tx, msgspec.structs.replace(row, body=msgspec.to_builtins(body)), row.version)

    async def carry_out(self, tx: Tx, fact: Fact, change: Correction, agreed: Agreed) -> None:
        """Nothing is proposed from an enquiry."""
        del tx, fact, change, agreed
        raise Conflict("Nothing is proposed from the record of an enquiry.")

    async def _enquiry(self, tx: Tx, fact: Fact) -> UUID | None:
        known = await store.of_pathways(tx.connection, [fact.pathway])
        return next((row.id for row in known if str(row.id) == fact.detail.get("enquiry")), None)


def _changed(check: Check, field: str, day: date | str | None, change: Correction) -> Check:
    changes: dict[str, Any] = {} if day == "same" else {field: day}
    if change.outcome and not change.retract:
        changes["agency"] = change.outcome
    return msgspec.structs.replace(check, **changes)
