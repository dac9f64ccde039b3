"""Start enquiries: one for each child of a discussion that was held, in one step."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.access import audit
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.enquiries import rules, store
from service.enquiries import starting as starts
from service.enquiries.pages import words as own
from service.enquiries.rules import Starting
from service.enquiries.store import About, Held
from service.errors import Conflict, Forbidden, NotFound, Refused
from service.pathways.pages import wording
from service.pathways.pages.common import subject
from service.pathways.view.store import Other
from service.web.forms import Form
from service.web.moments import When
from service.web.page import page, seeother

_LONG: Final = 10_000
_ASKED: Final = ("strategy_held", "enquiry_started", "enquiry_completed")


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """The children that enquiries may start for, and the discussion that decided it."""

    children: tuple[About, ...]
    ticked: tuple[str, ...]
    discussion: Held | None
    several: bool
    earlier: tuple[Other, ...] | None
    back: str


@get("/enquiries/new", opt=allow(*rules.STARTS), include_in_schema=False)
async def ask_together(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """The children of a discussion that was held: ``record`` is the shared record of its milestone."""
    return await _shown(request, await _together(request, actor, database), Form())


@post("/enquiries/new", opt=allow(*rules.STARTS), include_in_schema=False, status_code=200)
async def start_together(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Start one enquiry for each child that is ticked."""
    return await _start(request, actor, database, await _together(request, actor, database))


async def _together(request: Request[Any, Any, Any], actor: Actor, database: Database) -> Opened:
    record = _uuid(request.query_params.get("record"))
    if record is None:
        raise NotFound("Start enquiries from a discussion, or from a child's page.")
    async with database.transaction(actor) as tx:
        covered = await store.of_record(tx.connection, record, "strategy_held")
        children = await store.about(tx.connection, covered)
        if not children:
            raise NotFound("There is no such discussion.")
        await audit.viewed(tx, "enquiry_form_viewed", "start enquiries", [each.pathway for each in children])
        held = [each for each in await store.held(tx.connection, covered, ("strategy_held",)) if each.record == record]
    decided = [each for each in held if each.detail.get("initiates_enquiry") is True] or held
    return Opened(
        children=tuple(children),
        ticked=tuple(str(each.pathway) for each in decided),
        discussion=decided[0],
        several=False,
        earlier=None,
        back=f"/pathways/{children[0].pathway}",
    )


@get("/pathways/{pathway:uuid}/enquiry", opt=allow(*rules.STARTS, "social_worker"), include_in_schema=False)
async def ask(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[Any]:
    """The enquiry that is under way for this child, else the form that starts one."""
    opened = await _one(actor, database, pathway)
    if isinstance(opened, UUID):
        return seeother(f"/enquiries/{opened}")
    if not actor.holds(*rules.STARTS, area=opened.children[0].area):
        raise Forbidden("No enquiry is under way for this child; a manager starts one.")
    return await _shown(request, opened, Form())


@post("/pathways/{pathway:uuid}/enquiry", opt=allow(*rules.STARTS), include_in_schema=False, status_code=200)
async def start(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[Any]:
    """Start the enquiry of this child and of the siblings that are ticked."""
    opened = await _one(actor, database, pathway)
    if isinstance(opened, UUID):
        return seeother(f"/enquiries/{opened}")
    return await _start(request, actor, database, opened)


async def _one(actor: Actor, database: Database, pathway: UUID) -> Opened | UUID:
    async with database.transaction(actor) as tx:
        about = await subject(tx, pathway, "enquiry_form_viewed", "start an enquiry")
        milestones = await store.held(tx.connection, [pathway], _ASKED)
        running = await _running(tx, pathway, milestones)
        if running is not None:
            return running
        discussion = _decided_by(milestones)
        covered = [pathway, *(each.pathway for each in about.siblings)]
        if discussion is not None:
            covered += await store.of_record(tx.connection, discussion.record, "strategy_held")
        children = await store.about(tx.connection, list(dict.fromkeys(covered)))
        beside = await store.held(tx.connection, [each.pathway for each in children], ("strategy_held",))
    decided = [
        str(each.pathway)
        for each in beside
        if discussion and each.record == discussion.record and each.detail.get("initiates_enquiry") is True
    ]
    return Opened(
        children=tuple(children),
        ticked=tuple(dict.fromkeys([str(pathway), *decided])),
        discussion=discussion,
        several=len([each for each in milestones if _says_so(each)]) > 1,
        earlier=about.earlier,
        back=f"/pathways/{pathway}",
    )


async def _running(tx: Tx, pathway: UUID, milestones: list[Held]) -> UUID | None:
    """The enquiry that is written, where it is; the last one where no further discussion was held since."""
    rows = await store.of_pathways(tx.connection, [pathway])
    ongoing = next((row for row in rows if row.state != "authorised"), None)
    if ongoing is not None:
        return ongoing.id
    since = [each.kind for each in milestones]
    after = since[len(since) - since[::-1].index("enquiry_completed") :] if "enquiry_completed" in since else since
    return rows[0].id if rows and not {"strategy_held", "enquiry_started"} & set(after) else None


def _says_so(milestone: Held) -> bool:
    return milestone.kind == "strategy_held" and milestone.detail.get("initiates_enquiry") is True


def _decided_by(milestones: list[Held]) -> Held | None:
    """The earliest discussion since the last enquiry that says it began one, else the last that was held."""
    held: list[Held] = []
    for milestone in milestones:
        if milestone.kind == "enquiry_completed":
            held.clear()
        elif milestone.kind == "strategy_held":
            held.append(milestone)
    return next((each for each in held if _says_so(each)), held[-1] if held else None)


async def _start(request: Request[Any, Any, Any], actor: Actor, database: Database, opened: Opened) -> Response[Any]:
    form = Form(await request.form())
    children = form.choices("children", "children", [str(each.pathway) for each in opened.children])
    if not children and not form.errors:
        form.fail("children", "Choose at least one child")
    kind = form.choice("kind", "the kind of enquiry", rules.KINDS, required=True)
    worker = form.text("lead_social_worker", "the lead social worker")
    officer = form.text("police_officer", "the police officer")
    history = form.text("history", "the analysis of history", longest=_LONG, lines=True)
    when: When | None = None
    if opened.discussion is None:
        when = form.when("at", "when the enquiry began", database.timepiece.now(), required=True)
    if form.errors or kind is None:
        return await _shown(request, opened, form)
    starting = Starting(
        pathways=[UUID(each) for each in children],
        kind="joint" if kind == "joint" else "single_agency",
        lead_social_worker=worker or "",
        police_officer=officer or "",
        history=history or "",
        discussion=_uuid(request.query_params.get("discussion")),
        at=when.at if when else opened.discussion.at if opened.discussion else None,
        on=when.on if when else opened.discussion.on if opened.discussion else None,
        precision=when.precision if when else None,
    )
    try:
        async with database.transaction(actor) as tx:
            begun = await starts.start(tx, starting)
    except Refused as refused:
        form.refused(refused)
        return await _shown(request, opened, form)
    except Conflict as conflict:
        form.fail("", conflict.message)
        return await _shown(request, opened, form)
    if len(begun) > 1:
        return seeother("/enquiries?done=started")
    return seeother(f"/enquiries/{begun[0].enquiry}?done={'joined' if begun[0].joined else 'started'}")


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


async def _shown(request: Request[Any, Any, Any], opened: Opened, form: Form) -> Response[str]:
    return await page(
        request,
        "enquiries/start.html",
        opened=opened,
        form=form,
        first=not form.values("csrf_token"),
        kinds=own.KINDS.items(),
        wording=wording,
    )


handlers: list[Any] = [ask_together, start_together, ask, start]
