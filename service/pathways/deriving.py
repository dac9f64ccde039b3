"""What follows from the milestones of pathways, written anew: for `service.record`, the one door for milestones."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

from schema.spine import Derived, History, Milestone
from service.clocks import evaluate
from service.database import Tx
from service.pathways import rules, store
from service.pathways.rulebook import current
from service.pathways.store import DerivedRows, Written

#: How many pathways are evaluated before their rows are written.
_PART: Final = 500
#: After so many evaluations, some milliseconds, the writing gets a turn.
_TURN: Final = 16


async def recompute(
    tx: Tx,
    pathways: set[UUID],
    happened: Mapping[UUID, Sequence[Milestone]],
    fresh: set[UUID],
    written: Sequence[Written],
) -> dict[UUID, Derived]:
    """Write milestones, evaluate, and write what follows.

    The pathways are locked and ``happened`` holds all their milestones, ``written`` ones too. What
    was evaluated is written while the next part is evaluated: the database works meanwhile.
    """
    if not pathways:
        await store.insert_milestones(tx.connection, written, tx.actor)
        return {}
    rulebook = await current(tx)
    if any(row.milestone.kind in rules.BEARS_ON_OTHERS for row in written):
        # The facts of the same child's other incidents are read from these.
        await store.insert_milestones(tx.connection, written, tx.actor)
        written = ()
    subjects = await store.subjects(tx.connection, pathways)
    old = pathways - fresh
    flags = await store.raised(tx.connection, old) if old else {}
    derived: dict[UUID, Derived] = {}
    writing = asyncio.ensure_future(store.insert_milestones(tx.connection, written, tx.actor))
    try:
        known = iter(subjects.items())
        while part := list(islice(known, _PART)):
            rows = DerivedRows()
            for number, (pathway, subject) in enumerate(part):
                if number % _TURN == 0:
                    await asyncio.sleep(0)  # lets what is being written go on
                history = History(
                    pathway=subject.facts,
                    milestones=tuple(happened.get(pathway, ())),
                    flags=tuple(flags.get(pathway, ())),
                )
                derived[pathway] = result = evaluate(history, rulebook)
                store.add_rows(rows, subject, history, result)
            await writing
            replace = [pathway for pathway, _ in part if pathway in old]
            writing = asyncio.ensure_future(store.write_derived(tx.connection, rows, replace=replace))
        await writing
    finally:
        if not writing.done():
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
    return derived


async def siblings_in_time(tx: Tx, declined: set[UUID]) -> dict[UUID, Derived]:
    """Recompute all incidents of children whose notice was declined on a pathway just opened.

    A declined notice bears on later incidents, of which some may have been opened beside it.
    """
    await tx.with_all_incidents_of(await store.children_of(tx.connection, declined))
    again = await store.of_same_children(tx.connection, declined, declined)
    await store.lock(tx.connection, again)
    rulebook = await current(tx)
    rows, derived = DerivedRows(), {}
    for pathway, (subject, history) in (await store.histories(tx.connection, list(again))).items():
        derived[pathway] = evaluate(history, rulebook)
        store.add_rows(rows, subject, history, derived[pathway])
    await store.write_derived(tx.connection, rows, replace=list(again))
    return derived
