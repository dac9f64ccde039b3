"""The JSON API of the board: its commentary, and changes of the process."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.reports.board import asking, marking, service
from service.reports.board.store import Marked
from service.reports.commentary.findings import Commentary
from service.reports.measures import service as measures
from service.reports.measures.figures import Period, Scope
from service.reports.measures.gathering import AREA_ROLES
from service.reports.plans.service import Progress


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The board in words. Its figures are those of `/api/v1/reports/delays` for the same period.

    ``variation``: whether child-days at unassessed risk are changing, by their chart with process limits.
    ``promises``: as `/api/v1/reports/plans` tells them, overdue ones first.
    """

    scope: Scope
    period: Period
    commentary: Commentary
    variation: str
    changes: list[Marked]
    promises: list[Progress]


class NewChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that was changed in an area's process from a day on. ``new_baseline``: limits begin again there."""

    area: Annotated[str, msgspec.Meta(max_length=20)]
    on: date
    words: Annotated[str, msgspec.Meta(max_length=200)]
    new_baseline: bool = False


@get("/api/v1/reports/board", opt=allow(*AREA_ROLES), operation_id="ReportBoard")
async def board_words(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    area: Annotated[str | None, QueryParameter(max_length=20)] = None,
    first_day: Annotated[date | None, QueryParameter(name="from")] = None,
    last_day: Annotated[date | None, QueryParameter(name="to")] = None,
    as_of: Annotated[date | None, QueryParameter(name="as_of")] = None,
) -> Told:
    """The board's commentary: what changed, how sure that is, and whom to ask; and the changes that were marked.

    Without ``from`` and ``to``: the year from April, or the one before while it is young (members of a board: the
    quarter likewise, and quarters alone). ``as_of``: as had been
    reported by the beginning of that day.
    """
    given = {"area": area, "from": first_day, "to": last_day, "as_of": as_of}
    params = {name: str(value) for name, value in given.items() if value is not None}
    async with database.transaction(actor, snapshot=True) as tx:
        guarded = not measures.shows_small_numbers(actor)
        found = await service.board(tx, asking.asked(params, tx.now, None, quarters=guarded))
        changes = await marking.changes(tx, found.figures.scope.areas or actor.areas(*AREA_ROLES))
    return Told(
        scope=found.figures.scope,
        period=found.figures.period,
        commentary=found.commentary,
        variation=found.variation,
        changes=changes,
        promises=found.promises,
    )


@post("/api/v1/reports/changes", opt=allow(*marking.MARKERS), operation_id="MarkChange")
async def mark_change(
    data: JSONBody[NewChange], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> list[Marked]:
    """Mark a change of the process; all that stand in its area."""
    async with database.transaction(actor) as tx:
        await marking.mark(tx, data.area, data.on, data.words, new_baseline=data.new_baseline)
        return await marking.changes(tx, [data.area])


@post("/api/v1/reports/changes/{change:uuid}/take-back", opt=allow(*marking.MARKERS), operation_id="TakeBackChange")
async def take_back_change(
    change: FromPath[UUID], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """Take a mark back that was made in error."""
    async with database.transaction(actor) as tx:
        await marking.take_back(tx, change)


handlers: list[Any] = [board_words, mark_change, take_back_change]
