"""The JSON API of reports: the backlog in figures, and incidents that name no child."""

from typing import Annotated, Any, Literal

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.reports.backlog import service as backlog
from service.reports.backlog.service import Report
from service.reports.childless import service as childless
from service.reports.childless.service import WorkList

Code = Annotated[str | None, QueryParameter(max_length=20)]


@get("/api/v1/backlog", opt=allow("police_liaison"), operation_id="ReportBacklog")
async def backlog_figures(
    actor: NamedDependency[Actor], database: NamedDependency[Database], area: Code = None
) -> Report:
    """Incidents with children not yet shared, in figures: those of the page. No name, no reference."""
    async with database.transaction(actor, readonly=True) as tx:
        return await backlog.report(tx, tx.actor.forces("police_liaison"), area)


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


handlers: list[Any] = [backlog_figures, incidents_without_children]
