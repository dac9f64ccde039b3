"""What a board may hold side by side: a quarter as reported and as known when the week began, and how it is told."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from service.database import Tx
from service.reports.disclosure.applying import Told, last_of, told_of
from service.reports.disclosure.periods import released_at, reported_at
from service.reports.measures import store
from service.reports.measures.figures import BoardFigures, Period, Scope
from service.reports.measures.measuring import measured


class State(NamedTuple):
    """One report of an area or several, as it was at an instant, with what was issued of it."""

    figures: BoardFigures
    issued: Told | None


async def release_of(tx: Tx, areas: Sequence[str]) -> datetime:
    """The instant of which a board is told: as the week began. An area that had nothing on the books by then has had
    no release yet, and is told of now.
    """
    release = released_at(tx.now)
    async with store.as_system(tx) as reader:
        return release if await store.known_by(reader.connection, areas, release) else tx.now


async def states(tx: Tx, areas: tuple[str, ...], period: Period, as_of: datetime | None) -> list[State]:
    """What a board may be shown of a quarter: as reported when it had ended, which nothing changes; then, unless that
    is what is asked for, as known at the last release, which says no more than it may beside the former.
    """
    scope, ended = Scope(areas=areas), reported_at(period)
    release = await release_of(tx, areas)
    found = []
    async with store.as_system(tx) as reader:
        if ended <= tx.now:
            then = await measured(reader, scope, period, ended, action=None, until=max(release, ended), behind=True)
            found.append(State(_of_a_board(then), None))
            release = max(release, ended)
        if as_of is None:
            at = release if release < tx.now else None
            known = await measured(reader, scope, period, at, action=None, released=at is not None, behind=True)
            issued = await store.issued(reader.connection, areas, period.first, period.last)
            found.append(State(_of_a_board(known), issued))
    return found


async def told(tx: Tx, beside: Sequence[State]) -> BoardFigures:
    """The last of some reports, told beside the others."""
    threshold = await _threshold(tx, beside)
    return await asyncio.to_thread(last_of, _figures(beside), threshold=threshold, issued=_issued(beside))


async def told_when_issued(tx: Tx, area: str, period: Period) -> tuple[int, Told]:
    """What the board of an area is told of a quarter, to be kept with the issue of its report: the number that counts
    as small, and each count or that it is hidden.
    """
    beside = await states(tx, (area,), period, None)
    threshold = await _threshold(tx, beside)
    return threshold, await asyncio.to_thread(told_of, _figures(beside), threshold=threshold, issued=_issued(beside))


async def _threshold(tx: Tx, beside: Sequence[State]) -> int:
    areas = {area for state in beside for area in state.figures.scope.areas}
    async with store.as_system(tx) as reader:
        return await store.small_numbers(reader.connection, sorted(areas))


def _figures(beside: Sequence[State]) -> list[BoardFigures]:
    return [state.figures for state in beside]


def _issued(beside: Sequence[State]) -> dict[int, Told]:
    return {place: state.issued for place, state in enumerate(beside) if state.issued is not None}


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
