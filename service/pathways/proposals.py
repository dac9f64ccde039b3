"""Corrections that need a second person: proposed by one, recorded when another agrees."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from schema.ids import new_id
from schema.spine import ClockRow
from service.clocks import standing
from service.clocks.words import say_due
from service.database import Tx
from service.errors import Conflict, Forbidden, NeedsSecondPerson, NotFound
from service.pathways import service, store
from service.pathways.service import Correction, Effect

#: Why a milestone is not corrected by itself: it and the discussion's record would say different things.
BY_ITS_RECORD: Final = (
    "A strategy discussion's record tells this. Correct the record: that corrects it for every child it covers."
)


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

    Raises:
        Refused, NotFound, Superseded, Forbidden: as `service.correct`.
        Conflict: a discussion's record says the same, and is what has to be corrected. Only that it never took place,
            and what a second person must agree to, is taken here.
    """
    discussion = None if correction.retract else await store.discussion_of(tx.connection, milestone)
    if discussion is not None:
        effects = await service.preview(tx, milestone, correction)
        if not any(effect.forgiven for effect in effects):
            raise Conflict(BY_ITS_RECORD, discussion=str(discussion))
    try:
        await service.correct(tx, milestone, correction)
    except NeedsSecondPerson as needs:
        identity = new_id(tx.now)
        body = msgspec.to_builtins(correction)
        await store.propose(tx, identity, milestone, body, needs.facts["standards"])
        return identity
    return None


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
        await service.correct(tx, row["milestone"], change, authorised_by=tx.actor.id, proposed_by=row["proposed_by"])
