"""Promises: the list by agency, a new one, one with its history; and people's comments on the report."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.vocabulary import AGENCIES
from service.access.permissions import allow
from service.actor import Actor
from service.clocks.local_time import local_day
from service.database import Database, Tx
from service.errors import Conflict, PreconditionFailed, Refused
from service.reports.disclosure.periods import usual_quarter
from service.reports.plans import rules, service, wording
from service.reports.plans.caseloads.pages import handlers as caseload_handlers
from service.reports.plans.figures import ALL
from service.reports.plans.packs.pages import handlers as pack_handlers
from service.reports.plans.routes import READERS
from service.reports.plans.rules import Answer, Change, NewComment, NewPromise
from service.web import navigation
from service.web.forms import Form
from service.web.page import page, seeother

PATH: Final = "/plans"
_READERS: Final = allow(*READERS)
_MAKERS: Final = allow(*rules.MAKERS)
_COMMENTERS: Final = allow(*rules.COMMENTERS)
_DONE: Final = {
    "made": "The promise is made.",
    "answered": "Your answer is kept with the promise.",
    "changed": "The promise is changed.",
    "commented": "Your comment is kept with the report.",
}
_LINKS: Final = (
    ("/packs", "Your report by mail, and reports that were issued"),
    ("/whole-caseloads", "Whole caseloads"),
)


@get(PATH, opt=_READERS, include_in_schema=False)
async def promises_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """What was promised, by whom, and has it moved the figure?"""
    return await _list(request, actor, database, Form())


async def _list(
    request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form, status: int = 200
) -> Response[str]:
    async with database.transaction(actor, snapshot=True) as tx:
        found = await service.promises(tx)
        comments = await service.comments(tx)
    return await page(
        request,
        "reports/plans.html",
        status_code=status,
        groups=wording.by_agency(found),
        summary=wording.summary(found),
        wording=wording,
        comments=comments,
        comment_areas=actor.areas(*rules.COMMENTERS),
        makes=actor.holds(*rules.MAKERS),
        links=[each for each in _LINKS if navigation.opens(request.app, each[0], actor)],
        did=_DONE.get(request.query_params.get("done", "")),
        form=form,
        errors=form.errors,
    )


@post("/plans/comments", opt=_COMMENTERS, include_in_schema=False, status_code=200)
async def add_comment(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Say something of the report that a board is shown now."""
    form = Form(await request.form())
    text = form.text("text", "your comment", required=True, longest=rules.LONGEST, lines=True)
    area = form.choice("area", "an area", actor.areas(*rules.COMMENTERS), required=True)
    if not form.errors:
        async with database.transaction(actor) as tx:
            quarter = usual_quarter(local_day(tx.now))
            last = min(quarter.last, local_day(tx.now))
            said = NewComment(area=area or "", first_day=quarter.first, last_day=last, text=text or "")
            await service.comment(tx, said)
        return seeother(f"{PATH}?done=commented")
    return await _list(request, actor, database, form, 422)


@get("/plans/new", opt=_MAKERS, include_in_schema=False)
async def new_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """A new promise; a finding of the report may be its beginning."""
    asked = request.query_params
    given = {name: asked[name][: rules.LONGEST] for name in ("area", "group", "finding", "agency") if name in asked}
    form = Form({**given, "figure": wording.figure_of(asked.get("figure", "")[:100])})
    return await _new(request, actor, database, form)


async def _new(
    request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form, status: int = 200
) -> Response[str]:
    areas = actor.areas(*rules.MAKERS)
    area = form.value("area") if form.value("area") in areas else areas[0]
    async with database.transaction(actor, snapshot=True) as tx:
        figures, groups = wording.options(await service.choices(tx, area))
        owners = await service.owners(tx, area)
    return await page(
        request,
        "reports/plan_new.html",
        status_code=status,
        form=form,
        errors=form.errors,
        areas=areas,
        area=area,
        figures=figures,
        groups=groups,
        owners=owners,
        agencies=AGENCIES,
        everybody=ALL,
    )


@post("/plans/new", opt=_MAKERS, include_in_schema=False, status_code=200)
async def make(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Make it, or show what is missing."""
    form = Form(await request.form())
    try:
        async with database.transaction(actor, snapshot=True) as tx:
            new = _said(form, actor, tx)
            if not form.errors:
                await service.make(tx, new)
    except Refused as refused:
        form.refused(refused)
    if form.errors:
        return await _new(request, actor, database, form, 422)
    return seeother(f"{PATH}?done=made")


def _said(form: Form, actor: Actor, tx: Tx) -> NewPromise:
    areas = actor.areas(*rules.MAKERS)
    return NewPromise(
        area=form.value("area") if form.value("area") in areas else areas[0],
        what=form.value("what")[: rules.LONGEST],
        figure=form.value("figure")[:120],
        group=form.value("group", ALL)[:120],
        owner=_id(form.value("owner")),
        agency=form.value("agency")[:120],
        due_on=_day(form, tx),
        finding=form.value("finding")[: rules.LONGEST],
    )


def _day(form: Form, tx: Tx) -> date | None:
    """The box for a day; what cannot be read is said beside it."""
    return form.day("due_on", "the day by which it will be done", tx.now, future=True)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@get("/plans/{promise:uuid}", opt=_READERS, include_in_schema=False)
async def promise_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    promise: FromPath[UUID],
) -> Response[str]:
    """One promise: its figure then and now, what was said of it, and what can be said now."""
    return await _one(request, actor, database, promise, Form())


async def _one(
    request: Request[Any, Any, Any], actor: Actor, database: Database, promise: UUID, form: Form, status: int = 200
) -> Response[str]:
    async with database.transaction(actor, snapshot=True) as tx:
        found, events = await service.one(tx, promise)
        makes = actor.holds(*rules.MAKERS, area=found.promise.area)
        owners = await service.owners(tx, found.promise.area) if makes else []
    return await page(
        request,
        "reports/plan.html",
        status_code=status,
        found=found,
        promise=found.promise,
        events=wording.history(events),
        wording=wording,
        answers=makes or found.promise.owner == actor.id,
        makes=makes,
        owners=owners,
        agencies=AGENCIES,
        did=_DONE.get(request.query_params.get("done", "")),
        form=form,
        errors=form.errors,
    )


@post("/plans/{promise:uuid}", opt=_READERS, include_in_schema=False, status_code=200)
async def answer(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    promise: FromPath[UUID],
) -> Response[Any]:
    """An answer, or a change of day, owner or agency: the form says which."""
    form = Form(await request.form())
    changes = form.value("form") == "change"
    status = 422
    try:
        async with database.transaction(actor, snapshot=True) as tx:
            version = _version(form)
            if changes:
                wanted = Change(
                    due_on=_day(form, tx),
                    owner=_id(form.value("owner")),
                    agency=form.value("agency")[:120] or None,
                    reason=form.value("reason")[: rules.LONGEST],
                )
                if not form.errors:
                    await service.change(tx, promise, version, wanted)
            else:
                said = _answer(form)
                if said is not None:
                    await service.answer(tx, promise, version, said)
    except Refused as refused:
        form.refused(refused)
    except PreconditionFailed:
        status = 412
        form.fail("", "Somebody changed this promise meanwhile. Read what it says now, then send yours again.")
    except Conflict as conflict:
        status = 409
        form.fail("", conflict.message)
    if form.errors:
        return await _one(request, actor, database, promise, form, status)
    return seeother(f"{PATH}/{promise}?done={'changed' if changes else 'answered'}")


def _version(form: Form) -> int:
    """The version that the form was shown with; 0, which never was one, where it is none."""
    text = form.value("version")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _answer(form: Form) -> Answer | None:
    """What is said of a promise; None with a word beside the radios where nothing is chosen."""
    text = form.value("text")[: rules.LONGEST]
    kinds: dict[str, rules.Kind] = {"note": "note", "done": "done", "withdrawn": "withdrawn", "reopened": "reopened"}
    kind = kinds.get(form.value("kind"))
    if kind is None:
        form.fail("kind", "Choose what you say of it")
        return None
    return Answer(kind=kind, text=text)


handlers: list[Any] = [
    promises_page,
    add_comment,
    new_page,
    make,
    promise_page,
    answer,
    *pack_handlers,
    *caseload_handlers,
]
