"""Incidents not yet shared: the liaison's home, and what is done from its rows."""

from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.vocabulary import GRADES, NOT_SHARED_REASONS
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Conflict, Refused
from service.intake.decisions import service as decisions
from service.pathways.view import service as views
from service.reports.backlog import export, rules, service
from service.reports.childless import service as childless
from service.web import store as web
from service.web.charts import bands, trend
from service.web.forms import Form
from service.web.page import page, seeother
from service.web.tables import ListView
from service.web.words import grade as grade_word

_PATH: Final = "/backlog"
_FILTERS: Final = ("grade", "area", "district", "due")
_LIAISON: Final = allow("police_liaison")
_MOST: Final = 200


def _view(request: Request[Any, Any, Any]) -> ListView:
    return ListView.of(request, path=_PATH, sorts=service.SORTS, filters=_FILTERS)


def _back(form: Form) -> str:
    """The list as it was before; anything that is not an address of the list is left out."""
    offered = form.value("back")
    parts = urlsplit(offered)
    plain = not parts.scheme and not parts.netloc and parts.path == _PATH and len(offered) < 500
    return offered if plain and offered.isprintable() else _PATH


def _done(back: str, what: str, **counts: int) -> str:
    """The list again, with what was done: counts and nothing else."""
    said = "&".join([f"done={what}", *(f"{name}={number}" for name, number in counts.items() if number)])
    return f"{back}{'&' if '?' in back else '?'}{said}"


def _did(request: Request[Any, Any, Any]) -> dict[str, Any] | None:
    """What the address says was just done."""
    what = request.query_params.get("done", "")
    if what not in {"shared", "declined", "regraded"}:
        return None
    numbers = {name: request.query_params.get(name, "0") for name in ("incidents", "children", "already")}
    return {
        "what": what,
        **{name: int(text) if text.isdecimal() and len(text) < 6 else 0 for name, text in numbers.items()},
    }


@get(_PATH, opt=_LIAISON, include_in_schema=False)
async def backlog_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """What must leave this office today."""
    view = _view(request)
    async with database.transaction(actor) as tx:
        found = await service.backlog(
            tx, filters=view.filters, sort=view.sort, descending=view.descending, limit=view.size, offset=view.offset
        )
        names = await web.place_names(tx.connection)
        unasked = await childless.waiting(tx)
    graded = [grade for grade in rules.GRADES if found.everything.by_grade[grade] or grade != "ungraded"]
    picture = bands.layout(
        bands=[name for name, _ in rules.BANDS],
        counts=[(grade_word(grade), found.everything.bands[grade]) for grade in graded],
        title="Incidents not yet shared, by grade and by how long police have known",
    )
    flow = trend.layout(
        days=found.flow, names=("Arrived", "Cleared"), title="Incidents that arrived and were cleared each day"
    )
    return await page(
        request,
        "reports/backlog.html",
        view=view,
        found=found,
        names=names,
        did=_did(request),
        unasked=unasked,
        here=view.href(page=view.page if view.page > 1 else None),
        sentences=rules.sentences(found.everything, found.rates),
        picture=picture,
        flow=flow,
    )


@get("/backlog.csv", opt=_LIAISON, include_in_schema=False)
async def backlog_csv(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """The list under these filters as a file, every row of it."""
    view = _view(request)
    async with database.transaction(actor) as tx:
        found = await service.backlog(
            tx,
            filters=view.filters,
            sort=view.sort,
            descending=view.descending,
            limit=None,
            action="backlog_exported",
        )
        names = await web.place_names(tx.connection)
        text = export.csv(found.rows, names, tx.now)
    named = {"content-disposition": 'attachment; filename="not-yet-shared.csv"'}
    return Response(text, media_type="text/csv", headers=named)


@post("/backlog/share", opt=_LIAISON, include_in_schema=False, status_code=200)
async def share(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Share one incident, or ask once about several and then share them."""
    form = Form(await request.form())
    only = _ids(form.values("only"))
    ticked = only or _ids(form.values("incident"))
    if not ticked:
        return seeother(_back(form))
    if not only and not form.ticked("sure"):
        return await page(request, "reports/share.html", form=form, incidents=ticked, back=_back(form))
    try:
        async with database.transaction(actor) as tx:
            shared = await service.share(tx, ticked)
    except Conflict as conflict:
        form.fail("", conflict.message)
        return await page(
            request,
            "reports/share.html",
            status_code=409,
            form=form,
            incidents=[],
            back=_back(form),
            errors=form.errors,
        )
    return seeother(
        _done(_back(form), "shared", incidents=shared.incidents, children=shared.children, already=shared.already)
    )


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[:_MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@get("/backlog/decline/{pathway:uuid}", opt=_LIAISON, include_in_schema=False)
async def decline_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[str]:
    """One child's history, and only then the question whether not to share."""
    return await _declining(request, actor, database, pathway, Form({"back": request.query_params.get("back", "")}))


@post("/backlog/decline/{pathway:uuid}", opt=_LIAISON, include_in_schema=False, status_code=200)
async def decline(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[Any]:
    """Record that one child's notice is not shared, by whom and why."""
    form = Form(await request.form())
    try:
        async with database.transaction(actor) as tx:
            await decisions.decline(tx, pathway, form.value("reason"), form.value("text"), form.value("decided_by"))
    except Refused as refused:
        form.refused(refused)
        return await _declining(request, actor, database, pathway, form)
    return seeother(_done(_back(form), "declined"))


async def _declining(
    request: Request[Any, Any, Any], actor: Actor, database: Database, pathway: UUID, form: Form
) -> Response[str]:
    async with database.transaction(actor) as tx:
        found = await views.view(tx, pathway)
    return await page(
        request,
        "reports/decline.html",
        status_code=422 if form.errors else 200,
        found=found,
        form=form,
        errors=form.errors,
        reasons=NOT_SHARED_REASONS,
        back=_back(form),
    )


@get("/backlog/regrade/{incident:uuid}", opt=_LIAISON, include_in_schema=False)
async def regrade_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    incident: FromPath[UUID],
) -> Response[str]:
    """Which grade, and why."""
    return await _regrading(request, actor, database, incident, Form({"back": request.query_params.get("back", "")}))


@post("/backlog/regrade/{incident:uuid}", opt=_LIAISON, include_in_schema=False, status_code=200)
async def regrade(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    incident: FromPath[UUID],
) -> Response[Any]:
    """Record another grade for the incident, with its rationale."""
    form = Form(await request.form())
    try:
        async with database.transaction(actor) as tx:
            count = await service.regrade(tx, incident, form.value("grade"), form.value("rationale"))
    except Refused as refused:
        form.refused(refused)
        return await _regrading(request, actor, database, incident, form)
    return seeother(_done(_back(form), "regraded", children=count))


async def _regrading(
    request: Request[Any, Any, Any], actor: Actor, database: Database, incident: UUID, form: Form
) -> Response[str]:
    async with database.transaction(actor) as tx:
        found = await service.of_incident(tx, incident)
    return await page(
        request,
        "reports/regrade.html",
        status_code=422 if form.errors else 200,
        incident=incident,
        found=found,
        form=form,
        errors=form.errors,
        grades=GRADES,
        back=_back(form),
    )


handlers: list[Any] = [
    backlog_page,
    backlog_csv,
    share,
    decline_page,
    decline,
    regrade_page,
    regrade,
]
