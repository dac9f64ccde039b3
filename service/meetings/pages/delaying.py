"""Postpone a discussion or call it off: why, and which agency it waits on. Neither stops a clock."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from schema.meetings import CANCEL_CAUSES, POSTPONE_CAUSES
from schema.vocabulary import AGENCIES
from service.access.permissions import allow
from service.actor import Actor
from service.database import Database
from service.errors import Conflict, PreconditionFailed, Refused
from service.meetings import rules
from service.meetings.pages import wording
from service.meetings.pages.convening import version_of
from service.meetings.pages.discussion import Changed, Loaded, load
from service.meetings.requesting import planning
from service.web.forms import Form
from service.web.page import page, seeother


@get("/meetings/{discussion:uuid}/postpone", opt=allow(*rules.CONVENERS), include_in_schema=False)
async def ask_postpone(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
) -> Response[str]:
    """Why it is postponed, and to which of the other times."""
    return await _asked(request, actor, database, discussion, "postpone")


@get("/meetings/{discussion:uuid}/cancel", opt=allow(*rules.CONVENERS), include_in_schema=False)
async def ask_cancel(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
) -> Response[str]:
    """Why it is called off."""
    return await _asked(request, actor, database, discussion, "cancel")


@post("/meetings/{discussion:uuid}/postpone", opt=allow(*rules.CONVENERS), include_in_schema=False, status_code=200)
async def postpone(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
) -> Response[Any]:
    """Postpone it."""
    return await _delay(request, actor, database, discussion, "postpone")


@post("/meetings/{discussion:uuid}/cancel", opt=allow(*rules.CONVENERS), include_in_schema=False, status_code=200)
async def cancel(
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    discussion: FromPath[UUID],
) -> Response[Any]:
    """Call it off."""
    return await _delay(request, actor, database, discussion, "cancel")


async def _asked(
    request: Request[Any, Any, Any], actor: Actor, database: Database, discussion: UUID, kind: str
) -> Response[str]:
    async with database.transaction(actor) as tx:
        found = await load(tx, discussion)
    return await _shown(request, found, Form(), kind)


async def _delay(
    request: Request[Any, Any, Any], actor: Actor, database: Database, discussion: UUID, kind: str
) -> Response[Any]:
    form = Form(await request.form())
    causes = POSTPONE_CAUSES if kind == "postpone" else CANCEL_CAUSES
    cause = form.choice("cause", "why", causes, required=True)
    agency = form.choice("agency", "the agency it waits on", AGENCIES, required=True)
    note = form.text("note", "the note", longest=10_000, lines=True) or ""
    slot = form.value("slot")
    status, changed = 422, None
    if not form.errors:
        try:
            async with database.transaction(actor) as tx:
                said: dict[str, Any] = {"cause": cause, "agency": agency, "note": note}
                if kind == "cancel":
                    await planning.cancel(tx, discussion, version_of(form), **said)
                else:
                    await planning.postpone(tx, discussion, version_of(form), slot=_slot(slot), **said)
            return seeother(f"/meetings/{discussion}?done={'cancelled' if kind == 'cancel' else 'postponed'}")
        except Refused as refused:
            form.refused(refused)
        except PreconditionFailed as failed:
            status, changed = 412, Changed.of(failed)
        except Conflict as conflict:
            status = 409
            form.fail("", conflict.message)
    async with database.transaction(actor) as tx:
        found = await load(tx, discussion)
    return await _shown(request, found, form, kind, changed=changed, status_code=status)


def _slot(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


async def _shown(
    request: Request[Any, Any, Any],
    found: Loaded,
    form: Form,
    kind: str,
    *,
    changed: Changed | None = None,
    status_code: int = 200,
) -> Response[str]:
    return await page(
        request,
        "meetings/delay.html",
        status_code=status_code,
        view=found.view,
        row=found.view.discussion,
        kind=kind,
        causes=POSTPONE_CAUSES if kind == "postpone" else CANCEL_CAUSES,
        agencies=AGENCIES,
        form=form,
        changed=changed,
        wording=wording,
    )


handlers: list[Any] = [ask_postpone, ask_cancel, postpone, cancel]
