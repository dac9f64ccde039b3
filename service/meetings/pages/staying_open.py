"""What the pages of one discussion say by themselves while they stay open. Read under the reader's own rights.

They say nothing that the open page did not show already, and name nobody: so they leave no row in the audit.
"""

from uuid import UUID

from service.database import Tx
from service.meetings import rules, store
from service.meetings.counting import store as counting
from service.meetings.pages import wording
from service.web import live

_GONE = "This discussion is no longer yours to see."


async def _stands(tx: Tx, which: str) -> str:
    """Where a discussion stands and by when it is due."""
    row = await store.discussion(tx.connection, identity) if (identity := _id(which)) else None
    if row is None:
        return _GONE
    if not rules.is_open(row):
        return f"{wording.begun(wording.briefly(row, tx.now))}. Load the page again."
    return wording.to_come(row, rules.due_at(await store.clocks(tx.connection, row.id)), tx.now)


async def _waits(tx: Tx, which: str) -> str:
    """The required agencies that have not answered."""
    row = await store.discussion(tx.connection, identity) if (identity := _id(which)) else None
    if row is None or not rules.is_open(row):
        return ""
    offered = await store.slots(tx.connection, row.id)
    answers = await store.answers(tx.connection, row.id)
    required = rules.required_on(await store.required(tx.connection), row.area, row.scheduled_from or tx.now)
    return wording.waiting(
        rules.waits_for(offered, answers, await store.invitees(tx.connection, row.id), required), offered=bool(offered)
    )


async def _news(tx: Tx, which: str) -> str:
    """What is not on the page yet, as ``<id>:<version>:<answers>`` of the page."""
    text, _, numbers = which.partition(":")
    version, _, answers = numbers.partition(":")
    standing = await counting.standing(tx.connection, identity) if (identity := _id(text)) else None
    if standing is None:
        return _GONE
    return wording.news(standing.version - _number(version), standing.answers - _number(answers))


async def _saved(tx: Tx, which: str) -> str:
    """For an open record: whether somebody else changed it or saved its draft, as ``<id>:<version>:<draft>``."""
    text, _, numbers = which.partition(":")
    version, _, draft = numbers.partition(":")
    if (identity := _id(text)) is None:
        return wording.others(False)
    since = (_number(version), _number(draft))
    return wording.others(await counting.changed_by_others(tx.connection, identity, *since, tx.actor.id))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def register() -> None:
    """Let pages show ``data-live="meeting-stands:<id>"`` and the like."""
    live.register_about("meeting-stands", _stands)
    live.register_about("meeting-waits", _waits)
    live.register_about("meeting-news", _news)
    live.register_about("meeting-versions", _saved)
