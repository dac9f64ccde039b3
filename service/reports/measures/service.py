"""The delay measures as boards, pages, the API and the command line ask for them. Figures leave here, nothing else.

Whoever reads has no right on the rows behind the figures: they are added up as the system, for the areas and the force
that the actor's own grants name.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final, NamedTuple

import msgspec

from service.access import audit
from service.actor import Actor
from service.clocks.local_time import local_day, midnight
from service.database import Tx
from service.errors import Forbidden, Refused, Wrong
from service.pathways.rulebook import current
from service.reports.disclosure.applying import Told, last_of, told_of
from service.reports.disclosure.periods import QUARTER, around, is_quarter, released_at, reported_at
from service.reports.measures import store
from service.reports.measures.figures import BoardFigures, Period, Scope, Worker
from service.reports.measures.gathering import (
    AREA_ROLES,
    FORCE_ROLES,
    audience,
    bins_at,
    caseloads,
    complete_from,
    current_bins,
    when,
)
from service.reports.measures.ledgers import Ledger, Restated
from service.reports.measures.rules import board as rules
from service.reports.measures.rules.frame import Frame
from service.reports.measures.rules.rest import ledger as ledger_of


async def board(
    tx: Tx,
    scope: Scope,
    period: Period | None = None,
    as_of: datetime | None = None,
    *,
    action: str | None = "measures_viewed",
) -> BoardFigures:
    """Every figure of an audience as the actor may see it: small numbers are hidden from members of a board.

    Args, Raises: as `measured`. A board asks for calendar quarters, as known now or as reported when they had
    ended, of its whole area: see `disclosure.periods`.
    """
    if shows_small_numbers(tx.actor, scope):
        return await measured(tx, scope, period, as_of, action=action)
    return await _for_board(tx, scope, period, as_of, action)


def shows_small_numbers(actor: Actor, scope: Scope | None = None) -> bool:
    """Whether the actor works with all children of a scope, or of all scopes, so that no number need be hidden."""
    if actor.kind == "system":
        return True
    areas, forces = actor.areas(*AREA_ROLES), actor.forces(*FORCE_ROLES)
    if not areas or (scope is not None and scope.force in forces):
        return bool(forces)
    working = actor.areas(*(role for role in AREA_ROLES if role != "board_member"))
    return all(area in working for area in (areas if scope is None or not scope.areas else scope.areas))


#: Reports of a release that are kept, of some megabytes each.
_KEPT: Final = 12
#: Nothing was reported before.
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


async def _for_board(
    tx: Tx, scope: Scope, period: Period | None, as_of: datetime | None, action: str | None
) -> BoardFigures:
    if as_of is not None and not _EARLIEST <= as_of <= tx.now:
        raise Refused([Wrong("as_of", as_of.isoformat(), "an instant in the past", "Choose the end of a quarter.")])
    own = tx.actor.areas("board_member")
    now = await _release(tx, own)
    chosen = period or around(local_day((now if as_of is None else as_of) - timedelta(seconds=1)), QUARTER)
    wrong = []
    if not is_quarter(chosen):
        said = f"{chosen.first} to {chosen.last}"
        expected = "a quarter from January, April, July or October"
        wrong.append(Wrong("from", said, expected, "Choose a whole quarter."))
    elif as_of is not None and as_of != reported_at(chosen):
        expected = f"{reported_at(chosen).isoformat()}, when the quarter had ended"
        wrong.append(Wrong("as_of", as_of.isoformat(), expected, "Choose the end of the quarter."))
    elif midnight(chosen.first) >= now:
        expected = f"{local_day(now)} or earlier"
        wrong.append(Wrong("from", chosen.first.isoformat(), expected, "Choose a quarter that a board has figures of."))
    wrong += [
        Wrong(name, getattr(scope, name), "nothing", "The report shows every group side by side.")
        for name in ("district", "grade", "force")
        if getattr(scope, name) is not None
    ]
    if wrong:
        raise Refused(wrong)
    asked = tuple(sorted(scope.areas or own))
    if asked not in {*((each,) for each in own), tuple(sorted(own))}:
        raise Forbidden("You read figures of one of your areas, or of all of them.")
    # The areas by themselves come first, so that each area's page is the same whoever reads it; all of them together
    # say the less. What is asked for is told beside all that comes before it.
    audiences = [(each,) for each in sorted(own)] if len(asked) > 1 else []
    if action is not None:
        await _viewed(tx, action, Scope(areas=asked), chosen, as_of)
    return await _released(tx, [*audiences, asked], chosen, as_of)


async def _released(
    tx: Tx, audiences: Sequence[tuple[str, ...]], period: Period, as_of: datetime | None = None
) -> BoardFigures:
    """What the last of some audiences is told of a quarter, beside what the others are.

    It is kept until the next release: nothing that is recorded meanwhile changes it. Not where there was no release
    yet, or where something was still being written or counted.
    """
    key = await _release_key(tx, audiences, period, as_of)
    kept: dict[bytes, BoardFigures] = tx.memo.setdefault("released to boards", {})
    found = kept.get(key) if key is not None else None
    if found is None:
        states = [state for each in audiences[:-1] for state in await _states(tx, each, period, None)]
        states += await _states(tx, audiences[-1], period, as_of)
        found = await _told(tx, states)
        if key is not None and not any(each.figures.known.lowered or each.figures.known.uncounted for each in states):
            kept[key] = found
            for oldest in list(kept)[:-_KEPT]:
                del kept[oldest]
    if as_of is not None:
        return found
    return msgspec.structs.replace(found, known=msgspec.structs.replace(found.known, asked=tx.now.astimezone(UTC)))


async def _release_key(
    tx: Tx, audiences: Sequence[tuple[str, ...]], period: Period, as_of: datetime | None
) -> bytes | None:
    """Everything on which it depends what a release tells; None where there was none yet."""
    releases = [await _release(tx, each) for each in audiences]
    if tx.now in releases:
        return None
    async with store.as_system(tx) as reader:
        connection = reader.connection
        issued = [await store.issued(connection, each, period.first, period.last) for each in audiences]
        threshold = await store.small_numbers(connection, sorted({area for each in audiences for area in each}))
        profiles = await store.profiles(connection)
    ended = reported_at(period) <= tx.now
    on = (audiences, period, as_of, releases, ended, issued, threshold, [tuple(each) for each in profiles])
    return blake2b(msgspec.json.encode(on)).digest()


class _State(NamedTuple):
    """One report of an area or several, as it was at an instant, with what was issued of it."""

    figures: BoardFigures
    issued: Told | None


async def _release(tx: Tx, areas: Sequence[str]) -> datetime:
    """The instant of which a board is told: as the week began. An area that had nothing on the books by then has had
    no release yet, and is told of now.
    """
    release = released_at(tx.now)
    async with store.as_system(tx) as reader:
        return release if await store.known_by(reader.connection, areas, release) else tx.now


async def _states(tx: Tx, areas: tuple[str, ...], period: Period, as_of: datetime | None) -> list[_State]:
    """What a board may be shown of a quarter: as reported when it had ended, which nothing changes; then, unless that
    is what is asked for, as known at the last release, which says no more than it may beside the former.
    """
    scope, ended = Scope(areas=areas), reported_at(period)
    release = await _release(tx, areas)
    found = []
    async with store.as_system(tx) as reader:
        if ended <= tx.now:
            then = await measured(reader, scope, period, ended, action=None, until=max(release, ended))
            found.append(_State(_of_a_board(then), None))
            release = max(release, ended)
        if as_of is None:
            at = release if release < tx.now else None
            known = await measured(reader, scope, period, at, action=None, released=at is not None)
            issued = await store.issued(reader.connection, areas, period.first, period.last)
            found.append(_State(_of_a_board(known), issued))
    return found


async def _told(tx: Tx, states: Sequence[_State]) -> BoardFigures:
    """The last of some reports, told beside the others."""
    threshold = await _threshold(tx, states)
    return await asyncio.to_thread(last_of, _figures(states), threshold=threshold, issued=_issued(states))


async def told_when_issued(tx: Tx, area: str, period: Period) -> tuple[int, Told]:
    """What the board of an area is told of a quarter, to be kept with the issue of its report: the number that counts
    as small, and each count or that it is hidden.
    """
    states = await _states(tx, (area,), period, None)
    threshold = await _threshold(tx, states)
    told = await asyncio.to_thread(told_of, _figures(states), threshold=threshold, issued=_issued(states))
    return threshold, told


async def _threshold(tx: Tx, states: Sequence[_State]) -> int:
    areas = {area for state in states for area in state.figures.scope.areas}
    async with store.as_system(tx) as reader:
        return await store.small_numbers(reader.connection, sorted(areas))


def _figures(states: Sequence[_State]) -> list[BoardFigures]:
    return [state.figures for state in states]


def _issued(states: Sequence[_State]) -> dict[int, Told]:
    return {place: state.issued for place, state in enumerate(states) if state.issued is not None}


async def of_its_board(tx: Tx, area: str, period: Period) -> tuple[BoardFigures, BoardFigures]:
    """A quarter of an area exactly, and as a member of its board is told it: read as the system, for whom a promise
    names without a right to the report. Leaves no row in the audit: that is the caller's.
    """
    async with store.as_system(tx) as reader:
        figures = await measured(reader, Scope(areas=(area,)), period, action=None)
    return figures, await _released(tx, [(area,)], period)


def _of_a_board(figures: BoardFigures) -> BoardFigures:
    """Without what stands in other reports that a board may read, where it is protected beside what it adds up with:
    areas have their own reports, weeks outside the quarter their own quarters.
    """
    monday = figures.period.first - timedelta(days=figures.period.first.weekday())
    weeks = [week for week in figures.child_days.weeks if week.begins >= monday]
    return msgspec.structs.replace(
        figures,
        stages=[each for each in figures.stages if each.by != "area"],
        child_days=msgspec.structs.replace(figures.child_days, weeks=weeks),
    )


async def measured(
    tx: Tx,
    scope: Scope,
    period: Period | None = None,
    as_of: datetime | None = None,
    *,
    action: str | None = "measures_viewed",
    released: bool = False,
    until: datetime | None = None,
) -> BoardFigures:
    """Every figure of an audience with nothing hidden: for whoever works with these children, and for commentary that
    is hidden afterwards. Leaves one row in the audit.

    Args:
        tx: a transaction in which every statement sees the same rows (``snapshot=True``).
        scope: areas and force must be the actor's own; empty means all of them.
        period: local days; the last thirteen weeks where it is not given.
        as_of: as had been reported at this instant; as known now where it is not given.
        action: what the audit calls it; None where the caller leaves the row.
        released: ``as_of`` is when boards' figures were brought up to date: what is known now, to whom it is told.
        until: what was reported is compared with what had been recorded by then; by now where it is not given.

    Raises:
        Forbidden: an area or force that is not the actor's.
        Refused: a period or an instant that cannot be.
    """
    asked = await audience(tx, scope)
    known, span = await when(tx, period, as_of)
    if released:
        known = msgspec.structs.replace(known, basis="known_now", asked=tx.now.astimezone(UTC))
    rulebook = await current(tx)
    ready = rulebook.calendar(None)
    async with store.as_system(tx) as reader:
        connection = reader.connection
        bins, uncounted = await current_bins(connection, asked, rulebook)
        known = msgspec.structs.replace(known, uncounted=uncounted)
        complete = await complete_from(connection)
        live: int | None = None
        given = await store.given(
            connection, asked.areas, asked.force, asked.district, scope.grade,
            since=datetime.fromtimestamp(span.since, UTC), instant=known.instant,
        )  # fmt: skip
        workers: list[Worker] = []
        teams: list[Worker] = []
        restated: Restated | None = None
        if as_of is None:
            if not uncounted:
                live = await store.live(connection, asked.areas, asked.force, scope.grade, asked.district)
            workers, teams = await caseloads(connection, asked, local_day(tx.now))
        else:
            by = None if released else until or tx.now
            then = await bins_at(connection, asked, rulebook, known.instant, bins, until=by)
            if not released:
                restated = rules.restated(
                    rules.headline(Frame(then.reported, known.instant, scope.grade, complete), span),
                    rules.headline(Frame(then.known_now, known.instant, scope.grade, complete), span),
                    then.recorded,
                )
            bins = then.reported
    if action is not None:
        first, last = span.first, span.last
        await _viewed(tx, action, scope, Period(first=first, last=last), None if as_of is None else known.instant)
    # Tenths of a second of processor: in a thread, so that others are answered meanwhile.
    return await asyncio.to_thread(
        rules.board,
        Frame(bins, known.instant, scope.grade, complete),
        scope,
        span,
        ready,
        known,
        period=period,
        live=live,
        workers=workers,
        teams=teams,
        given=given,
        restated=restated,
    )


async def _viewed(tx: Tx, action: str, scope: Scope, period: Period, as_of: datetime | None) -> None:
    await audit.viewed(
        tx,
        action,
        "read the delay measures",
        detail={
            "areas": list(scope.areas), "force": scope.force, "district": scope.district, "grade": scope.grade,
            "first": period.first.isoformat(), "last": period.last.isoformat(),
            "as_of": None if as_of is None else as_of.isoformat(),
        },
    )  # fmt: skip


async def ledger(tx: Tx, scope: Scope, period: Period | None = None) -> Ledger:
    """The ledger alone, as known now; as `board`."""
    if not shows_small_numbers(tx.actor, scope):
        return (await _for_board(tx, scope, period, None, "ledger_viewed")).ledger
    asked = await audience(tx, scope)
    known, span = await when(tx, period, None)
    rulebook = await current(tx)
    async with store.as_system(tx) as reader:
        bins, uncounted = await current_bins(reader.connection, asked, rulebook)
        live = None
        if not uncounted:
            live = await store.live(reader.connection, asked.areas, asked.force, scope.grade, asked.district)
    detail = {"areas": list(scope.areas), "force": scope.force}
    await audit.viewed(tx, "ledger_viewed", "read the ledger", detail=detail)
    return ledger_of(Frame(bins, known.instant, scope.grade), span, live)
