"""The fold: what changed is counted again, and the difference goes into the bins.

Nothing is ever added on trust: each child and each incident is counted from its milestones, what had been counted of
it before is taken away, and only what differs is written. So a change that is folded twice, or a worker that is killed
half way, changes nothing. One transaction folds at a time; writers never wait for it.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from service.actor import SYSTEM
from service.database import Database, Tx
from service.pathways.rulebook import current
from service.program import digest
from service.reports.measures import store
from service.reports.measures.counting import count
from service.reports.measures.releases import store as releases
from service.reports.measures.rules.changes import Changes
from service.reports.measures.rules.records import Key, split

BATCH: Final = 500
_FIRST: Final = UUID(int=0)
_ALL: Final = 2**31
_log: Final = logging.getLogger("tracker.measures")
_RULES: Final = (
    "schema/holders.toml",
    "schema/vocabulary.py",
    "service/clocks",
    "service/reports/measures/counting.py",
    "service/reports/measures/rules",
)


class Rebuilt(msgspec.Struct):
    """What was gone through: changes folded, or bins and units compared, and those that differed."""

    changes: int = 0
    bins: int = 0
    units: int = 0
    differing: int = 0
    examples: list[str] = []


class BinsBroken(Exception):
    """A bin does not hold what was counted into it: it must be made again."""


async def fold(database: Database, *, batch: int = BATCH) -> int:
    """Fold the oldest changes; how many. 0 where there are none or somebody else folds."""
    try:
        async with database.transaction(SYSTEM, snapshot=True) as tx:
            if not await store.only_one(tx.connection):
                return 0
            changes = await store.changes(tx.connection, batch)
            if not changes:
                return 0
            await _count_again(tx, {row[1] for row in changes}, {row[2] for row in changes})
            await store.folded(tx.connection, [row[0] for row in changes], rules())
            return len(changes)
    except asyncpg.SerializationError:
        # Another fold ended between our first look and our lock; what it left is found next time.
        return 0


async def _count_again(tx: Tx, children: Iterable[UUID], incidents: Iterable[UUID]) -> None:
    rulebook = await current(tx)
    counted = await count(tx.connection, children, incidents, rulebook)
    before = await store.units(tx.connection, [unit.unit for unit in counted])
    changes = Changes()
    for unit in counted:
        changes.put(unit.facts, before.get(unit.unit))
    await store.write_units(tx.connection, counted)
    stands = await store.some_bins(tx.connection, changes.bins())
    become = dict(changes.of(stands))
    if changes.broken:
        raise BinsBroken("A bin holds fewer records than were counted into it: run `tracker rebuild --measures`.")
    await store.write_bins(tx.connection, become)


async def rebuild(database: Database, *, progress: Callable[[int], None] = lambda _done: None) -> Rebuilt:
    """Forget all bins and count everything again. Reports say meanwhile how much is not counted yet."""
    async with database.transaction(SYSTEM) as tx:
        await store.clear(tx.connection, rules())
        # What was told to boards may have been added up from what is wrong.
        await releases.forget(tx.connection)
    done = Rebuilt()
    while folded := await fold(database, batch=4 * BATCH):
        done.changes += folded
        progress(done.changes)
    return done


async def check(database: Database, *, thorough: bool = False) -> Rebuilt:
    """Compare the bins with what was counted of each child and incident; writes nothing.

    Bins are compared by their number of records and the sum of their hashes, so that all of them need not be held.

    Args:
        database: where; runs as the system.
        thorough: count each of them again from its milestones too, those apart that wait to be folded.
    """
    sums: Counter[Key] = Counter()
    found = Rebuilt()
    async with database.transaction(SYSTEM, readonly=True, snapshot=True) as tx:
        rulebook = await current(tx)
        waiting = {unit for pair in await store.pending(tx.connection, None, None, _ALL) for unit in pair}
        after = _FIRST
        while batch := await store.all_units(tx.connection, after, BATCH):
            for _, facts in batch:
                for key, records in facts.items():
                    sums[key] += sum(map(_hash, split(records)))
            after = batch[-1][0]
            found.units += len(batch)
            if thorough:
                held = {unit: facts for unit, facts in batch if unit not in waiting}
                children, incidents = await store.by_kind(tx.connection, list(held))
                for unit in await count(tx.connection, children, incidents, rulebook):
                    if unit.facts != held[unit.unit]:
                        found.differing += 1
                        found.examples.append(str(unit.unit))
        async for key, records in store.each_bin(tx.connection):
            found.bins += 1
            sums[key] -= sum(map(_hash, split(records)))
    differing = [key for key, left in sums.items() if left]
    found.differing += len(differing)
    found.examples = [*found.examples, *(f"{key.kind} {key.area} {key.quarter}" for key in differing)][:5]
    return found


def _hash(record: bytes) -> int:
    return int.from_bytes(blake2b(record, digest_size=8).digest(), "big")


def rules() -> str:
    """By which rules this program counts: a digest of where they are written, apart from standards and calendars, which
    are data.
    """
    return digest(*_RULES)


async def look_for_other_rules(database: Database) -> dict[str, Any]:
    """Have everything counted again where any of it was counted by other rules, as the program before an upgrade had.

    Figures stay as they were counted until then, and reports say meanwhile how much is not counted yet.
    """
    async with database.transaction(SYSTEM) as tx:
        found = await store.counted_by_others(tx.connection, rules())
        if found:
            await store.change_all(tx.connection, rules())
    return {"counted again": found}


async def look_for_missing(database: Database) -> None:
    """Have counted whatever was written by a way that says nothing of it."""
    async with database.transaction(SYSTEM) as tx:
        await store.change_missing(tx.connection)


async def compare(database: Database) -> dict[str, Any]:
    """The night's look: what nobody counted is counted, and a bin that does not hold what it should is an alarm."""
    await look_for_missing(database)
    found = await check(database)
    if found.differing:
        _log.error("ALARM: %d of %d bins of the delay measures differ: %s", found.differing, found.bins, found.examples)
    return {"bins": found.bins, "differing": found.differing}
