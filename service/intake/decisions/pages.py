"""Decide what happens with a contact, draft that decision, share a notice, accept a transfer."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.vocabulary import CONTACT_OUTCOMES
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Refused
from service.intake.decisions import service, store
from service.intake.decisions.service import Decision
from service.intake.decisions.store import Draft
from service.pathways.pages import wording
from service.pathways.pages.common import Subject, subject
from service.web.forms import Form
from service.web.page import page, seeother

FRONT_DOOR: Final = ("mash_coordinator", "mash_manager", "out_of_hours")
_LONG: Final = 10_000
_DRAFTED: Final = ("outcome", "rationale", "history_considered", "to_area", "named_worker")


class Opened(msgspec.Struct, frozen=True):
    """Everything the decision page shows besides what was typed."""

    about: Subject
    qualified: dict[UUID, str]
    areas: dict[str, str]
    draft: Draft | None
    decides: bool

    @property
    def qualified_options(self) -> list[tuple[str, str]]:
        """As a list to choose from."""
        return [(str(person), name) for person, name in self.qualified.items()]


async def _open(tx: Tx, pathway: UUID) -> Opened:
    about = await subject(tx, pathway, "decision_form_viewed", "decide a contact")
    area = about.head.area
    if not tx.actor.holds(*FRONT_DOOR, area=area):
        raise Forbidden("Only the front door of this area decides here.")
    areas = await store.areas(tx)
    return Opened(
        about,
        await service.qualified(tx, area),
        {code: name for code, name in areas.items() if code != area},
        await service.draft(tx, pathway),
        tx.actor.holds("mash_manager", "out_of_hours", area=area),
    )


def _deciding(about: Subject) -> list[str]:
    """The siblings that wait for a decision too."""
    return [str(each.pathway) for each in about.siblings if each.waiting_since is not None]


class _First(dict[str, str]):
    """A form's first showing, with the siblings ticked."""

    def __init__(self, values: dict[str, str], children: list[str]) -> None:
        super().__init__(values)
        self._children = children

    def getall(self, name: str, default: list[str]) -> list[str]:
        """As a sent form has it."""
        return self._children if name == "children" else [self[name]] if name in self else default


def _first(opened: Opened, actor: Actor) -> Form:
    draft = opened.draft
    values = {name: str(draft.body[name]) for name in _DRAFTED if draft.body.get(name)} if draft else {}
    if actor.id in opened.qualified:
        values["decided_by"] = str(actor.id)
    return Form(_First(values, _deciding(opened.about)))


@get("/pathways/{pathway:uuid}/decide", opt=allow(*FRONT_DOOR), include_in_schema=False)
async def ask(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[str]:
    """The form, with the draft in it and the history beside it."""
    async with database.transaction(actor) as tx:
        opened = await _open(tx, pathway)
    return await _shown(request, opened, _first(opened, actor))


@post("/pathways/{pathway:uuid}/decide", opt=allow(*FRONT_DOOR), include_in_schema=False, status_code=200)
async def save(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[Any]:
    """Record the decision, or save the draft; what was typed is kept when either is refused."""
    form = Form(await request.form())
    async with database.transaction(actor) as tx:
        opened = await _open(tx, pathway)
        now = tx.now
    drafting = form.value("step") == "draft" or not opened.decides
    said = _draft(form) if drafting else _decision(form, now, opened)
    if form.errors:
        return await _shown(request, opened, form)
    try:
        async with database.transaction(actor) as tx:
            if isinstance(said, Decision):
                await service.decide(tx, said)
            else:
                await service.save_draft(tx, pathway, said, _version(form))
    except PreconditionFailed as failed:
        return await _shown(request, opened, form, changed=failed.facts)
    except Refused as refused:
        form.refused(refused)
        return await _shown(request, opened, form)
    except Conflict as conflict:
        form.fail("", conflict.message)
        return await _shown(request, opened, form)
    except Forbidden as forbidden:
        form.fail("decided_by", forbidden.message)
        return await _shown(request, opened, form)
    return seeother(f"/pathways/{pathway}?done={'drafted' if drafting else 'decided'}")


def _version(form: Form) -> int:
    text = form.value("version", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _draft(form: Form) -> dict[str, Any]:
    """What has been written so far; nothing of it need be complete."""
    texts = {name: form.text(name, "this", longest=_LONG, lines=True) for name in _DRAFTED}
    return {name: text for name, text in texts.items() if text}


def _decision(form: Form, now: datetime, opened: Opened) -> Decision:
    children = [UUID(each) for each in form.choices("children", "children", _deciding(opened.about))]
    when = form.when("at", "when it was decided", now)
    if when is not None and when.at is None:
        form.fail("at", "Enter the time of day too: a clock stops at it")
    outcome = form.choice("outcome", "the outcome", CONTACT_OUTCOMES, required=True)
    rationale = form.text("rationale", "the rationale", required=True, longest=_LONG, lines=True)
    history = form.text("history_considered", "the history considered", required=True, longest=_LONG, lines=True)
    decider = form.choice("decided_by", "who decided", [str(each) for each in opened.qualified], required=True)
    area = worker = None
    if outcome == "sent_to_right_area":
        area = form.choice("to_area", "the right area", opened.areas, required=True)
    if outcome == "linked_to_open_case":
        worker = form.text("named_worker", "the worker of the open case", required=True)
    return Decision(
        pathways=[opened.about.head.pathway, *children],
        outcome=outcome or "",
        rationale=rationale or "",
        history_considered=history or "",
        decided_by=UUID(decider) if decider else None,
        at=when.at if when else None,
        to_area=area,
        named_worker=worker,
    )


async def _shown(
    request: Request[Any, Any, Any], opened: Opened, form: Form, changed: dict[str, Any] | None = None
) -> Response[str]:
    stands = changed["draft"] if changed else {}
    version = changed["version"] if changed else opened.draft.version if opened.draft else 0
    status = 412 if changed else 422 if form.errors else 200
    return await page(
        request,
        "intake/decide.html",
        status_code=status,
        about=opened.about,
        head=opened.about.head,
        opened=opened,
        siblings=[each for each in opened.about.siblings if each.waiting_since is not None],
        outcomes=CONTACT_OUTCOMES,
        form=form,
        changed=changed is not None,
        stands=stands,
        version=version,
        wording=wording,
    )


@get("/pathways/{pathway:uuid}/share", opt=allow("police_liaison"), include_in_schema=False)
async def ask_share(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[str]:
    """What sharing does, before it is done."""
    return await _share_page(request, actor, database, pathway)


async def _share_page(
    request: Request[Any, Any, Any], actor: Actor, database: Database, pathway: UUID
) -> Response[str]:
    async with database.transaction(actor) as tx:
        about = await subject(tx, pathway, "share_form_viewed", "share a notice")
    siblings = [each for each in about.siblings if each.stage == "not_yet_shared"]
    form = Form(_First({}, [str(each.pathway) for each in siblings]))
    return await page(
        request, "intake/share.html", about=about, head=about.head, siblings=siblings, form=form, wording=wording
    )


@post("/pathways/{pathway:uuid}/share", opt=allow("police_liaison"), include_in_schema=False, status_code=200)
async def share(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[Any]:
    """Share this child's notice and those that were ticked, now."""
    form = Form(await request.form())
    async with database.transaction(actor) as tx:
        about = await subject(tx, pathway, "share_form_viewed", "share a notice")
        open_siblings = [str(each.pathway) for each in about.siblings if each.stage == "not_yet_shared"]
        children = [UUID(each) for each in form.choices("children", "children", open_siblings)]
        if about.head.stage == "not_yet_shared":
            await service.share(tx, [pathway, *children])
    return seeother(f"/pathways/{pathway}?done=shared")


@get(
    "/pathways/{pathway:uuid}/accept-transfer",
    opt=allow("mash_coordinator", "mash_manager"),
    include_in_schema=False,
)
async def ask_accept(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    pathway: FromPath[UUID],
) -> Response[str]:
    """Whether this area takes a child whom another area sent."""
    async with database.transaction(actor) as tx:
        about = await subject(tx, pathway, "transfer_form_viewed", "accept a transfer")
        sent = await store.open_transfer(tx, pathway)
        areas = await store.areas(tx)
    if sent is None:
        raise NotFound("No transfer waits for acceptance.")
    return await page(
        request,
        "intake/accept.html",
        head=about.head,
        sent=sent,
        areas=areas,
        ours=actor.holds("mash_coordinator", "mash_manager", area=sent.to_area),
        wording=wording,
    )


@post(
    "/pathways/{pathway:uuid}/accept-transfer",
    opt=allow("mash_coordinator", "mash_manager"),
    include_in_schema=False,
    status_code=200,
)
async def accept(
    actor: NamedDependency[Actor], database: NamedDependency[Database], pathway: FromPath[UUID]
) -> Response[Any]:
    """Accept: the pathway moves here and keeps its age."""
    async with database.transaction(actor) as tx:
        await service.accept_transfer(tx, pathway, actor.name)
    return seeother(f"/pathways/{pathway}?done=accepted")


handlers: list[Any] = [ask, save, ask_share, share, ask_accept, accept]
