"""Actions: whose turn it is, and one action with what its owner and those who gave it may do."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.meetings import Agency
from schema.vocabulary import AGENCIES
from service.access import audit
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database, Tx
from service.errors import Conflict, PreconditionFailed, Refused
from service.meetings import rules
from service.meetings.acting import service as acting
from service.meetings.acting.service import Detail
from service.meetings.pages import wording
from service.meetings.pages.convening import version_of
from service.meetings.pages.discussion import Changed
from service.meetings.pages.lists import ENDED, in_order
from service.web.forms import Form
from service.web.page import page, seeother
from service.web.tables import ListView

WHICH: Final = {"mine": "Mine", "open": "Open", "overdue": "Overdue", "closed": "Over", "all": "All"}
DONE: Final = {
    "accepted": "You have accepted it.",
    "sent_back": "Sent back. Those who gave it will find another owner.",
    "progress": "Recorded.",
    "done": "Recorded as done.",
    "cancelled": "Cancelled. The reason stays with it.",
    "moved": "Moved. Being late until now stays on record.",
    "reassigned": "Given to somebody else.",
}


@get("/actions", opt=allow(*rules.READERS), include_in_schema=False)
async def listed(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Actions, the most urgent first."""
    view = ListView.of(request, path="/actions", sorts=("due",), filters=("which",))
    which = view.filters.get("which", "open" if actor.holds(*rules.CONVENERS) else "mine")
    which = which if which in WHICH else "mine"
    async with database.transaction(actor) as tx:
        found = await acting.listed(tx, which, limit=view.size + 1, offset=view.offset)
        about = [pathway for each in found for pathway in each.action.pathways]
        await audit.viewed(tx, "actions_viewed", "do what was agreed", about, {"which": which})
    return await page(
        request,
        "meetings/actions.html",
        found=in_order(found[: view.size]),
        total=view.offset + len(found),
        which=which,
        choices=WHICH,
        view=view,
        wording=wording,
    )


@get("/actions/{action:uuid}", opt=allow(*rules.READERS), include_in_schema=False)
async def show(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    action: FromPath[UUID],
) -> Response[str]:
    """One action, what became of it, and what may be done."""
    async with database.transaction(actor) as tx:
        found = await acting.one(tx, action)
    return await _shown(request, found, Form(), done=DONE.get(request.query_params.get("done", "")))


@post("/actions/{action:uuid}", opt=allow(*rules.READERS), include_in_schema=False, status_code=200)
async def change(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    action: FromPath[UUID],
) -> Response[Any]:
    """Do what the pressed button says, or show what is wrong beside what was typed."""
    form = Form(await request.form())
    status, changed = 422, None
    try:
        async with database.transaction(actor) as tx:
            word = await _do(tx, form, action)
        if word:
            return seeother(f"/actions/{action}?done={word}")
    except Refused as refused:
        prefix = form.value("step")
        form.refused(refused, lambda wrong: f"{prefix}_{wrong.field}")
    except PreconditionFailed as failed:
        status, changed = 412, _changed(failed)
    except Conflict as conflict:
        status = 409
        form.fail("", conflict.message)
    async with database.transaction(actor) as tx:
        found = await acting.one(tx, action)
    return await _shown(request, found, form, changed=changed, status_code=status)


async def _do(tx: Tx, form: Form, action: UUID) -> str | None:
    """The word of what was done; None where the form is not right."""
    step = form.choice("step", "what to do", ("accept", "send_back", "progress", "done", "cancel", "move", "reassign"))
    version = version_of(form)
    if step == "accept":
        await acting.accept(tx, action, version)
        return "accepted"
    if step in {"send_back", "cancel"}:
        reason = _lines(form, f"{step}_reason", "why")
        if form.errors:
            return None
        if step == "cancel":
            await acting.cancel(tx, action, version, reason)
            return "cancelled"
        await acting.send_back(tx, action, version, reason)
        return "sent_back"
    if step in {"progress", "done"}:
        return await _report(tx, form, action, version, done=step == "done")
    if step in {"move", "reassign"}:
        return await _terms(tx, form, action, version, moved=step == "move")
    form.fail("", "Press one of the buttons")
    return None


async def _report(tx: Tx, form: Form, action: UUID, version: int, *, done: bool) -> str | None:
    at = "done" if done else "progress"
    note = _lines(form, f"{at}_note", "what was done")
    evidence = _lines(form, f"{at}_evidence", "the evidence")
    when = form.when("done_at", "when it was done", tx.now) if done else None
    if when is not None and when.at is None:
        form.fail("done_at", "Give the time of day too")
    if form.errors:
        return None
    if not done:
        await acting.progress(tx, action, version, note, evidence)
        return "progress"
    await acting.complete(tx, action, version, note=note, evidence=evidence, at=when.at if when else None)
    return "done"


async def _terms(tx: Tx, form: Form, action: UUID, version: int, *, moved: bool) -> str | None:
    if moved:
        when = form.when("move_due_at", "by when", tx.now, required=True, future=True)
        reason = _lines(form, "move_reason", "why it is moved")
        if when is not None and when.at is None:
            form.fail("move_due_at", "Give the time of day too")
        if form.errors or when is None or when.at is None:
            return None
        await acting.move(tx, action, version, when.at, reason)
        return "moved"
    agency: Agency | None = form.choice("reassign_owner_agency", "an agency", AGENCIES, required=True)
    name = form.text("reassign_owner_name", "the name") or ""
    reason = _lines(form, "reassign_reason", "why")
    if form.errors:
        return None
    await acting.reassign(tx, action, version, agency=agency, name=name, reason=reason)
    return "reassigned"


def _lines(form: Form, name: str, what: str) -> str:
    return form.text(name, what, longest=10_000, lines=True) or ""


def _changed(failed: PreconditionFailed) -> Changed:
    return Changed.of(
        PreconditionFailed(
            failed.message, changes=[{**each, "fields": []} for each in failed.facts.get("changes", [])[-3:]]
        )
    )


async def _shown(
    request: Request[Any, Any, Any],
    found: Detail,
    form: Form,
    *,
    done: str | None = None,
    changed: Changed | None = None,
    status_code: int = 200,
) -> Response[str]:
    return await page(
        request,
        "meetings/action.html",
        status_code=status_code,
        found=found,
        action=found.action,
        over=found.state in ENDED,
        form=form,
        done=done,
        changed=changed,
        agencies=AGENCIES,
        wording=wording,
    )


handlers: list[Any] = [listed, show, change]
