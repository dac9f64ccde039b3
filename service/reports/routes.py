"""The JSON API of reports: the backlog in figures, and incidents that name no child."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Forbidden, Refused, Wrong
from service.reports.backlog import service as backlog
from service.reports.backlog.service import Report
from service.reports.board import routes as board
from service.reports.childless import service as childless
from service.reports.childless.service import WorkList
from service.reports.measures import routes as measures
from service.reports.plans import routes as plans

Code = Annotated[str | None, QueryParameter(max_length=20)]


@get("/api/v1/backlog", opt=allow("police_liaison"), operation_id="ReportBacklog")
async def backlog_figures(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    force: Code = None,
    area: Code = None,
    district: Annotated[str | None, QueryParameter(max_length=100)] = None,
    grade: FromQuery[Literal["high", "medium", "standard", "ungraded"] | None] = None,
    first_day: Annotated[date | None, QueryParameter(name="from")] = None,
    last_day: Annotated[date | None, QueryParameter(name="to")] = None,
    by: FromQuery[date | None] = None,
    as_of: Annotated[datetime | None, QueryParameter(name="as_of")] = None,
) -> Report:
    """Incidents with children not yet shared, in figures: those of the page. No name, no reference.

    ``grade`` is the officer's first. ``from`` and ``to`` are the days of what came and went, ``by`` is the day by
    which to clear it. ``as_of``, an instant with its zone, answers as it was known then.
    """
    forces = [code for code in actor.forces("police_liaison") if force in (None, code)]
    if not forces:
        raise Forbidden("You read figures of your own force.")
    filters = {"area": area, "district": district, "first": grade}
    if as_of is not None and as_of.tzinfo is None:
        expected = "an instant with its zone, like 2026-11-03T09:00:00Z"
        raise Refused([Wrong("as_of", as_of.isoformat(), expected, "Add the zone, or Z.")])
    async with database.transaction(actor, readonly=True, snapshot=as_of is not None) as tx:
        return await backlog.report(
            tx,
            forces,
            filters={name: value for name, value in filters.items() if value},
            first=first_day,
            last=last_day,
            by=by,
            as_of=as_of,
        )


@get("/api/v1/backlog/no-child", opt=allow("police_liaison"), operation_id="ListIncidentsWithoutChildren")
async def incidents_without_children(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    reason: FromQuery[Literal["not_asked", "not_recorded"] | None] = None,
    area: Code = None,
    page: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
) -> WorkList:
    """Incidents that name no child because nobody asked or wrote it down, the oldest first, 50 to a page."""
    async with database.transaction(actor, readonly=True) as tx:
        return await childless.work_list(tx, reason=reason, area=area, offset=(page - 1) * 50)


handlers: list[Any] = [
    backlog_figures,
    incidents_without_children,
    *measures.handlers,
    *board.handlers,
    *plans.handlers,
]
