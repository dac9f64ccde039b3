"""Standards and calendars in the database: read once by a process, checked by version in every transaction.

Both are append-only. A standard takes effect at or after the moment it is recorded, so that no
clock that runs is changed behind anybody's back; a new calendar moves open clocks and never closed
ones (design section 1).
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from schema import calendars, standards
from schema.calendars import Calendar, Holiday
from schema.holders import load_holders
from schema.ids import new_id
from schema.standards import Standard
from schema.vocabulary import Grade
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


class NewStandard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new version of a known standard: what changes, and on whose word.

    ``within`` is a duration in words ("24 hours", "1 working day", "1 minute"), one for all grades
    or one for each. Everything not given stays as in the version before.
    """

    key: str
    within: str | dict[Grade, str]
    basis: str
    area: str | None = None
    force: str | None = None
    warn: str | dict[Grade, str] | UnsetType | None = UNSET
    effective_from: Annotated[datetime, Meta(tz=True)] | None = None
    confirmed_locally: bool = True


async def new_version(tx: Tx, said: NewStandard) -> Standard:
    """Record a new version of a known standard, from now on unless a later time is given.

    Raises:
        Refused: there is no such standard, or the new version cannot be used.
    """
    rulebook = await current(tx)
    known = [standard for standard in rulebook.standards if standard.key == said.key]
    if not known:
        keys = ", ".join(sorted({standard.key for standard in rulebook.standards}))
        raise Refused([Wrong("key", said.key, f"one of: {keys}", "Choose a standard of the list.")])
    scoped = [s for s in known if (s.area, s.force) == (said.area, said.force)]
    before = (scoped or known)[-1]
    made = msgspec.structs.replace(
        before,
        area=said.area,
        force=said.force,
        within=said.within,
        warn=_warning(before, said),
        basis=said.basis,
        confirmed_locally=said.confirmed_locally,
        effective_from=said.effective_from or tx.now,
        effective_to=None,
    )
    return await add_standard(tx, made)


def _warning(before: Standard, said: NewStandard) -> str | dict[Grade, str] | None:
    """The warning point: as given; otherwise the old one, unless the limit itself changed."""
    if said.warn is not UNSET:
        return said.warn
    return before.warn if said.within == before.within else None


class NewHoliday(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A further day on which nobody is expected to work (a one-off bank holiday), and on whose word."""

    on: date
    name: Annotated[str, Meta(min_length=1, max_length=100)]


async def add_holiday(tx: Tx, holiday: NewHoliday) -> Calendar:
    """Record a calendar with one more bank holiday. Open clocks move; closed ones never do.

    Raises:
        Refused: it is one already, lies outside the days covered, or is no working day anyway.
    """
    newest = (await current(tx)).calendars[-1]
    days = newest.working_days
    wrong = None
    if any(known.on == holiday.on for known in days.holidays):
        wrong = "a day that is not a bank holiday yet"
    elif not days.covers_from <= holiday.on <= days.covers_until:
        wrong = f"a day from {days.covers_from} to {days.covers_until}"
    if wrong:
        raise Refused([Wrong("on", holiday.on.isoformat(), wrong, "Check the date.")])
    holidays = tuple(sorted((*days.holidays, Holiday(on=holiday.on, name=holiday.name)), key=lambda each: each.on))
    return await add_calendar(
        tx, msgspec.structs.replace(newest, working_days=msgspec.structs.replace(days, holidays=holidays))
    )
