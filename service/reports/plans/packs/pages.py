"""Your report: where it is, how often you are sent a link, and reports that were issued under a name."""

from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from service.access.permissions import allow
from service.actor import Actor
from service.clocks.local_time import local_day
from service.database import Database
from service.errors import Conflict, Refused
from service.reports.board.asking import choices
from service.reports.measures import service as measures
from service.reports.measures.figures import Scope
from service.reports.plans import rules as plans
from service.reports.plans.packs import rules, service
from service.reports.plans.packs.service import NewIssue
from service.web import navigation
from service.web.forms import Form
from service.web.page import page, seeother

PATH: Final = "/packs"
_SUBSCRIBERS: Final = allow(*rules.SUBSCRIBERS)
_DONE: Final = {
    "subscribed": "You will be sent a link.",
    "ended": "You will be sent no more links.",
    "issued": "The report is kept under its name.",
}


@get(PATH, opt=_SUBSCRIBERS, include_in_schema=False)
async def packs_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Where is my report, and when am I told of it?"""
    return await _page(request, actor, database, Form())


async def _page(
    request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form, status: int = 200
) -> Response[str]:
    async with database.transaction(actor, readonly=True) as tx:
        held = await service.subscription(tx)
        issued = await service.issues(tx)
        periods = choices(local_day(tx.now), quarters=True)
    reports = [("/board", "The board's report"), ("/backlog", "Incidents not yet shared"), ("/plans", "Promises")]
    return await page(
        request,
        "reports/packs.html",
        status_code=status,
        held=held,
        issued=issued,
        periods=periods,
        reports=[each for each in reports if navigation.opens(request.app, each[0], actor)],
        areas=actor.areas(*plans.MAKERS),
        reads=actor.holds(*plans.COMMENTERS),
        exact={each.area for each in issued if measures.shows_small_numbers(actor, Scope(areas=(each.area,)))},
        did=_DONE.get(request.query_params.get("done", "")),
        form=form,
        errors=form.errors,
    )


@post(PATH, opt=_SUBSCRIBERS, include_in_schema=False, status_code=200)
async def subscribe(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """So often from now on."""
    form = Form(await request.form())
    every = form.choice("every", "how often you are sent a link", (*rules.EVERY, "never"), required=True)
    if every is None:
        return await _page(request, actor, database, form, 422)
    async with database.transaction(actor) as tx:
        held = await service.subscribe(tx, every)
    return seeother(f"{PATH}?done={'subscribed' if held else 'ended'}")


@post("/packs/issues", opt=allow(*plans.MAKERS), include_in_schema=False, status_code=200)
async def issue(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Keep a report under a name."""
    form = Form(await request.form())
    name = form.text("name", "a name", required=True, longest=rules.LONGEST)
    area = form.choice("area", "an area", actor.areas(*plans.MAKERS), required=True)
    try:
        async with database.transaction(actor, snapshot=True) as tx:
            periods = {f"{each.first} {each.last}": each for each in choices(local_day(tx.now), quarters=True)}
            period = form.choice("period", "a period", periods, required=True)
            if not form.errors and name and area and period:
                chosen = periods[period]
                await service.issue(tx, NewIssue(area=area, name=name, first_day=chosen.first, last_day=chosen.last))
    except Refused as refused:
        form.refused(refused)
    except Conflict as conflict:
        form.fail("name", conflict.message)
    if form.errors:
        return await _page(request, actor, database, form, 422)
    return seeother(f"{PATH}?done=issued")


handlers: list[Any] = [packs_page, subscribe, issue]
