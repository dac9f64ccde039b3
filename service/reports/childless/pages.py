"""The page of incidents that name no child."""

from typing import Any, Final

from litestar import Request, Response, get
from litestar.di import NamedDependency

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.reports.childless import service
from service.web import store as web
from service.web.page import page
from service.web.tables import ListView

_PATH: Final = "/backlog/no-child"


@get(_PATH, opt=allow("police_liaison"), include_in_schema=False)
async def childless_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Incidents of which nobody knows whether there was a child."""
    view = ListView.of(request, path=_PATH, sorts=("oldest",), filters=("reason", "area"))
    async with database.transaction(actor, readonly=True) as tx:
        found = await service.work_list(
            tx,
            reason=view.filters.get("reason"),
            area=view.filters.get("area"),
            limit=view.size,
            offset=view.offset,
        )
        names = await web.place_names(tx.connection)
    return await page(request, "reports/no_child.html", view=view, found=found, names=names)


handlers: list[Any] = [childless_page]
