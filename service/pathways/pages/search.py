"""Search from the header of every page: nothing that was typed stands in an address."""

from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.pathways.lists import service as lists
from service.pathways.lists.store import Found
from service.pathways.pages import wording
from service.web.forms import Form
from service.web.page import page

_ROLES: Final = ("mash_coordinator", "mash_manager", "out_of_hours", "police_liaison")


@get("/search", opt=allow(*_ROLES), include_in_schema=False)
async def ask(request: Request[Any, Any, Any]) -> Response[str]:
    """The form alone."""
    return await _shown(request, Form(), None)


@post("/search", opt=allow(*_ROLES), include_in_schema=False, status_code=200)
async def search(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """What was found, newest first."""
    form = Form(await request.form())
    wanted = form.text("q", "a reference, a name or a date of birth", required=True)
    if wanted is None:
        return await _shown(request, form, None)
    async with database.transaction(actor) as tx:
        found = await lists.search(tx, wanted)
    return await _shown(request, form, found)


async def _shown(request: Request[Any, Any, Any], form: Form, found: list[Found] | None) -> Response[str]:
    return await page(
        request,
        "pathways/search.html",
        form=form,
        found=found,
        most=lists.PAGE,
        wording=wording,
    )


handlers: list[Any] = [ask, search]
