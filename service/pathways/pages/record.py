"""Record something that happened: one form for every milestone, generated from what the door wants."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.ids import new_id
from schema.vocabulary import RANK
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.errors import Forbidden, NotFound, Refused, Wrong
from service.pathways import service as pathways
from service.pathways.pages import wording
from service.pathways.pages.common import Subject, subject
from service.pathways.pages.kinds import ALONE, GROUPS, MEETINGS, OUTCOME, Field, fields
from service.pathways.pages.steps import recordable, step
from service.pathways.pages.telling import outcome as outcome_words
from service.pathways.rules import RECORDED_ELSEWHERE, Entry, may_record
from service.pathways.view import store
from service.pathways.view.store import Worker
from service.web.forms import Form
from service.web.page import page, seeother

RECORDS: Final = (
    "mash_coordinator",
    "mash_manager",
    "out_of_hours",
    "social_worker",
    "team_manager",
    "conference_service",
    "police_liaison",
)
_LONG: Final = 10_000


@get("/pathways/{pathway:uuid}/record", opt=allow(*RECORDS), include_in_schema=False)
async def choose(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[str]:
    """Everything that this person may record about this child."""
    async with database.transaction(actor) as tx:
        about = await subject(tx, pathway, "record_list_viewed", "choose what to record")
    able = set(recordable(actor, about.head.area, about.head.force))
    listed = [
        (title, [(step(pathway, kind).href, wording.kind(kind)) for kind in kinds])
        for title, every in GROUPS
        if (kinds := [kind for kind in every if kind in able])
    ]
    return await page(request, "pathways/choose.html", about=about, groups=listed, wording=wording)


@get("/pathways/{pathway:uuid}/record/{kind:str}", opt=allow(*RECORDS), include_in_schema=False)
async def ask(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
    kind: FromPath[str],
) -> Response[Any]:
    """The form of one milestone."""
    if kind in RECORDED_ELSEWHERE:
        return seeother(f"/pathways/{pathway}/{RECORDED_ELSEWHERE[kind][0]}")
    async with database.transaction(actor) as tx:
        about, workers = await _opened(tx, pathway, kind)
    return await _shown(request, about, kind, workers, Form())


@post("/pathways/{pathway:uuid}/record/{kind:str}", opt=allow(*RECORDS), include_in_schema=False, status_code=200)
async def save(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
    kind: FromPath[str],
) -> Response[Any]:
    """Record it, for this child and the siblings that were ticked, or show what is wrong."""
    form = Form(await request.form())
    if kind in RECORDED_ELSEWHERE:
        raise NotFound("There is no such form.")
    async with database.transaction(actor) as tx:
        about, workers = await _opened(tx, pathway, kind)
        entries = _entries(form, tx, about, kind, workers)
    if not form.errors:
        try:
            async with database.transaction(actor) as tx:
                await pathways.record(tx, entries)
        except Refused as refused:
            form.refused(refused, field_of)
        else:
            return seeother(f"/pathways/{pathway}?done=recorded")
    return await _shown(request, about, kind, workers, form)


async def _opened(tx: Tx, pathway: UUID, kind: str) -> tuple[Subject, list[Worker]]:
    if kind not in RANK:
        raise NotFound("There is no such form.")
    about = await subject(tx, pathway, "record_form_viewed", f"record {kind}")
    if not may_record(tx.actor, kind, about.head.area, about.head.force):
        raise Forbidden(f"Your role does not record this: {wording.kind(kind).lower()}.")
    return about, await store.workers(tx.connection, about.head.area) if kind == "allocated" else []


async def _shown(
    request: Request[Any, Any, Any], about: Subject, kind: str, workers: list[Worker], form: Form
) -> Response[str]:
    return await page(
        request,
        "pathways/record.html",
        about=about,
        head=about.head,
        kind=kind,
        title=wording.kind(kind),
        fields=fields(kind),
        siblings=() if kind in ALONE else about.siblings,
        workers=workers,
        form=form,
        wording=wording,
        said=option_words,
    )


def option_words(code: str) -> str:
    """An option as the form names it."""
    own = {
        "front_door": "The front door",
        "out_of_hours": "Emergency duty team, out of hours",
        "officer": "The officer",
        "triage": "Police triage",
    }
    return own.get(code) or outcome_words(code)


def _entries(form: Form, tx: Tx, about: Subject, kind: str, workers: list[Worker]) -> list[Entry]:
    when = form.when("when", "when it happened", tx.now, required=True)
    outcome, detail = read_fields(form, fields(kind), tx, workers)
    if kind == "notice_received" and outcome == "front_door":
        outcome = None
    options = [] if kind in ALONE else [str(each.pathway) for each in about.siblings]
    children = [about.head.pathway, *map(UUID, form.choices("children", "children", options))]
    if when is None or form.errors:
        return []
    shared = new_id(tx.now) if kind in MEETINGS else None
    return [
        Entry(
            pathway=child,
            kind=kind,
            at=when.at,
            on=when.on,
            precision=when.precision,
            outcome=outcome,
            detail=detail,
            record=shared,
        )
        for child in children
    ]


def read_fields(
    form: Form, asked: tuple[Field, ...], tx: Tx, workers: list[Worker], *, required: bool = True
) -> tuple[str | None, dict[str, Any]]:
    """What was filled in: the outcome, and the rest as detail."""
    outcome: str | None = None
    detail: dict[str, Any] = {}
    for field in asked:
        value = _read(form, field, tx, workers, required=required and field.required)
        if field.key == OUTCOME:
            outcome = value
        elif isinstance(value, Worker):
            detail |= {"worker": str(value.id), "worker_name": value.name}
            detail |= {"team": value.team, "team_name": value.team_name} if value.team else {}
        elif value not in (None, []):
            detail[field.key] = value
    return outcome, detail


def _read(form: Form, field: Field, tx: Tx, workers: list[Worker], *, required: bool) -> Any:
    what = field.label[:1].lower() + field.label[1:]
    if field.form == "yes_no":
        chosen = form.choice(field.key, "yes or no", ("yes", "no"), required=required)
        return None if chosen is None else chosen == "yes"
    if field.form == "agencies":
        return form.choices(field.key, "agencies", field.options)
    if field.form == "planned":
        planned = form.when(field.key, what, tx.now, required=required, future=True)
        return None if planned is None else (planned.at or planned.on or tx.now).isoformat()
    if field.form == "worker" and workers:
        found = form.choice(field.key, "the named practitioner", [str(each.id) for each in workers], required=required)
        return next((each for each in workers if str(each.id) == found), None)
    if field.form in {"choice", "agency"}:
        return form.choice(
            field.key, "an agency" if field.form == "agency" else "one", field.options, required=required
        )
    return form.text(
        field.key, what, required=required, longest=_LONG if field.form == "lines" else 200, lines=field.form == "lines"
    )


def field_of(wrong: Wrong) -> str:
    """The form's field that a refusal of the door is about."""
    name = wrong.field.rpartition("].")[2].removeprefix("detail.")
    return "when" if name in {"at", "on", "precision"} else name


handlers: list[Any] = [choose, ask, save]
