"""Writes the synthetic past: several parts side by side while nobody is there, one after the other beside people.

The row ``past`` among the signs of life says how much has been loaded. It moves in the transaction of what was
loaded, so that whoever takes up a loading that was cut short leaves nothing out and does nothing twice.
"""

import asyncio
import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from uuid import UUID

from service.actor import SYSTEM
from service.database import Database, Tx
from service.demo import store
from service.demo.generator.shapes import SyntheticPathway
from service.demo.partnership import Known, known_again
from service.demo.past import Opened, Opener, child_rows, first_known_children, incident_rows
from service.demo.story import Story, parts, tell
from service.demo.watching import signs_of_life, watch
from service.pathways import rebuild
from service.pathways import service as pathways

PAST: Final = "past"
#: Pathways in one transaction; several are under way, so that evaluation and writing go side by side.
BATCH: Final = 400
AT_ONCE: Final = 3
#: Beside people at work: short transactions.
QUIETLY: Final = 100

Progress = Callable[[int, int | None, str], None]
_WHAT: Final = "children in incidents"


@contextmanager
def without_collection() -> Iterator[None]:
    """Everything made here lives to the end: looking for garbage again and again would double the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def load_at_once(
    database: Database, known: Known, story: Story, rows: Sequence[SyntheticPathway], progress: Progress
) -> None:
    """Write ``rows`` of the story into a database that nobody uses yet."""
    since = first_known_children(story.rows)
    done, written = 0, list[UUID]()
    gate = asyncio.Semaphore(AT_ONCE)
    async with database.transaction(SYSTEM, now=story.until) as tx:
        opener = await _begin(tx, known, rows, since)
        await store.write_heartbeats(tx.connection, signs_of_life(story.until))

    async def batch(part: Sequence[SyntheticPathway]) -> None:
        nonlocal done
        async with gate:
            opened = _opened(opener, part)
            async with database.transaction(SYSTEM, now=story.until) as tx:
                await _write(tx, opened)
            written.extend(_ids(opened))
            done += len(part)
            progress(done, len(rows), _WHAT)

    async with asyncio.TaskGroup() as group:
        for part in parts(rows, BATCH):
            group.create_task(batch(part))
    async with database.transaction(SYSTEM, now=story.until) as tx:
        await _settle(tx, written)
        await watch(tx, known, written)
        await store.begin_past(tx.connection, PAST, story.until, _detail(story, len(rows)))


def _detail(story: Story, done: int) -> dict[str, object]:
    return {"until": story.until.isoformat(), "scale": story.scale, "total": len(story.rows), "done": done}


async def left(database: Database) -> int:
    """How much of the synthetic past is still to be loaded."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        return await store.past_left(tx.connection, PAST)


async def load_the_rest(database: Database, progress: Progress) -> int:
    """Load what is left, part by part, while people are at work; how much that was."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        detail = await store.past(tx.connection, PAST)
    if detail is None or detail["done"] >= detail["total"]:
        return 0
    story = tell(datetime.fromisoformat(detail["until"]), detail["scale"])
    since = first_known_children(story.rows)
    loaded = 0
    while part := await _load_next(database, story, since):
        loaded += part
        progress(loaded, detail["total"] - detail["done"], _WHAT)
    return loaded


async def _load_next(database: Database, story: Story, since: dict[str, datetime]) -> int:
    async with database.transaction(SYSTEM, now=story.until) as tx:
        detail = await store.past(tx.connection, PAST, lock=True)
        done = detail["done"] if detail else len(story.rows)
        part = next(parts(story.rows[done:], QUIETLY), ())
        known = await known_again(tx.connection)
        opened = _opened(await _begin(tx, known, part, since), part)
        await _write(tx, opened)
        await _settle(tx, _ids(opened))
        await watch(tx, known, _ids(opened))
        # Also where the story has become another one since: it is over when there is no more to tell.
        total = done + len(part) if part else detail["total"] if detail else 0
        await store.advance_past(tx.connection, PAST, database.timepiece.now(), total)
    return len(part)


async def _begin(tx: Tx, known: Known, part: Sequence[SyntheticPathway], since: dict[str, datetime]) -> Opener:
    """Write incidents and children; pathways come between them."""
    incidents = await store.open_incidents(tx.connection, incident_rows(part))
    references = list({one.child.reference for one in part if one.child is not None})
    there = await store.children_by_reference(tx.connection, references)
    children, rows = child_rows(part, known, since, there)
    await store.write_children(tx.connection, rows)
    return Opener(known, incidents, children)


def _opened(opener: Opener, part: Sequence[SyntheticPathway]) -> list[Opened]:
    return [opener.open(one, one.child) for one in part if one.child is not None]


def _ids(opened: Sequence[Opened]) -> list[UUID]:
    return [one.pathway.subject.facts.id for one in opened]


async def _write(tx: Tx, opened: Sequence[Opened]) -> None:
    written = [row for one in opened for row in one.written]
    await pathways.replay(tx, written, opened=[one.pathway for one in opened])
    await store.write_transfers(tx.connection, [transfer for one in opened for transfer in one.transfers])
    await store.notice_conditions(tx.connection, _ids(opened), tx.now)


async def _settle(tx: Tx, written: Sequence[UUID]) -> None:
    """Recompute what depends on other pathways of the same child."""
    further = await store.further_incidents_of_declined(tx.connection, written)
    await rebuild.recompute(tx, further)
    await store.notice_conditions(tx.connection, further, tx.now)
