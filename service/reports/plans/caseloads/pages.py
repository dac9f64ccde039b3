"""Whole caseloads: what each worker carries in all, as their team counts it."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency

from service.access.permissions import allow
from service.actor import Actor
from service.clocks.local_time import local_day
from service.database import Database
from service.errors import NotFound, Refused
from service.reports.plans.caseloads import rules, service
from service.reports.plans.caseloads.rules import Counted
from service.reports.plans.caseloads.service import READERS
from service.web import words
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
        did=_done(request.query_params.get("done", "")),
        form=form,
        errors=form.errors,
    )


@post(PATH, opt=allow("team_manager"), include_in_schema=False, status_code=200)
async def enter(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Enter one worker's count, or those of a file."""
    sent = await request.form()
    file, form = sent.get("file"), Form(sent)
    if isinstance(file, UploadFile):
        return await _taken(request, actor, database, await file.read())
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


async def _taken(request: Request[Any, Any, Any], actor: Actor, database: Database, data: bytes) -> Response[Any]:
    form = Form()
    try:
        async with database.transaction(actor) as tx:
            taken = await service.take(tx, data)
    except Refused as refused:
        for wrong in refused.wrong:
            where = "" if wrong.field == "file" else f"{wrong.field.capitalize()}: "
            form.fail("file" if wrong.field == "file" else "", f"{where}{wrong.got} is not {wrong.expected}")
        return await _page(request, actor, database, form, 422)
    return seeother(f"{PATH}?done={taken.entered}")


def _done(text: str) -> str:
    """What was just done: one count, or so many of a file."""
    if text == "entered":
        return "The count is entered."
    if text.isdecimal() and len(text) < 6:
        return f"{words.count(int(text), 'new count is', 'new counts are')} entered from the file."
    return ""


@get(f"{PATH}.csv", opt=allow(*READERS), include_in_schema=False)
async def caseloads_csv(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> Response[str]:
    """The list as a file, as it may be sent back."""
    async with database.transaction(actor) as tx:
        text = rules.written(await service.caseloads(tx))
    named = {"content-disposition": 'attachment; filename="whole-caseloads.csv"'}
    return Response(text, media_type="text/csv", headers=named)


handlers: list[Any] = [caseloads_page, enter, caseloads_csv]
