"""One enquiry as it stands: what is written, and the milestones and clocks it goes by."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from schema.spine import ClockRow
from service.access import audit
from service.clocks.local_time import local_day
from service.database import Tx
from service.enquiries import store
from service.enquiries.rules import Body
from service.enquiries.store import About, Held, Row
from service.errors import NotFound

#: Milestones that an enquiry's page tells.
TOLD: Final = (
    "strategy_held",
    "enquiry_started",
    "child_seen",
    "history_considered",
    "enquiry_completed",
    "conference_not_required",
    "conference_held",
    "assessment_started",
    "assessment_authorised",
    "core_group_held",
    "review_held",
    "stepped_down",
    "closed",
)
NOT_THERE: Final = "There is no such enquiry."


class View(msgspec.Struct, frozen=True, kw_only=True):
    """An enquiry as it stands: what is written, and the milestones and clocks it goes by.

    ``discussion``: the one that decided it, for who may open it; none where the tracker only knows that one was held.
    """

    enquiry: Row
    body: Body
    kind: str
    child: About
    covers: tuple[About, ...]
    milestones: tuple[Held, ...]
    clocks: Mapping[UUID, tuple[ClockRow, ...]]
    seen: Held | None
    discussion: UUID | None
    initiations: tuple[Held, ...]
    started: Held | None
    now: datetime

    @property
    def version(self) -> int:
        """The version that the next change names."""
        return self.enquiry.version


async def view(tx: Tx, enquiry: UUID, *, beside: Sequence[UUID] = ()) -> View:
    """One enquiry as the actor may see it; the view, with what is shown ``beside`` it, is left in the audit trail.

    Raises:
        NotFound: there is no such enquiry, or not for this actor.
    """
    found = await load(tx, enquiry)
    await audit.viewed(tx, "enquiry_viewed", "follow an enquiry", [*(each.pathway for each in found.covers), *beside])
    return found


async def load(tx: Tx, enquiry: UUID) -> View:
    """One enquiry with its milestones and clocks, without leaving a trace: for changes.

    Raises:
        NotFound: there is no such enquiry, or not for this actor.
    """
    row = await store.get(tx.connection, enquiry)
    covers = await store.about(tx.connection, row.pathways) if row else []
    if row is None or not covers:
        raise NotFound(NOT_THERE)
    ids = [each.pathway for each in covers]
    milestones = await store.held(tx.connection, ids, TOLD)
    started = next((each for each in milestones if each.record == row.started_record), None)
    since = _since(milestones, started)
    ended = next((each for each in milestones if each.record == row.completed_record), None)
    before = milestones[: milestones.index(started)] if started else []
    earlier = [at for at, each in enumerate(before) if each.kind == "enquiry_completed"]
    own = [*before[earlier[-1] + 1 :], *since] if earlier else [*before, *since]
    stored = await store.clocks(tx.connection, ids)
    initiations = _initiations(own, ended)
    return View(
        enquiry=row,
        body=msgspec.convert(row.body, Body),
        kind=(started.outcome if started else None) or "single_agency",
        child=covers[0],
        covers=tuple(covers),
        milestones=tuple(milestones),
        clocks=stored,
        seen=next((each for each in own if each.kind == "child_seen"), None),
        discussion=row.discussion or _discussion(initiations),
        initiations=tuple(initiations),
        started=started,
        now=tx.now,
    )


def _discussion(initiations: Sequence[Held]) -> UUID | None:
    """The discussion's page, where the milestone of the one that counts names it."""
    named = str(initiations[0].detail.get("discussion", "")) if initiations else ""
    try:
        return UUID(named) if named else None
    except ValueError:
        return None


def _initiations(own: Sequence[Held], ended: Held | None) -> list[Held]:
    """The discussions that say they began this enquiry, each once."""
    found: dict[UUID, Held] = {}
    for each in own:
        said = each.kind == "strategy_held" and each.detail.get("initiates_enquiry") is True
        if said and (ended is None or _moment(each) <= _moment(ended)):
            found.setdefault(each.record, each)
    return list(found.values())


def _since(milestones: Sequence[Held], started: Held | None) -> list[Held]:
    """What happened from the start of this enquiry until it was completed and beyond, but before a further one."""
    if started is None:
        return []
    found: list[Held] = []
    for milestone in milestones[milestones.index(started) :]:
        if milestone.kind == "enquiry_started" and milestone.record != started.record and _closed(found):
            break
        found.append(milestone)
    return found


def _closed(milestones: Sequence[Held]) -> bool:
    return any(each.kind == "enquiry_completed" for each in milestones)


def _moment(held: Held) -> date:
    return held.on or (local_day(held.at) if held.at else date.min)
