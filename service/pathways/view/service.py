"""Everything a page or the API tells of one pathway, computed from its milestones when it is asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.spine import ClockRow, Derived, History, Milestone, PathwayFacts, Segment
from service.access import audit
from service.clocks import evaluate, late_by, standing
from service.clocks.explanation import ended_unmet, explain
from service.database import Tx
from service.errors import NotFound
from service.pathways import store as spine
from service.pathways.rulebook import current
from service.pathways.view import store
from service.pathways.view.store import FlagRow, Head, Other, Who


class ClockView(msgspec.Struct, frozen=True, kw_only=True):
    """A clock as it stands at the moment of asking, with its explanation.

    ``late_seconds`` is elapsed time; ``standing`` is running, overdue, met, missed,
    not_applicable or cannot_compute. ``unmet``: it stopped with the work it belongs to, undone.
    """

    clock: ClockRow
    name: str
    holder: str
    standing: str
    late_seconds: int
    explanation: str
    unmet: bool


class MilestoneView(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone with who recorded it, and the ones it corrected, newest first."""

    milestone: Milestone
    who: Who | None
    current: bool
    corrected: tuple["MilestoneView", ...] = ()


class PathwayView(msgspec.Struct, frozen=True, kw_only=True):
    """One pathway, for one actor, at one instant."""

    now: datetime
    head: Head
    clocks: tuple[ClockView, ...]
    segments: tuple[Segment, ...]
    timeline: tuple[MilestoneView, ...]
    flags: tuple[FlagRow, ...]
    others: tuple[Other, ...]


async def view(tx: Tx, pathway: UUID) -> PathwayView:
    """One pathway as the actor may see it; the view is left in the audit trail.

    Raises:
        NotFound: there is no such pathway, or not for this actor.
    """
    head = await store.head(tx.connection, pathway)
    if head is None:
        raise NotFound("There is no such pathway.")
    history, clocks, segments = await _evaluated(tx, head)
    who = await store.who(tx.connection, pathway, police=head.police_view)
    found = PathwayView(
        now=tx.now,
        head=head,
        clocks=tuple(await _clocks(tx, history, clocks)),
        segments=segments,
        timeline=_timeline(history.milestones, who),
        flags=tuple(await store.flags(tx.connection, pathway, police=head.police_view)),
        others=tuple(await store.others(tx.connection, head)),
    )
    await audit.viewed(tx, "pathway_viewed", "follow one child", [pathway, *(other.pathway for other in found.others)])
    return found


async def explanation(tx: Tx, pathway: UUID, standard: str, milestones: Sequence[UUID]) -> str | None:
    """In words, the clock of a standard that one of these milestones started; for flags, which audit themselves."""
    head = await store.head(tx.connection, pathway)
    if head is None:
        return None
    history, clocks, _ = await _evaluated(tx, head)
    wanted = tuple(row for row in clocks if row.standard == standard and row.start_milestone in milestones)
    return next((view.explanation for view in await _clocks(tx, history, wanted)), None)


async def timeline(tx: Tx, head: Head) -> dict[UUID, MilestoneView]:
    """The timeline alone, newest first, by the id of the milestone that stands; for forms, which audit themselves."""
    if head.police_view:
        milestones = await store.police_milestones(tx.connection, head.pathway)
    else:
        _, history = (await spine.histories(tx.connection, [head.pathway]))[head.pathway]
        milestones = history.milestones
    who = await store.who(tx.connection, head.pathway, police=head.police_view)
    return {view.milestone.id: view for view in _timeline(milestones, who)}


async def _evaluated(tx: Tx, head: Head) -> tuple[History, tuple[ClockRow, ...], tuple[Segment, ...]]:
    if head.police_view:
        facts = PathwayFacts(id=head.pathway, area=head.area, force=head.force)
        milestones = await store.police_milestones(tx.connection, head.pathway)
        clocks = await store.police_clocks(tx.connection, head.pathway)
        return History(pathway=facts, milestones=milestones), clocks, ()
    _, history = (await spine.histories(tx.connection, [head.pathway]))[head.pathway]
    derived: Derived = evaluate(history, await current(tx))
    return history, derived.clocks, derived.segments


async def _clocks(tx: Tx, history: History, clocks: tuple[ClockRow, ...]) -> list[ClockView]:
    rulebook = await current(tx)
    found = []
    for clock in clocks:
        standard = rulebook.versions[clock.version]
        found.append(
            ClockView(
                clock=clock,
                name=standard.name,
                holder=standard.holder,
                standing=standing(clock, tx.now),
                late_seconds=int(late_by(clock, tx.now).total_seconds()),
                explanation=explain(clock, history, standard, tx.now, rulebook.calendar(clock.stop_recorded_at)),
                unmet=ended_unmet(clock, history, standard),
            )
        )
    order = {"overdue": 0, "running": 1, "cannot_compute": 2, "missed": 3, "met": 4, "not_applicable": 5}
    found.sort(key=lambda each: (order[each.standing], _sortable(each.clock), each.clock.standard))
    return found


def _sortable(clock: ClockRow) -> float:
    return clock.due_at.timestamp() if clock.due_at else float("inf")


def _timeline(milestones: tuple[Milestone, ...], who: dict[UUID, Who]) -> tuple[MilestoneView, ...]:
    """Newest first; what was corrected stands under what corrects it."""
    by_id = {milestone.id: milestone for milestone in milestones}
    superseded = {milestone.supersedes for milestone in milestones if milestone.supersedes}
    found = []
    for milestone in milestones:
        if milestone.id in superseded:
            continue
        chain, before = [], milestone.supersedes
        while before is not None and before in by_id:
            old = by_id[before]
            chain.append(MilestoneView(milestone=old, who=who.get(old.id), current=False))
            before = old.supersedes
        found.append(
            MilestoneView(
                milestone=milestone,
                who=who.get(milestone.id),
                current=not milestone.retracted,
                corrected=tuple(chain),
            )
        )
    found.sort(key=_when, reverse=True)
    return tuple(found)


def _when(view: MilestoneView) -> Any:
    milestone = view.milestone
    day = milestone.on or (milestone.at.date() if milestone.at else milestone.recorded_at.date())
    return (day, milestone.at.timestamp() if milestone.at else float("inf"), milestone.recorded_at)
