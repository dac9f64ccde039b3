"""What boards are told: as known when the week began, protected, and kept until the next week does (decision 0042)."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final, NamedTuple

import msgspec

from service.clocks.local_time import local_day, midnight
from service.database import Tx
from service.errors import Forbidden, Refused, Wrong
from service.reports.disclosure.applying import Told, last_of, told_of
from service.reports.disclosure.periods import QUARTER, around, is_quarter, released_at, reported_at
from service.reports.measures import store
from service.reports.measures.figures import BoardFigures, Period, Scope
from service.reports.measures.measuring import measured, viewed

#: Reports of a release that are kept, of some megabytes each.
_KEPT: Final = 12
#: Nothing was reported before.
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


async def for_board(
    tx: Tx, scope: Scope, period: Period | None, as_of: datetime | None, action: str | None
) -> BoardFigures:
    """A report as a member of a board is told it; ``action`` is what the audit calls it, None where the caller leaves
    the row.

    Raises:
        Refused: no calendar quarter, none that has begun, another instant than when it had ended, a part of an area.
        Forbidden: other areas than one of the reader's own, or all of them.
    """
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
        await viewed(tx, action, Scope(areas=asked), chosen, as_of)
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
