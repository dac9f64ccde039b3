"""The police's notices as they stand now, or as they were known at an earlier instant.

Now, they are read from what is derived and stored. For an earlier instant nothing stored will do: each pathway is
evaluated again from the milestones that had been recorded by then, under the standards and calendars of then.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from schema.spine import Derived, History, Milestone, PathwayFacts
from service.clocks import Rulebook, evaluate
from service.database import Tx
from service.pathways.rulebook import current
from service.reports.backlog import store
from service.reports.backlog.rules import Notice, course
from service.reports.backlog.store import Candidate
from service.reports.measures import store as measures

_LONDON: Final = ZoneInfo("Europe/London")
#: Pathways evaluated before others get their turn.
_TURN: Final = 100


class AsOf(msgspec.Struct, frozen=True):
    """The instant that figures speak for; ``lowered``: it was asked for a later one that is not certain yet."""

    at: datetime
    lowered: bool


async def instant(tx: Tx, asked: datetime | None) -> AsOf | None:
    """The instant to speak for; None for now.

    Whatever is being written has not been seen, though it may count as known before ``asked``:
    so nothing later than the begin of the oldest open transaction is promised (design, invariant 11).
    """
    if asked is None:
        return None
    oldest = await measures.oldest_transaction(tx.connection)
    certain = tx.now if oldest is None else min(tx.now, oldest)
    return AsOf(min(asked, certain), asked > certain)


async def notices(tx: Tx, forces: Sequence[str], since: date, as_of: datetime | None) -> list[Notice]:
    """Notices that the forces hold, or that left them since the beginning of a local day.

    Args:
        tx: as a liaison of these forces, or as the system.
        forces: codes.
        since: the first day of the period.
        as_of: None for now.
    """
    begin = datetime(since.year, since.month, since.day, tzinfo=_LONDON)
    if as_of is None:
        return await store.notices(tx.connection, forces, begin)
    rulebook = (await current(tx)).as_known_at(as_of)
    found = []
    candidates = await store.candidates(tx.connection, forces, as_of, begin)
    told = await store.milestones(tx.connection, [each.pathway for each in candidates], as_of)
    for number, each in enumerate(candidates):
        if each.pathway in told:
            notice = _notice(each, told[each.pathway], rulebook)
            if notice is not None:
                found.append(notice)
        if number % _TURN == _TURN - 1:
            await asyncio.sleep(0)
    return _touched(found, begin)


def _touched(notices: list[Notice], begin: datetime) -> list[Notice]:
    """Those of incidents of which something is held, or has left since ``begin``."""
    touched: set[UUID] = {each.incident for each in notices if each.left_at is None or each.left_at >= begin}
    return [each for each in notices if each.incident in touched]


def _notice(candidate: Candidate, told: Sequence[Milestone], rulebook: Rulebook) -> Notice | None:
    facts = PathwayFacts(id=candidate.pathway, area=candidate.area, force=candidate.force, coverage=candidate.coverage)
    derived = evaluate(History(pathway=facts, milestones=tuple(told)), rulebook)
    state = derived.state
    if state.withdrawn:
        return None
    went = course(told)
    held = went.shared_at is None and went.not_shared_at is None
    return Notice(
        pathway=candidate.pathway,
        incident=candidate.incident,
        reference=candidate.reference,
        force=candidate.force,
        area=candidate.area,
        district=candidate.district,
        first_grade=state.first_grade or "ungraded",
        grade=state.grade or "ungraded",
        urgent=state.urgent,
        aware_at=state.aware_at,
        aware_on=state.aware_on,
        submitted_at=state.submitted_at,
        shared_at=went.shared_at,
        not_shared_at=went.not_shared_at,
        reason=went.reason,
        due_at=_due(derived) if held else None,
        seen_at=candidate.seen_at,
        incident_seen_at=candidate.incident_seen_at,
        coverage=candidate.coverage,
        submitted_on=went.submitted_on,
        shared_on=went.shared_on,
        not_shared_on=went.not_shared_on,
    )


def _due(derived: Derived) -> datetime | None:
    """When the police should have shared it, by the clock that rules."""
    clocks = [row for row in derived.clocks if row.standard == "police_share" and row.rules and row.stopped_at is None]
    return min((row.due_at for row in clocks if row.due_at is not None), default=None)
