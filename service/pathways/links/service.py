"""Settle whether two records are of one child; link them, and unlink them again.

Linking moves pathways under one record and changes nothing that happened: no milestone is written, clocks keep their
starts and their ends. What depends on the child is worked out again: whether an earlier notice was not shared, and what
follows from a date of birth.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.access import audit
from service.children.likeness import Candidate, Known, Said, compare
from service.database import Tx
from service.errors import Conflict, Forbidden, NotFound, Refused, Wrong
from service.pathways import store as spine
from service.pathways.links import rules, store
from service.pathways.links.rules import Record, Stands, Verdict
from service.pathways.links.store import Link, LinkLine, Match
from service.pathways.rebuild import recompute

#: Who links records of an area; where anything is restricted, only a manager.
ROLES: Final = ("mash_coordinator", "mash_manager", "out_of_hours")
_PURPOSE: Final = "settle whether two records are of one child"


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a pair with its incidents, the latest first."""

    record: Record
    pathways: tuple[Stands, ...]


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two records side by side. ``match`` is there where somebody was asked; ``reasons`` go field by field."""

    child: Side
    other: Side
    reasons: tuple[str, ...]
    match: Match | None = None


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Pairs that wait, those that agree in everything first, and how many there are."""

    total: int
    pairs: list[Pair]


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a child: its incidents, which records stand under it, what was linked when, by whom and why."""

    record: Record
    pathways: tuple[Stands, ...]
    names: dict[UUID, Record]
    history: list[LinkLine]


async def waiting(tx: Tx, limit: int, offset: int) -> Waiting:
    """Pairs of the actor's areas that nobody has settled."""
    total, matches = await store.waiting(tx.connection, tx.actor.areas(*ROLES), limit, offset)
    sides = await _sides(tx, [one for each in matches for one in (each.child, each.other)])
    pairs = [
        Pair(child=sides[each.child], other=sides[each.other], reasons=tuple(each.reasons), match=each)
        for each in matches
        if each.child in sides and each.other in sides
    ]
    await _viewed(tx, "possible_same_children_viewed", [side for pair in pairs for side in (pair.child, pair.other)])
    return Waiting(total=total, pairs=pairs)


async def one(tx: Tx, match: UUID) -> Pair:
    """One pair that was kept.

    Raises:
        NotFound: there is none that this actor may see.
    """
    found = await store.match(tx.connection, match)
    if found is None:
        raise NotFound("There is no such pair of records.")
    pair = await beside(tx, found.child, found.other)
    return msgspec.structs.replace(pair, match=found, reasons=tuple(found.reasons))


async def beside(tx: Tx, child: UUID, other: UUID) -> Pair:
    """Two records side by side, with what is alike in them.

    Raises:
        NotFound: one is not there, or not the actor's to see.
    """
    sides = await _sides(tx, [child, other])
    if {child, other} - set(sides):
        raise NotFound("There is no such record of a child.")
    await _viewed(tx, "records_compared", list(sides.values()))
    return Pair(child=sides[child], other=sides[other], reasons=_reasons(sides[child].record, sides[other].record))


async def whole(tx: Tx, child: UUID) -> Whole:
    """One record with the history of its links.

    Raises:
        NotFound: there is none that this actor may see.
    """
    sides = await _sides(tx, [child])
    if child not in sides:
        raise NotFound("There is no such record of a child.")
    history = await store.history(tx.connection, child)
    about = {child, *(each.child for each in history), *(each.into_child for each in history)}
    about |= {each.recorded_child for each in sides[child].pathways}
    about |= {under for under in [sides[child].record.linked_to] if under is not None}
    await _viewed(tx, "child_record_viewed", [sides[child]])
    return Whole(
        record=sides[child].record,
        pathways=sides[child].pathways,
        names=await store.records(tx.connection, sorted(about)),
        history=history,
    )


async def settle(tx: Tx, match: UUID, verdict: Verdict, why: str, keep: UUID | None = None) -> UUID | None:
    """Say of a pair that it is one child, which links its records, or two; the link's id.

    Raises:
        NotFound, Forbidden, Conflict, Refused: as `link`; also Conflict where it is settled already.
    """
    found = await store.match(tx.connection, match)
    if found is None:
        raise NotFound("There is no such pair of records.")
    if found.state != "waiting":
        raise Conflict("Somebody settled this already.")
    if verdict == "different":
        _worded(why)
        await _may(tx, *(await _both(tx, found.child, found.other)))
        await store.settle_match(tx, match, "different", why.strip())
        return None
    if keep not in (found.child, found.other):
        raise Refused([Wrong("keep", str(keep or ""), "one of the two records", "Choose the record that stands.")])
    linked = found.other if keep == found.child else found.child
    return await link(tx, linked, keep, why)


async def noted(tx: Tx, pathway: UUID, candidates: Sequence[Candidate], *, different: bool) -> None:
    """Keep what somebody said of possible matches while logging a notice: other children, or left for later.

    What somebody says who does not work at the area's front door is not kept: the front door is asked.
    """
    found = await store.child_of(tx.connection, pathway)
    if found is None or not tx.actor.holds(*ROLES, area=found[1]):
        return
    child, area = found
    for candidate in candidates:
        if candidate.known.child == child:
            continue
        await store.keep_match(tx, new_id(tx.now), area, child, candidate)
        if different:
            await store.settle_pair(tx, child, candidate.known.child, "different", "Said so while logging a notice.")


async def link(tx: Tx, child: UUID, into: UUID, why: str) -> UUID:
    """Let everything of ``child`` stand under ``into``; the link's id.

    Raises:
        NotFound: one of the records is not there, or not the actor's to see.
        Forbidden: the area is not the actor's, or something is restricted and the actor is no manager.
        Conflict: they cannot be linked this way round.
        Refused: no reason is given.
    """
    _worded(why)
    await store.lock_children(tx.connection, [child, into])
    linked, stands = await _both(tx, child, into)
    if (obstacle := rules.obstacle(linked, stands)) is not None:
        raise Conflict(obstacle)
    async with tx.recording():
        pathways = await store.pathways_of(tx.connection, [child, into])
        await spine.lock(tx.connection, [each.id for each in pathways])
        pathways = await store.pathways_of(tx.connection, [child, into])
    await _may(tx, linked, stands, pathways)
    plan = rules.plan(linked, stands, pathways)
    if plan is None:
        raise Conflict(
            "Both are in one incident, so they are two children of it. If one of those pathways was opened twice,"
            " withdraw it as a duplicate first."
        )
    identity = new_id(tx.now)
    made = Link(
        id=identity,
        area=linked.area,
        kind="linked",
        child=child,
        into_child=into,
        pathways=list(plan.move),
        made_restricted=list(plan.restrict),
        # For ever, so without what stands on the records.
        reasons=[reason.partition(":")[0].rstrip(".") + "." for reason in _reasons(linked, stands)],
        undone=None,
    )
    async with tx.recording():
        await store.insert_link(tx, identity, made, why.strip())
        await store.move(tx.connection, plan, into)
        await store.stand(tx.connection, child, into)
        await store.settle_pair(tx, child, into, "same", why.strip())
        await _again(tx, [child, into])
    await audit.viewed(tx, "children_linked", _PURPOSE, plan.move, {"link": str(identity), "into": str(into)})
    return identity


async def unlink(tx: Tx, identity: UUID, why: str) -> UUID:
    """Undo a link: what it moved stands where it stood; what came since stays. The id of the new row.

    Raises:
        NotFound: there is no such link for this actor.
        Conflict: it was undone already.
        Forbidden, Refused: as `link`.
    """
    _worded(why)
    found = await store.link(tx.connection, identity)
    if found is None or found.kind != "linked":
        raise NotFound("There is no such link.")
    if found.undone is not None:
        raise Conflict("This link was undone already.")
    await store.lock_children(tx.connection, [found.child, found.into_child])
    record, under = await _both(tx, found.child, found.into_child)
    async with tx.recording():
        others = [found.child, found.into_child, *([under.linked_to] if under.linked_to else [])]
        pathways = await store.pathways_of(tx.connection, others)
        await spine.lock(tx.connection, [each.id for each in pathways])
        pathways = await store.pathways_of(tx.connection, others)
    await _may(tx, record, under, pathways)
    # What has been moved on by another link, or to another area, is left where it is.
    back = [each.id for each in pathways if each.id in set(found.pathways) and each.area == record.area]
    again = new_id(tx.now)
    undoing = msgspec.structs.replace(found, kind="unlinked", pathways=back)
    async with tx.recording():
        await store.insert_link(tx, again, undoing, why.strip(), undoes=identity)
        # First the record, then what came in under it: an incident never stands under a record that is linked.
        await store.stand(tx.connection, found.child, None)
        await store.move_back(tx.connection, found, back)
        await store.settle_pair(tx, found.child, found.into_child, "different", why.strip())
        await _again(tx, others)
    await audit.viewed(tx, "children_unlinked", _PURPOSE, back, {"link": str(identity)})
    return again


async def _again(tx: Tx, children: Sequence[UUID]) -> None:
    """Work out again what follows for every incident of these children, also for one that moved to another area."""
    await tx.with_all_incidents_of(children)
    await recompute(tx, sorted(each.id for each in await store.pathways_of(tx.connection, children)))


async def _both(tx: Tx, child: UUID, other: UUID) -> tuple[Record, Record]:
    found = await store.records(tx.connection, [child, other])
    if child not in found or other not in found:
        raise NotFound("There is no such record of a child.")
    return found[child], found[other]


async def _may(tx: Tx, child: Record, other: Record, pathways: Sequence[Stands] = ()) -> None:
    for record in (child, other):
        if not tx.actor.holds(*ROLES, area=record.area):
            raise Forbidden("Only the front door of this area says which records are of one child.")
    if rules.needs_manager((child, other), pathways) and not tx.actor.holds("mash_manager", area=child.area):
        raise Forbidden("A manager must settle this.")


def _worded(why: str) -> None:
    if not why.strip() or "\x00" in why or len(why) > rules.LONGEST:
        raise Refused([Wrong("why", why[:50], f"1 to {rules.LONGEST} characters", "Say how you know.")])


async def _sides(tx: Tx, children: Sequence[UUID]) -> dict[UUID, Side]:
    records = await store.records(tx.connection, sorted(set(children)))
    pathways = await store.pathways_of(tx.connection, list(records))
    return {
        child: Side(record=record, pathways=tuple(each for each in pathways if each.child == child))
        for child, record in records.items()
    }


async def _viewed(tx: Tx, action: str, sides: Sequence[Side]) -> None:
    await audit.viewed(tx, action, _PURPOSE, [each.id for side in sides for each in side.pathways])


def _reasons(one: Record, other: Record) -> tuple[str, ...]:
    found = _alike(one, other)
    return (
        found.reasons
        if found is not None
        else ("Nothing in their names and dates of birth says that they are one child.",)
    )


def _alike(one: Record, other: Record) -> Candidate | None:
    said = Said(family_name=one.family_name, given_names=one.given_names, date_of_birth=one.date_of_birth)
    known = Known(
        child=other.id,
        family_name=other.family_name,
        given_names=other.given_names,
        date_of_birth=other.date_of_birth,
    )
    return compare(said, known)
