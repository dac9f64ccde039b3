"""The sweep: conditions that have become true are flagged, people are told, ladders climbed.

Everything is decided from stored instants, so that it does not matter who sweeps, how often, or
whether anybody swept at all for a week. Each batch is one transaction: flag, mark, messages and
steps stand together or not at all, and workers that sweep at once skip each other's rows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

import msgspec

from schema.standards import Rung
from schema.telling import TellRow, load_telling
from service.actor import SYSTEM
from service.database import Database, Tx
from service.flags import rules, store
from service.pathways.rulebook import current

BATCH: Final = 1_000


class Swept(msgspec.Struct):
    """What one sweep did. ``untold``: flags for which nobody holds a role that could be told."""

    raised: int = 0
    healed: int = 0
    untold: int = 0
    escalated: int = 0
    lapsed: int = 0
    latest: timedelta = timedelta(0)
    """The longest time between becoming true and being noticed now."""
    more: bool = False

    @property
    def anything(self) -> bool:
        """Whether it did anything at all."""
        return bool(self.raised or self.healed or self.escalated or self.lapsed)


@cache
def telling() -> tuple[TellRow, ...]:
    """The shipped table of who is told."""
    return load_telling()


async def sweep(database: Database, *, batch: int = BATCH, rounds: int | None = None) -> Swept:
    """Raise what is true now and climb the ladders that are due, in as many transactions as it takes.

    Behind a long backlog (a history was imported) batches are taken from both ends in turn, so that a
    deadline that passes now does not wait for those of years ago. ``rounds`` limits how often; then
    ``more`` says that something is left.
    """
    swept = Swept()
    done = 0
    swept.more = True
    while swept.more and (rounds is None or done < rounds):
        swept.more = False
        for newest in (False, True):
            async with database.transaction(SYSTEM) as tx:
                swept.more = await raise_batch(tx, swept, batch, newest=newest) == batch
            if not swept.more:
                break
        done += 1
    stepping = True
    while stepping:
        async with database.transaction(SYSTEM) as tx:
            stepping = await step_batch(tx, swept, batch) == batch
    return swept


async def raise_batch(tx: Tx, swept: Swept, limit: int, *, newest: bool = False) -> int:
    """Flag up to ``limit`` conditions and tell people; returns how many conditions were taken."""
    async with tx.recording():
        taken, raised = await store.raise_due(tx.connection, tx.now, limit, newest=newest)
        if raised:
            # Rules without a standard (a row not on the books) need no rulebook.
            ladders = await _ladders(tx) if any(flag.version for flag in raised) else {}
            await _tell_of(tx, swept, raised, ladders)
    swept.raised += len(raised)
    swept.healed += taken - len(raised)
    swept.latest = max([swept.latest, *(tx.now - flag.true_from for flag in raised)])
    return taken


async def _ladders(tx: Tx) -> Mapping[UUID, Sequence[Rung]]:
    rulebook = await current(tx)
    return {version: standard.ladder for version, standard in rulebook.versions.items()}


async def _tell_of(
    tx: Tx, swept: Swept, raised: Sequence[rules.Raised], ladders: Mapping[UUID, Sequence[Rung]]
) -> None:
    table = telling()
    wanted: list[tuple[UUID, str]] = []
    steps: list[rules.Step] = []
    for flag in raised:
        ladder = ladders.get(flag.version, ()) if flag.version else ()
        wanted += [(flag.id, role) for role in rules.to_tell(flag, table, ladder, tx.now)]
        steps += rules.rungs(flag, table, ladder, tx.now)
    swept.untold += await _tell(tx, wanted)
    await store.plan_steps(tx.connection, steps, tx.now)


async def _tell(tx: Tx, wanted: Sequence[tuple[UUID, str]]) -> int:
    """Queue messages; where nobody holds the role, those who stand in. Returns how many nobody knows of."""
    told = await store.tell(tx.connection, wanted, tx.now)
    missed = {flag for flag, _ in wanted} - told
    if not missed:
        return 0
    told = await store.tell(tx.connection, [(flag, role) for flag in missed for role in rules.INSTEAD], tx.now)
    return len(missed - told)


async def step_batch(tx: Tx, swept: Swept, limit: int) -> int:
    """Take up to ``limit`` steps whose time has come; returns how many were looked at."""
    async with tx.recording():
        due = await store.due_steps(tx.connection, tx.now, limit)
        if not due:
            return 0
        later = [(step.id, at) for step in due if (at := rules.postponed(step, tx.now)) is not None]
        postponed = {step for step, _ in later}
        taken = [step for step in due if step.id not in postponed and not rules.is_over(step, tx.now)]
        await store.postpone_steps(tx.connection, later)
        await store.take_steps(tx.connection, taken, tx.now)
        wanted = [(step.flag, role) for step in taken for role in ((step.role,) if step.role else rules.LAPSE_ROLES)]
        await _tell(tx, wanted)
        await store.finish_steps(tx.connection, [step.id for step in due if step.id not in postponed], tx.now)
    swept.escalated += sum(step.kind == "escalate" for step in taken)
    swept.lapsed += sum(step.kind == "lapse" for step in taken)
    return len(due)


async def foreseen(tx: Tx, instant: datetime, limit: int = BATCH) -> tuple[dict[str, int], list[store.Foreseen]]:
    """What a sweep at ``instant`` would raise, by what is known now; writes nothing."""
    async with tx.recording():
        return await store.would_raise(tx.connection, instant, limit)
