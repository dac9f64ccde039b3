"""Recompute everything that is derived, and write only what differs.

Segments, clocks, waits and conditions are a cache of pure functions; this makes the cache again
while the service runs, or only compares (`rebuild --check`, and the nightly job whose difference
is an alarm).
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

import msgspec

from service.actor import SYSTEM
from service.clocks import evaluate
from service.database import Database, Tx
from service.pathways import store
from service.pathways.rulebook import current
from service.pathways.store import DerivedRows

BATCH: Final = 500
_FIRST: Final = UUID(int=0)
#: Where the key of each table stands in its rows.
_KEYS: Final = {
    "states": itemgetter(0),
    "segments": itemgetter(0, 1),
    "clocks": itemgetter(0, 1, 2),
    "waits": itemgetter(0, 1),
    "conditions": itemgetter(0, 3, 4, 5),
}


class Rebuilt(msgspec.Struct):
    """Pathways gone through, those whose stored rows differed, and a few of them by id."""

    pathways: int = 0
    differing: int = 0
    examples: list[str] = []


async def rebuild(
    database: Database,
    *,
    check: bool = False,
    share: tuple[int, int] = (0, 1),
    progress: Callable[[int], None] = lambda _done: None,
) -> Rebuilt:
    """Go through all pathways in batches, each compared as it stood at one instant; nobody waits for that.

    Args:
        database: where; runs as the system.
        check: compare only, write nothing.
        share: (number, of): this process takes every ``of``-th batch.
        progress: told how many pathways are done.
    """
    result = Rebuilt()
    after = _FIRST
    number = 0
    while True:
        async with database.transaction(SYSTEM, readonly=True) as tx:
            batch = await store.pathways_after(tx.connection, after, BATCH)
        if not batch:
            return result
        after = batch[-1]
        number += 1
        if number % share[1] != share[0]:
            continue
        async with database.transaction(SYSTEM, readonly=True, snapshot=True) as tx:
            differing = await _batch(tx, batch, write=False)
        if differing and not check:
            # Hardly ever: only then is anything locked, and looked at once more.
            async with database.transaction(SYSTEM) as tx:
                differing = await _batch(tx, differing, write=True)
        result.pathways += len(batch)
        result.differing += len(differing)
        result.examples.extend(str(pathway) for pathway in differing[: 5 - len(result.examples)])
        progress(result.pathways)


async def count(database: Database) -> int:
    """How many pathways there are to go through."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        return await store.count_pathways(tx.connection)


async def recompute_open(database: Database) -> int:
    """Recompute every pathway with a clock that runs (a new calendar); returns how many differed."""
    after, differed = _FIRST, 0
    while True:
        async with database.transaction(SYSTEM) as tx:
            batch = await store.open_after(tx.connection, after, BATCH)
            if not batch:
                return differed
            differed += await recompute(tx, batch)
        after = batch[-1]


async def recompute(tx: Tx, pathways: Sequence[UUID]) -> int:
    """Recompute these pathways now (a standard or calendar changed); returns how many differed."""
    return len(await _batch(tx, list(pathways), write=True))


async def differing(tx: Tx, pathways: Sequence[UUID]) -> list[UUID]:
    """Those of these pathways whose stored rows are not what follows from their milestones; writes nothing."""
    return await _batch(tx, list(pathways), write=False)


async def _batch(tx: Tx, pathways: list[UUID], *, write: bool) -> list[UUID]:
    if write:
        await store.lock(tx.connection, pathways)
    rulebook = await current(tx)
    made = DerivedRows()
    for subject, history in (await store.histories(tx.connection, pathways)).values():
        store.add_rows(made, subject, history, evaluate(history, rulebook))
    stands = await store.stored_derived(tx.connection, pathways)
    differing = sorted(_differing(made, stands))
    if write and differing:
        chosen = set(differing)
        only = DerivedRows(**{part: [r for r in getattr(made, part) if r[0] in chosen] for part in _KEYS})
        await store.write_derived(tx.connection, only, replace=differing)
    return differing


def _differing(made: DerivedRows, stands: DerivedRows) -> set[UUID]:
    """Pathways for which any row is missing, superfluous or different.

    Nearly always none is: rows in the order of their keys are compared as they are, and only where
    that finds a difference are they hashed, which takes ten times as long.
    """
    found: set[UUID] = set()
    for part, key in _KEYS.items():
        mine: list[tuple[Any, ...]] = sorted(getattr(made, part), key=key)
        theirs: list[tuple[Any, ...]] = sorted(getattr(stands, part), key=key)
        if mine != theirs:
            found.update(row[0] for row in set(mine) ^ set(theirs))
    return found
