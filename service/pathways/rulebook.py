"""Standards and calendars in the database: read once by a process, checked by version in every transaction.

Both are append-only. A standard takes effect at or after the moment it is recorded, so that no
clock that runs is changed behind anybody's back; a new calendar moves open clocks and never closed
ones (design section 1).
"""

from datetime import timedelta
from typing import Final

import msgspec

from schema import calendars, standards
from schema.calendars import Calendar
from schema.holders import load_holders
from schema.ids import new_id
from schema.standards import Standard
from service.clocks import Rulebook
from service.database import Tx
from service.errors import Refused, Unavailable, Wrong
from service.pathways import store

_MEMO: Final = "rulebook"
#: Clocks of two machines may differ by this much; a standard recorded "from now" is not refused for it.
_GRACE: Final = timedelta(minutes=5)


async def current(tx: Tx) -> Rulebook:
    """The rulebook as recorded now.

    Raises:
        Unavailable: no calendar has been recorded; nothing could be computed.
    """
    versions = await store.rule_versions(tx.connection)
    known: tuple[tuple[int, int], Rulebook] | None = tx.memo.get(_MEMO)
    if known is not None and known[0] == versions:
        return known[1]
    if versions[1] == 0:
        raise Unavailable("No calendar has been recorded yet: run `tracker migrate`.")
    standard_texts, calendar_texts = await store.rule_bodies(tx.connection)
    rulebook = Rulebook(
        [standards.decode_standard(text) for text in standard_texts],
        [calendars.decode_calendar(text) for text in calendar_texts],
        load_holders(),
    )
    tx.memo[_MEMO] = (versions, rulebook)
    return rulebook


async def ship(tx: Tx) -> None:
    """Record the standards and the calendar that ship with the product, where they are not there."""
    for standard in standards.load_shipped():
        await store.insert_standard(tx.connection, standard, tx.actor.id)
    versions = await store.rule_versions(tx.connection)
    if versions[1] == 0:
        await store.insert_calendar(tx.connection, calendars.load_shipped(), tx.actor.id)


async def add_standard(tx: Tx, standard: Standard) -> Standard:
    """Record a new version of a standard; its recorded time and id are ours to give.

    Raises:
        Refused: it cannot be used, or would take effect in the past.
    """
    made = msgspec.structs.replace(
        standard,
        id=standards.standard_id(standard.key, standard.effective_from, standard.area, standard.force),
        recorded_at=tx.now,
    )
    wrong = [
        Wrong(problem.partition(":")[0], problem.partition(":")[2].strip() or problem, "a usable value", problem)
        for problem in standards.problems_of(made)
    ]
    if not wrong and made.effective_from < tx.now - _GRACE:
        wrong = [
            Wrong(
                "effective_from",
                made.effective_from.isoformat(),
                "now or later",
                "A standard never changes clocks that already run: let it take effect from now on.",
            )
        ]
    if wrong:
        raise Refused(wrong, "This standard cannot be recorded.")
    if not await store.insert_standard(tx.connection, made, tx.actor.id):
        raise Refused(
            [
                Wrong(
                    "effective_from",
                    made.effective_from.isoformat(),
                    "another instant",
                    "A version of this standard takes effect at this very instant already.",
                )
            ]
        )
    return made


async def add_calendar(tx: Tx, calendar: Calendar) -> Calendar:
    """Record a new version of the calendar; open clocks follow as soon as a worker has been there.

    Raises:
        Refused: it cannot be used.
    """
    versions = await store.rule_versions(tx.connection)
    made = msgspec.structs.replace(calendar, number=versions[1] + 1, recorded_at=tx.now)
    wrong = [
        Wrong(problem.partition(":")[0], problem, "a usable calendar", problem)
        for problem in calendars.problems_of(made)
    ]
    if wrong:
        raise Refused(wrong, "This calendar cannot be recorded.")
    await store.insert_calendar(tx.connection, made, tx.actor.id)
    identity = new_id(tx.now)
    await store.queue(tx.connection, identity, "recompute_open", identity, tx.now)
    return made
