"""Corrections, with the records that tell the same, and those that one proposes and another agrees to."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.spine import ClockRow
from service.clocks import standing
from service.clocks.words import say_due
from service.database import Tx
from service.errors import Conflict, Forbidden, NeedsSecondPerson, NotFound
from service.pathways import owning, service, store
from service.pathways.owning import Agreed, Owned
from service.pathways.service import Correction, Effect


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A correction that waits. ``standards`` are those it would turn from late to in time."""

    id: UUID
    milestone: UUID
    pathway: UUID
    body: dict[str, Any]
    standards: list[str]
    proposed_by: UUID | None
    proposed_by_name: str
    proposed_at: datetime


def changes(effect: Effect, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Clocks that a correction changes: (standard, before, after), in words."""
    before = {(clock.standard, clock.episode): clock for clock in effect.before.clocks}
    after = {(clock.standard, clock.episode): clock for clock in effect.after.clocks}
    for key in dict.fromkeys([*before, *after]):
        old, new = _say(before.get(key), now), _say(after.get(key), now)
        if old != new:
            yield key[0], old, new


def _say(clock: ClockRow | None, now: datetime) -> str:
    if clock is None:
        return "no clock"
    words = standing(clock, now).replace("_", " ")
    if clock.due_at is None:
        return words
    return f"{words}, due {say_due(clock.due_at, now, end_of_day=clock.end_of_day)}"


async def correct_or_propose(tx: Tx, milestone: UUID, correction: Correction) -> UUID | None:
    """Record a correction, or keep it for a second person; the proposal's id in that case.

    A record that tells the same follows in the same act, or the correction is made from there.

    Raises:
        Refused, NotFound, Superseded, Forbidden: as `service.correct`.
        Conflict: a record tells the same and is what has to be corrected; ``facts`` name its page.
    """
    found = await owning.owned(tx, milestone)
    by_two = await found.owner.check(tx, found.fact, correction) if found else False
    try:
        if by_two:
            await service.preview(tx, milestone, correction)
            raise NeedsSecondPerson("Two people agreed to this, so a second person must agree that it was wrong.")
        async with tx.connection.transaction():
            await _both(tx, milestone, correction, found, None)
    except NeedsSecondPerson as needs:
        return await propose(tx, milestone, correction, needs)
    return None


async def propose(tx: Tx, milestone: UUID, correction: Correction, needs: NeedsSecondPerson) -> UUID:
    """Keep a correction until a second person has judged it; the proposal's id."""
    identity = new_id(tx.now)
    await store.propose(tx, identity, milestone, msgspec.to_builtins(correction), needs.facts.get("standards", []))
    return identity


async def _both(tx: Tx, milestone: UUID, change: Correction, found: Owned | None, agreed: Agreed | None) -> None:
    """Correct a milestone, and the record that tells the same."""
    if agreed is not None and change.carries is not None:
        if found is None:
            raise Conflict("The record that this was proposed from is not yours to see.")
        await found.owner.carry_out(tx, found.fact, change, agreed)
        return
    by, proposed_by = (agreed.by, agreed.proposed_by) if agreed else (None, None)
    await service.correct(tx, milestone, change, authorised_by=by, proposed_by=proposed_by)
    if found is not None:
        await found.owner.follow(tx, found.fact, change, agreed)


async def waiting(tx: Tx) -> list[Proposal]:
    """Corrections of the actor's area that wait for a second person, oldest first."""
    return [Proposal(**dict(row)) for row in await store.proposals(tx.connection)]


async def judge(tx: Tx, proposal: UUID, *, agree: bool) -> None:
    """Agree to a proposed correction, which records it, or refuse it.

    Raises:
        NotFound: there is no such proposal for this actor.
        Forbidden: it is the actor's own.
        Conflict: somebody judged it already.
        Superseded: the milestone was corrected meanwhile.
        PreconditionFailed: the record that it was proposed from was corrected meanwhile.
    """
    row = await store.proposal(tx.connection, proposal)
    if row is None:
        raise NotFound("There is no such proposal.")
    if row["decided_at"] is not None:
        raise Conflict("Somebody judged this already.")
    if row["proposed_by"] == tx.actor.id:
        raise Forbidden("A second person must judge this: it is your own.")
    if not tx.actor.holds("mash_manager", area=row["area"]):
        raise Forbidden("Only a manager of this area judges corrections.")
    await store.decide_proposal(tx, proposal, agree=agree)
    if agree:
        change = msgspec.convert(row["body"], Correction)
        found = await owning.owned(tx, row["milestone"])
        await _both(tx, row["milestone"], change, found, Agreed(by=tx.actor.id, proposed_by=row["proposed_by"]))
