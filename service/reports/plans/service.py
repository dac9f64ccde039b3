"""Promises made from a report, and comments on it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from schema.ids import new_id
from service.access import audit
from service.clocks.local_time import local_day
from service.database import Tx
from service.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Refused, Wrong
from service.reports.measures.figures import Period
from service.reports.plans import rules, store
from service.reports.plans.figures import Reading, of_a_moment, read, readings
from service.reports.plans.reading import Reports, Told, areas_of, sees_exact
from service.reports.plans.rules import Answer, Change, NewComment, NewPromise, Promise
from service.reports.plans.store import Comment, Event, Owner


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A promise with its figure then and now, in words that this reader may be told.

    ``now_at`` is what "now" means in the report that the reader is shown. ``then_of`` and ``now_of`` are the days that
    the figure is of: of a quarter, until that instant. None where it says how things stood at the instant.
    """

    promise: Promise
    title: str
    then: str
    then_at: datetime
    then_of: Period | None
    now: str
    now_at: datetime
    now_of: Period | None
    moved: Literal["better", "worse", "same", "not known"]
    overdue: bool
    days_late: int


async def promises(tx: Tx, area: str | None = None) -> list[Progress]:
    """Promises that the actor sees, overdue ones first. Needs ``snapshot=True``; leaves one row in the audit."""
    listed = await progress(tx, Reports(tx), [area] if area else None)
    await audit.viewed(tx, "promises_viewed", "read promises and their progress", detail={"promises": len(listed)})
    return listed


async def progress(tx: Tx, reports: Reports, areas: Sequence[str] | None) -> list[Progress]:
    """Promises of these areas that the actor sees, overdue ones first. The row in the audit is the caller's."""
    found = rules.order(await store.promises(tx.connection, areas), local_day(tx.now))
    return [await _progress(tx, reports, each) for each in found]


async def one(tx: Tx, promise: UUID) -> tuple[Progress, list[Event]]:
    """One promise with what was said of it. Needs ``snapshot=True``.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = await _find(tx, promise)
    events = await store.events(tx.connection, promise)
    if not sees_exact(tx.actor, found.area):
        events = [msgspec.structs.replace(each, said=each.told) for each in events]
    await audit.viewed(tx, "promise_viewed", "read a promise and its progress", detail={"promise": str(promise)})
    return await _progress(tx, Reports(tx), found), events


async def choices(tx: Tx, area: str) -> list[Reading]:
    """Figures of an area that somebody can promise to move. Needs ``snapshot=True``.

    Raises:
        Forbidden: the actor makes no promises there.
    """
    _may_make(tx, area)
    return readings(await Reports(tx).shown(area))


async def owners(tx: Tx, area: str) -> list[Owner]:
    """Who may own a promise of an area."""
    _may_make(tx, area)
    return await store.owners(tx.connection, area, rules.OWNERS)


async def make(tx: Tx, new: NewPromise) -> Promise:
    """Make a promise: its figure is read now and kept as it was. Needs ``snapshot=True``.

    Raises:
        Forbidden: the actor makes no promises in the area.
        Refused: something is missing or cannot be.
    """
    _may_make(tx, new.area)
    wrong = rules.wrong_with(new, local_day(tx.now))
    wrong.extend(await _wrong_owner(tx, new.area, new.owner))
    reports = Reports(tx)
    told = await reports.figure(new.area, new.figure, new.group)
    if new.figure and (told.exact is None or told.told is None):
        wrong.append(Wrong("figure", new.figure, "a figure of the report", "Choose a figure from the list."))
    if wrong or new.owner is None or new.due_on is None or told.exact is None or told.told is None:
        raise Refused(wrong)
    period = (await reports.kept(new.area))[0].period
    identity = new_id(tx.now)
    by = tx.actor.id
    if by is None:
        raise Forbidden("People make promises.")
    made = Promise(
        id=identity,
        area=new.area,
        what=new.what.strip(),
        finding=new.finding.strip(),
        figure=new.figure,
        figure_group=new.group,
        value_then=told.exact.exact,
        said_then=told.exact.said,
        told_then=told.told.said,
        first_day=period.first,
        last_day=period.last,
        then_at=tx.now,
        owner=new.owner,
        owner_name="",
        agency=new.agency,
        due_on=new.due_on,
        status="open",
        ended_at=None,
        version=1,
        created_at=tx.now,
        created_by=by,
        created_by_name="",
    )
    await store.add(tx, made)
    return await _find(tx, identity)


async def answer(tx: Tx, promise: UUID, version: int, said: Answer) -> int:
    """A note, or the end of a promise; the new version. Needs ``snapshot=True``.

    Raises:
        NotFound: there is none, or not for this actor.
        Forbidden: the actor neither owns it nor makes promises there.
        PreconditionFailed: it has changed meanwhile.
        Conflict: it is over already, or open.
        Refused: words are missing.
    """
    found = await _changing(tx, promise, version)
    if wrong := rules.wrong_with_answer(said):
        raise Refused(wrong)
    if (said.kind == "reopened") == (found.status == "open") and said.kind != "note":
        raise Conflict("It is open." if found.status == "open" else "It is over: open it again first.")
    status: rules.Status = found.status
    if said.kind in ("done", "withdrawn"):
        status = "done" if said.kind == "done" else "withdrawn"
    elif said.kind == "reopened":
        status = "open"
    ended = None if status == "open" else found.ended_at or tx.now
    told = await Reports(tx).figure(found.area, found.figure, found.figure_group)
    await store.add_event(tx, found, said.kind, said.text.strip(), *_words(told))
    return await _write(tx, msgspec.structs.replace(found, status=status, ended_at=ended), version)


async def change(tx: Tx, promise: UUID, version: int, wanted: Change) -> int:
    """Another day, owner or agency, with the reason; the new version. Needs ``snapshot=True``.

    Raises:
        NotFound, PreconditionFailed: as `answer`.
        Forbidden: the actor makes no promises there.
        Refused: something is missing or cannot be.
    """
    found = await _changing(tx, promise, version)
    _may_make(tx, found.area)
    wrong = rules.wrong_with_change(wanted, local_day(tx.now))
    if wanted.owner is not None:
        wrong.extend(await _wrong_owner(tx, found.area, wanted.owner))
    if wrong:
        raise Refused(wrong)
    if found.status != "open":
        raise Conflict("It is over: open it again first.")
    changed = msgspec.structs.replace(
        found,
        due_on=wanted.due_on or found.due_on,
        owner=wanted.owner or found.owner,
        agency=wanted.agency or found.agency,
    )
    told = await Reports(tx).figure(found.area, found.figure, found.figure_group)
    await store.add_event(tx, found, "changed", wanted.reason.strip(), *_words(told))
    return await _write(tx, changed, version)


async def comment(tx: Tx, new: NewComment) -> UUID:
    """Say something of a report.

    Raises:
        Forbidden: the actor does not read reports of the area.
        Refused: words are missing, or the period cannot be.
    """
    held = next((role for role in rules.COMMENTERS if tx.actor.holds(role, area=new.area)), None)
    if held is None:
        raise Forbidden("You comment on reports of your own areas.")
    if wrong := rules.wrong_with_comment(new):
        raise Refused(wrong)
    return await store.add_comment(tx, new, held)


async def comments(
    tx: Tx, area: str | None = None, first: date | None = None, last: date | None = None
) -> list[Comment]:
    """Comments on reports of the actor's areas, the newest first."""
    return await store.comments(tx.connection, areas_of(tx.actor, rules.COMMENTERS, area), first, last)


async def set_small_numbers(tx: Tx, area: str, most: int) -> None:
    """Say up to which number boards of an area are not shown counts.

    Raises:
        NotFound: there is no such area.
        Refused: not between 2 and 20.
    """
    if not 2 <= most <= 20:
        raise Refused([Wrong("most", str(most), "2 to 20", "Give a number from 2 to 20; it is 5 unless changed.")])
    if not await store.set_small_numbers(tx.connection, area, most):
        raise NotFound("There is no such area.")
    await audit.viewed(tx, "small_numbers_set", "decide what boards are shown", detail={"area": area, "most": most})


def _words(told: Told) -> tuple[str, str]:
    return (told.exact.said if told.exact else "not known", told.told.said if told.told else "not known")


def _may_make(tx: Tx, area: str) -> None:
    if not tx.actor.holds(*rules.MAKERS, area=area):
        raise Forbidden("You make promises in your own areas.")


async def _wrong_owner(tx: Tx, area: str, owner: UUID | None) -> list[Wrong]:
    if owner is None or any(each.id == owner for each in await store.owners(tx.connection, area, rules.OWNERS)):
        return []
    return [Wrong("owner", str(owner), "somebody with a role in this area", "Choose somebody from the list.")]


async def _find(tx: Tx, promise: UUID) -> Promise:
    found = await store.promises(tx.connection, promise=promise)
    if not found:
        raise NotFound("There is no such promise.")
    return found[0]


async def _changing(tx: Tx, promise: UUID, version: int) -> Promise:
    """The promise, locked, if the actor may write of it and it is as it was read."""
    found = await _find(tx, promise)
    if found.owner != tx.actor.id and not tx.actor.holds(*rules.MAKERS, area=found.area):
        raise Forbidden("Its owner and who makes promises here write of it.")
    if await store.lock(tx.connection, promise) != version:
        raise PreconditionFailed("Somebody changed this promise meanwhile.", version=found.version)
    return found


async def _write(tx: Tx, promise: Promise, version: int) -> int:
    made = await store.change(tx.connection, promise, version)
    if made is None:
        raise PreconditionFailed("Somebody changed this promise meanwhile.")
    return made


async def _progress(tx: Tx, reports: Reports, promise: Promise) -> Progress:
    figures = await reports.shown(promise.area)
    reading = read(figures, promise.figure, promise.figure_group)
    exact = sees_exact(tx.actor, promise.area)
    today = local_day(tx.now)
    shown = promise if exact else msgspec.structs.replace(promise, said_then=promise.told_then, value_then=None)
    # To whom a number is hidden its direction is hidden too: "better" would narrow it down.
    then = promise.value_then if exact or promise.said_then == promise.told_then else None
    moved = rules.moved(then, reading.exact if reading else None, fewer=reading.fewer if reading else True)
    moment = of_a_moment(promise.figure)
    return Progress(
        promise=shown,
        title=reading.title if reading else promise.figure,
        then=shown.said_then,
        then_at=promise.then_at,
        then_of=None if moment else Period(first=promise.first_day, last=promise.last_day),
        now=reading.said if reading else "not known",
        now_at=figures.known.instant,
        now_of=None if moment else figures.period,
        moved=moved,
        overdue=promise.overdue(today),
        days_late=max(0, (today - promise.due_on).days) if promise.status == "open" else 0,
    )
