"""What the watcher does besides sweeping: seals, forgets, compares, and says that it is alive."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import msgspec

from service.access import audit
from service.access import service as access
from service.actor import SYSTEM
from service.clocks import calendar_problems
from service.database import Database
from service.intake.notices import store as notices
from service.meetings.acting import rebuilding
from service.outbox import store as outbox
from service.pathways.links import looking
from service.pathways.rebuild import rebuild
from service.pathways.rulebook import current
from service.reports.disclosure.periods import released_at
from service.reports.measures.releases import store as releases
from service.settings import Settings
from service.upkeep import store

WATCHER: Final = "watcher"
COMPARISON: Final = "comparison"
CALENDARS: Final = "calendars"
#: A keyed request may be repeated for this long.
KEEP_ANSWERS: Final = timedelta(days=7)
#: Work that is done, and results of periods, are kept this long for whoever asks what happened.
KEEP_DONE: Final = timedelta(days=30)
KEEP_PERIODS: Final = timedelta(days=14)
#: A period is tried this often before it is left to the next one.
ATTEMPTS: Final = 5
_log: Final = logging.getLogger("tracker.upkeep")


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How the watcher, the queue and the mails stand."""

    behind: timedelta
    """How long the oldest condition that should have been flagged has been waiting."""
    outbox_waiting: int
    outbox_dead: int
    outbox_behind: timedelta
    mails_waiting: int
    mails_dead: int
    differing: int
    calendar_problems: int


async def health(database: Database) -> Health:
    """Read it from the rows, so that any worker can tell for all."""
    async with database.transaction(SYSTEM, readonly=True) as tx:
        figures = await store.figures(tx.connection)
        work = await outbox.figures(tx.connection)
        beats = await store.beats(tx.connection, [COMPARISON, CALENDARS])
    nothing = timedelta(0)
    earliest, oldest = figures.earliest_unflagged, work.oldest
    comparison, calendars = beats.get(COMPARISON), beats.get(CALENDARS)
    return Health(
        behind=max(nothing, tx.now - earliest) if earliest else nothing,
        outbox_waiting=work.waiting,
        outbox_dead=work.dead,
        outbox_behind=max(nothing, tx.now - oldest) if oldest else nothing,
        mails_waiting=figures.mails_waiting,
        mails_dead=figures.mails_dead,
        differing=int(comparison.detail.get("differing", 0)) if comparison else 0,
        calendar_problems=len(calendars.detail.get("problems", ())) if calendars else 0,
    )


async def beat(database: Database, detail: dict[str, Any]) -> None:
    """The watcher is alive; every page says so."""
    async with database.transaction(SYSTEM) as tx:
        await store.beat(tx.connection, WATCHER, tx.now, detail)


async def seal(database: Database) -> dict[str, Any]:
    """Seal the audit rows that no seal covers."""
    async with database.transaction(SYSTEM) as tx:
        made = await audit.seal(tx)
    return {} if made is None else {"seal": made.number, "rows": made.rows}


async def forget(database: Database, settings: Settings) -> dict[str, Any]:
    """Drop what can no longer matter: stored answers, ended sessions, attempts, finished work, what boards
    were told of past weeks.
    """
    async with database.transaction(SYSTEM) as tx:
        await notices.forget_answers(tx, tx.now - KEEP_ANSWERS)
        await access.forget(tx, settings)
        await outbox.forget(tx.connection, tx.now - KEEP_DONE)
        await releases.forget(tx.connection, released_at(tx.now))
        await store.forget_periods(tx.connection, tx.now - KEEP_PERIODS)
    return {}


async def look_for_matches(database: Database) -> dict[str, Any]:
    """Look for records of one child among those that came in since; people settle what is found."""
    return {"children": await looking.look(database)}


async def compare(database: Database) -> dict[str, Any]:
    """Compare everything derived with what it is derived from; any difference is an alarm."""
    found = await rebuild(database, check=True)
    actions = await rebuilding.rebuild(database, check=True)
    found.differing += len(actions)
    found.examples = [*found.examples, *map(str, actions)][:5]
    detail = {"pathways": found.pathways, "differing": found.differing, "examples": found.examples}
    async with database.transaction(SYSTEM) as tx:
        await store.beat(tx.connection, COMPARISON, tx.now, detail)
    if found.differing:
        _log.error(
            "ALARM: what is stored of %d of %d pathways, and actions, differs from what it follows from",
            found.differing,
            found.pathways,
        )
    return detail


async def look_at_calendars(database: Database) -> dict[str, Any]:
    """Say in good time that holidays or school terms run out."""
    async with database.transaction(SYSTEM) as tx:
        rulebook = await current(tx)
        problems = calendar_problems(rulebook.calendars[-1], tx.now)
        await store.beat(tx.connection, CALENDARS, tx.now, {"problems": problems})
    for problem in problems:
        _log.warning("ALARM: %s", problem)
    return {"problems": problems}


async def once(
    database: Database, job: str, period: str, lease: timedelta, work: Callable[[], Awaitable[dict[str, Any]]]
) -> bool:
    """Do a period's work unless it is done or under way elsewhere; True when it was done here.

    Exactly one result stands for each period, however many workers try. What ``work`` raises is
    raised; the period is tried again when its lease has run out.
    """
    async with database.transaction(SYSTEM) as tx:
        attempt = await store.claim_period(tx.connection, job, period, tx.now, tx.now + lease, ATTEMPTS)
    if attempt is None:
        return False
    detail = await work()
    async with database.transaction(SYSTEM) as tx:
        await store.finish_period(tx.connection, job, period, attempt, tx.now, detail)
    return True
