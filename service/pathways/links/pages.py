"""Records that may be of one child: the list, two side by side, and one record with its history."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.pathways.links import choosing, service
from service.pathways.links.rules import Record
from service.pathways.pages import wording
from service.web import navigation
from service.web.forms import Form
from service.web.page import page, seeother
from service.web.tables import ListView

_DONE = {
    "linked": "Linked. Everything of both records now stands under this one.",
    "different": "Kept: these are two children. Nobody is asked about them again.",
    "unlinked": "Unlinked. What the link moved stands where it stood.",
}


def _name(record: Record) -> str:
    return wording.name(record.given_names, record.family_name)


def _identity(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@get("/possible-matches", opt=allow(*service.ROLES), include_in_schema=False)
async def possible(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """Pairs that nobody has settled."""
    view = ListView.of(request, path="/possible-matches", sorts=("likeliest",))
    async with database.transaction(actor) as tx:
        found = await service.waiting(tx, view.size, view.offset)
    return await page(
        request,
        "pathways/possible_matches.html",
        found=found,
        view=view,
        name=_name,
        done=_DONE.get(request.query_params.get("done", "")),
    )


@get("/possible-matches/{match:uuid}", opt=allow(*service.ROLES), include_in_schema=False)
async def compared(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    match: FromPath[UUID],
) -> Response[str]:
    """Two records side by side, and what to say of them."""
    async with database.transaction(actor) as tx:
        pair = await service.one(tx, match)
    return await choosing.compare(request, pair, Form())


@post("/possible-matches/{match:uuid}", opt=allow(*service.ROLES), include_in_schema=False, status_code=200)
async def settle(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    match: FromPath[UUID],
) -> Response[Any]:
    """Keep what was said; linking leads to the record that stands."""
    form = Form(await request.form())
    verdict = form.value("verdict")
    if verdict not in {"different", "child", "other"}:
        form.fail("verdict", "Choose whether this is one child")
    why = choosing.said_how(form)
    async with database.transaction(actor) as tx:
        pair = await service.one(tx, match)
    if not form.errors:
        with form.answering("verdict"):
            async with database.transaction(actor) as tx:
                if verdict == "different":
                    await service.settle(tx, match, "different", why)
                    return seeother("/possible-matches?done=different")
                keep = pair.child.record.id if verdict == "child" else pair.other.record.id
                await service.settle(tx, match, "same", why, keep)
                return seeother(f"/children/{keep}?done=linked")
    return await choosing.compare(request, pair, form)


@get("/children/{child:uuid}", opt=allow(*service.ROLES), include_in_schema=False)
async def record(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    child: FromPath[UUID],
) -> Response[str]:
    """One record: its incidents, and what was linked and unlinked."""
    return await _record(request, actor, database, child, Form())


@post("/children/{child:uuid}/unlink", opt=allow(*service.ROLES), include_in_schema=False, status_code=200)
async def unlink(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    child: FromPath[UUID],
) -> Response[Any]:
    """Undo a link that the record's page shows."""
    form = Form(await request.form())
    link = _identity(form.value("link"))
    if link is None:
        form.fail("why", "Choose the link again")
    why = form.value("why").strip()
    if not why:
        form.fail("why", "Say why these are two children")
    if link is not None and not form.errors:
        with form.answering("why"):
            async with database.transaction(actor) as tx:
                await service.unlink(tx, link, why)
            return seeother(f"/children/{child}?done=unlinked")
    return await _record(request, actor, database, child, form)


async def _record(
    request: Request[Any, Any, Any], actor: Actor, database: Database, child: UUID, form: Form
) -> Response[str]:
    async with database.transaction(actor) as tx:
        found = await service.whole(tx, child)
    return await page(
        request,
        "pathways/child_record.html",
        found=found,
        form=form,
        name=_name,
        wording=wording,
        may_hold=navigation.opens(request.app, "/children/{child}/hold", actor),
        done=_DONE.get(request.query_params.get("done", "")),
    )


handlers: list[Any] = [possible, compared, settle, record, unlink, *choosing.handlers]
