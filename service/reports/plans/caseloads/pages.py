"""Whole caseloads: what each worker carries in all, as their team counts it."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from service.access.permissions import allow
from service.actor import Actor
from service.clocks.local_time import local_day
from service.database import Database
from service.errors import NotFound, Refused
from service.reports.plans.caseloads import service
from service.reports.plans.caseloads.service import READERS, Counted
from service.web.forms import Form
from service.web.page import page, seeother

PATH: Final = "/whole-caseloads"


@get(PATH, opt=allow(*READERS), include_in_schema=False)
async def caseloads_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """How much does everybody carry?"""
    return await _page(request, actor, database, Form())


async def _page(
    request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form, status: int = 200
) -> Response[str]:
    async with database.transaction(actor) as tx:
        found = await service.caseloads(tx)
    return await page(
        request,
        "reports/caseloads.html",
        status_code=status,
        found=found,
        known=[each for each in found if each.cases is not None],
        areas=actor.areas("team_manager"),
        did=request.query_params.get("done") == "entered",
        form=form,
        errors=form.errors,
    )


@post(PATH, opt=allow("team_manager"), include_in_schema=False, status_code=200)
async def enter(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Enter one worker's count."""
    form = Form(await request.form())
    areas = actor.areas("team_manager")
    try:
        async with database.transaction(actor) as tx:
            worker = form.text("worker", "a worker", required=True)
            text = form.text("cases", "the number of all cases", required=True, longest=3)
            day = form.day("counted_on", "the day it was counted", tx.now) or local_day(tx.now)
            if text and not (text.isascii() and text.isdigit()):
                form.fail("cases", "The number of cases must be a whole number, such as 18")
            if not form.errors and worker and text:
                area, _, identity = worker.partition(" ")
                await service.enter(
                    tx,
                    Counted(
                        area=area if area in areas else areas[0],
                        worker=UUID(identity),
                        cases=int(text),
                        counted_on=day,
                    ),
                )
    except (NotFound, ValueError):
        form.fail("worker", "Choose a worker from the list")
    except Refused as refused:
        form.refused(refused)
    if form.errors:
        return await _page(request, actor, database, form, 422)
    return seeother(f"{PATH}?done=entered")


handlers: list[Any] = [caseloads_page, enter]
