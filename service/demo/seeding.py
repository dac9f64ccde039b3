"""Fills an empty, migrated database with the synthetic partnership, and with its two years unless told not to."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from service.access import passwords
from service.actor import SYSTEM
from service.database import Database, connect
from service.demo import partnership, store
from service.demo.generator import generate, written_cases
from service.demo.generator.shapes import SyntheticPathway
from service.demo.partnership import Known, SignIn
from service.demo.past import Opened, Opener, child_rows, incident_rows
from service.demo.watching import watch
from service.pathways import rebuild, rulebook
from service.pathways import service as pathways
from service.timepiece import SystemTimepiece

SEED: Final = 359_350_354
#: Everybody took up their post well before the first incident.
POSTED: Final = timedelta(days=1_100)
#: Pathways in one transaction; several are under way, so that evaluation and writing go side by side.
BATCH: Final = 400
AT_ONCE: Final = 3
_LONGEST_SECONDS: Final = 120.0

Progress = Callable[[int, int | None, str], None]


async def seed(
    owner_url: str, app_url: str, *, empty: bool, progress: Progress, scale: float = 1.0, now: datetime | None = None
) -> Sequence[SignIn]:
    """Fill a database that is migrated and has no configuration yet; who can sign in.

    Args:
        owner_url: as the owner, for the planner's statistics alone.
        app_url: as the application, which writes everything.
        empty: places, people and feeds, but no incidents.
        progress: told (done, total, what) as pathways are written.
        scale: 1.0 is about 3,000 incidents and 5,700 pathways.
        now: the instant at which the synthetic past ends.
    """
    async with _database(app_url) as database:
        at = (now or database.timepiece.now()).replace(microsecond=0)
        password = partnership.new_password()
        known = partnership.known(at)
        hashed = await passwords.hashed(password)
        async with database.transaction(SYSTEM, now=at) as tx:
            await rulebook.ship(tx)
            await partnership.write(tx.connection, known, hashed, at - POSTED)
        if not empty:
            await load(database, known, at, scale=scale, progress=progress)
            await _analyse(owner_url)
    return partnership.sign_ins(password)


@asynccontextmanager
async def _database(url: str) -> AsyncIterator[Database]:
    database = await connect(url, SystemTimepiece(), size=AT_ONCE, command_timeout=_LONGEST_SECONDS)
    try:
        yield database
    finally:
        await database.close()


async def _analyse(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    try:
        await store.analyse(connection)
    finally:
        await connection.close()


async def load(
    database: Database,
    known: Known,
    until: datetime,
    *,
    scale: float = 1.0,
    seed: int = SEED,
    progress: Progress = lambda _done, _total, _what: None,
) -> int:
    """Write the synthetic past up to ``until``; how many pathways it has."""
    with _no_collection():
        return await _load(database, known, until, [*written_cases(until), *generate(seed, until, scale)], progress)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Everything made here lives to the end: looking for garbage again and again would double the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _load(
    database: Database, known: Known, until: datetime, told: Sequence[SyntheticPathway], progress: Progress
) -> int:
    opener = await _begin(database, known, told, until)
    of_children = [(one, one.child) for one in told if one.child is not None]
    done = 0
    gate = asyncio.Semaphore(AT_ONCE)

    async def batch(start: int) -> None:
        nonlocal done
        async with gate:
            opened = [opener.open(one, child) for one, child in of_children[start : start + BATCH]]
            await _write(database, opened, until)
            done += len(opened)
            progress(done, len(of_children), "children in incidents")

    async with asyncio.TaskGroup() as group:
        for start in range(0, len(of_children), BATCH):
            group.create_task(batch(start))
    await _settle(database, until)
    await watch(database, known, until)
    return done


async def _begin(database: Database, known: Known, told: Sequence[SyntheticPathway], until: datetime) -> Opener:
    """Write incidents and children; pathways come between them."""
    async with database.transaction(SYSTEM, now=until) as tx:
        incidents = await store.open_incidents(tx.connection, incident_rows(told))
        children, rows = child_rows(told, known)
        await store.write_children(tx.connection, rows)
    return Opener(known, incidents, children)


async def _write(database: Database, opened: Sequence[Opened], until: datetime) -> None:
    written = [row for one in opened for row in one.written]
    async with database.transaction(SYSTEM, now=until) as tx:
        await pathways.replay(tx, written, opened=[one.pathway for one in opened])
        await store.write_transfers(tx.connection, [transfer for one in opened for transfer in one.transfers])
        await store.notice_conditions(tx.connection, [one.pathway.subject.facts.id for one in opened], until)


async def _settle(database: Database, until: datetime) -> None:
    """Recompute what depends on other pathways of the same child, written meanwhile."""
    async with database.transaction(SYSTEM, now=until) as tx:
        further = await store.further_incidents_of_declined(tx.connection)
        await rebuild.recompute(tx, further)
        await store.notice_conditions(tx.connection, further, until)
