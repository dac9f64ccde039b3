"""Changes of the process: the list, and a new one."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Refused
from service.reports.board import marking
from service.reports.board.pages.common import PATH
from service.web.forms import Form
from service.web.page import page, seeother

_MARKERS: Final = allow(*marking.MARKERS)


@get(f"{PATH}/changes", opt=_MARKERS, include_in_schema=False)
async def changes_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """What was changed and when, as it stands on the pictures."""
    return await _list(request, actor, database, Form())


async def _list(request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form) -> Response[str]:
    areas = actor.areas(*marking.MARKERS)
    async with database.transaction(actor, readonly=True) as tx:
        marked = await marking.changes(tx, areas)
    return await page(
        request,
        "reports/changes.html",
        status_code=422 if form.errors else 200,
        marked=marked,
        areas=areas,
        form=form,
        errors=form.errors,
    )


@post(f"{PATH}/changes", opt=_MARKERS, include_in_schema=False, status_code=200)
async def mark(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Mark one, or show what is missing."""
    form = Form(await request.form())
    areas = actor.areas(*marking.MARKERS)
    area = form.value("area") if form.value("area") in areas else areas[0]
    try:
        async with database.transaction(actor) as tx:
            on = form.day("on", "the day from which the change held", tx.now)
            if not form.errors:
                await marking.mark(tx, area, on, form.value("words"), new_baseline=form.ticked("new_baseline"))
    except Refused as refused:
        form.refused(refused)
    return await _list(request, actor, database, form) if form.errors else seeother(f"{PATH}/changes")


@post(f"{PATH}/changes/{{change:uuid}}/take-back", opt=_MARKERS, include_in_schema=False, status_code=200)
async def take_back(
    actor: NamedDependency[Actor], database: NamedDependency[Database], change: FromPath[UUID]
) -> Response[Any]:
    """Take one back."""
    async with database.transaction(actor) as tx:
        await marking.take_back(tx, change)
    return seeother(f"{PATH}/changes")


handlers: list[Any] = [changes_page, mark, take_back]
