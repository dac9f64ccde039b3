"""What a liaison does from a row of the backlog or from one incident: share, decline, regrade."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.vocabulary import GRADES, NOT_SHARED_REASONS
from service.actor import Actor
from service.database import Database
from service.errors import Conflict, Refused
from service.intake.decisions import service as decisions
from service.pathways.view import service as views
from service.reports.backlog import store, working
from service.reports.backlog.pages.common import LIAISON, back, done, onward
from service.web.forms import Form
from service.web.page import page, seeother

_MOST: Final = 200


def _asked(request: Request[Any, Any, Any]) -> Form:
    """The form as it is first shown: it knows where the person came from and what is next."""
    return Form({name: request.query_params.get(name, "") for name in ("back", "next")})


@post("/backlog/share", opt=LIAISON, include_in_schema=False, status_code=200)
async def share(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Share one incident, or ask once about several and then share them."""
    form = Form(await request.form())
    only = _ids(form.values("only"))
    ticked = only or _ids(form.values("incident"))
    if not ticked:
        return seeother(back(form))
    if not only and not form.ticked("sure"):
        async with database.transaction(actor) as tx:
            found = await working.to_share(tx, ticked)
        if not found:
            form.fail("", "These had been shared or decided on already. Nothing was recorded.")
        return await page(
            request,
            "reports/share.html",
            status_code=200 if found else 409,
            form=form,
            incidents=found,
            back=back(form),
            errors=form.errors,
        )
    try:
        async with database.transaction(actor) as tx:
            shared = await working.share(tx, ticked)
    except Conflict as conflict:
        form.fail("", conflict.message)
        return await page(
            request,
            "reports/share.html",
            status_code=409,
            form=form,
            incidents=[],
            back=back(form),
            errors=form.errors,
        )
    return seeother(
        done(onward(form), "shared", incidents=shared.incidents, children=shared.children, already=shared.already)
    )


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[:_MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@get("/backlog/decline/{pathway:uuid}", opt=LIAISON, include_in_schema=False)
async def decline_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[str]:
    """One child's history, and only then the question whether not to share."""
    return await _declining(request, actor, database, pathway, _asked(request))


@post("/backlog/decline/{pathway:uuid}", opt=LIAISON, include_in_schema=False, status_code=200)
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
            left = await working.left_beside(tx, pathway)
    except Refused as refused:
        form.refused(refused)
        return await _declining(request, actor, database, pathway, form)
    # A sibling still to be decided keeps the person at the incident.
    return seeother(done(back(form) if left else onward(form), "declined"))


async def _declining(
    request: Request[Any, Any, Any], actor: Actor, database: Database, pathway: UUID, form: Form
) -> Response[str]:
    async with database.transaction(actor) as tx:
        found = await views.view(tx, pathway)
        account = await store.account(tx.connection, found.head.incident)
    return await page(
        request,
        "reports/decline.html",
        status_code=422 if form.errors else 200,
        found=found,
        account=account,
        form=form,
        errors=form.errors,
        reasons=NOT_SHARED_REASONS,
        back=back(form),
        onward=form.value("next"),
    )


@get("/backlog/regrade/{incident:uuid}", opt=LIAISON, include_in_schema=False)
async def regrade_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    incident: FromPath[UUID],
) -> Response[str]:
    """Which grade, and why."""
    return await _regrading(request, actor, database, incident, _asked(request))


@post("/backlog/regrade/{incident:uuid}", opt=LIAISON, include_in_schema=False, status_code=200)
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
            count = await working.regrade(tx, incident, form.value("grade"), form.value("rationale"))
    except Refused as refused:
        form.refused(refused)
        return await _regrading(request, actor, database, incident, form)
    return seeother(done(back(form), "regraded", children=count))


async def _regrading(
    request: Request[Any, Any, Any], actor: Actor, database: Database, incident: UUID, form: Form
) -> Response[str]:
    async with database.transaction(actor) as tx:
        found = await working.of_incident(tx, incident)
    return await page(
        request,
        "reports/regrade.html",
        status_code=422 if form.errors else 200,
        incident=incident,
        found=found,
        form=form,
        errors=form.errors,
        grades=GRADES,
        back=back(form),
    )


handlers: list[Any] = [share, decline_page, decline, regrade_page, regrade]
