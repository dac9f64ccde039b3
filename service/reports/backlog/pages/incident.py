"""One incident of the backlog: opened, read, shared or declined, and on to the next."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.actor import Actor
from service.database import Database
from service.reports.backlog import working
from service.reports.backlog.pages.common import LIAISON, PATH, did, incident_address, view_of
from service.web import store as web
from service.web.page import page


@get(f"{PATH}/incidents/{{incident:uuid}}", opt=LIAISON, include_in_schema=False)
async def incident_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    incident: FromPath[UUID],
) -> Response[str]:
    """Everything that is known of one incident before it is decided whether it is shared."""
    view = view_of(request)
    async with database.transaction(actor) as tx:
        found = await working.opened(tx, incident, filters=view.filters, sort=view.sort, descending=view.descending)
        names = await web.place_names(tx.connection)
    return await page(
        request,
        "reports/incident.html",
        found=found,
        names=names,
        did=did(request),
        the_list=view.href(page=None),
        here=incident_address(incident, view),
        before=incident_address(found.place.previous, view) if found.place.previous else None,
        after=incident_address(found.place.following, view) if found.place.following else None,
    )


handlers: list[Any] = [incident_page]
