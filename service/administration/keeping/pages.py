"""Pages of retention: what is due and by which rules; and a manager's holds on one child's record."""

from collections import Counter
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Conflict, Refused
from service.pathways.links import service as links
from service.pathways.pages import wording
from service.upkeep.retention import service
from service.upkeep.retention.store import Rule
from service.web.forms import Form
from service.web.page import page, seeother

_RETENTION: Final = "/administration/retention"


@get(_RETENTION, opt=allow("administrator", "auditor"), include_in_schema=False)
async def retention_page(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[str]:
    """What is due, by which rules; nothing is done here."""
    return await _retention(request, actor, database, Form())


@post(_RETENTION, opt=allow("administrator"), include_in_schema=False, status_code=200)
async def change_rule(
    request: Request[Any, Any, Any], actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> Response[Any]:
    """Let a rule be another from now on."""
    form = Form(await request.form())
    entity = form.value("entity")[:40]
    with form.answering(names=lambda wrong: "" if wrong.field == "entity" else f"{entity}_{wrong.field}"):
        async with database.transaction(actor) as tx:
            rule = Rule(
                entity,
                _number(form.value(f"{entity}_years")),
                _number(form.value(f"{entity}_age")) or None,
                form.value(f"{entity}_basis"),
                form.ticked(f"{entity}_confirmed"),
            )
            await service.change_rule(tx, rule)
    if form.errors:
        return await _retention(request, actor, database, form)
    return seeother(f"{_RETENTION}?done=changed")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


async def _retention(request: Request[Any, Any, Any], actor: Actor, database: Database, form: Form) -> Response[str]:
    due = await service.preview(database)
    return await page(
        request,
        "administration/retention.html",
        due=due,
        areas=sorted(Counter(each.area for each in due.children).items()),
        changes=actor.holds("administrator"),
        done=request.query_params.get("done") == "changed",
        form=form,
    )


@get("/children/{child:uuid}/hold", opt=allow("mash_manager"), include_in_schema=False)
async def hold_page(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    child: FromPath[UUID],
) -> Response[str]:
    """Holds on a child's record, and a form for one more."""
    return await _holds(request, actor, database, child, Form())


@post("/children/{child:uuid}/hold", opt=allow("mash_manager"), include_in_schema=False, status_code=200)
async def change_hold(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    child: FromPath[UUID],
) -> Response[Any]:
    """Place a hold, or lift one (``lift`` is its id)."""
    form = Form(await request.form())
    lifting = form.value("lift")
    try:
        async with database.transaction(actor) as tx:
            if lifting:
                await service.lift_hold(tx, _identity(lifting), form.value("reason"))
            else:
                await service.place_hold(tx, child, form.value("reason"))
        return seeother(f"/children/{child}/hold?done={'lifted' if lifting else 'placed'}")
    except Refused as refused:
        form.refused(refused, lambda _wrong: "reason")
    except Conflict as conflict:
        form.fail("reason", conflict.message)
    return await _holds(request, actor, database, child, form)


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


async def _holds(
    request: Request[Any, Any, Any], actor: Actor, database: Database, child: UUID, form: Form
) -> Response[str]:
    async with database.transaction(actor) as tx:
        found = await links.whole(tx, child)
        holds = await service.holds(tx, child)
    done = {"placed": "The record is kept until the hold is lifted.", "lifted": "The hold is lifted."}
    return await page(
        request,
        "administration/hold.html",
        record=found.record,
        name=wording.name(found.record.given_names, found.record.family_name),
        holds=holds,
        done=done.get(request.query_params.get("done", "")),
        form=form,
    )


handlers: list[Any] = [retention_page, change_rule, hold_page, change_hold]
